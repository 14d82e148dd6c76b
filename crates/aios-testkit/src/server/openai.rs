//! OpenAI's chat completions: what a request must look like, and how a reply is written.

use serde_json::{Value, json};

use super::wire::{Answer, Asked, content_text, list};
use crate::conversation::Said;
use crate::shape::{self, Field, Kind, may, must};
use crate::tool_schema;
use crate::turn::Turn;

const REQUEST: &[Field] = &[
    must("model", Kind::Text),
    must("messages", Kind::List),
    may("tools", Kind::List),
    may("tool_choice", Kind::TextOrObject),
    may("parallel_tool_calls", Kind::Bool),
    may("stream", Kind::Bool),
    may("stream_options", Kind::Object),
    may("max_tokens", Kind::Integer),
    may("max_completion_tokens", Kind::Integer),
    may("temperature", Kind::Number),
    may("top_p", Kind::Number),
    may("seed", Kind::Integer),
    may("stop", Kind::TextOrList),
    may("response_format", Kind::Object),
    may("reasoning_effort", Kind::Text),
    may("prompt_cache_key", Kind::Text),
    may("user", Kind::Text),
];
const TOOL: &[Field] = &[must("type", Kind::Word("function")), must("function", Kind::Object)];
const FUNCTION: &[Field] = &[
    must("name", Kind::Text),
    must("description", Kind::Text),
    must("parameters", Kind::Object),
    may("strict", Kind::Bool),
];
const INSTRUCTION: &[Field] =
    &[must("role", Kind::Text), must("content", Kind::TextOrList), may("name", Kind::Text)];
const ASSISTANT: &[Field] = &[
    must("role", Kind::Text),
    may("content", Kind::Content),
    may("tool_calls", Kind::List),
    may("name", Kind::Text),
];
const CALL: &[Field] =
    &[must("id", Kind::Text), must("type", Kind::Word("function")), must("function", Kind::Object)];
const CALLED: &[Field] = &[must("name", Kind::Text), must("arguments", Kind::Text)];
const RESULT: &[Field] =
    &[must("role", Kind::Text), must("tool_call_id", Kind::Text), must("content", Kind::TextOrList)];

/// Reads a request and complains about everything that OpenAI would refuse.
pub(super) fn read(body: &Value, wrong: &mut Vec<String>) -> Asked {
    shape::check(body, "request", REQUEST, wrong);
    if body.get("stream_options").is_some() {
        shape::check(&body["stream_options"], "stream_options", &[may("include_usage", Kind::Bool)], wrong);
        if body["stream"] != true {
            wrong.push("stream_options without stream".into());
        }
    }
    if body.get("max_tokens").is_some() && body.get("max_completion_tokens").is_some() {
        wrong.push("both max_tokens and max_completion_tokens".into());
    }
    read_tools(body, wrong);
    let mut asked = Asked {
        model: body["model"].as_str().unwrap_or_default().to_owned(),
        stream: body["stream"] == true,
        usage: body["stream_options"]["include_usage"] == true,
        ..Asked::default()
    };
    for (index, message) in list(body, "messages").iter().enumerate() {
        read_message(message, &format!("messages[{index}]"), &mut asked, wrong);
    }
    asked
}

fn read_tools(body: &Value, wrong: &mut Vec<String>) {
    if body.get("tools").is_some() && list(body, "tools").is_empty() {
        wrong.push("tools is an empty list".into());
    }
    let mut names = Vec::new();
    for (index, tool) in list(body, "tools").iter().enumerate() {
        shape::check(tool, &format!("tools[{index}]"), TOOL, wrong);
        let function = &tool["function"];
        shape::check(function, &format!("tools[{index}].function"), FUNCTION, wrong);
        let name = function["name"].as_str().unwrap_or_default();
        if names.contains(&name) {
            wrong.push(format!("the tool {name:?} is offered twice"));
        }
        names.push(name);
        tool_schema::check(
            name,
            function["description"].as_str().unwrap_or_default(),
            &function["parameters"],
            wrong,
        );
    }
}

fn read_message(message: &Value, place: &str, asked: &mut Asked, wrong: &mut Vec<String>) {
    match message["role"].as_str() {
        Some("system" | "developer") => {
            shape::check(message, place, INSTRUCTION, wrong);
            asked.system.push_str(&content_text(&message["content"], place, &["text"], wrong));
            asked.said.push(Said::System);
        }
        Some("user") => {
            shape::check(message, place, INSTRUCTION, wrong);
            content_text(&message["content"], place, &["text", "image_url"], wrong);
            asked.said.push(Said::User);
        }
        Some("assistant") => {
            shape::check(message, place, ASSISTANT, wrong);
            let text = content_text(&message["content"], place, &["text"], wrong);
            let mut calls = Vec::new();
            for (index, call) in list(message, "tool_calls").iter().enumerate() {
                shape::check(call, &format!("{place}.tool_calls[{index}]"), CALL, wrong);
                shape::check(
                    &call["function"],
                    &format!("{place}.tool_calls[{index}].function"),
                    CALLED,
                    wrong,
                );
                calls.push(call["id"].as_str().unwrap_or_default().to_owned());
            }
            if message.get("tool_calls").is_some() && calls.is_empty() {
                wrong.push(format!("{place}.tool_calls is an empty list"));
            }
            asked.said.push(Said::Assistant { calls, is_empty: text.is_empty() });
        }
        Some("tool") => {
            shape::check(message, place, RESULT, wrong);
            content_text(&message["content"], place, &["text"], wrong);
            asked
                .said
                .push(Said::Result { call: message["tool_call_id"].as_str().unwrap_or_default().to_owned() });
        }
        _ => wrong.push(format!("{place} has the role {}", message["role"])),
    }
}

/// The events of a streamed reply, each with its end of line.
pub(super) fn stream(answer: &Answer<'_>) -> Vec<String> {
    let chunk = |choices: Value, usage: Value| {
        let mut chunk = json!({"id": "chatcmpl-scripted", "object": "chat.completion.chunk", "created": 1_767_225_600,
            "model": answer.model, "choices": choices});
        if answer.usage {
            chunk["usage"] = usage;
        }
        format!("data: {chunk}\n\n")
    };
    let delta = |delta: Value, finish: Value| {
        chunk(json!([{"index": 0, "delta": delta, "finish_reason": finish}]), Value::Null)
    };
    let mut events = vec![delta(json!({"role": "assistant", "content": ""}), Value::Null)];
    events.extend(Turn::pieces(&answer.turn.text).map(|piece| delta(json!({"content": piece}), Value::Null)));
    for (index, (id, name, arguments)) in answer.calls().enumerate() {
        let start = json!({"index": index, "id": id, "type": "function", "function": {"name": name, "arguments": ""}});
        events.push(delta(json!({"tool_calls": [start]}), Value::Null));
        events.extend(Turn::pieces(arguments).map(|piece| {
            delta(json!({"tool_calls": [{"index": index, "function": {"arguments": piece}}]}), Value::Null)
        }));
    }
    events.push(delta(json!({}), finish(answer.turn).into()));
    if answer.usage {
        events.push(chunk(json!([]), usage(answer.turn)));
    }
    events.push("data: [DONE]\n\n".into());
    events
}

/// A reply in one piece.
pub(super) fn whole(answer: &Answer<'_>) -> Value {
    let calls: Vec<Value> = answer
        .calls()
        .map(|(id, name, arguments)| {
            json!({"id": id, "type": "function", "function": {"name": name, "arguments": arguments}})
        })
        .collect();
    let mut message = json!({"role": "assistant", "content": answer.turn.text});
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
    json!({"id": "chatcmpl-scripted", "object": "chat.completion", "created": 1_767_225_600, "model": answer.model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish(answer.turn)}],
        "usage": usage(answer.turn)})
}

/// An error answer.
pub(super) fn error(status: u16, message: &str) -> Value {
    let kind = match status {
        401 | 403 => "authentication_error",
        429 => "rate_limit_error",
        500.. => "server_error",
        _ => "invalid_request_error",
    };
    json!({"error": {"message": message, "type": kind, "param": null, "code": null}})
}

fn finish(turn: &Turn) -> &'static str {
    match turn {
        Turn { out_of_tokens: true, .. } => "length",
        Turn { calls, .. } if !calls.is_empty() => "tool_calls",
        _ => "stop",
    }
}

fn usage(turn: &Turn) -> Value {
    let usage = turn.usage;
    json!({"prompt_tokens": usage.input, "completion_tokens": usage.output,
        "total_tokens": usage.input + usage.output,
        "prompt_tokens_details": {"cached_tokens": usage.cached}})
}
