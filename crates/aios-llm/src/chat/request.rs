//! A request in the words of chat completions.

use std::borrow::Cow;

use aios_core::{Message, ModelInfo, ModelRequest, ToolSchema};
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

use super::Sent;
use crate::call_id::{self, CallIds};
use crate::provider::Dialect;

/// All of a body but the messages, which come last.
#[derive(Serialize)]
struct Head<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tools: Vec<Tool<'a>>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    stream_options: Option<StreamOptions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_completion_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    random_seed: Option<u64>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    stop: &'a [String],
}

#[derive(Serialize)]
struct StreamOptions {
    include_usage: bool,
}

#[derive(Serialize)]
#[serde(tag = "role", rename_all = "lowercase")]
enum Line<'a> {
    System {
        content: &'a str,
    },
    User {
        content: &'a str,
    },
    Assistant {
        /// Null beside tool calls: that is what the providers send themselves.
        content: Option<&'a str>,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        tool_calls: Vec<Call<'a>>,
    },
    Tool {
        tool_call_id: Cow<'a, str>,
        content: &'a str,
    },
}

#[derive(Serialize)]
struct Call<'a> {
    id: Cow<'a, str>,
    r#type: &'static str,
    function: Function<'a>,
}

#[derive(Serialize)]
struct Function<'a> {
    name: &'a str,
    arguments: &'a str,
}

#[derive(Serialize)]
struct Tool<'a> {
    r#type: &'static str,
    function: ToolFunction<'a>,
}

#[derive(Serialize)]
struct ToolFunction<'a> {
    name: &'a str,
    description: &'a str,
    parameters: &'a Value,
}

/// The body of a request.
pub(crate) fn encode(
    request: &ModelRequest,
    model: &ModelInfo,
    dialect: Dialect,
    sent: &Sent,
) -> Result<Bytes, serde_json::Error> {
    let ids = if dialect.short_call_ids { CallIds::Nine } else { CallIds::Usual };
    let limit = request.max_tokens.map(|limit| limit.min(model.max_output));
    let (max_tokens, max_completion_tokens) =
        if dialect.max_completion_tokens { (None, limit) } else { (limit, None) };
    let (seed, random_seed) = if dialect.random_seed { (None, request.seed) } else { (request.seed, None) };
    let fixed_sampling = dialect.reasoning_rules && refuses_sampling(&model.name);
    let mut head = serde_json::to_vec(&Head {
        model: &model.name,
        tools: request.tools.iter().map(tool).collect(),
        stream: true,
        stream_options: dialect.stream_options.then_some(StreamOptions { include_usage: true }),
        max_tokens,
        max_completion_tokens,
        temperature: request.temperature.filter(|_| !fixed_sampling),
        seed,
        random_seed,
        stop: if fixed_sampling { &[] } else { &request.stop },
    })?;
    // The brace that closes it makes room for the messages.
    head.pop();
    head.extend_from_slice(b",\"messages\":[");
    sent.body(&head, &request.messages, |json, message| serde_json::to_writer(json, &line(message, ids)))
}

fn line(message: &Message, ids: CallIds) -> Line<'_> {
    match message {
        Message::System { text } => Line::System { content: text },
        Message::User { text } => Line::User { content: text },
        Message::Assistant { text, tool_calls } => Line::Assistant {
            content: (!text.is_empty() || tool_calls.is_empty()).then_some(text),
            tool_calls: tool_calls
                .iter()
                .map(|call| Call {
                    id: call_id::fit(&call.id, ids),
                    r#type: "function",
                    function: Function { name: &call.name, arguments: &call.arguments },
                })
                .collect(),
        },
        Message::Tool { call_id, content, .. } => {
            Line::Tool { tool_call_id: call_id::fit(call_id, ids), content }
        }
    }
}

fn tool(schema: &ToolSchema) -> Tool<'_> {
    Tool {
        r#type: "function",
        function: ToolFunction {
            name: schema.name,
            description: schema.description,
            parameters: &schema.parameters,
        },
    }
}

/// OpenAI's reasoning models answer 400 to a temperature and to stop texts.
fn refuses_sampling(name: &str) -> bool {
    let o_series = name.strip_prefix('o').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    o_series || (name.starts_with("gpt-5") && !name.contains("-chat"))
}
