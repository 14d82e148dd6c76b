//! Asking a model under test, and what came of it.

use std::sync::Arc;
use std::time::Duration;

use aios_core::{Completion, Model, ModelError, ModelEvent, ModelRequest, Secret, ToolCall, ToolSchema};
use aios_llm::{Http, HttpModel, Keys, ModelRef, Timeouts, provider};
use futures::StreamExt;
use serde_json::json;
use tokio_util::sync::CancellationToken;

/// The key of every test; it must never show up in an error.
pub(crate) const KEY: &str = "sk-test-0123456789";

pub(crate) const CHAT: &str = "openai/gpt-4o";
pub(crate) const MESSAGES: &str = "anthropic/claude-sonnet-4-5";

/// Time-outs that tests can wait for.
pub(crate) const SHORT: Timeouts = Timeouts {
    connect: Duration::from_millis(300),
    first_byte: Duration::from_millis(500),
    between_bytes: Duration::from_millis(200),
    whole: Duration::from_secs(20),
};

/// A model `provider/name` that is found at `url`.
pub(crate) fn model(name: &str, url: &str) -> HttpModel {
    model_with(name, url, Timeouts::default())
}

pub(crate) fn model_with(name: &str, url: &str, timeouts: Timeouts) -> HttpModel {
    let (id, name) = name.split_once('/').unwrap();
    let provider = provider(id).unwrap();
    let mut keys = Keys::default();
    keys.set_key(provider, Secret::new(KEY.to_owned()));
    keys.set_base_url(provider, url);
    HttpModel::new(&ModelRef { provider: id.to_owned(), name: name.to_owned() }, &keys, &Http::new(timeouts))
        .unwrap()
}

pub(crate) fn request() -> ModelRequest {
    let parameters = json!({"type": "object", "properties": {"path": {"type": "string"}}});
    ModelRequest {
        messages: vec![aios_core::Message::system("Be brief."), aios_core::Message::user("Write calc.py.")]
            .into(),
        tools: Arc::new([ToolSchema { name: "write_file", description: "Writes a file.", parameters }]),
        ..ModelRequest::default()
    }
}

/// What came of a request.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) text: String,
    pub(crate) reasoning: String,
    pub(crate) calls: Vec<ToolCall>,
    /// From one model to another, by full name.
    pub(crate) failovers: Vec<(String, String)>,
    pub(crate) done: Option<Completion>,
    pub(crate) error: Option<ModelError>,
}

/// Asks, and checks what holds for every stream: one end, nothing after it, calls only right before a good one, no key.
pub(crate) async fn ask(model: &dyn Model, request: ModelRequest) -> Outcome {
    let mut outcome = Outcome::default();
    let mut stream = model.stream(request, CancellationToken::new());
    while let Some(event) = stream.next().await {
        assert!(outcome.done.is_none() && outcome.error.is_none(), "something came after the end");
        match event {
            Ok(ModelEvent::Text(text)) => {
                assert!(outcome.calls.is_empty(), "text after a call");
                outcome.text.push_str(&text);
            }
            Ok(ModelEvent::Reasoning(text)) => outcome.reasoning.push_str(&text),
            Ok(ModelEvent::Failover { from, to, .. }) => outcome.failovers.push((from, to)),
            Ok(ModelEvent::ToolCall(call)) => outcome.calls.push(call),
            Ok(ModelEvent::Done(completion)) => outcome.done = Some(completion),
            Err(error) => {
                assert!(!error.to_string().contains(KEY), "{error}");
                outcome.error = Some(error);
            }
        }
    }
    assert!(outcome.done.is_some() || outcome.error.is_some(), "it ended silently");
    assert!(outcome.calls.is_empty() || outcome.done.is_some(), "calls from an unfinished turn");
    outcome
}

/// The kind of an error in one word.
pub(crate) fn kind(error: &Option<ModelError>) -> &'static str {
    match error {
        None => "none",
        Some(ModelError::Unauthorised { .. }) => "unauthorised",
        Some(ModelError::RateLimited { .. }) => "rate limited",
        Some(ModelError::Unavailable { .. }) => "unavailable",
        Some(ModelError::TimedOut { .. }) => "timed out",
        Some(ModelError::BadReply { .. }) => "bad reply",
        Some(ModelError::Refused { .. }) => "refused",
        Some(ModelError::ContextTooLong { .. }) => "context too long",
        Some(ModelError::Cancelled) => "cancelled",
        Some(_) => "other",
    }
}
