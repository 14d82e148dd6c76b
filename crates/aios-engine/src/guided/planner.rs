//! Plans: from the objective to a contract, one kind of project at a time.

use aios_protocol::ErrorCode;

use super::ask::{self, Draw};
use super::contract::{
    CONTRACT, Contract, Example, FileSpec, Item, OPENAPI, PLAN, contract_md, is_test_path, openapi, plan_md,
    read,
};
use super::grammar::{contract_grammar, one_of};
use super::kinds::{Entries, Kind, choose, kind, kinds};
use super::language::Language;
use super::objective::Mentions;
use super::probe::{self, Survey};
use super::prompts::{self, Setting, Source};
use crate::agent::NodeContext;
use crate::run::NodeFault;

/// Existing files of a language that are looked at when the task may change one of them.
const MAX_LOOKED_AT: usize = 20;
/// Drafts of a contract before it is given up.
const MAX_DRAFTS: u32 = 3;

/// Writes the contract and what follows from it.
pub(super) async fn work(cx: &NodeContext, setting: &Setting) -> Result<String, NodeFault> {
    let contract = draft(cx, setting).await?;
    cx.write(CONTRACT, &contract_md(&contract)).await?;
    cx.write(PLAN, &plan_md(&contract)).await?;
    if let Some(document) = openapi(&contract) {
        let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
        text.push('\n');
        cx.write(OPENAPI, &text).await?;
    }
    let files: Vec<&str> = contract.files.iter().map(|file| file.path.as_str()).collect();
    Ok(format!("Planned {}.", files.join(", ")))
}

/// The contract that the planner left, or one of our own when no planner takes part.
pub(super) async fn contract_of(cx: &NodeContext, setting: &Setting) -> Result<Contract, NodeFault> {
    if let Some(text) = cx.read(CONTRACT).await {
        let contract = read(&text);
        if !contract.files.is_empty() {
            return Ok(contract);
        }
        cx.log(format!("{CONTRACT} names no file; planning without it"));
    }
    draft(cx, setting).await
}

async fn draft(cx: &NodeContext, setting: &Setting) -> Result<Contract, NodeFault> {
    let files = cx.list().await;
    let mentions = Mentions::of(&setting.objective);
    let mut contract = Contract { objective: setting.objective.clone(), files: Vec::new() };
    for kind in kinds_for(cx, setting, &files).await? {
        let file = draft_file(cx, setting, kind, &mentions, &files).await?;
        if contract.file(&file.path).is_none() {
            contract.files.push(file);
        }
    }
    let tests: Vec<FileSpec> = contract.files.iter().filter_map(|file| tests_of(file, &files)).collect();
    contract.files.extend(tests);
    Ok(contract)
}

async fn kinds_for(
    cx: &NodeContext,
    setting: &Setting,
    files: &[String],
) -> Result<Vec<&'static Kind>, NodeFault> {
    let chosen = choose(&setting.objective, files);
    if !chosen.is_empty() {
        return Ok(chosen);
    }
    let names: Vec<&str> = kinds().iter().map(|kind| kind.name.as_str()).collect();
    let prompt = prompts::kind_choice(setting, kinds(), one_of(&names));
    let reply = ask::one(cx, &prompt, Draw::Likeliest).await?;
    let found = kind(reply.text.trim()).or_else(|| kinds().first());
    if let Some(kind) = found {
        cx.log(format!("Taking it for {}", kind.title));
    }
    Ok(found.into_iter().collect())
}

async fn draft_file(
    cx: &NodeContext,
    setting: &Setting,
    kind: &'static Kind,
    mentions: &Mentions,
    files: &[String],
) -> Result<FileSpec, NodeFault> {
    let named = mentions.paths.iter().find(|path| kind.language.owns(path) && !is_test_path(path)).cloned();
    let path = match named.or_else(|| kind.file.clone()) {
        Some(path) => Some(path),
        None => meant(cx, setting, kind.language, files).await?,
    };
    let existing = match &path {
        Some(path) => cx.read(path).await.map(|text| Source { path: path.clone(), text }),
        None => None,
    };
    let grammar = contract_grammar(kind, path.as_deref(), mentions);
    let prompt = prompts::contract(setting, kind, existing.as_ref(), grammar);
    for number in 0..MAX_DRAFTS {
        let draw =
            if number == 0 { Draw::first(cx.attempt) } else { Draw::Seeded(cx.attempt * 100 + number) };
        let reply = ask::one(cx, &prompt, draw).await?;
        let contract = read(&format!("FILE:{}", reply.text));
        if let Some(file) = contract.files.into_iter().next().map(|file| sound(file, kind)) {
            // Without an example nothing but the model itself could judge the product.
            let is_last = number + 1 == MAX_DRAFTS;
            if !file.items.is_empty() && (is_last || has_examples(&file) || kind.entries == Entries::Parts) {
                return Ok(file);
            }
        }
    }
    let reason = format!(
        "the model gave no usable specification in {MAX_DRAFTS} tries; say more exactly what is wanted (names of functions, \
         routes or files), or choose a stronger model"
    );
    Err(NodeFault { reason, code: ErrorCode::ModelFailed })
}

/// The existing file that the objective speaks of, by its name or by a name in it.
async fn meant(
    cx: &NodeContext,
    setting: &Setting,
    language: Language,
    files: &[String],
) -> Result<Option<String>, NodeFault> {
    let said: Vec<String> = setting
        .objective
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .map(str::to_lowercase)
        .collect();
    let product = |path: &&String| language.owns(path) && !is_test_path(path);
    let mut sources = Vec::new();
    for path in files.iter().filter(product).take(MAX_LOOKED_AT) {
        let text = cx.read(path).await.unwrap_or_default();
        sources.push(Source { path: path.clone(), text });
    }
    let by_name = sources.iter().find(|source| {
        let spec = FileSpec { path: source.path.clone(), ..FileSpec::default() };
        said.contains(&spec.stem().to_lowercase())
    });
    if let Some(source) = by_name {
        return Ok(Some(source.path.clone()));
    }
    let surveys = probe::survey(cx, language, &sources).await?;
    let offers =
        |survey: &Survey| survey.exports.iter().any(|export| said.contains(&export.name.to_lowercase()));
    let found = surveys.iter().position(offers).and_then(|at| sources.get(at));
    Ok(found.map(|source| source.path.clone()))
}

/// The file without what would only mislead: tests among its functions, things said twice, examples of something else.
fn sound(mut file: FileSpec, kind: &Kind) -> FileSpec {
    kind.owner.clone_into(&mut file.owner);
    file.path = product_path(&file.path);
    file.tests.clear();
    let mut seen: Vec<String> = Vec::new();
    file.items.retain_mut(|item| keep(item, &mut seen));
    for item in &mut file.items {
        let mut seen: Vec<String> = Vec::new();
        item.members.retain_mut(|member| keep(member, &mut seen));
        for member in &mut item.members {
            member.signature = with_self(&member.signature);
        }
        let names: Vec<String> =
            item.members.iter().filter_map(Item::name).chain(item.name()).map(str::to_owned).collect();
        for part in std::iter::once(&mut item.examples)
            .chain(item.members.iter_mut().map(|member| &mut member.examples))
        {
            part.retain(|line| {
                Example::read(line).is_some_and(|example| speaks_of(&example.subject, &names))
            });
        }
    }
    if kind.entries == Entries::Parts {
        file.purpose = file.items.iter().map(|item| item.signature.as_str()).collect::<Vec<_>>().join("; ");
    }
    file
}

/// A product file must not be named as a test is, or the runner takes it for one.
fn product_path(path: &str) -> String {
    let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
    let plain = ["_test.", ".test.", ".spec.", "-test."]
        .iter()
        .fold(name.to_owned(), |name, mark| name.replace(mark, "."));
    let plain = plain.strip_prefix("test_").unwrap_or(&plain);
    if folder.is_empty() { plain.to_owned() } else { format!("{folder}/{plain}") }
}

fn has_examples(file: &FileSpec) -> bool {
    file.items.iter().any(|item| item.all_examples().next().is_some())
}

fn keep(item: &mut Item, seen: &mut Vec<String>) -> bool {
    item.signature = item.signature.trim_end_matches([':', '{', ' ']).to_owned();
    let name = item.name().unwrap_or(&item.signature).to_owned();
    let is_test = name.to_lowercase().starts_with("test") && item.name().is_some();
    let fresh = !seen.contains(&name);
    seen.push(name);
    fresh && !is_test
}

fn with_self(signature: &str) -> String {
    match signature.split_once('(') {
        Some((head, rest)) if !rest.starts_with("self") && !rest.starts_with("cls") => {
            let comma = if rest.starts_with(')') { "" } else { ", " };
            format!("{head}(self{comma}{rest}")
        }
        _ => signature.to_owned(),
    }
}

fn speaks_of(subject: &str, names: &[String]) -> bool {
    let mut words = subject.split(|c: char| !(c.is_alphanumeric() || c == '_'));
    // Routes have no names; their examples are requests.
    names.is_empty() || words.any(|word| names.iter().any(|name| name == word))
}

/// The test file of a product file, where the harness can run one.
fn tests_of(file: &FileSpec, files: &[String]) -> Option<FileSpec> {
    let path = Language::of(&file.path).test_path(&file.path)?;
    let purpose = if files.contains(&path) { ADDS.to_owned() } else { String::new() };
    Some(FileSpec {
        path,
        owner: "qa".into(),
        purpose,
        tests: vec![file.path.clone()],
        ..FileSpec::default()
    })
}

/// Says of a test file that it was there before, and that its tests are the user's.
pub(super) const ADDS: &str = "adds to the tests that are there";

#[cfg(test)]
mod tests {
    use super::super::contract::short_form;
    use super::*;

    #[test]
    fn drafts_are_cleared_of_what_misleads() {
        let check = |kind_name: &str, text: &str, expect: &str| {
            let file = read(text).files.remove(0);
            let file = sound(file, kind(kind_name).unwrap());
            assert!(!file.is_test(), "{}", file.path);
            assert_eq!(short_form(&file).trim_end(), expect, "{text}");
        };
        check(
            "python_class",
            "FILE: stack.py\nclass Stack\nDOES: a stack\n    def push(item)\n    DOES: adds an item\n    def pop()\n    \
             DOES: removes\n    EXAMPLE: stack = Stack()\n    def test_push(stack)\n    DOES: tests\n    def pop()\n    DOES: again\n",
            "class Stack\nDOES: a stack\n    def push(self, item)\n    DOES: adds an item\n    def pop(self)\n    DOES: removes",
        );
        check(
            "python_module",
            "FILE: test_c.py\ndef add(a, b):\nDOES: adds\nEXAMPLE: add(1, 2) == 3\nEXAMPLE: sub(1, 2) == 3\nEXAMPLE: add(\ndef test_add()\nDOES: tests\n",
            "def add(a, b)\nDOES: adds\nEXAMPLE: add(1, 2) == 3",
        );
    }
}
