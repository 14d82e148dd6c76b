//! The line between the agents of a run and its actor: events out, questions out, answers back.

use std::sync::Arc;

use aios_core::{ApprovalRequest, EventSink, Human, HumanError, Message, SinkClosed};
use aios_protocol::{AgentName, PendingQuestion, QuestionId, RunEvent};
use async_trait::async_trait;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use super::decide::Input;

/// What reaches the actor.
pub(super) enum Post {
    /// An event of an agent's work.
    Event(RunEvent),
    /// Answer once everything before this is stored.
    Flush(oneshot::Sender<()>),
    /// An agent asks the human and waits.
    Ask { question: PendingQuestion, conversation: Vec<Message>, reply: oneshot::Sender<String> },
    /// Something for the decider.
    Input(Input),
}

/// One agent's end of the line. Cheap to clone.
#[derive(Clone)]
pub(crate) struct RunChannel {
    agent: AgentName,
    posts: mpsc::UnboundedSender<Post>,
    held: watch::Receiver<bool>,
    conversation: Arc<std::sync::Mutex<Arc<Vec<Message>>>>,
}

impl RunChannel {
    pub(super) fn new(
        agent: AgentName,
        posts: mpsc::UnboundedSender<Post>,
        held: watch::Receiver<bool>,
    ) -> Self {
        Self { agent, posts, held, conversation: Arc::default() }
    }

    /// Waits while the user holds the run; also over when the run is.
    pub(crate) async fn while_held(&self, stop: &CancellationToken) {
        let mut held = self.held.clone();
        tokio::select! {
            _ = held.wait_for(|held| !held) => {}
            () = stop.cancelled() => {}
        }
    }

    /// Remembers the conversation as it stands, so that a question asked now can be gone on from after a restart.
    pub(crate) fn keep_conversation(&self, messages: &Arc<Vec<Message>>) {
        if let Ok(mut kept) = self.conversation.lock() {
            *kept = messages.clone();
        }
    }

    /// Lets go of it, so that its owner can append to it without a copy.
    pub(crate) fn forget_conversation(&self) {
        if let Ok(mut kept) = self.conversation.lock() {
            *kept = Arc::default();
        }
    }

    /// The conversation as it was last remembered.
    pub(crate) fn conversation(&self) -> Vec<Message> {
        self.conversation.lock().map(|kept| kept.to_vec()).unwrap_or_default()
    }
}

#[async_trait]
impl EventSink for RunChannel {
    fn emit(&self, event: RunEvent) {
        // The actor is gone only when the run is over; then `flush` tells.
        let _ = self.posts.send(Post::Event(event));
    }

    async fn flush(&self) -> Result<(), SinkClosed> {
        let (reply, stored) = oneshot::channel();
        self.posts.send(Post::Flush(reply)).map_err(|_| SinkClosed)?;
        stored.await.map_err(|_| SinkClosed)
    }
}

#[async_trait]
impl Human for RunChannel {
    async fn ask(&self, question: &str, stop: &CancellationToken) -> Result<String, HumanError> {
        let question = PendingQuestion {
            question_id: QuestionId::generate(),
            agent: self.agent.clone(),
            question: question.to_owned(),
        };
        let conversation = self.conversation();
        let (reply, answer) = oneshot::channel();
        self.posts.send(Post::Ask { question, conversation, reply }).map_err(|_| HumanError::Stopped)?;
        tokio::select! {
            answer = answer => answer.map_err(|_| HumanError::Stopped),
            () = stop.cancelled() => Err(HumanError::Stopped),
        }
    }

    async fn approve(&self, request: &ApprovalRequest, stop: &CancellationToken) -> Result<bool, HumanError> {
        let question = format!(
            "May I do this? {}\n{} {}\nAnswer yes or no.",
            request.reason, request.tool, request.arguments
        );
        let answer = self.ask(&question, stop).await?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }
}
