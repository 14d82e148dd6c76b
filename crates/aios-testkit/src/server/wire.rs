//! The two wires side by side: whose a request is, what was asked, and how an answer is written.

use serde_json::{Value, json};

use super::http::Request;
use super::{ModelServer, anthropic, openai};
use crate::conversation::Said;
use crate::turn::Turn;

/// The language that a request is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    OpenAi,
    Anthropic,
}

impl Wire {
    /// The wire of a request.
    pub(super) fn of(request: &Request) -> Self {
        let anthropic = request.path == "/v1/messages" || request.header("x-api-key").is_some();
        if anthropic { Self::Anthropic } else { Self::OpenAi }
    }

    /// Complains about method, path and headers; answers whether the key is right.
    pub(super) fn check_head(self, request: &Request, wrong: &mut Vec<String>) -> bool {
        let (path, header, expected) = match self {
            Self::OpenAi => ("/v1/chat/completions", "authorization", format!("Bearer {}", ModelServer::KEY)),
            Self::Anthropic => ("/v1/messages", "x-api-key", ModelServer::KEY.to_owned()),
        };
        if (request.method.as_str(), request.path.as_str()) != ("POST", path) {
            wrong.push(format!("{} {} is not an endpoint", request.method, request.path));
        }
        let content_type = request.header("content-type").unwrap_or_default();
        if content_type.split(';').next() != Some("application/json") {
            wrong.push(format!("the content type is {content_type:?}"));
        }
        if self == Self::Anthropic && request.header("anthropic-version") != Some("2023-06-01") {
            wrong.push("the header anthropic-version is missing or unknown".into());
        }
        let authorised = request.header(header) == Some(&expected);
        if !authorised {
            wrong.push(format!(
                "the header {header} is {}",
                if request.header(header).is_some() { "wrong" } else { "missing" }
            ));
        }
        authorised
    }

    /// Reads a request and complains about everything that the provider would refuse.
    pub(super) fn read(self, body: &Value, wrong: &mut Vec<String>) -> Asked {
        match self {
            Self::OpenAi => openai::read(body, wrong),
            Self::Anthropic => anthropic::read(body, wrong),
        }
    }

    /// The events of a streamed reply.
    pub(super) fn stream(self, answer: &Answer<'_>) -> Vec<String> {
        match self {
            Self::OpenAi => openai::stream(answer),
            Self::Anthropic => anthropic::stream(answer),
        }
    }

    /// A reply in one piece.
    pub(super) fn whole(self, answer: &Answer<'_>) -> Value {
        match self {
            Self::OpenAi => openai::whole(answer),
            Self::Anthropic => anthropic::whole(answer),
        }
    }

    /// An error answer.
    pub(super) fn error(self, status: u16, message: &str) -> Value {
        match self {
            Self::OpenAi => openai::error(status, message),
            Self::Anthropic => anthropic::error(status, message),
        }
    }

    /// The list of models.
    pub(super) fn models(self) -> Value {
        match self {
            Self::OpenAi => json!({"object": "list",
                "data": [{"id": "scripted", "object": "model", "created": 1_767_225_600, "owned_by": "scripted"}]}),
            Self::Anthropic => {
                json!({"data": [{"type": "model", "id": "scripted", "display_name": "Scripted",
                "created_at": "2026-01-01T00:00:00Z"}], "has_more": false, "first_id": "scripted", "last_id": "scripted"})
            }
        }
    }
}

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
