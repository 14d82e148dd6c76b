//! The OpenAPI document of a contract's routes.

use serde_json::{Map, Value, json};

use super::example::{Example, Expect, METHODS};
use super::{Contract, Item};

/// Describes the routes of a contract; nothing when it has none.
pub(in super::super) fn openapi(contract: &Contract) -> Option<Value> {
    let mut paths = Map::new();
    for item in contract.files.iter().flat_map(|file| &file.items) {
        let Some((method, path)) =
            item.signature.split_once(' ').filter(|(method, _)| METHODS.contains(method))
        else {
            continue;
        };
        let route = paths.entry(path.trim().to_owned()).or_insert_with(|| json!({}));
        route[method.to_lowercase()] = operation(item, path);
    }
    let title: String = contract.objective.chars().take(120).collect();
    (!paths.is_empty()).then(
        || json!({ "openapi": "3.1.0", "info": { "title": title, "version": "0.1.0" }, "paths": paths }),
    )
}

fn operation(item: &Item, path: &str) -> Value {
    let parameters: Vec<Value> = path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    let mut responses = Map::new();
    for example in item.examples.iter().filter_map(|line| Example::read(line)) {
        let Expect::Response { status, body } = example.expect else { continue };
        let mut response = json!({ "description": item.does });
        if let Some(body) = body.and_then(|body| serde_json::from_str::<Value>(&body).ok()) {
            response["content"]["application/json"] = json!({ "schema": schema(&body), "example": body });
        }
        responses.entry(status.to_string()).or_insert(response);
    }
    if responses.is_empty() {
        responses.insert("200".into(), json!({ "description": item.does }));
    }
    let mut operation = json!({ "summary": item.does, "responses": responses });
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    operation
}

/// The schema that an example value suggests.
fn schema(value: &Value) -> Value {
    match value {
        Value::Null => json!({ "type": "null" }),
        Value::Bool(_) => json!({ "type": "boolean" }),
        Value::Number(number) => json!({ "type": if number.is_f64() { "number" } else { "integer" } }),
        Value::String(_) => json!({ "type": "string" }),
        Value::Array(items) => match items.first() {
            Some(first) => json!({ "type": "array", "items": schema(first) }),
            None => json!({ "type": "array" }),
        },
        Value::Object(fields) => {
            let properties: Map<String, Value> =
                fields.iter().map(|(name, value)| (name.clone(), schema(value))).collect();
            let required: Vec<&String> = fields.keys().collect();
            json!({ "type": "object", "properties": properties, "required": required })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn routes_become_operations() {
        let contract = read(
            "Objective: items\nFILE: main.py\nGET /items/{item_id}\nDOES: returns one item\n\
             EXAMPLE: GET /items/1 -> 200 {\"id\": 1, \"tags\": [\"a\"]}\nEXAMPLE: GET /items/9 -> 404\nPOST /items\nDOES: adds\n",
        );
        let document = openapi(&contract).unwrap();
        let get = &document["paths"]["/items/{item_id}"]["get"];
        assert_eq!(get["parameters"][0]["name"], "item_id");
        let properties = &get["responses"]["200"]["content"]["application/json"]["schema"]["properties"];
        assert_eq!(properties["tags"]["items"]["type"], "string");
        assert!(get["responses"]["404"]["content"].is_null());
        assert_eq!(document["paths"]["/items"]["post"]["responses"]["200"]["description"], "adds");
        assert_eq!(openapi(&read("FILE: a.py\ndef a()\n")), None);
    }
}
