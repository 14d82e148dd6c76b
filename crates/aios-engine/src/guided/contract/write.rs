//! Writes a contract and the plan that follows from it.

use std::fmt::Write;

use super::{Contract, FileSpec, Item};

/// The contract as Markdown; `read` reads it back.
pub(in super::super) fn contract_md(contract: &Contract) -> String {
    let mut text = format!("# Contract\n\nObjective: {}\n", one_line(&contract.objective));
    for file in &contract.files {
        let _ = write!(text, "\n## {}\n\nOwner: {}\n", file.path, file.owner);
        if !file.tests.is_empty() {
            let _ = writeln!(text, "Tests: {}", file.tests.join(", "));
        }
        if !file.purpose.is_empty() {
            let _ = writeln!(text, "Purpose: {}", one_line(&file.purpose));
        }
        for item in &file.items {
            write_item(&mut text, item, "");
        }
    }
    text
}

fn write_item(text: &mut String, item: &Item, indent: &str) {
    let head = if indent.is_empty() { "\n### " } else { "  - " };
    let _ = writeln!(text, "{head}`{}`", item.signature);
    if indent.is_empty() {
        text.push('\n');
    }
    if !item.does.is_empty() {
        let _ = writeln!(text, "{indent}Does: {}", one_line(&item.does));
    }
    for example in &item.examples {
        let _ = writeln!(text, "{indent}- Example: `{}`", one_line(example));
    }
    for withdrawn in &item.withdrawn {
        let _ = writeln!(text, "{indent}- Withdrawn: {}", one_line(withdrawn));
    }
    for member in &item.members {
        write_item(text, member, "    ");
    }
}

/// The order of work as Markdown.
pub(in super::super) fn plan_md(contract: &Contract) -> String {
    let mut text = format!("# Plan\n\n{}\n\n", one_line(&contract.objective));
    for (number, file) in contract.files.iter().enumerate() {
        let _ = writeln!(text, "{}. `{}` ({}): {}", number + 1, file.path, file.owner, what(file));
    }
    text.push_str("\nThe harness checks each file as it is finished and runs all tests at the end.\n");
    text
}

/// A file's items in the short form that small models read and write best.
pub(in super::super) fn short_form(file: &FileSpec) -> String {
    let mut text = String::new();
    if !file.purpose.is_empty() {
        let _ = writeln!(text, "PURPOSE: {}", one_line(&file.purpose));
    }
    for item in &file.items {
        short_item(&mut text, item, "");
    }
    text
}

fn short_item(text: &mut String, item: &Item, indent: &str) {
    let _ = writeln!(text, "{indent}{}", item.signature);
    if !item.does.is_empty() {
        let _ = writeln!(text, "{indent}DOES: {}", one_line(&item.does));
    }
    for example in &item.examples {
        let _ = writeln!(text, "{indent}EXAMPLE: {}", one_line(example));
    }
    for member in &item.members {
        short_item(text, member, "    ");
    }
}

fn what(file: &FileSpec) -> String {
    if !file.tests.is_empty() {
        return format!("tests of {}", file.tests.join(", "));
    }
    let names: Vec<&str> = file.items.iter().map(|item| item.name().unwrap_or(&item.signature)).collect();
    if names.is_empty() { one_line(&file.purpose) } else { names.join(", ") }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let member = Item {
            signature: "def push(self, item)".into(),
            does: "adds an item".into(),
            examples: vec!["s = Stack(); s.push(1); s.pop() == 1".into()],
            ..Item::default()
        };
        let contract = Contract {
            objective: "A stack, tested".into(),
            files: vec![
                FileSpec {
                    path: "src/stack.py".into(),
                    owner: "backend".into(),
                    purpose: "keeps items".into(),
                    tests: Vec::new(),
                    items: vec![
                        Item {
                            signature: "class Stack".into(),
                            does: "a stack of items".into(),
                            members: vec![member],
                            ..Item::default()
                        },
                        Item {
                            signature: "def total(stack)".into(),
                            does: "adds up: all of it".into(),
                            examples: vec!["total(Stack()) == 0".into()],
                            withdrawn: vec!["total(None) == 1 (seen: TypeError)".into()],
                            ..Item::default()
                        },
                    ],
                },
                FileSpec {
                    path: "test_stack.py".into(),
                    owner: "qa".into(),
                    tests: vec!["src/stack.py".into()],
                    ..FileSpec::default()
                },
            ],
        };
        assert_eq!(read(&contract_md(&contract)), contract);
        let mut short = read(&format!("FILE: src/stack.py\n{}", short_form(&contract.files[0])));
        short.files[0].items[1].withdrawn = contract.files[0].items[1].withdrawn.clone();
        assert_eq!(short.files[0].items, contract.files[0].items);
        assert!(plan_md(&contract).contains("2. `test_stack.py` (qa): tests of src/stack.py"));
    }
}
