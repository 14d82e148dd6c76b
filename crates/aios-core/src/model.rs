//! The model port: one request, one stream of events.

use std::sync::Arc;
use std::time::Duration;

use aios_protocol::{ErrorCode, ModelPrice, TokenUsage};
use futures::stream::BoxStream;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

/// A language model: a provider over the network, the embedded one, or a chain of them.
pub trait Model: Send + Sync {
    /// What is known about it.
    fn info(&self) -> &ModelInfo;

    /// Sends a request. The stream ends with `ModelEvent::Done` or with an error, never silently; tool calls come whole
    /// and only from a finished turn. Cancelling `stop` ends it with `ModelError::Cancelled`.
    fn stream(&self, request: ModelRequest, stop: CancellationToken) -> ModelStream;
}

/// The events of one reply.
pub type ModelStream = BoxStream<'static, Result<ModelEvent, ModelError>>;

/// What is known about a model.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelInfo {
    /// Short name of the provider; `local` for the embedded model.
    pub provider: String,
    /// The provider's name for it.
    pub name: String,
    /// Context window, in tokens.
    pub context: u32,
    /// Longest reply, in tokens.
    pub max_output: u32,
    /// Its price; zeros when it is free, nothing when unknown.
    pub price: Option<ModelPrice>,
    /// How it wants to be talked to.
    pub style: ModelStyle,
    /// Whether it takes `ModelRequest::infill`.
    pub infill: bool,
}

impl ModelInfo {
    /// `provider/name`, as users write it.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.provider, self.name)
    }
}

/// How a model wants to be talked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelStyle {
    /// It calls tools by itself: the agent loop.
    Tools,
    /// It is small: the harness leads it step by step, with grammars and forced first lines.
    Guided,
}

/// One request to a model. Cheap to clone: the long parts are shared.
#[derive(Debug, Clone, Default)]
pub struct ModelRequest {
    /// The conversation so far.
    pub messages: Arc<Vec<Message>>,
    /// Tools that the model may call.
    pub tools: Arc<[ToolSchema]>,
    /// Longest reply, in tokens; the model's own limit when missing.
    pub max_tokens: Option<u32>,
    /// 0 is greedy; the provider's default when missing.
    pub temperature: Option<f32>,
    /// For repeatable sampling, where the model has it.
    pub seed: Option<u64>,
    /// Texts that end the reply and are not part of it.
    pub stop: Vec<String>,
    /// The reply begins with this text and the model goes on from it. `Guided` models, and with `infill`.
    pub prefill: Option<String>,
    /// The reply obeys this GBNF grammar. `Guided` models only.
    pub grammar: Option<String>,
    /// Fills this hole instead of going on with a conversation. Only models whose info says that they can.
    pub infill: Option<Infill>,
}

/// A hole in a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Infill {
    /// What stands before it. While somebody types, what they type belongs into the request's prefill: a prefix that stays
    /// the same stays computed.
    pub prefix: Arc<str>,
    /// What stands after it.
    pub suffix: Arc<str>,
}

/// A message of the conversation. Cheap to clone: each turn sends all that went before once more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Message {
    /// Instructions.
    System {
        /// The text.
        text: Arc<str>,
    },
    /// What the user, or the harness for it, says.
    User {
        /// The text.
        text: Arc<str>,
    },
    /// What the model said.
    Assistant {
        /// The text; may be empty beside tool calls.
        text: Arc<str>,
        /// The tools that it called.
        tool_calls: Arc<[ToolCall]>,
    },
    /// What a tool answered.
    Tool {
        /// The call that it answers.
        call_id: Arc<str>,
        /// The tool.
        name: Arc<str>,
        /// The answer.
        content: Arc<str>,
    },
}

impl Message {
    /// Instructions.
    pub fn system(text: impl Into<Arc<str>>) -> Self {
        Self::System { text: text.into() }
    }

    /// What the user says.
    pub fn user(text: impl Into<Arc<str>>) -> Self {
        Self::User { text: text.into() }
    }

    /// What the model said, without tool calls.
    pub fn assistant(text: impl Into<Arc<str>>) -> Self {
        Self::Assistant { text: text.into(), tool_calls: Arc::default() }
    }
}

/// A tool call as the model wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    /// The model's name for this call.
    pub id: String,
    /// The tool.
    pub name: String,
    /// The arguments as the model wrote them: JSON, if it did well. The gate parses and checks them.
    pub arguments: String,
}

/// A tool as it is offered to models.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolSchema {
    /// Its name.
    pub name: &'static str,
    /// What it does, for the model.
    pub description: &'static str,
    /// JSON Schema of its arguments.
    pub parameters: serde_json::Value,
}

/// A piece of a reply.
#[derive(Debug, Clone, PartialEq)]
pub enum ModelEvent {
    /// Text, as it comes.
    Text(String),
    /// The model thinks aloud; shown, never sent back as an answer.
    Reasoning(String),
    /// The model of a chain that answered so far failed, and the next one takes over.
    Failover {
        /// `provider/name` of the one that failed.
        from: String,
        /// `provider/name` of the one that takes over.
        to: String,
        /// Why.
        reason: String,
    },
    /// A complete tool call; comes after the text and before `Done`.
    ToolCall(ToolCall),
    /// The end of a finished turn.
    Done(Completion),
}

/// How a reply ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Completion {
    /// Why it ended.
    pub finish: Finish,
    /// What it used.
    pub usage: TokenUsage,
    /// The model that answered, `provider/name`: in a chain, the one that did.
    pub model: String,
    /// The price that applies to `usage`.
    pub price: Option<ModelPrice>,
}

/// Why a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// The model was done, or met a stop text.
    Stop,
    /// It called tools and waits for their answers.
    ToolCalls,
    /// It ran into `max_tokens`.
    Length,
    /// The provider's filter cut it.
    Filtered,
}

/// Where a model let us wait too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeoutPhase {
    /// Connecting.
    Connect,
    /// Until the first byte of the reply.
    FirstByte,
    /// Between two bytes of the reply.
    BetweenBytes,
}

impl std::fmt::Display for TimeoutPhase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::FirstByte => "waiting for the first byte",
            Self::BetweenBytes => "waiting for the next byte",
        })
    }
}

/// Why a model gave no complete reply. Messages never contain a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// The key is missing or refused.
    #[error("{model}: the key was refused ({detail})")]
    Unauthorised {
        /// `provider/name`.
        model: String,
        /// What the provider said.
        detail: String,
    },
    /// Too many requests, or the quota is used up.
    #[error("{model}: rate limit or quota reached ({detail})")]
    RateLimited {
        /// `provider/name`.
        model: String,
        /// What the provider said.
        detail: String,
        /// How long the provider wants us to wait.
        retry_after: Option<Duration>,
    },
    /// The provider has a fault of its own, or cannot be reached.
    #[error("{model}: not available ({detail})")]
    Unavailable {
        /// `provider/name`.
        model: String,
        /// The status, or the network error.
        detail: String,
    },
    /// It let us wait too long.
    #[error("{model}: timed out after {after:?} while {phase}")]
    TimedOut {
        /// `provider/name`.
        model: String,
        /// Where.
        phase: TimeoutPhase,
        /// How long we waited.
        after: Duration,
    },
    /// The reply broke off or made no sense.
    #[error("{model}: the reply broke off or was not valid ({detail})")]
    BadReply {
        /// `provider/name`.
        model: String,
        /// What was wrong.
        detail: String,
    },
    /// The provider refused the request itself.
    #[error("{model}: the request was refused ({detail})")]
    Refused {
        /// `provider/name`.
        model: String,
        /// What the provider said.
        detail: String,
    },
    /// The conversation does not fit.
    #[error("{model}: the conversation is longer than the context window ({detail})")]
    ContextTooLong {
        /// `provider/name`.
        model: String,
        /// What the provider said.
        detail: String,
    },
    /// The embedded model's process ended.
    #[error("{model}: the model process ended ({reason}); {advice}")]
    Crashed {
        /// `local/name`.
        model: String,
        /// How it ended, with its last words.
        reason: String,
        /// What to do.
        advice: String,
    },
    /// The embedded model cannot be used as things are.
    #[error("{model} is not ready: {reason}; {advice}")]
    NotReady {
        /// `local/name`.
        model: String,
        /// Why.
        reason: String,
        /// What to do.
        advice: String,
    },
    /// A limit of the run forbids the call.
    #[error("the run's limit is reached")]
    LimitReached,
    /// We stopped it.
    #[error("cancelled")]
    Cancelled,
}

impl ModelError {
    /// Whether the same request to the same model may well succeed a little later.
    pub fn is_retryable(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. }
                | Self::Unavailable { .. }
                | Self::TimedOut { .. }
                | Self::BadReply { .. }
                | Self::Crashed { .. }
        )
    }

    /// Whether another model may do better.
    pub fn is_worth_another_model(&self) -> bool {
        !matches!(self, Self::Cancelled | Self::LimitReached | Self::ContextTooLong { .. })
    }

    /// The code under which hosts report it.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Unauthorised { .. } | Self::NotReady { .. } => ErrorCode::NotConfigured,
            Self::LimitReached => ErrorCode::CostLimit,
            Self::Cancelled => ErrorCode::Cancelled,
            _ => ErrorCode::ModelFailed,
        }
    }
}
