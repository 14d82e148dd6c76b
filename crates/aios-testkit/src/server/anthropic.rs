//! Anthropic's messages: what a request must look like, and how a reply is written.

use serde_json::{Value, json};

use super::wire::{Answer, Asked, content_text, list};
use crate::conversation::Said;
use crate::shape::{self, Field, Kind, may, must};
use crate::tool_schema;
use crate::turn::Turn;

const REQUEST: &[Field] = &[
    must("model", Kind::Text),
    must("max_tokens", Kind::Integer),
    must("messages", Kind::List),
    may("system", Kind::TextOrList),
    may("tools", Kind::List),
    may("tool_choice", Kind::Object),
    may("stream", Kind::Bool),
    may("temperature", Kind::Number),
    may("top_p", Kind::Number),
    may("top_k", Kind::Integer),
    may("stop_sequences", Kind::List),
    may("metadata", Kind::Object),
    may("thinking", Kind::Object),
    may("cache_control", Kind::Object),
];
const TOOL: &[Field] = &[
    must("name", Kind::Text),
    must("description", Kind::Text),
    must("input_schema", Kind::Object),
    may("cache_control", Kind::Object),
];
const MESSAGE: &[Field] = &[must("role", Kind::Text), must("content", Kind::TextOrList)];
const TEXT: &[Field] =
    &[must("type", Kind::Text), must("text", Kind::Text), may("cache_control", Kind::Object)];
const CALL: &[Field] = &[
    must("type", Kind::Text),
    must("id", Kind::Text),
    must("name", Kind::Text),
    must("input", Kind::Object),
    may("cache_control", Kind::Object),
];
const RESULT: &[Field] = &[
    must("type", Kind::Text),
    must("tool_use_id", Kind::Text),
    may("content", Kind::TextOrList),
    may("is_error", Kind::Bool),
    may("cache_control", Kind::Object),
];
/// The most places that one request may mark for the cache.
const CACHE_MARKS: usize = 4;

/// Reads a request and complains about everything that Anthropic would refuse.
pub(super) fn read(body: &Value, wrong: &mut Vec<String>) -> Asked {
    shape::check(body, "request", REQUEST, wrong);
    if body["max_tokens"] == 0 {
        wrong.push("max_tokens is 0".into());
    }
    read_tools(body, wrong);
    let marks = cache_marks(body, wrong);
    if marks > CACHE_MARKS {
        wrong.push(format!("{marks} places are marked for the cache, {CACHE_MARKS} are allowed"));
    }
    let mut asked = Asked {
        model: body["model"].as_str().unwrap_or_default().to_owned(),
        system: content_text(&body["system"], "system", &["text"], wrong),
        stream: body["stream"] == true,
        usage: true,
        ..Asked::default()
    };
    for (index, message) in list(body, "messages").iter().enumerate() {
        read_message(message, &format!("messages[{index}]"), &mut asked, wrong);
    }
    let calls =
        asked.said.iter().any(|said| matches!(said, Said::Assistant { calls, .. } if !calls.is_empty()));
    if calls && list(body, "tools").is_empty() {
        wrong.push("the conversation has tool calls, and no tools are offered".into());
    }
    asked
}

fn read_tools(body: &Value, wrong: &mut Vec<String>) {
    let mut names = Vec::new();
    for (index, tool) in list(body, "tools").iter().enumerate() {
        shape::check(tool, &format!("tools[{index}]"), TOOL, wrong);
        let name = tool["name"].as_str().unwrap_or_default();
        if names.contains(&name) {
            wrong.push(format!("the tool {name:?} is offered twice"));
        }
        names.push(name);
        tool_schema::check(
            name,
            tool["description"].as_str().unwrap_or_default(),
            &tool["input_schema"],
            wrong,
        );
    }
}

/// How many places are marked for the cache. What a schema or a call's input says about caches is no mark.
fn cache_marks(value: &Value, wrong: &mut Vec<String>) -> usize {
    match value {
        Value::Array(items) => items.iter().map(|item| cache_marks(item, wrong)).sum(),
        Value::Object(fields) => {
            let inside =
                fields.iter().filter(|(name, _)| !["input", "input_schema"].contains(&name.as_str()));
            let inside: usize = inside.map(|(_, value)| cache_marks(value, wrong)).sum();
            let Some(mark) = fields.get("cache_control") else { return inside };
            shape::check(
                mark,
                "cache_control",
                &[must("type", Kind::Word("ephemeral")), may("ttl", Kind::Text)],
                wrong,
            );
            inside + 1
        }
        _ => 0,
    }
}

fn read_message(message: &Value, place: &str, asked: &mut Asked, wrong: &mut Vec<String>) {
    shape::check(message, place, MESSAGE, wrong);
    let content = &message["content"];
    let (mut calls, mut results, mut words) = (Vec::new(), Vec::new(), content.is_string());
    for (index, block) in list(message, "content").iter().enumerate() {
        let place = format!("{place}.content[{index}]");
        match block["type"].as_str() {
            Some("text") => {
                shape::check(block, &place, TEXT, wrong);
                words = true;
            }
            Some("tool_use") => {
                shape::check(block, &place, CALL, wrong);
                calls.push(block["id"].as_str().unwrap_or_default().to_owned());
            }
            Some("tool_result") => {
                shape::check(block, &place, RESULT, wrong);
                content_text(&block["content"], &place, &["text", "image"], wrong);
                if words {
                    wrong.push(format!("{place}: results of tools come before any text"));
                }
                results.push(block["tool_use_id"].as_str().unwrap_or_default().to_owned());
            }
            _ => {}
        }
    }
    match message["role"].as_str() {
        Some("user") => {
            content_text(content, place, &["text", "image", "tool_result"], wrong);
            let spoke = words || results.is_empty();
            asked.said.extend(results.into_iter().map(|call| Said::Result { call }));
            if spoke {
                asked.said.push(Said::User);
            }
        }
        Some("assistant") => {
            let text = content_text(content, place, &["text", "tool_use", "thinking"], wrong);
            asked.said.push(Said::Assistant { calls, is_empty: text.is_empty() });
        }
        _ => wrong.push(format!("{place} has the role {}", message["role"])),
    }
}

/// The events of a streamed reply.
pub(super) fn stream(answer: &Answer<'_>) -> Vec<String> {
    let event =
        |data: Value| format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap_or_default());
    let mut begun = whole(answer);
    begun["content"] = json!([]);
    begun["stop_reason"] = Value::Null;
    begun["usage"]["output_tokens"] = 1.into();
    let mut events =
        vec![event(json!({"type": "message_start", "message": begun})), event(json!({"type": "ping"}))];
    let mut index = 0;
    let mut block = |start: Value, deltas: Vec<Value>| {
        events.push(event(json!({"type": "content_block_start", "index": index, "content_block": start})));
        let deltas = deltas.into_iter();
        events.extend(
            deltas.map(|delta| event(json!({"type": "content_block_delta", "index": index, "delta": delta}))),
        );
        events.push(event(json!({"type": "content_block_stop", "index": index})));
        index += 1;
    };
    if !answer.turn.text.is_empty() {
        let pieces = Turn::pieces(&answer.turn.text);
        block(
            json!({"type": "text", "text": ""}),
            pieces.map(|text| json!({"type": "text_delta", "text": text})).collect(),
        );
    }
    for (id, name, arguments) in answer.calls() {
        let pieces = Turn::pieces(arguments);
        block(
            json!({"type": "tool_use", "id": id, "name": name, "input": {}}),
            pieces.map(|piece| json!({"type": "input_json_delta", "partial_json": piece})).collect(),
        );
    }
    events.push(event(json!({"type": "message_delta",
        "delta": {"stop_reason": stop_reason(answer.turn), "stop_sequence": null},
        "usage": {"output_tokens": answer.turn.usage.output}})));
    events.push(event(json!({"type": "message_stop"})));
    events
}

/// A reply in one piece. Arguments that are no JSON object cannot be said on this wire except in pieces.
pub(super) fn whole(answer: &Answer<'_>) -> Value {
    let usage = answer.turn.usage;
    let text = (!answer.turn.text.is_empty()).then(|| json!({"type": "text", "text": answer.turn.text}));
    let calls = answer.calls().map(|(id, name, arguments)| {
        let input: Value = serde_json::from_str(arguments).unwrap_or_else(|_| json!({}));
        json!({"type": "tool_use", "id": id, "name": name, "input": input})
    });
    json!({"id": "msg_scripted", "type": "message", "role": "assistant", "model": answer.model,
        "content": text.into_iter().chain(calls).collect::<Vec<_>>(),
        "stop_reason": stop_reason(answer.turn), "stop_sequence": null,
        "usage": {"input_tokens": usage.input.saturating_sub(usage.cached), "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": usage.cached, "output_tokens": usage.output}})
}

/// An error answer.
pub(super) fn error(status: u16, message: &str) -> Value {
    let kind = match status {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        529 => "overloaded_error",
        500.. => "api_error",
        _ => "invalid_request_error",
    };
    json!({"type": "error", "error": {"type": kind, "message": message}})
}

fn stop_reason(turn: &Turn) -> &'static str {
    match turn {
        Turn { out_of_tokens: true, .. } => "max_tokens",
        Turn { calls, .. } if !calls.is_empty() => "tool_use",
        _ => "end_turn",
    }
}
