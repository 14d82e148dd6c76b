//! The top-level units of a source file: imports, functions, classes, tests. Pure, by indentation and brackets; the
//! interpreters judge what is really in them.

use super::contract::is_balanced;
use super::language::Language;

/// A run of lines at the top level of a file that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) kind: UnitKind,
    /// What it defines or, for JavaScript tests, their title.
    pub(super) name: Option<String>,
    /// Its lines, without empty ones at its ends.
    pub(super) text: String,
}

/// What a unit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitKind {
    Import,
    Test,
    Definition,
    Statement,
}

/// Splits a file; joined with `join`, the units give the same program.
pub(super) fn units(language: Language, source: &str) -> Vec<Unit> {
    let mut groups: Vec<Vec<&str>> = Vec::new();
    for line in source.lines() {
        let continues = groups.last().is_some_and(|group: &Vec<&str>| belongs(language, group, line));
        match groups.last_mut() {
            Some(group) if continues => group.push(line),
            _ if line.trim().is_empty() => {}
            _ => groups.push(vec![line]),
        }
    }
    groups
        .into_iter()
        .map(|mut group| {
            while group.last().is_some_and(|line| line.trim().is_empty()) {
                group.pop();
            }
            unit(language, &group)
        })
        .collect()
}

/// Writes units as a file again, two empty lines around Python definitions.
pub(super) fn join(language: Language, units: &[Unit]) -> String {
    let apart = if language == Language::Python { "\n\n\n" } else { "\n\n" };
    let mut text = String::new();
    for (at, unit) in units.iter().enumerate() {
        if let Some(before) = at.checked_sub(1).and_then(|at| units.get(at)) {
            let flat = |unit: &Unit| matches!(unit.kind, UnitKind::Import | UnitKind::Statement);
            let same = before.kind == unit.kind && flat(unit) && !unit.text.contains('\n');
            text.push_str(match () {
                () if same => "\n",
                () if flat(unit) && flat(before) => "\n\n",
                () => apart,
            });
        }
        text.push_str(&unit.text);
    }
    text.push('\n');
    text
}

/// Whether a line goes on with the unit that is open.
fn belongs(language: Language, group: &[&str], line: &str) -> bool {
    let Some(first) = line.chars().next() else { return true };
    if first.is_whitespace() {
        return true;
    }
    let last = group.iter().rev().find(|line| !line.trim().is_empty()).copied().unwrap_or_default();
    let only_head = |mark: char| group.iter().all(|line| line.starts_with(mark));
    if last.ends_with('\\') || (only_head('@') && !group.is_empty()) {
        return true;
    }
    let opened = group.join("\n");
    let in_text = opened.matches("\"\"\"").count() % 2 == 1 || opened.matches("'''").count() % 2 == 1;
    if in_text {
        return true;
    }
    match language {
        Language::Python => {
            let clause = ["else", "elif ", "except", "finally"].iter().any(|word| line.starts_with(word));
            (clause && !group.is_empty()) || (")]}".contains(first) && !is_balanced(&opened))
        }
        _ => !is_balanced(&without_comments(&opened)),
    }
}

/// JavaScript without its comments, whose apostrophes are no quotes.
fn without_comments(text: &str) -> String {
    let mut kept = String::new();
    for line in text.lines() {
        let trimmed = line.trim_start();
        if !(trimmed.starts_with("//") || trimmed.starts_with('*') || trimmed.starts_with("/*")) {
            kept.push_str(line.split(" // ").next().unwrap_or(line));
            kept.push('\n');
        }
    }
    kept
}

fn unit(language: Language, group: &[&str]) -> Unit {
    let text = group.join("\n");
    let head = group
        .iter()
        .find(|line| !line.starts_with(['@', '#']) && !line.starts_with("//"))
        .copied()
        .unwrap_or_default();
    let (kind, name) = match language {
        Language::Python => python_head(head),
        _ => javascript_head(head),
    };
    Unit { kind, name, text }
}

fn python_head(head: &str) -> (UnitKind, Option<String>) {
    if head.starts_with("import ") || head.starts_with("from ") {
        return (UnitKind::Import, None);
    }
    let rest = head.strip_prefix("async ").unwrap_or(head);
    let Some(rest) = rest.strip_prefix("def ").or_else(|| rest.strip_prefix("class ")) else {
        return (UnitKind::Statement, None);
    };
    let name = identifier(rest);
    let is_test = name.starts_with("test") || (head.starts_with("class ") && name.starts_with("Test"));
    (if is_test { UnitKind::Test } else { UnitKind::Definition }, Some(name))
}

fn javascript_head(head: &str) -> (UnitKind, Option<String>) {
    if head.starts_with("import ") || (head.contains("require(") && head.starts_with("const ")) {
        return (UnitKind::Import, None);
    }
    for call in ["test(", "it(", "describe("] {
        if let Some(rest) = head.strip_prefix(call) {
            let quote = rest.chars().next().unwrap_or('\'');
            let title = rest.get(1..).and_then(|rest| rest.split(quote).next()).unwrap_or_default();
            return (UnitKind::Test, Some(title.to_owned()));
        }
    }
    let mut words =
        head.split_whitespace().skip_while(|word| matches!(*word, "export" | "default" | "async"));
    let name = match words.next() {
        Some("function" | "function*" | "class" | "const" | "let" | "var") => words.next().map(identifier),
        _ => None,
    };
    (if name.is_some() { UnitKind::Definition } else { UnitKind::Statement }, name)
}

fn identifier(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || "_$".contains(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(language: Language, source: &str) -> String {
        let kinds = units(language, source).into_iter().map(|unit| {
            let letter = match unit.kind {
                UnitKind::Import => "I",
                UnitKind::Test => "T",
                UnitKind::Definition => "D",
                UnitKind::Statement => "S",
            };
            format!(
                "{letter}{}{}",
                unit.text.lines().count(),
                unit.name.map(|name| format!(":{name}")).unwrap_or_default()
            )
        });
        kinds.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn python_files_fall_into_units() {
        let check =
            |source: &str, expect: &str| assert_eq!(shown(Language::Python, source), expect, "{source}");
        check("import re\nfrom a import (\n    b,\n)\n\nX = [\n    1,\n]\n", "I1 I3 S3");
        check(
            "@pytest.mark.parametrize('a', [1])\ndef test_a(a):\n\n    assert a\n\n\ndef help():\n    pass\n",
            "T4:test_a D2:help",
        );
        check("try:\n    import x\nexcept ImportError:\n    x = None\n", "S4");
        check(
            "\"\"\"What it is.\n\nMore.\n\"\"\"\n\nclass TestA:\n    def test_b(self):\n        pass\n",
            "S4 T3:TestA",
        );
        check("if __name__ == '__main__':\n    main()\n", "S2");
    }

    #[test]
    fn javascript_files_fall_into_units() {
        let check =
            |source: &str, expect: &str| assert_eq!(shown(Language::JavaScript, source), expect, "{source}");
        check(
            "import test from 'node:test';\nconst fs = require('fs');\n\n// don't\ntest('adds', () => {\n  f({\n});\n});\nexport function f(a) {\n  return a;\n}\n",
            "I1 I1 S1 T4:adds D3:f",
        );
    }

    #[test]
    fn joining_keeps_the_program() {
        let source =
            "import re\nimport os\n\nX = 1\n\n\ndef a():\n    return 1\n\n\ndef b():\n    return 2\n";
        assert_eq!(join(Language::Python, &units(Language::Python, source)), source);
    }
}
