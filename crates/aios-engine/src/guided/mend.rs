//! Mends code without asking: what can be put right by rule is not worth a word with the model. Pure.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::language::Language;
use super::units::{Unit, UnitKind, join, units};

#[derive(Deserialize)]
struct Imports {
    python: BTreeMap<String, String>,
}

/// The line that imports a well-known name.
fn import_of(name: &str) -> Option<&'static str> {
    static IMPORTS: OnceLock<BTreeMap<String, String>> = OnceLock::new();
    let imports = IMPORTS.get_or_init(|| {
        toml::from_str::<Imports>(include_str!("data/imports.toml"))
            .map(|imports| imports.python)
            .unwrap_or_default()
    });
    imports.get(name).map(String::as_str)
}

/// Tidies a product file as it came: tabs, tests and trials that nobody asked for, a second copy of the same thing.
pub(super) fn product(language: Language, code: &str, wanted: &[&str]) -> String {
    let code = tidy(language, code);
    if !language.has_units() {
        return code;
    }
    let mut seen = HashSet::new();
    let kept: Vec<Unit> = units(language, &code)
        .into_iter()
        .filter(|unit| !unit.text.starts_with("module.exports"))
        .filter(|unit| {
            unit.kind != UnitKind::Test || unit.name.as_deref().is_some_and(|name| wanted.contains(&name))
        })
        .filter(|unit| {
            unit.kind != UnitKind::Definition
                || unit.name.as_ref().is_none_or(|name| seen.insert(name.clone()))
        })
        .map(|unit| if language == Language::JavaScript { exported(unit, wanted) } else { unit })
        .collect();
    join(language, &kept)
}

/// Tabs and trailing spaces; modules of the old kind become those of today.
fn tidy(language: Language, code: &str) -> String {
    let mut lines: Vec<String> = code
        .lines()
        .map(|line| match language {
            Language::Python => line.replace('\t', "    ").trim_end().to_owned(),
            Language::JavaScript => from_require(line.trim_end()),
            _ => line.trim_end().to_owned(),
        })
        .collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.push(String::new());
    lines.join("\n")
}

/// `const fs = require('fs');` as an import.
fn from_require(line: &str) -> String {
    let parts = line.strip_prefix("const ").and_then(|rest| rest.split_once(" = require("));
    let module = parts.and_then(|(_, rest)| rest.trim_end_matches(';').strip_suffix(')'));
    match (parts, module) {
        (Some((names, _)), Some(module)) => format!("import {} from {module};", names.replace(": ", " as ")),
        _ => line.to_owned(),
    }
}

/// Exports what the contract wants exported.
fn exported(mut unit: Unit, wanted: &[&str]) -> Unit {
    let asked = unit.name.as_deref().is_some_and(|name| wanted.contains(&name));
    let bare = ["function ", "async function ", "class ", "const ", "let "]
        .iter()
        .any(|word| unit.text.starts_with(word));
    if asked && bare && unit.kind == UnitKind::Definition {
        unit.text.insert_str(0, "export ");
    }
    unit
}

/// Adds imports of well-known names that are used and bound nowhere.
pub(super) fn add_imports(language: Language, code: &str, undefined: &[String]) -> String {
    if language != Language::Python || undefined.is_empty() {
        return code.to_owned();
    }
    let wanted: BTreeSet<&str> = undefined.iter().filter_map(|name| import_of(name)).collect();
    let new = wanted.into_iter().filter(|line| !code.lines().any(|known| known == *line));
    let new = new.map(|line| Unit { kind: UnitKind::Import, name: None, text: line.to_owned() });
    let mut all = units(language, code);
    // After the docstring and comments, before everything else.
    let at = all.iter().take_while(|unit| unit.text.starts_with(['"', '\'', '#'])).count();
    all.splice(at..at, new.collect::<Vec<_>>());
    join(language, &all)
}

/// Adds the last lines of a kind of file where they are missing.
pub(super) fn close(language: Language, code: &str, closing: &str, mark: &str) -> String {
    if closing.is_empty() || code.contains(mark) {
        return code.to_owned();
    }
    let apart = if language == Language::Python { "\n\n" } else { "\n" };
    format!("{}\n{apart}{}\n", code.trim_end(), closing.trim())
}

/// Puts new code into an existing file: what has the same name is replaced, everything else stays, the rest is added.
pub(super) fn merge(language: Language, existing: &str, new: &str) -> String {
    let mut all = units(language, existing);
    let imports = all.iter().rposition(|unit| unit.kind == UnitKind::Import).map_or(0, |at| at + 1);
    // A guard that runs the program stays last.
    let is_guard = |unit: &Unit| unit.text.starts_with("if __name__");
    let mut added = 0;
    for unit in units(language, new) {
        let same = unit.name.as_ref().and_then(|name| {
            all.iter().position(|known| known.name.as_ref() == Some(name) && known.kind == unit.kind)
        });
        match (unit.kind, same) {
            (_, Some(at)) => {
                if let Some(known) = all.get_mut(at) {
                    *known = unit;
                }
            }
            (UnitKind::Import, None) if !all.iter().any(|known| known.text == unit.text) => {
                all.insert(imports + added, unit);
                added += 1;
            }
            (UnitKind::Import, None) => {}
            (UnitKind::Statement, None)
                if is_guard(&unit) || all.iter().any(|known| known.text == unit.text) => {}
            (_, None) => {
                let at = all.iter().position(is_guard).unwrap_or(all.len());
                all.insert(at, unit);
            }
        }
    }
    join(language, &all)
}

/// A test file: its first lines with the imports that its tests need and without those that they do not, then the tests.
pub(super) fn test_file(language: Language, opening: &str, tests: &[&str]) -> String {
    let apart = if language == Language::Python { "\n\n\n" } else { "\n\n" };
    let tests = tests.join(apart);
    let mut opening = opening.trim_end().to_owned();
    if language == Language::Python {
        for module in ["asyncio", "pytest"] {
            let line = format!("import {module}\n");
            let is_used = tests.contains(&format!("{module}."));
            let is_there = opening.lines().any(|known| known == line.trim_end());
            if is_used && !is_there {
                opening.insert_str(0, &line);
            } else if !is_used && is_there && module == "pytest" {
                opening = opening.replacen(&line, "", 1).trim_start().to_owned();
            }
        }
    }
    format!("{opening}{apart}{tests}\n")
}

/// Mends one test: comparing with `pytest.raises` is a common slip, as is testing in another style.
pub(super) fn test(language: Language, text: &str) -> String {
    if language == Language::JavaScript {
        return text.trim_end().to_owned();
    }
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let indent: String = line.chars().take_while(|c| *c == ' ').collect();
        let slip = line.trim_start().strip_prefix("assert ").and_then(|rest| {
            let (call, error) =
                rest.split_once(" == pytest.raises(").or_else(|| rest.split_once(" is pytest.raises("))?;
            Some((call, error.split([')', ',']).next()?))
        });
        match slip {
            Some((call, error)) => {
                lines.push(format!("{indent}with pytest.raises({error}):"));
                lines.push(format!("{indent}    {call}"));
            }
            None => lines.push(line.replace('\t', "    ").trim_end().to_owned()),
        }
    }
    while lines.last().is_some_and(|line| line.is_empty() || line.trim_start().starts_with('#')) {
        lines.pop();
    }
    lines.join("\n")
}

#[cfg(test)]
#[path = "mend_tests.rs"]
mod tests;
