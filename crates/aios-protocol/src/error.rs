//! Error codes and the one shape in which an error crosses the process border.

use serde::{Deserialize, Serialize};

/// What kind of failure it is. A code exists only where somebody acts on it: an HTTP status, an exit code, a retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorCode {
    /// The request itself is wrong; sending it again changes nothing.
    InvalidRequest,
    /// No such thing, or not yours.
    NotFound,
    /// Something else holds it: another process owns the run, or its state does not allow this.
    Conflict,
    /// A model, key or program is missing; the hint says how to get it.
    NotConfigured,
    /// An agent waits for an answer.
    AnswerNeeded,
    /// The policy's or the user's cost limit was reached.
    CostLimit,
    /// The policy's or the user's run-time limit was reached.
    TimeLimit,
    /// The policy forbids it.
    Denied,
    /// Every model of the chain failed.
    ModelFailed,
    /// The work was done and did not pass its validation.
    ValidationFailed,
    /// The user cancelled it.
    Cancelled,
    /// The disk, the database or the operating system refused.
    Storage,
    /// No key was shown, or it is not valid any more.
    Unauthenticated,
    /// Too often or too much at once; the same request works later.
    RateLimited,
    /// Larger than what is accepted.
    TooLarge,
    /// Whoever runs this server did not set it up: mail, payments.
    Unavailable,
    /// Documented, and not part of this version yet.
    NotImplemented,
    /// A bug of ours.
    Internal,
}

/// An error as it leaves the process: what failed and why, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema, thiserror::Error)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[error("{message}")]
pub struct Problem {
    /// What kind of failure it is.
    pub code: ErrorCode,
    /// What was attempted, on what, and why it failed.
    pub message: String,
    /// What to do next, when there is something to do.
    pub hint: Option<String>,
    /// The embedded model whose download would solve it, by its id; a host may offer that.
    #[serde(default)]
    pub weights: Option<String>,
    /// After how many seconds the same request may work, where that is known.
    #[serde(default)]
    pub retry_after_s: Option<u64>,
}

impl Problem {
    /// A problem without a hint.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: None, weights: None, retry_after_s: None }
    }

    /// The same problem with what to do next.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same problem with the embedded model whose download would solve it.
    #[must_use]
    pub fn with_weights(mut self, id: impl Into<String>) -> Self {
        self.weights = Some(id.into());
        self
    }

    /// The same problem with the time after which the same request may work; rounded up to seconds.
    #[must_use]
    pub fn with_retry_after(mut self, wait: std::time::Duration) -> Self {
        self.retry_after_s = Some(wait.as_secs_f64().ceil().max(1.0) as u64);
        self
    }
}
