//! Kinds of projects: which skeleton suits an objective. Pure; the skeletons are data.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use super::contract::{FileSpec, Item, METHODS};
use super::language::Language;

/// The skeleton of a kind of project.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Kind {
    /// How it is called in contracts and logs.
    pub(super) name: String,
    /// What it is, in words that a model can choose by.
    pub(super) title: String,
    pub(super) language: Language,
    /// The agent that writes the product.
    pub(super) owner: String,
    pub(super) entries: Entries,
    /// Words of an objective and how strongly they speak for this kind.
    keywords: BTreeMap<String, u32>,
    /// The product file's fixed name.
    pub(super) file: Option<String>,
    /// A contract for another task, in the model's short form.
    pub(super) example: String,
    /// First lines of the product file.
    #[serde(default)]
    pub(super) opening: String,
    /// Last lines of the product file, wanted where `closing_mark` is missing.
    #[serde(default)]
    pub(super) closing: String,
    #[serde(default)]
    pub(super) closing_mark: String,
    /// First lines of the test file in place of an import of the names.
    #[serde(default)]
    pub(super) test_opening: String,
    /// Names that the product offers besides those of its items.
    #[serde(default)]
    pub(super) exports: Vec<String>,
    /// Packages that it needs.
    #[serde(default)]
    pub(super) requires: Vec<String>,
    /// What the author of the product is told besides the contract.
    #[serde(default)]
    pub(super) advice: String,
}

/// How a contract describes a file of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entries {
    Functions,
    Classes,
    Routes,
    Parts,
}

#[derive(Deserialize)]
struct File {
    kind: Vec<Kind>,
}

/// All kinds. The data is part of the build, and a test parses it.
pub(super) fn kinds() -> &'static [Kind] {
    static KINDS: OnceLock<Vec<Kind>> = OnceLock::new();
    KINDS.get_or_init(|| {
        toml::from_str::<File>(include_str!("data/kinds.toml")).map(|file| file.kind).unwrap_or_default()
    })
}

/// The kind with this name.
pub(super) fn kind(name: &str) -> Option<&'static Kind> {
    kinds().iter().find(|kind| kind.name == name)
}

/// The kind that a file of a contract most likely belongs to, whoever wrote the contract.
pub(super) fn kind_of(file: &FileSpec) -> Option<&'static Kind> {
    let language = Language::of(&file.path);
    let is_route =
        |item: &Item| METHODS.iter().any(|method| item.signature.starts_with(&format!("{method} ")));
    let has = |head: &str| file.items.iter().any(|item| item.signature.starts_with(head));
    let name = match language {
        Language::Python if file.items.iter().any(|item| is_route(item) && item.signature.contains('<')) => {
            "python_flask"
        }
        Language::Python if file.items.iter().any(is_route) && file.stem() == "app" => "python_flask",
        Language::Python if file.items.iter().any(is_route) => "python_fastapi",
        Language::Python if has("def main()") => "python_script",
        Language::Python if has("def main(") => "python_cli",
        Language::Python => "python_module",
        Language::JavaScript => "javascript_module",
        Language::Html => "web_page",
        Language::Other => return None,
    };
    kind(name)
}

/// Below this score an objective says too little, and the model is asked.
const DECIDED: u32 = 2;
/// From this score on a second kind, of another agent, takes part too.
const ALSO: u32 = 7;

/// The kinds that an objective asks for, at most one per agent, the strongest first; none when it does not say.
pub(super) fn choose(objective: &str, files: &[String]) -> Vec<&'static Kind> {
    let text = format!(" {} ", words(objective).join(" "));
    let score = |kind: &Kind| -> u32 {
        let said: u32 = kind
            .keywords
            .iter()
            .filter(|(word, _)| text.contains(&format!(" {} ", words(word).join(" "))))
            .map(|(_, weight)| *weight)
            .sum();
        // Words decide; what is there already only helps them.
        let there = files.iter().any(|path| kind.language.owns(path)) && kind.language != Language::Other;
        let named = words(objective).iter().any(|word| kind.language.owns(word));
        said + if there && said > 0 { 3 } else { 0 } + if named { 4 } else { 0 }
    };
    let mut scored: Vec<(u32, &Kind)> = kinds().iter().map(|kind| (score(kind), kind)).collect();
    // Stable: of equals the first in the file wins.
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    let Some(&(best, first)) = scored.first().filter(|(score, _)| *score >= DECIDED) else {
        return Vec::new();
    };
    let second = scored
        .iter()
        .find(|(score, kind)| *score >= ALSO.min(best) && *score >= 4 && kind.owner != first.owner);
    let mut chosen = vec![first];
    chosen.extend(second.map(|(_, kind)| *kind));
    chosen
}

/// Words in lower case; dots within words stay, so that `node.js` and file names are words.
fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !(c.is_alphanumeric() || ".+_-/".contains(c)))
        .map(|word| word.trim_matches(['.', '-', '/']).to_lowercase())
        .filter(|word| !word.is_empty())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_is_whole() {
        let file: File = toml::from_str(include_str!("data/kinds.toml")).unwrap();
        for kind in &file.kind {
            let contract = super::super::contract::read(&kind.example);
            assert_eq!(contract.files.len(), 1, "{}: the example is one file", kind.name);
            assert!(kind.closing.is_empty() || kind.closing.contains(&kind.closing_mark), "{}", kind.name);
        }
    }

    #[test]
    fn objectives_choose_their_kind() {
        let check = |objective: &str, files: &[&str], expect: &str| {
            let files: Vec<String> = files.iter().map(ToString::to_string).collect();
            let chosen: Vec<&str> = choose(objective, &files).iter().map(|kind| kind.name.as_str()).collect();
            assert_eq!(chosen.join("+"), expect, "{objective}");
        };
        check(
            "Create a calculator module with add, subtract, multiply, divide and pytest tests",
            &[],
            "python_module",
        );
        check("a slugify function with tests", &[], "python_module");
        check("fizzbuzz module with tests", &[], "python_module");
        check("a FastAPI app with GET /health and a test", &[], "python_fastapi");
        check("a JavaScript module that parses CSV with node tests", &[], "javascript_module");
        check("a command line todo list in Python with tests", &[], "python_cli");
        check("hello world script", &[], "python_script");
        check("A Stack class with push, pop, peek and is_empty, and tests", &[], "python_class");
        check("a landing page for a coffee shop", &[], "web_page");
        check("a small Flask API with a /ping endpoint", &[], "python_flask");
        check(
            "REST API for todos in FastAPI and an HTML page that lists them",
            &[],
            "python_fastapi+web_page",
        );
        check("Write a Rust program that prints primes", &[], "other");
        check("add a power function", &["calc.py", "test_calc.py"], "python_module");
        check("add power to math.mjs", &[], "javascript_module");
        check("please make something nice", &[], "");
    }
}
