//! What models are told of the tools.

use aios_core::{Limits, Policy, ToolSchema};
use aios_protocol::PolicySpec;
use aios_tools::ToolRegistry;
use serde_json::{Value, json};

const NAMES: [&str; 10] = [
    "write_file",
    "read_file",
    "list_files",
    "edit_file",
    "search_files",
    "run_command",
    "read_test_output",
    "git_init",
    "git_status",
    "ask_human",
];

fn policy(allowed: &[&str]) -> Policy {
    let allowed_tools = allowed.iter().map(|name| (*name).to_owned()).collect();
    Policy::new(PolicySpec { allowed_tools, ..PolicySpec::default() }, &NAMES, &[]).unwrap()
}

/// As OpenAI's wire wants it.
fn on_the_wire(schema: &ToolSchema) -> Value {
    json!({"type": "function", "function": {
        "name": schema.name, "description": schema.description, "parameters": schema.parameters,
    }})
}

#[test]
fn all_tools_together_are_small() {
    let schemas = ToolRegistry::standard().schemas(&policy(&[]));
    let wire: Vec<Value> = schemas.iter().map(on_the_wire).collect();
    let bytes = serde_json::to_string(&wire).unwrap().len();
    assert!(bytes <= 2800, "{bytes} bytes");
}

#[test]
fn names_and_parameters_are_the_documented_ones() {
    let registry = ToolRegistry::standard();
    assert_eq!(registry.names(), NAMES);
    let check = |name: &str, expect: Value| {
        let schemas = registry.schemas(&policy(&[name]));
        let [schema] = &*schemas else { panic!("{name}: {} schemas", schemas.len()) };
        let types = |field: &Value| field["type"].clone();
        let fields = schema.parameters["properties"].as_object().unwrap();
        let fields: serde_json::Map<_, _> =
            fields.iter().map(|(name, field)| (name.clone(), types(field))).collect();
        let required = schema.parameters.get("required").cloned().unwrap_or(json!([]));
        assert_eq!(json!([fields, required]), expect, "{name}");
    };
    check("write_file", json!([{"path": "string", "content": "string"}, ["path", "content"]]));
    check("read_file", json!([{"path": "string", "start_line": "integer", "end_line": "integer"}, ["path"]]));
    check("list_files", json!([{}, []]));
    check(
        "edit_file",
        json!([{"path": "string", "search": "string", "replace": "string", "all": "boolean"}, ["path", "search", "replace"]]),
    );
    check("search_files", json!([{"pattern": "string", "glob": "string"}, ["pattern"]]));
    check("run_command", json!([{"command": "string"}, ["command"]]));
    check("read_test_output", json!([{}, []]));
    check("git_init", json!([{"message": "string"}, []]));
    check("git_status", json!([{}, []]));
    check("ask_human", json!([{"question": "string"}, ["question"]]));
}

#[test]
fn schemas_hold_nothing_that_models_do_not_need() {
    for schema in ToolRegistry::standard().schemas(&policy(&[])).iter() {
        let text = schema.parameters.to_string();
        for noise in ["$schema", "title", "format", "$defs", "$ref", "default", "null", "minimum"] {
            assert!(!text.contains(&format!("\"{noise}\"")), "{}: {text}", schema.name);
        }
    }
}

#[test]
fn the_time_limit_of_commands_is_told() {
    let schemas = ToolRegistry::standard().schemas(&policy(&["run_command"]));
    let limit = format!("{} s", Limits::default().wall.as_secs());
    assert!(schemas[0].description.contains(&limit), "{}", schemas[0].description);
}

#[test]
fn a_policy_offers_only_its_tools() {
    let registry = ToolRegistry::standard();
    let offered =
        |policy: &Policy| registry.schemas(policy).iter().map(|schema| schema.name).collect::<Vec<_>>();
    assert_eq!(offered(&policy(&[])), NAMES);
    assert_eq!(offered(&policy(&["read_file", "write_file"])), ["write_file", "read_file"]);
}

#[test]
fn read_only_tools_are_known() {
    let registry = ToolRegistry::standard();
    let read_only: Vec<_> = NAMES.into_iter().filter(|name| registry.is_read_only(name)).collect();
    assert_eq!(read_only, ["read_file", "list_files", "search_files", "read_test_output", "git_status"]);
    assert!(!registry.is_read_only("no_such_tool"));
}
