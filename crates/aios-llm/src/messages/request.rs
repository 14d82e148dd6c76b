//! A request in the words of Anthropic's messages, with marks up to where the provider shall cache.

use std::borrow::Cow;

use aios_core::{Message, ModelInfo, ModelRequest, ToolCall};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::call_id::{self, CallIds};

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    max_tokens: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    system: Vec<Block<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    messages: Vec<Line<'a>>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stop_sequences: Vec<&'a str>,
}

#[derive(Serialize)]
struct Line<'a> {
    role: Role,
    content: Vec<Block<'a>>,
}

#[derive(Serialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Role {
    User,
    Assistant,
}

#[derive(Serialize)]
struct Block<'a> {
    #[serde(flatten)]
    content: Content<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_control: Option<CacheControl>,
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Content<'a> {
    Text { text: &'a str },
    ToolUse { id: Cow<'a, str>, name: &'a str, input: Map<String, Value> },
    ToolResult { tool_use_id: Cow<'a, str>, content: &'a str },
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'a str,
    description: &'a str,
    input_schema: &'a Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    cache_control: Option<CacheControl>,
}

#[derive(Serialize, Clone, Copy)]
struct CacheControl {
    r#type: &'static str,
}

const CACHED: Option<CacheControl> = Some(CacheControl { r#type: "ephemeral" });

/// The body of a request.
pub(crate) fn encode(request: &ModelRequest, model: &ModelInfo) -> Result<Vec<u8>, serde_json::Error> {
    let leading =
        request.messages.iter().take_while(|message| matches!(message, Message::System { .. })).count();
    let (instructions, talk) = request.messages.split_at(leading);
    let mut system = Vec::new();
    for message in instructions {
        if let Message::System { text } = message {
            push_text(&mut system, text);
        }
    }
    if let Some(block) = system.last_mut() {
        block.cache_control = CACHED;
    }
    let mut tools: Vec<_> = request
        .tools
        .iter()
        .map(|schema| Tool {
            name: schema.name,
            description: schema.description,
            input_schema: &schema.parameters,
            cache_control: None,
        })
        .collect();
    if let Some(tool) = tools.last_mut() {
        tool.cache_control = CACHED;
    }
    let mut messages = lines(talk);
    mark_latest(&mut messages);
    serde_json::to_vec(&Body {
        model: &model.name,
        max_tokens: request.max_tokens.unwrap_or(model.max_output).min(model.max_output),
        system,
        tools,
        messages,
        stream: true,
        temperature: request.temperature,
        stop_sequences: request
            .stop
            .iter()
            .map(String::as_str)
            .filter(|text| !text.trim().is_empty())
            .collect(),
    })
}

/// Neighbours of one role become one line: the answers to parallel calls must stand together.
fn lines(messages: &[Message]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for message in messages {
        let role = if matches!(message, Message::Assistant { .. }) { Role::Assistant } else { Role::User };
        let mut content = Vec::new();
        match message {
            Message::System { text } | Message::User { text } => push_text(&mut content, text),
            Message::Assistant { text, tool_calls } => {
                push_text(&mut content, text);
                content.extend(tool_calls.iter().map(|call| block(tool_use(call))));
            }
            Message::Tool { call_id, content: answer, .. } => content.push(block(Content::ToolResult {
                tool_use_id: call_id::fit(call_id, CallIds::Usual),
                content: answer,
            })),
        }
        match lines.last_mut() {
            Some(line) if line.role == role => line.content.append(&mut content),
            _ if content.is_empty() => {}
            _ => lines.push(Line { role, content }),
        }
    }
    lines
}

/// The provider refuses empty texts.
fn push_text<'a>(content: &mut Vec<Block<'a>>, text: &'a str) {
    if !text.trim().is_empty() {
        content.push(block(Content::Text { text }));
    }
}

fn block(content: Content<'_>) -> Block<'_> {
    Block { content, cache_control: None }
}

/// The provider wants an object; arguments that are none go back under a name that shows the model what it wrote.
fn tool_use(call: &ToolCall) -> Content<'_> {
    let input = serde_json::from_str(&call.arguments)
        .unwrap_or_else(|_| Map::from_iter([("not_an_object".to_owned(), call.arguments.as_str().into())]));
    Content::ToolUse { id: call_id::fit(&call.id, CallIds::Usual), name: &call.name, input }
}

/// Marks the last two lines of the user's side: this request writes the cache up to the last one, and reads what the request
/// before wrote up to the one before.
fn mark_latest(lines: &mut [Line<'_>]) {
    for line in lines.iter_mut().rev().filter(|line| line.role == Role::User).take(2) {
        if let Some(block) = line.content.last_mut() {
            block.cache_control = CACHED;
        }
    }
}
