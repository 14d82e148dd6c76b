//! Settings files: JSON with comments, read, merged and changed without losing what else stands in them. Pure.

use aios_protocol::{ErrorCode, Problem, Settings, SettingsProblem};
use jsonc_parser::common::Ranged;
use jsonc_parser::cst::{CstInputValue, CstRootNode};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast, parse_to_serde_value};
use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

/// JSON, comments, and commas after the last: nothing else that no other program would read.
fn dialect() -> ParseOptions {
    ParseOptions {
        allow_comments: true,
        allow_trailing_commas: true,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

/// Whose file it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The user's.
    User,
    /// A project's, which may come from anywhere.
    Project,
}

/// What a file sets, or what is wrong with it.
pub(crate) fn read(text: &str, whose: Whose) -> Result<Map<String, Value>, SettingsProblem> {
    let at = |offset: usize, message: String| {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        SettingsProblem { line: line as u32, column: column as u32, message }
    };
    let parsed = parse_to_serde_value::<Option<Value>>(text, &dialect());
    let parsed = parsed.map_err(|error| at(error.range().start, error.kind().to_string()))?;
    let set = match parsed {
        None => Map::new(),
        Some(Value::Object(set)) => set,
        Some(_) => return Err(at(0, "the settings must be an object: { … }".to_owned())),
    };
    if let Err(error) = serde_path_to_error::deserialize::<_, Settings>(Value::Object(set.clone())) {
        let path: Vec<String> = error.path().iter().map(ToString::to_string).collect();
        return Err(at(place(text, &path), error.inner().to_string()));
    }
    if whose == Whose::Project {
        // What starts programs is the user's alone to say.
        for (name, server) in set.get("language_servers").and_then(Value::as_object).into_iter().flatten() {
            for field in ["program", "arguments"] {
                if server.get(field).is_some_and(|value| !value.is_null()) {
                    let path = ["language_servers".to_owned(), name.clone(), field.to_owned()];
                    return Err(at(
                        place(text, &path),
                        format!("only the user's own settings may say {field}"),
                    ));
                }
            }
        }
        if set.get("terminal").is_some_and(|terminal| terminal.get("shell").is_some()) {
            let path = ["terminal".to_owned(), "shell".to_owned()];
            return Err(at(place(text, &path), "only the user's own settings may say shell".to_owned()));
        }
    }
    Ok(set)
}

/// Where the setting at a path stands, as far as it is there.
fn place(text: &str, path: &[String]) -> usize {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &dialect());
    let Some(mut value) = parsed.ok().and_then(|parsed| parsed.value) else { return 0 };
    let mut start = value.start();
    for name in path {
        let jsonc_parser::ast::Value::Object(mut object) = value else { break };
        let Some(found) = object.take(name) else { break };
        start = found.start();
        value = found.value;
    }
    start
}

/// The settings that hold when these files apply, each over the ones before it.
pub(crate) fn merged(files: impl IntoIterator<Item = Map<String, Value>>) -> Settings {
    let mut all = Value::Object(Map::new());
    for file in files {
        lay_over(&mut all, Value::Object(file));
    }
    // Each was checked alone, and together they say nothing else.
    serde_json::from_value(all).unwrap_or_default()
}

fn lay_over(below: &mut Value, above: Value) {
    match (below, above) {
        (Value::Object(below), Value::Object(above)) => {
            for (name, value) in above {
                lay_over(below.entry(name).or_insert(Value::Null), value);
            }
        }
        (below, above) => *below = above,
    }
}

/// The text with one setting changed, or taken out; all else stays as it is.
pub(crate) fn set(text: &str, key: &str, value: Option<&Value>) -> Result<String, Problem> {
    let refuse = |message: String| Problem::new(ErrorCode::InvalidRequest, message);
    let root = CstRootNode::parse(text, &dialect()).map_err(|error| {
        refuse(format!("the settings file is not valid: {error}")).with_hint("mend it first")
    })?;
    let mut object = root.object_value_or_set();
    // Keys of commands have dots of their own.
    let parts: Vec<&str> = match key.split_once('.') {
        Some(("keys", command)) => vec!["keys", command],
        _ => key.split('.').collect(),
    };
    let Some((last, above)) = parts.split_last() else { return Err(refuse("no setting is named".into())) };
    for part in above {
        object = object.object_value_or_set(part);
    }
    match (object.get(last), value) {
        (Some(known), Some(value)) => known.set_value(written(value)),
        (None, Some(value)) => drop(object.append(last, written(value))),
        (Some(known), None) => known.remove(),
        (None, None) => {}
    }
    let mut text = root.to_string();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    match read(&text, Whose::User) {
        Ok(_) => Ok(text),
        Err(problem) => Err(refuse(format!("{key} cannot be set to that: {}", problem.message))),
    }
}

fn written(value: &Value) -> CstInputValue {
    match value {
        Value::Null => CstInputValue::Null,
        Value::Bool(value) => CstInputValue::Bool(*value),
        Value::Number(number) => CstInputValue::Number(number.to_string()),
        Value::String(text) => CstInputValue::String(text.clone()),
        Value::Array(items) => CstInputValue::Array(items.iter().map(written).collect()),
        Value::Object(fields) => {
            CstInputValue::Object(fields.iter().map(|(name, value)| (name.clone(), written(value))).collect())
        }
    }
}

/// What may stand in a settings file, as JSON Schema.
pub(crate) fn schema() -> Value {
    let mut parts = Vec::new();
    Settings::schemas(&mut parts);
    let parts: Map<String, Value> = parts.into_iter().map(|(name, part)| (name, json!(part))).collect();
    let mut whole = json!(Settings::schema());
    whole["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    whole["$defs"] = Value::Object(parts);
    let text = whole.to_string().replace("#/components/schemas/", "#/$defs/");
    serde_json::from_str(&text).unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let check = |text: &str, whose, expect: Option<(u32, u32, &str)>| {
            let problem = read(text, whose).err();
            let found = problem.as_ref().map(|problem| (problem.line, problem.column));
            assert_eq!(found, expect.map(|(line, column, _)| (line, column)), "{text}: {problem:?}");
            if let (Some(problem), Some((_, _, part))) = (problem, expect) {
                assert!(problem.message.contains(part), "{}", problem.message);
            }
        };
        use Whose::{Project, User};
        check("", User, None);
        check("// nothing yet\n{\n  \"editor\": { \"tab_size\": 2, }, // mine\n}\n", User, None);
        check("{\n  \"editor\": {\n    \"tab_size\": \"two\"\n  }\n}", User, Some((3, 5, "invalid type")));
        check("{\n  \"editor\": {\n    \"tab_sizes\": 2\n  }\n}", User, Some((3, 5, "unknown field")));
        check("{ \"no_such\": 1 }", User, Some((1, 3, "unknown field")));
        check("{\n  \"editor\": {\n", User, Some((3, 1, "")));
        check("[]", User, Some((1, 1, "object")));
        let program = "{ \"language_servers\": {\n  \"gopls\": { \"program\": \"./evil\" } } }";
        check(program, User, None);
        check(program, Project, Some((2, 14, "only the user's own")));
        check("{ \"terminal\": { \"shell\": \"./evil\" } }", Project, Some((1, 17, "only the user's own")));
    }

    #[test]
    fn later_files_win_setting_by_setting() {
        let user = read("{ \"editor\": { \"tab_size\": 2, \"font_size\": 15 } }", Whose::User).unwrap();
        let project = read("{ \"editor\": { \"tab_size\": 8 } }", Whose::Project).unwrap();
        let all = merged([user, project]);
        assert_eq!((all.editor.tab_size, all.editor.font_size, all.editor.word_wrap), (8, 15, false));
    }

    #[test]
    fn one_setting_changes_and_comments_stay() {
        let text = "// mine\n{\n  // as it should be\n  \"editor\": {\n    \"tab_size\": 2 // two\n  }\n}\n";
        let changed = set(text, "editor.tab_size", Some(&json!(8))).unwrap();
        assert_eq!(changed, text.replace("2 // two", "8 // two"));
        let more = set(&changed, "keys.file.save", Some(&json!("Ctrl+S"))).unwrap();
        assert_eq!(read(&more, Whose::User).unwrap()["keys"]["file.save"], "Ctrl+S");
        assert!(more.starts_with("// mine\n{\n  // as it should be\n"), "{more}");
        assert_eq!(read(&set(&more, "keys", None).unwrap(), Whose::User).unwrap().get("keys"), None);
        assert!(read(&set("", "editor.tab_size", Some(&json!(3))).unwrap(), Whose::User).is_ok());
        for (key, value) in [("editor.tab_size", json!("x")), ("nothing", json!(1)), ("", json!(1))] {
            assert!(set(text, key, Some(&value)).is_err(), "{key}");
        }
        assert!(set("{", "editor.tab_size", Some(&json!(1))).is_err());
    }

    #[test]
    fn the_schema_refers_to_nothing_that_is_not_in_it() {
        let schema = schema();
        let text = schema.to_string();
        for name in text.split("\"#/$defs/").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(schema["$defs"][name].is_object(), "{name}");
        }
        assert!(schema["properties"]["editor"].is_object(), "{schema:#}");
    }
}
