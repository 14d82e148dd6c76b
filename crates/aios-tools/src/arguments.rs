//! Reads a call's arguments. What is wrong with them is told so that the model's next call is right.

use aios_core::{ToolSchema, nearest};
use serde_json::{Map, Value};

use crate::{clip, schema};

/// Parses what the model wrote. A call of a tool without parameters may come with nothing at all.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    if text.trim().is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    serde_json::from_str(text).map_err(|error| {
        let near = near(text, error.line(), error.column());
        format!("the arguments are not valid JSON: {error}, near {near:?}")
    })
}

/// Compares arguments with a tool's parameters; the message names every field that is wrong.
pub(crate) fn check(arguments: &Value, tool: &ToolSchema) -> Result<(), String> {
    let Some(given) = arguments.as_object() else {
        return Err(format!("the arguments must be an object, not {}", kind(arguments)));
    };
    let known = |name: &str| schema::fields(&tool.parameters).find(|(field, _)| *field == name);
    let mut wrong: Vec<String> = Vec::new();
    for (name, value) in given {
        match known(name) {
            None => {
                let free = schema::fields(&tool.parameters).map(|(field, _)| field.as_str());
                let close = nearest(name, free.filter(|field| !given.contains_key(*field)));
                let hint =
                    close.first().map(|field| format!("; did you mean `{field}`?")).unwrap_or_default();
                wrong.push(format!("`{name}` is not an argument{hint}"));
            }
            Some(_) if value.is_null() && !schema::is_required(&tool.parameters, name) => {}
            Some((_, field)) => {
                let expected = schema::type_of(field);
                if kind(value) != expected {
                    wrong.push(format!("`{name}` must be of type {expected}, not {}", kind(value)));
                }
            }
        }
    }
    for (name, _) in schema::fields(&tool.parameters) {
        if schema::is_required(&tool.parameters, name) && !given.contains_key(name) {
            wrong.push(format!("`{name}` is missing"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

/// The call as it should look, such as `read_file(path: string, start_line?: integer)`.
pub(crate) fn shape(tool: &ToolSchema) -> String {
    let fields: Vec<String> = schema::fields(&tool.parameters)
        .map(|(name, field)| {
            let optional = if schema::is_required(&tool.parameters, name) { "" } else { "?" };
            format!("{name}{optional}: {}", schema::type_of(field))
        })
        .collect();
    format!("{}({})", tool.name, fields.join(", "))
}

/// The arguments as events show them: long texts only by their start.
pub(crate) fn for_the_record(arguments: &Value) -> Value {
    const CHARS: usize = 500;
    match arguments {
        Value::String(text) => Value::String(clip::head(text, CHARS)),
        Value::Array(items) => items.iter().map(for_the_record).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (clip::head(name, CHARS), for_the_record(value))).collect()
        }
        other => other.clone(),
    }
}

/// The schema's name for a value's type.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// A few characters around the place of a syntax error.
fn near(text: &str, line: usize, column: usize) -> &str {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or(text);
    let start = line.floor_char_boundary(column.saturating_sub(30));
    let end = line.ceil_char_boundary(column.saturating_add(10).min(line.len()));
    &line[start.min(end)..end]
}
