//! The contract: the files to build, who builds each, and what each has to offer.
//!
//! Pure. Written as Markdown that people and other models can write as well; read back tolerantly.

mod example;
mod openapi;
mod read;
mod write;

pub(super) use example::{Example, Expect, METHODS, is_balanced, outside};
pub(super) use openapi::openapi;
pub(super) use read::{looks_like_path, read};
pub(super) use write::{contract_md, plan_md, short_form};

/// Where the plan stands in a workspace.
pub(super) const PLAN: &str = "contract/plan.md";
/// Where the contract stands.
pub(super) const CONTRACT: &str = "contract/contract.md";
/// Where the API is described, if there is one.
pub(super) const OPENAPI: &str = "contract/openapi.json";

/// What is built.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Contract {
    /// What the user asked for.
    pub(super) objective: String,
    /// The files, in the order in which they are built.
    pub(super) files: Vec<FileSpec>,
}

/// One file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FileSpec {
    /// Its path in the workspace.
    pub(super) path: String,
    /// The agent that writes it.
    pub(super) owner: String,
    /// What it is for.
    pub(super) purpose: String,
    /// The product files that it tests; empty for product files.
    pub(super) tests: Vec<String>,
    /// What it offers to others.
    pub(super) items: Vec<Item>,
}

/// A function, class, route or part of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Item {
    /// As it stands in the code, without its body: `def add(a, b)`, `GET /health`.
    pub(super) signature: String,
    /// What it does.
    pub(super) does: String,
    /// One line each: `add(1, 2) == 3`.
    pub(super) examples: Vec<String>,
    /// Examples that experience spoke against, each with what was seen; kept for the reader.
    pub(super) withdrawn: Vec<String>,
    /// The methods of a class.
    pub(super) members: Vec<Item>,
}

impl Contract {
    /// The files that an agent writes.
    pub(super) fn owned_by(&self, agent: &str) -> impl Iterator<Item = &FileSpec> {
        self.files.iter().filter(move |file| file.owner == agent)
    }

    /// Takes an example back, and keeps it for the reader with what was seen instead.
    pub(super) fn withdraw(&mut self, path: &str, example: &str, seen: &str) {
        let items = self.files.iter_mut().filter(|file| file.path == path).flat_map(|file| &mut file.items);
        for item in items.filter(|item| item.all_examples().any(|line| line == example)) {
            item.examples.retain(|line| line != example);
            item.members.iter_mut().for_each(|member| member.examples.retain(|line| line != example));
            item.withdrawn.push(format!("{example} (seen: {seen})"));
        }
    }

    /// The file at a path.
    pub(super) fn file(&self, path: &str) -> Option<&FileSpec> {
        self.files.iter().find(|file| file.path == path)
    }
}

impl FileSpec {
    /// Whether it holds tests.
    pub(super) fn is_test(&self) -> bool {
        !self.tests.is_empty() || is_test_path(&self.path)
    }

    /// The names that other files may import.
    pub(super) fn exports(&self) -> Vec<&str> {
        self.items.iter().filter_map(Item::name).collect()
    }

    /// The file's name without folder and extension.
    pub(super) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.split('.').next().unwrap_or(name)
    }
}

impl Item {
    /// The name that code knows it by; routes and parts of a page have none.
    pub(super) fn name(&self) -> Option<&str> {
        let words = self.signature.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'));
        let mut words = words.filter(|word| !word.is_empty()).skip_while(|word| INTRODUCTIONS.contains(word));
        let introduced = INTRODUCTIONS.iter().any(|word| self.signature.starts_with(word));
        words.next().filter(|_| introduced)
    }

    /// Its examples and those of its members.
    pub(super) fn all_examples(&self) -> impl Iterator<Item = &str> {
        self.examples
            .iter()
            .chain(self.members.iter().flat_map(|member| &member.examples))
            .map(String::as_str)
    }
}

/// Words that stand before the name of what is defined.
const INTRODUCTIONS: [&str; 9] =
    ["async", "class", "const", "def", "default", "export", "function", "let", "var"];

/// Whether a file holds tests, by the usual names.
pub(super) fn is_test_path(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with("test_") || name.contains("_test.") || name.contains(".test.") || name.contains(".spec.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_signatures() {
        let check = |signature: &str, expect: Option<&str>| {
            let item = Item { signature: signature.into(), ..Item::default() };
            assert_eq!(item.name(), expect, "{signature}");
        };
        check("def add(a, b)", Some("add"));
        check("async def fetch(url: str) -> str", Some("fetch"));
        check("class Stack", Some("Stack"));
        check("export async function parseCsv(text)", Some("parseCsv"));
        check("export const RATE = 3", Some("RATE"));
        check("GET /health", None);
        check("header with the name of the shop", None);
    }
}
