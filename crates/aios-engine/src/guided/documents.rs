//! Writes documents: strategy, growth, container files. One file, one reply.

use aios_protocol::ErrorCode;

use super::ask::{self, Draw};
use super::contract::{CONTRACT, looks_like_path};
use super::prompts::{self, Setting, Source};
use crate::agent::NodeContext;
use crate::run::NodeFault;

/// Bytes of a document below which it says nothing.
const MIN_BYTES: usize = 40;
/// Draws of a document before it is given up.
const MAX_DRAFTS: u32 = 3;

/// Writes the file that the agent's mission names first.
pub(super) async fn work(cx: &NodeContext, setting: &Setting) -> Result<String, NodeFault> {
    let mission = cx.role.mission.as_str();
    let named = mission.split_whitespace().map(|word| word.trim_matches(|c: char| "`,;:.()".contains(c)));
    let path = named.into_iter().find(|word| looks_like_path(word)).unwrap_or("contract/notes.md").to_owned();
    let mut sources = Vec::new();
    for known in [CONTRACT, "contract/strategy.md", "requirements.txt", "package.json"] {
        if let Some(text) = cx.read(known).await.filter(|_| known != path) {
            sources.push(Source { path: known.to_owned(), text });
        }
    }
    let forced = match path.as_str() {
        "Dockerfile" => "FROM",
        _ => "# ",
    };
    let prompt = prompts::document(setting, mission, &path, &sources, forced);
    for number in 0..MAX_DRAFTS {
        let draw =
            if number == 0 { Draw::first(cx.attempt) } else { Draw::Seeded(cx.attempt * 100 + number) };
        let text = ask::one(cx, &prompt, draw).await?.code();
        if text.len() >= MIN_BYTES {
            cx.write(&path, &text).await?;
            return Ok(format!("Wrote {path}."));
        }
    }
    let reason = format!("the model gave no usable text for {path}; a stronger model may do better");
    Err(NodeFault { reason, code: ErrorCode::ModelFailed })
}
