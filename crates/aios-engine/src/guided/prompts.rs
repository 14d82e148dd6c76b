//! What the model is asked. Pure: from contract and sources to prompts.
//!
//! Small models copy more than they follow: each prompt shows the form it wants, forces its first lines, and stops at
//! the first sign of going on.

use std::fmt::Write;

use super::contract::{FileSpec, short_form};
use super::grammar::claims_grammar;
use super::kinds::{Entries, Kind};
use super::language::Language;
use super::slots::Slot;

/// Bytes of a source file that are shown; the context is small.
const SHOWN_BYTES: usize = 6_000;
/// Bytes of rules and hints that are shown.
const HINT_BYTES: usize = 800;

/// A prompt, with the first lines of its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Prompt {
    pub(super) system: &'static str,
    pub(super) user: String,
    /// The reply begins with this.
    pub(super) forced: String,
    pub(super) stop: Vec<String>,
    pub(super) grammar: Option<String>,
    pub(super) max_tokens: u32,
}

const ARCHITECT: &str =
    "You are a senior software engineer. You answer briefly and exactly in the asked format.";
const AUTHOR: &str = "You are a careful senior software engineer. Your code is complete and correct for every input that the specification allows.";
const TESTER: &str = "You are a careful test engineer. You write short, certain tests.";

/// What every prompt of a node has in common.
#[derive(Debug, Clone, Default)]
pub(super) struct Setting {
    pub(super) objective: String,
    /// What the persona says, and the project's own rules.
    pub(super) hints: String,
}

impl Setting {
    fn head(&self) -> String {
        let mut text = format!("Task: {}\n", self.objective.trim());
        let hints = self.hints.trim();
        if !hints.is_empty() {
            let _ = writeln!(text, "Keep to this: {}", clip(hints, HINT_BYTES));
        }
        text
    }
}

/// A file that is there already.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
}

/// Asks for the contract of a file of this kind, in the short form.
pub(super) fn contract(setting: &Setting, kind: &Kind, existing: Option<&Source>, grammar: String) -> Prompt {
    let what = match kind.entries {
        Entries::Functions => "its file, and each function with what it does and one or two short examples",
        Entries::Classes => "its file, and each class with its methods, what they do and an example",
        Entries::Routes => "its file, and each route with what it does and one or two examples",
        Entries::Parts => "its file, and each part with what it does",
    };
    let mut user = format!(
        "Specify a small program before it is built: {what}. The format, shown for another task:\n\n```spec\n{}\n```\n\n",
        kind.example.trim()
    );
    if let Some(source) = existing {
        let _ = write!(user, "This is {} as it is now:\n\n{}\n", source.path, fenced(source));
        user.push_str("Specify only what the task adds or changes.\n");
    } else {
        user.push_str("Now the specification for this task. Add nothing that it does not ask for.\n");
    }
    user.push_str(&setting.head());
    Prompt {
        system: ARCHITECT,
        user,
        forced: "```spec\nFILE:".into(),
        stop: fences(),
        grammar: Some(grammar),
        max_tokens: 420,
    }
}

/// Asks which kind of project an objective means.
pub(super) fn kind_choice(setting: &Setting, kinds: &[Kind], grammar: String) -> Prompt {
    let mut user = "Which kind of project is asked for?\n".to_owned();
    for kind in kinds {
        let _ = writeln!(user, "{}: {}", kind.name, kind.title);
    }
    user.push_str(&setting.head());
    Prompt {
        system: ARCHITECT,
        user,
        forced: "Kind:".into(),
        stop: vec!["\n".into()],
        grammar: Some(grammar),
        max_tokens: 12,
    }
}

/// Asks for a product file.
pub(super) fn product(
    setting: &Setting,
    kind: Option<&Kind>,
    file: &FileSpec,
    existing: Option<&Source>,
    others: &[Source],
) -> Prompt {
    let mut user = setting.head();
    for other in others {
        let _ = write!(user, "\nThe finished file {}:\n\n{}", other.path, fenced(other));
    }
    if let Some(source) = existing {
        let _ = write!(user, "\nThe file {} as it is now:\n\n{}", source.path, fenced(source));
    }
    let _ = write!(user, "\nWrite the file {} by this specification:\n\n{}\n", file.path, short_form(file));
    let language = Language::of(&file.path);
    user.push_str(match (existing.is_some(), language) {
        (true, Language::Python | Language::JavaScript) => {
            "Write only the functions that are new or changed, whole; the rest of the file stays as it is."
        }
        (true, _) => "Write the whole file again with what the task adds or changes; keep the rest as it is.",
        (false, Language::Python | Language::JavaScript) => {
            "Write the whole file. Every example of the specification must hold, edge cases too."
        }
        (false, _) => "Write the whole file, complete and working.",
    });
    user.push_str(" No tests, no example usage, no explanation.");
    if let Some(advice) = kind.map(|kind| kind.advice.as_str()).filter(|advice| !advice.is_empty()) {
        let _ = write!(user, "\n{advice}");
    }
    let opening = match kind {
        Some(kind) if existing.is_none() && kind.language == language => kind.opening.trim(),
        _ => "",
    };
    Prompt {
        system: AUTHOR,
        user,
        forced: format!("```{}\n{opening}", language.fence(&file.path)),
        stop: fences(),
        grammar: None,
        max_tokens: if language == Language::Html { 1600 } else { 1000 },
    }
}

/// Asks for one test. All tests of a file share the prompt, so that the model reads it once; `heads` are the first
/// lines of the file. Without a source the author knows the contract only.
pub(super) fn test(
    setting: &Setting,
    file: &FileSpec,
    source: Option<&Source>,
    raises: &[String],
    heads: &str,
    slot: &Slot,
) -> Prompt {
    let path = &file.path;
    let mut user = setting.head();
    match source {
        Some(source) => {
            let _ = write!(user, "\nThe finished file {path}:\n\n{}", fenced(source));
        }
        None => {
            let _ = writeln!(user, "\nThe file {path} is being written.");
        }
    }
    let items = short_form(file);
    if !items.is_empty() {
        let _ = write!(user, "\nIts specification:\n\n{items}");
    }
    let language = Language::of(path);
    user.push_str(
        "\nWrite one short test at a time: at most four asserts, with simple values whose results are certain, other \
         values than in its examples.",
    );
    if let Some(first) = raises.first() {
        let _ = match language {
            Language::JavaScript => {
                write!(
                    user,
                    " Errors are tested like this: `assert.throws(() => …, {first});`. The file throws {}.",
                    raises.join(", ")
                )
            }
            _ => write!(
                user,
                " Errors are tested like this: `with pytest.raises({first}):` and the call on the next line. The file raises {}.",
                raises.join(", ")
            ),
        };
    }
    let mut stop = fences();
    stop.extend(match language {
        Language::JavaScript => vec!["\n});".to_owned()],
        _ if slot.is_plain => vec!["\n\n".to_owned()],
        _ => ["\n\n\n", "\ndef ", "\n@", "\nclass ", "\nif __name__"].map(str::to_owned).to_vec(),
    });
    let fence = match language {
        Language::JavaScript => "javascript",
        _ => "python",
    };
    Prompt {
        system: TESTER,
        user,
        forced: format!("```{fence}\n{heads}{}", slot.head),
        stop,
        grammar: slot.is_plain.then(|| claims_grammar(language)),
        max_tokens: 240,
    }
}

/// Asks for a function again, with what speaks against it.
pub(super) fn repair(
    setting: &Setting,
    file: &FileSpec,
    product: &Source,
    evidence: &str,
    forced: &str,
) -> Prompt {
    let mut user = setting.head();
    let _ = write!(user, "\nThe file {}:\n\n{}", product.path, fenced(product));
    let items = short_form(file);
    if !items.is_empty() {
        let _ = write!(user, "\nIts specification:\n\n{items}");
    }
    let _ = write!(
        user,
        "\nIt is not right yet:\n\n{}\n\nFind the mistake and write the corrected code. No tests, no explanation.",
        clip(evidence.trim(), 1_500)
    );
    let language = Language::of(&product.path);
    Prompt {
        system: AUTHOR,
        user,
        forced: format!("```{}\n{forced}", language.fence(&product.path)),
        stop: fences(),
        grammar: None,
        max_tokens: 700,
    }
}

/// Asks for a document.
pub(super) fn document(
    setting: &Setting,
    mission: &str,
    path: &str,
    sources: &[Source],
    forced: &str,
) -> Prompt {
    let mut user = format!("{}\n{}\n", mission.trim(), setting.head());
    for source in sources {
        let _ = write!(user, "\nThe file {}:\n\n{}", source.path, fenced(source));
    }
    let _ =
        write!(user, "\nWrite the file {path}: complete, short and concrete. No explanation outside of it.");
    Prompt {
        system: ARCHITECT,
        user,
        forced: format!("```{}\n{forced}", Language::Other.fence(path)),
        stop: fences(),
        grammar: None,
        max_tokens: 600,
    }
}

fn fenced(source: &Source) -> String {
    let text = clip(source.text.trim_end(), SHOWN_BYTES);
    format!("```{}\n{text}\n```\n", Language::of(&source.path).fence(&source.path))
}

fn fences() -> Vec<String> {
    vec!["```".into()]
}

fn clip(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}
