//! Schemas of tools as models see them: derived from the argument types and stripped to what a model needs, because
//! every request carries all of them.

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

/// The parameters of an argument type: an object with a type and, where the name does not say it, a description per field.
pub(crate) fn parameters<T: JsonSchema>() -> Value {
    let derived = schemars::schema_for!(T).to_value();
    let properties: Map<String, Value> = fields(&derived)
        .map(|(name, field)| {
            let mut slim = Map::new();
            slim.insert("type".into(), json!(type_of(field)));
            if let Some(description) = field.get("description") {
                slim.insert("description".into(), description.clone());
            }
            (name.clone(), Value::Object(slim))
        })
        .collect();
    let mut parameters = Map::new();
    parameters.insert("type".into(), json!("object"));
    parameters.insert("properties".into(), Value::Object(properties));
    if let Some(required) = derived.get("required") {
        parameters.insert("required".into(), required.clone());
    }
    Value::Object(parameters)
}

/// The fields of a parameter object, in the order of the type.
pub(crate) fn fields(parameters: &Value) -> impl Iterator<Item = (&String, &Value)> {
    parameters.get("properties").and_then(Value::as_object).into_iter().flatten()
}

/// Whether a call must give this field.
pub(crate) fn is_required(parameters: &Value, name: &str) -> bool {
    parameters.get("required").and_then(Value::as_array).is_some_and(|all| all.iter().any(|one| one == name))
}

/// `string`, `integer` or `boolean`; an optional field derives `["string", "null"]`, and models need no null.
pub(crate) fn type_of(field: &Value) -> &str {
    let kind = field.get("type");
    kind.and_then(Value::as_str)
        .or_else(|| kind?.as_array()?.iter().filter_map(Value::as_str).find(|one| *one != "null"))
        .unwrap_or("string")
}
