//! Models reached through the crate genai: Google's own wire and OpenAI's responses.
//!
//! The only module that knows genai. It never guesses an adapter from a model's name, uses our HTTP clients, and passes its
//! events through the same turn as our own wires, since genai reports a reply that broke off as one that ended.

use std::collections::HashMap;

use aios_core::{Finish, Message, ModelEvent, ModelInfo, ModelRequest, Secret, TimeoutPhase};
use futures::StreamExt;
use genai::adapter::AdapterKind;
use genai::chat::{
    ChatMessage, ChatOptions, ChatRequest, ChatStream, ChatStreamEvent, ContentPart, MessageContent,
    StopReason, StreamEnd, Tool, ToolCall, ToolResponse, Usage,
};
use genai::resolver::{AuthData, Endpoint};
use genai::webc::StreamTimeout;
use genai::{Client, ModelIden, ServiceTarget};
use reqwest::Url;
use serde_json::Value;
use tokio::time::timeout;

use crate::Timeouts;
use crate::fault::Fault;
use crate::http::{self, Http};
use crate::turn::Turn;

/// The wires for which genai is used.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Adapter {
    Gemini,
    Responses,
}

/// Where a model is and how it is talked to.
pub(crate) struct Target {
    kind: AdapterKind,
    base: Url,
    key: String,
}

impl Target {
    pub(crate) fn new(adapter: Adapter, base: &Url, key: Option<&Secret<String>>) -> Self {
        let kind = match adapter {
            Adapter::Gemini => AdapterKind::Gemini,
            Adapter::Responses => AdapterKind::OpenAIResp,
        };
        let mut base = base.clone();
        base.set_path(&format!("{}/", base.path().trim_end_matches('/')));
        Self { kind, base, key: key.map(|key| key.expose().clone()).unwrap_or_default() }
    }

    /// Prepares the request; genai sends it when the first event is asked for.
    pub(crate) async fn open(
        &self,
        request: &ModelRequest,
        model: &ModelInfo,
        http: &Http,
    ) -> Result<GenaiReply, Fault> {
        let timeouts = http.timeouts();
        let client = Client::builder()
            .with_reqwest(http.client(&self.base).await?)
            .build()
            .map_err(fault(timeouts))?;
        let target = ServiceTarget {
            endpoint: Endpoint::from_owned(self.base.as_str()),
            auth: AuthData::Key(self.key.clone()),
            model: ModelIden::new(self.kind, model.name.as_str()),
        };
        let reply = client
            .exec_chat_stream(target, chat_request(request), Some(&options(request, model, timeouts)))
            .await
            .map_err(fault(timeouts))?;
        Ok(GenaiReply { events: reply.stream, turn: Turn::default(), timeouts })
    }
}

fn options(request: &ModelRequest, model: &ModelInfo, timeouts: Timeouts) -> ChatOptions {
    ChatOptions {
        temperature: request.temperature.map(f64::from),
        max_tokens: request.max_tokens.map(|limit| limit.min(model.max_output)),
        seed: request.seed,
        stop_sequences: request.stop.clone(),
        capture_usage: Some(true),
        capture_tool_calls: Some(true),
        stream_header_timeout: Some(timeouts.first_byte),
        stream_read_timeout: Some(timeouts.between_bytes),
        ..ChatOptions::default()
    }
}

fn chat_request(request: &ModelRequest) -> ChatRequest {
    let mut tool_names = HashMap::new();
    let messages = request.messages.iter().map(|message| match message {
        Message::System { text } => ChatMessage::system(text.to_string()),
        Message::User { text } => ChatMessage::user(text.to_string()),
        Message::Assistant { text, tool_calls } => {
            let text = (!text.is_empty()).then(|| ContentPart::Text(text.to_string()));
            let calls = tool_calls.iter().map(|call| {
                tool_names.insert(call.id.as_str(), call.name.as_str());
                ContentPart::ToolCall(ToolCall {
                    call_id: call.id.clone(),
                    fn_name: call.name.clone(),
                    fn_arguments: serde_json::from_str(&call.arguments)
                        .unwrap_or_else(|_| Value::String(call.arguments.clone())),
                    thought_signatures: None,
                })
            });
            ChatMessage::assistant(MessageContent::from_iter(text.into_iter().chain(calls)))
        }
        Message::Tool { call_id, name, content } => {
            ToolResponse::new(&**call_id, content.to_string()).with_fn_name(&**name).into()
        }
    });
    let messages = messages.collect();
    let tools = request.tools.iter().map(|schema| {
        Tool::new(schema.name).with_description(schema.description).with_schema(schema.parameters.clone())
    });
    let request = ChatRequest::new(messages);
    if tools.len() == 0 { request } else { request.with_tools(tools) }
}

/// A reply that comes through genai.
pub(crate) struct GenaiReply {
    events: ChatStream,
    turn: Turn,
    timeouts: Timeouts,
}

impl GenaiReply {
    /// Waits for the next event and adds it to `out`; true when it was the last.
    pub(crate) async fn next(&mut self, out: &mut Vec<ModelEvent>) -> Result<bool, Fault> {
        // genai limits neither a line nor a reply; this also bounds how much of an endless line it can gather.
        let limit = self.timeouts.first_byte;
        let event = match timeout(limit, self.events.next()).await {
            Ok(Some(event)) => event.map_err(fault(self.timeouts))?,
            Ok(None) => return Ok(true),
            Err(_) => return Err(Fault::TimedOut(TimeoutPhase::BetweenBytes, limit)),
        };
        match event {
            ChatStreamEvent::Chunk(chunk) => self.turn.text(chunk.content, out)?,
            ChatStreamEvent::ReasoningChunk(chunk) => self.turn.reasoning(chunk.content, out)?,
            ChatStreamEvent::End(end) => {
                self.end(end)?;
                return Ok(true);
            }
            _ => {}
        }
        Ok(false)
    }

    /// What came.
    pub(crate) fn finish(self) -> Turn {
        self.turn
    }

    fn end(&mut self, end: StreamEnd) -> Result<(), Fault> {
        // Without a reason the stream was cut: genai ends it all the same.
        self.turn.finish = end.captured_stop_reason.as_ref().map(finish);
        if let Some(usage) = &end.captured_usage {
            self.turn.usage = token_usage(usage);
        }
        for call in end.captured_into_tool_calls().unwrap_or_default() {
            let place = self.turn.begin_call(call.call_id, call.fn_name)?;
            match call.fn_arguments {
                Value::String(text) => self.turn.add_arguments(place, &text)?,
                arguments => self.turn.add_arguments(place, &arguments.to_string())?,
            }
        }
        Ok(())
    }
}

fn finish(reason: &StopReason) -> Finish {
    match reason {
        StopReason::MaxTokens(_) => Finish::Length,
        StopReason::ContentFilter(_) => Finish::Filtered,
        StopReason::ToolCall(_) => Finish::ToolCalls,
        _ => Finish::Stop,
    }
}

fn token_usage(usage: &Usage) -> aios_protocol::TokenUsage {
    let count = |count: Option<i32>| count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0);
    let cached = usage.prompt_tokens_details.as_ref().and_then(|details| details.cached_tokens);
    aios_protocol::TokenUsage {
        input: count(usage.prompt_tokens),
        cached: count(cached),
        output: count(usage.completion_tokens),
    }
}

/// What an error of genai means.
fn fault(timeouts: Timeouts) -> impl Fn(genai::Error) -> Fault {
    move |error| {
        if let (Some(status), Some(headers)) = (error.status(), error.headers()) {
            return match &error {
                genai::Error::HttpError { body, .. } => {
                    Fault::from_status(status.as_u16(), body, http::retry_after(headers))
                }
                other => Fault::from_status(status.as_u16(), &other.to_string(), http::retry_after(headers)),
            };
        }
        match error {
            genai::Error::WebStream { error, .. } => transport_fault(error, timeouts),
            genai::Error::ChatResponse { body, .. } => Fault::from_report(&body),
            genai::Error::StreamParse { serde_error, .. } => Fault::bad(serde_error.to_string()),
            other => Fault::bad(other.to_string()),
        }
    }
}

fn transport_fault(error: genai::BoxError, timeouts: Timeouts) -> Fault {
    let error = match error.downcast::<genai::Error>() {
        Ok(inner) => return fault(timeouts)(*inner),
        Err(other) => other,
    };
    match error.downcast_ref::<StreamTimeout>() {
        Some(StreamTimeout::Headers) => Fault::TimedOut(TimeoutPhase::FirstByte, timeouts.first_byte),
        Some(StreamTimeout::Read) => Fault::TimedOut(TimeoutPhase::BetweenBytes, timeouts.between_bytes),
        None => match error.downcast_ref::<reqwest::Error>() {
            Some(error) if error.is_connect() => http::send_fault(error, timeouts),
            _ => Fault::bad(format!("the connection broke: {}", http::cause(&*error))),
        },
    }
}

#[cfg(test)]
mod tests;
