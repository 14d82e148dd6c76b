//! Looks at code and tries it, in the sandbox, in a copy of the workspace: nothing unproven is written to the user's
//! files only to see whether it works.

use std::collections::BTreeMap;
use std::time::Duration;

use aios_core::{CommandLine, CommandSpec, Limits};
use serde::Deserialize;
use serde_json::{Value, json};

use super::language::Language;
use super::outcome::Outcome;
use super::prompts::Source;
use crate::agent::NodeContext;
use crate::run::NodeFault;

/// The longest that the tests of one candidate may take; small projects need a second.
const TRIAL_SECONDS: u64 = 20;
/// Bytes of one argument; the system allows 128 KiB.
const ARGUMENT_BYTES: usize = 60_000;

/// What stands in a source file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Survey {
    /// Why it does not parse.
    pub(super) fault: Option<String>,
    pub(super) exports: Vec<Export>,
    /// Errors that it raises by name.
    pub(super) raises: Vec<String>,
    /// Names that it uses and binds nowhere.
    pub(super) undefined: Vec<String>,
    /// Packages that it imports and that are not installed.
    pub(super) missing: Vec<String>,
}

/// A name that a file offers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Export {
    pub(super) name: String,
    pub(super) signature: String,
    pub(super) members: Vec<Export>,
}

/// Files that stand in the place of the workspace's own for one trial.
pub(super) type Overlay = BTreeMap<String, String>;

/// Surveys sources of one language, in their order; nothing of languages and on machines without an interpreter.
pub(super) async fn survey(
    cx: &NodeContext,
    language: Language,
    sources: &[Source],
) -> Result<Vec<Survey>, NodeFault> {
    if sources.is_empty() || !matches!(language, Language::Python | Language::JavaScript) {
        return Ok(Vec::new());
    }
    let file = |source: &Source| json!({ "path": source.path, "text": source.text });
    let asked = json!({ "task": "survey", "files": sources.iter().map(file).collect::<Vec<Value>>() });
    let answer = probe(cx, language, &asked, 30 + sources.len() as u64).await?;
    Ok(answer.and_then(|answer| serde_json::from_value(answer).ok()).unwrap_or_default())
}

/// Runs test files over each variant of the workspace; nothing on machines without a runner.
pub(super) async fn trial(
    cx: &NodeContext,
    language: Language,
    variants: &[Overlay],
    tests: &[&str],
) -> Result<Vec<Outcome>, NodeFault> {
    if variants.is_empty() {
        return Ok(Vec::new());
    }
    let asked = json!({ "task": "trial", "variants": variants, "tests": tests, "seconds": TRIAL_SECONDS });
    let seconds = (TRIAL_SECONDS + 5) * variants.len() as u64;
    let answer = probe(cx, language, &asked, seconds).await?;
    let reports: Vec<Report> =
        answer.and_then(|answer| serde_json::from_value(answer).ok()).unwrap_or_default();
    Ok(reports.iter().map(|report| Outcome::read(report.report.as_deref(), &report.output)).collect())
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Report {
    report: Option<String>,
    output: String,
}

async fn probe(
    cx: &NodeContext,
    language: Language,
    asked: &Value,
    seconds: u64,
) -> Result<Option<Value>, NodeFault> {
    let Some(mut words) = interpreter(cx, language).await else { return Ok(None) };
    let text = asked.to_string();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(ARGUMENT_BYTES));
        words.push(piece.to_owned());
        rest = after;
    }
    let spec = CommandSpec {
        line: CommandLine::Argv(words),
        folder: None,
        env: Vec::new(),
        network: false,
        limits: Limits { wall: Duration::from_secs(seconds), output_bytes: 4 << 20, ..Limits::default() },
    };
    let output = cx.run(spec).await?;
    let result = output.output.lines().rev().find_map(|line| line.strip_prefix("RESULT "));
    let value = result.and_then(|json| serde_json::from_str(json).ok());
    if value.is_none() {
        tracing::warn!(exit = %output.exit, "a probe gave no result");
    }
    Ok(value)
}

/// The interpreter and its script; nothing when the machine does not have it. The harness's own checks will say so.
async fn interpreter(cx: &NodeContext, language: Language) -> Option<Vec<String>> {
    let programs = cx.programs();
    let (program, words): (_, &[&str]) = match language {
        Language::JavaScript => (
            programs.node().await.ok()?,
            &["--input-type=module", "-e", include_str!("data/probe.mjs"), "--"],
        ),
        _ => (programs.python().await.ok()?, &["-B", "-c", include_str!("data/probe.py")]),
    };
    let program = program.to_str()?.to_owned();
    Some(std::iter::once(program).chain(words.iter().map(ToString::to_string)).collect())
}
