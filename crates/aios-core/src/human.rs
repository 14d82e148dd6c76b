//! The port to the person: questions and approvals. Answers come only from the human's own channel, never from a model.

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

/// Asks the person on behalf of one agent. Implemented by the engine's run actor.
#[async_trait]
pub trait Human: Send + Sync {
    /// Puts a question and waits for the answer; the run is `waiting` meanwhile.
    async fn ask(&self, question: &str, stop: &CancellationToken) -> Result<String, HumanError>;

    /// Asks for leave to do exactly this, once.
    async fn approve(&self, request: &ApprovalRequest, stop: &CancellationToken) -> Result<bool, HumanError>;
}

/// A protected action that waits for leave. The leave is bound to the whole text: other arguments need another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovalRequest {
    /// The tool.
    pub tool: String,
    /// Its arguments in full, as the person will see them.
    pub arguments: String,
    /// Why leave is needed.
    pub reason: String,
}

/// No answer was given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HumanError {
    /// The run was stopped while it waited; it goes on from this question when it is resumed with an answer.
    #[error("the run stopped while it waited for an answer")]
    Stopped,
}
