//! What the two wires have in common: what was asked, and how an answer is written.

use serde_json::Value;

use crate::conversation::Said;
use crate::turn::Turn;

/// What a request asks for, whatever its wire.
#[derive(Debug, Default)]
pub(super) struct Asked {
    /// The model's name, which the answer repeats.
    pub(super) model: String,
    /// The instructions in one text.
    pub(super) system: String,
    /// Who said what.
    pub(super) said: Vec<Said>,
    /// Whether the answer comes in pieces.
    pub(super) stream: bool,
    /// Whether a stream ends with the usage; always so on Anthropic's wire.
    pub(super) usage: bool,
}

/// An answer to be written.
pub(super) struct Answer<'a> {
    /// The model's name.
    pub(super) model: &'a str,
    /// What it says.
    pub(super) turn: &'a Turn,
    /// An id for each of its tool calls.
    pub(super) ids: &'a [String],
    /// Whether a stream ends with the usage.
    pub(super) usage: bool,
}

impl Answer<'_> {
    /// The tool calls: id, name, arguments.
    pub(super) fn calls(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        let calls = self.turn.calls.iter();
        self.ids
            .iter()
            .zip(calls)
            .map(|(id, (name, arguments))| (id.as_str(), name.as_str(), arguments.as_str()))
    }
}

/// The text of a message's content: a text, or a list of blocks of which each must be one of `blocks`.
pub(super) fn content_text(content: &Value, place: &str, blocks: &[&str], wrong: &mut Vec<String>) -> String {
    let Some(list) = content.as_array() else { return content.as_str().unwrap_or_default().to_owned() };
    let mut text = String::new();
    for (index, block) in list.iter().enumerate() {
        let kind = block["type"].as_str().unwrap_or_default();
        if !blocks.contains(&kind) {
            wrong.push(format!(
                "{place}.content[{index}] has the type {}, not one of {blocks:?}",
                block["type"]
            ));
        }
        if kind == "text" {
            match block["text"].as_str() {
                Some(part) if !part.is_empty() => text.push_str(part),
                _ => wrong.push(format!("{place}.content[{index}] is a text block without text")),
            }
        }
    }
    text
}

/// The items of a list field; none when it is missing or something else.
pub(super) fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}
