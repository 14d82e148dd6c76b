//! Whether a tool may be offered to a model: its name, its description, and the JSON Schema of its arguments.

use serde_json::Value;

/// Keywords of JSON Schema that providers understand.
const KEYWORDS: &[&str] = &[
    "$defs",
    "$ref",
    "$schema",
    "additionalProperties",
    "allOf",
    "anyOf",
    "const",
    "default",
    "description",
    "enum",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maximum",
    "minItems",
    "minLength",
    "minimum",
    "multipleOf",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "title",
    "type",
    "uniqueItems",
];

const TYPES: &[&str] = &["array", "boolean", "integer", "null", "number", "object", "string"];

/// Adds a complaint for everything that a provider would refuse.
pub(crate) fn check(name: &str, description: &str, schema: &Value, wrong: &mut Vec<String>) {
    let place = format!("tool {name:?}");
    let letters = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if name.is_empty() || name.len() > 64 || !letters {
        wrong.push(format!("{place}: a name is 1 to 64 letters, digits, '_' or '-'"));
    }
    if description.trim().is_empty() {
        wrong.push(format!("{place} has no description"));
    }
    if schema["type"] != "object" {
        wrong.push(format!("{place}: the schema of its arguments is not of type \"object\""));
    }
    check_schema(schema, schema, &place, wrong);
}

fn check_schema(schema: &Value, root: &Value, place: &str, wrong: &mut Vec<String>) {
    let Some(keywords) = schema.as_object() else {
        if !schema.is_boolean() {
            wrong.push(format!("{place}: a schema is an object, not {schema}"));
        }
        return;
    };
    for (keyword, value) in keywords {
        match keyword.as_str() {
            unknown if !KEYWORDS.contains(&unknown) => {
                wrong.push(format!("{place}: {unknown:?} is not a keyword of JSON Schema"));
            }
            "type" => check_type(value, place, wrong),
            "properties" | "$defs" => match value.as_object() {
                Some(schemas) => schemas
                    .iter()
                    .for_each(|(name, schema)| check_schema(schema, root, &format!("{place}.{name}"), wrong)),
                None => wrong.push(format!("{place}: {keyword:?} is not an object")),
            },
            "items" | "additionalProperties" => {
                check_schema(value, root, &format!("{place}.{keyword}"), wrong)
            }
            "allOf" | "anyOf" | "oneOf" => match value.as_array() {
                Some(schemas) if !schemas.is_empty() => {
                    schemas.iter().for_each(|schema| check_schema(schema, root, place, wrong));
                }
                _ => wrong.push(format!("{place}: {keyword:?} is not a list with something in it")),
            },
            "enum" if value.as_array().is_none_or(Vec::is_empty) => {
                wrong.push(format!("{place}: \"enum\" is not a list with something in it"));
            }
            "required" => check_required(value, schema, place, wrong),
            "$ref" => {
                let target = value.as_str().and_then(|target| target.strip_prefix('#'));
                if target.and_then(|pointer| root.pointer(pointer)).is_none() {
                    wrong.push(format!("{place} refers to {value}, which is not there"));
                }
            }
            _ => {}
        }
    }
}

fn check_type(value: &Value, place: &str, wrong: &mut Vec<String>) {
    let one = std::slice::from_ref(value);
    let names = value.as_array().map_or(one, Vec::as_slice);
    let strangers = names.iter().filter(|name| name.as_str().is_none_or(|name| !TYPES.contains(&name)));
    wrong.extend(strangers.map(|name| format!("{place}: {name} is not a type of JSON Schema")));
}

fn check_required(value: &Value, schema: &Value, place: &str, wrong: &mut Vec<String>) {
    let Some(names) = value.as_array() else {
        wrong.push(format!("{place}: \"required\" is not a list"));
        return;
    };
    let is_missing =
        |name: &&Value| name.as_str().is_none_or(|name| schema["properties"].get(name).is_none());
    let missing = names.iter().filter(is_missing);
    wrong.extend(missing.map(|name| format!("{place} requires {name}, which is not among its properties")));
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(schema: Value) -> String {
        let mut wrong = Vec::new();
        check("t", "does it", &schema, &mut wrong);
        wrong.join("; ")
    }

    #[test]
    fn schemas_as_providers_want_them() {
        for good in [
            json!({"type": "object", "properties": {}}),
            json!({"type": "object", "properties": {"a": {"type": ["string", "null"]}}, "required": ["a"]}),
            json!({"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}, "$defs": {"A": {"enum": [1]}}}),
            json!({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}},
                "additionalProperties": false}),
        ] {
            assert_eq!(said(good), "");
        }
    }

    #[test]
    fn schemas_that_providers_refuse() {
        let object = |mut more: Value| {
            more["type"] = "object".into();
            said(more)
        };
        assert_eq!(said(json!({})), "tool \"t\": the schema of its arguments is not of type \"object\"");
        assert_eq!(
            object(json!({"propertys": {}})),
            "tool \"t\": \"propertys\" is not a keyword of JSON Schema"
        );
        assert_eq!(
            object(json!({"properties": {"a": {"type": "text"}}})),
            "tool \"t\".a: \"text\" is not a type of JSON Schema"
        );
        assert_eq!(
            object(json!({"properties": {}, "required": ["a"]})),
            "tool \"t\" requires \"a\", which is not among its properties"
        );
        assert_eq!(
            object(json!({"properties": {"a": {"$ref": "#/$defs/A"}}})),
            "tool \"t\".a refers to \"#/$defs/A\", which is not there"
        );
        assert_eq!(
            object(json!({"properties": {"a": {"enum": []}}})),
            "tool \"t\".a: \"enum\" is not a list with something in it"
        );
    }

    #[test]
    fn names_and_descriptions() {
        let mut wrong = Vec::new();
        check("two words", " ", &json!({"type": "object"}), &mut wrong);
        assert_eq!(
            wrong,
            [
                "tool \"two words\": a name is 1 to 64 letters, digits, '_' or '-'",
                "tool \"two words\" has no description"
            ]
        );
    }
}
