//! The tests that a product file is to get: the first lines of the test file, a slot for each test that the model
//! writes, and tests made of the contract's examples. Pure.

use serde_json::Value;

use super::contract::{Example, Expect, FileSpec, Item, METHODS};
use super::kinds::{Entries, Kind};
use super::language::Language;

/// Files with fewer items get a second test for each.
const FEW_ITEMS: usize = 3;
/// Tests that the model writes for one file at most.
const MAX_SLOTS: usize = 10;

/// A test that the model is to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slot {
    /// Its function's name or its title.
    pub(super) name: String,
    /// The item that it is about, by its place in the contract.
    pub(super) item: usize,
    /// Its first lines, which are forced.
    pub(super) head: String,
    /// Its last lines, which the stop text cuts off.
    pub(super) tail: &'static str,
    /// Whether it can do without statements that build on each other.
    pub(super) is_plain: bool,
}

/// A test made of one example of the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ExampleTest {
    pub(super) name: String,
    /// The item that it is about, by its place in the contract.
    pub(super) item: usize,
    /// The example as it stands in the contract.
    pub(super) example: String,
    pub(super) text: String,
}

/// The first lines of a test file.
pub(super) fn opening(kind: Option<&Kind>, file: &FileSpec, exports: &[String]) -> String {
    let language = Language::of(&file.path);
    if let Some(kind) = kind.filter(|kind| !kind.test_opening.is_empty()) {
        let text = kind.test_opening.trim().replace("{stem}", file.stem()).replace("{path}", &file.path);
        return format!("{text}\n");
    }
    let names: Vec<&str> = exports.iter().map(String::as_str).collect();
    let import =
        if names.is_empty() { String::new() } else { format!("\n{}\n", language.import(&file.path, &names)) };
    match language {
        Language::JavaScript => {
            format!("import assert from 'node:assert/strict';\nimport test from 'node:test';\n{import}")
        }
        _ => format!("import pytest\n{import}"),
    }
}

/// The tests that the model is asked for.
pub(super) fn slots(file: &FileSpec) -> Vec<Slot> {
    let mut subjects: Vec<(usize, String, &Item)> = Vec::new();
    for (at, item) in file.items.iter().enumerate() {
        if item.members.is_empty() {
            subjects.push((at, subject(item), item));
        }
        let own = subject(item);
        for member in
            item.members.iter().filter(|member| !member.name().is_some_and(|name| name.starts_with("__")))
        {
            subjects.push((at, format!("{own}_{}", subject(member)), member));
        }
    }
    let few = subjects.len() < FEW_ITEMS;
    let mut slots: Vec<Slot> = Vec::new();
    for (at, name, item) in &subjects {
        let edge = few && item.name().is_some_and(|name| name != "main");
        for suffix in ["", "_edge_cases"].iter().take(if edge { 2 } else { 1 }) {
            let slot = slot(Language::of(&file.path), *at, item, &format!("{name}{suffix}"));
            if slots.len() < MAX_SLOTS && !slots.iter().any(|known| known.name == slot.name) {
                slots.push(slot);
            }
        }
    }
    slots
}

fn slot(language: Language, at: usize, item: &Item, name: &str) -> Slot {
    let of_class = item.signature.contains("(self") || item.signature.contains("class ");
    let is_async = item.signature.contains("async ");
    let is_plain = item.name().is_some_and(|name| name != "main") && !of_class && !is_async;
    if language == Language::JavaScript {
        let title = name.replace('_', " ");
        let call = if is_async { "async () =>" } else { "() =>" };
        return Slot {
            head: format!("test('{title}', {call} {{\n"),
            name: title,
            item: at,
            tail: "\n});",
            is_plain,
        };
    }
    let name = format!("test_{name}");
    let head = if item.name() == Some("main") {
        // A program may write files and reads its own name; neither may touch the project.
        format!("def {name}(tmp_path, monkeypatch, capsys):\n    monkeypatch.chdir(tmp_path)\n")
    } else {
        format!("def {name}():\n")
    };
    Slot { name, item: at, head, tail: "", is_plain }
}

/// What an item is called in the names of its tests.
fn subject(item: &Item) -> String {
    let words = item.name().unwrap_or(&item.signature).to_owned();
    let words =
        if METHODS.iter().any(|method| words.starts_with(method)) { words.to_lowercase() } else { words };
    let clean: String = words.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
    let parts: Vec<&str> = clean.split('_').filter(|part| !part.is_empty()).take(5).collect();
    parts.join("_")
}

/// The examples of a contract as tests, one for each that can be run.
pub(super) fn example_tests(kind: Option<&Kind>, file: &FileSpec) -> Vec<ExampleTest> {
    let mut tests = Vec::new();
    for (at, item) in file.items.iter().enumerate() {
        for (number, line) in item.all_examples().enumerate() {
            let number = number + 1;
            let name = match Language::of(&file.path) {
                Language::JavaScript => format!("{} example {number}", subject(item).replace('_', " ")),
                _ => format!("test_{}_example_{number}", subject(item)),
            };
            let text =
                Example::read(line).and_then(|example| example_test(kind, file, item, &example, &name));
            if let Some(text) = text {
                tests.push(ExampleTest { name, item: at, example: line.to_owned(), text });
            }
        }
    }
    tests
}

fn example_test(
    kind: Option<&Kind>,
    file: &FileSpec,
    item: &Item,
    example: &Example,
    name: &str,
) -> Option<String> {
    match Language::of(&file.path) {
        Language::Python => python_test(kind, item, example, name),
        Language::JavaScript => javascript_test(item, example, name),
        _ => None,
    }
}

fn python_test(kind: Option<&Kind>, item: &Item, example: &Example, name: &str) -> Option<String> {
    let is_async = item.signature.starts_with("async ");
    let subject =
        if is_async { format!("asyncio.run({})", example.subject) } else { example.subject.clone() };
    let mut lines: Vec<String> = example.setup.clone();
    let mut fixtures = "";
    if item.name() == Some("main") {
        fixtures = "tmp_path, monkeypatch";
        lines.insert(0, "monkeypatch.chdir(tmp_path)".into());
    }
    match &example.expect {
        Expect::Value(value) => lines.push(python_equals(&subject, value)),
        Expect::Raises(error) => {
            lines.extend([format!("with pytest.raises({error}):"), format!("    {subject}")])
        }
        Expect::Prints(text) => {
            fixtures = if fixtures.is_empty() { "capsys" } else { "tmp_path, monkeypatch, capsys" };
            lines.push(subject);
            lines.push(format!("assert capsys.readouterr().out.strip() == {text}.strip()"));
        }
        Expect::Response { status, body } => {
            lines.extend(python_response(kind, &example.subject, *status, body.as_deref())?)
        }
    }
    Some(format!("def {name}({fixtures}):\n    {}\n", lines.join("\n    ")))
}

fn python_equals(subject: &str, value: &str) -> String {
    match value {
        "True" | "False" | "None" => format!("assert {subject} is {value}"),
        // A written fraction is a rounded one.
        _ => match value.strip_prefix('-').unwrap_or(value).split_once('.') {
            Some((whole, part)) if is_digits(whole) && is_digits(part) => {
                let tolerance =
                    if part.len() > 1 { format!(", abs=1e-{}", part.len()) } else { String::new() };
                format!("assert {subject} == pytest.approx({value}{tolerance})")
            }
            _ => format!("assert {subject} == {value}"),
        },
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn python_response(
    kind: Option<&Kind>,
    subject: &str,
    status: u16,
    body: Option<&str>,
) -> Option<Vec<String>> {
    if kind.is_none_or(|kind| kind.entries != Entries::Routes) {
        return None;
    }
    let (method, rest) = subject.split_once(' ')?;
    let (path, sent) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
    let sent = match serde_json::from_str::<Value>(sent.trim()) {
        Ok(value) => format!(", json={}", python_literal(&value)),
        Err(_) if sent.trim().is_empty() => String::new(),
        Err(_) => return None,
    };
    let mut lines = vec![
        format!("response = client.{}({path:?}{sent})", method.to_lowercase()),
        format!("assert response.status_code == {status}"),
    ];
    if let Some(body) = body.and_then(|body| serde_json::from_str::<Value>(body).ok()) {
        let read = if kind.is_some_and(|kind| kind.name == "python_flask") { "get_json" } else { "json" };
        lines.push(format!("assert response.{read}() == {}", python_literal(&body)));
    }
    Some(lines)
}

fn python_literal(value: &Value) -> String {
    match value {
        Value::Null => "None".into(),
        Value::Bool(true) => "True".into(),
        Value::Bool(false) => "False".into(),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(python_literal).collect::<Vec<_>>().join(", "))
        }
        Value::Object(fields) => {
            let fields: Vec<String> = fields
                .iter()
                .map(|(name, value)| format!("{}: {}", Value::from(name.as_str()), python_literal(value)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        // JSON's texts and numbers are Python's too.
        plain => plain.to_string(),
    }
}

fn javascript_test(item: &Item, example: &Example, name: &str) -> Option<String> {
    let is_async = item.signature.contains("async ");
    let (call, wait) = if is_async { ("async () =>", "await ") } else { ("() =>", "") };
    let mut lines: Vec<String> = example.setup.iter().map(|line| format!("{line};")).collect();
    let subject = &example.subject;
    lines.push(match &example.expect {
        Expect::Value(value) => format!("assert.deepStrictEqual({wait}{subject}, {value});"),
        Expect::Raises(error) if is_async => format!("await assert.rejects(async () => {subject}, {error});"),
        Expect::Raises(error) => format!("assert.throws(() => {subject}, {error});"),
        Expect::Prints(_) | Expect::Response { .. } => return None,
    });
    Some(format!("test('{name}', {call} {{\n  {}\n}});\n", lines.join("\n  ")))
}

#[cfg(test)]
mod tests {
    use super::super::contract::read;
    use super::super::kinds::kind;
    use super::*;

    fn file(text: &str) -> FileSpec {
        read(text).files.remove(0)
    }

    #[test]
    fn examples_become_tests() {
        let check = |kind_name: &str, contract: &str, expect: &str| {
            let tests = example_tests(kind(kind_name), &file(contract));
            let shown: Vec<&str> = tests.iter().map(|test| test.text.trim_end()).collect();
            assert_eq!(shown.join("\n"), expect, "{contract}");
        };
        check(
            "python_module",
            "FILE: c.py\ndef divide(a, b)\nEXAMPLE: divide(1, 3) == 0.33\nEXAMPLE: divide(1, 0) raises ValueError\nEXAMPLE: cut(\"",
            "def test_divide_example_1():\n    assert divide(1, 3) == pytest.approx(0.33, abs=1e-2)\n\
             def test_divide_example_2():\n    with pytest.raises(ValueError):\n        divide(1, 0)",
        );
        check(
            "python_script",
            "FILE: h.py\ndef main()\nEXAMPLE: main() prints \"Hello\"\n",
            "def test_main_example_1(tmp_path, monkeypatch, capsys):\n    monkeypatch.chdir(tmp_path)\n    main()\n    \
             assert capsys.readouterr().out.strip() == \"Hello\".strip()",
        );
        check(
            "python_fastapi",
            "FILE: main.py\nPOST /items\nEXAMPLE: POST /items {\"a\": true} -> 201 {\"id\": 1, \"b\": null}\n",
            "def test_post_items_example_1():\n    response = client.post(\"/items\", json={\"a\": True})\n    \
             assert response.status_code == 201\n    assert response.json() == {\"id\": 1, \"b\": None}",
        );
        check(
            "javascript_module",
            "FILE: c.mjs\nexport async function load(x)\nEXAMPLE: load(1) === [1]\nEXAMPLE: load(0) throws RangeError\n",
            "test('load example 1', async () => {\n  assert.deepStrictEqual(await load(1), [1]);\n});\n\
             test('load example 2', async () => {\n  await assert.rejects(async () => load(0), RangeError);\n});",
        );
    }

    #[test]
    fn each_item_gets_a_slot() {
        let check = |contract: &str, expect: &str| {
            let names: Vec<String> = slots(&file(contract)).into_iter().map(|slot| slot.name).collect();
            assert_eq!(names.join(" | "), expect, "{contract}");
        };
        check("FILE: c.py\ndef add(a)\ndef sub(a)\ndef mul(a)\n", "test_add | test_sub | test_mul");
        check("FILE: s.py\ndef slugify(text)\n", "test_slugify | test_slugify_edge_cases");
        check(
            "FILE: s.py\nclass Stack\n    def __init__(self)\n    def push(self, x)\n    def pop(self)\n    def peek(self)\n",
            "test_Stack_push | test_Stack_pop | test_Stack_peek",
        );
        check("FILE: m.py\nGET /items/{id}\n", "test_get_items_id");
        check("FILE: p.mjs\nexport function parseCsv(text)\n", "parseCsv | parseCsv edge cases");
    }

    #[test]
    fn the_opening_imports_what_is_tested() {
        let names = ["add".to_owned(), "sub".to_owned()];
        assert_eq!(
            opening(None, &file("FILE: src/c.py\n## x"), &names),
            "import pytest\n\nfrom c import add, sub\n"
        );
        let js = opening(None, &file("FILE: c.mjs\n"), &names);
        assert!(js.ends_with("\nimport { add, sub } from './c.mjs';\n"), "{js}");
        let api = opening(kind("python_fastapi"), &file("FILE: main.py\n"), &[]);
        assert!(api.contains("from main import app\n"), "{api}");
    }
}
