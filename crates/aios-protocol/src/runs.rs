//! Requests and answers about runs.

use serde::{Deserialize, Serialize};

use crate::{
    AgentName, EventFrame, Evidence, PolicyId, PolicySpec, Problem, ProjectId, QuestionId, RunId, Timestamp,
};

/// An answer that carries nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Done {}

/// Starts a run. Only the objective is needed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct RunStart {
    /// What is to be built, in the user's words.
    #[schema(required = true, min_length = 1, max_length = 32768)]
    pub objective: String,
    /// A project whose workspace and memory the run goes on with.
    pub project_id: Option<ProjectId>,
    /// A folder of the user's to work in, absolute, made if there is none; excludes `project_id`.
    pub dir: Option<String>,
    /// Execution persona; `fullstack` when missing.
    pub persona: Option<String>,
    /// Hierarchy persona; decides who plans and who follows. Excludes `persona`.
    pub hierarchy: Option<String>,
    /// Agents to run; all of the persona when empty.
    #[cfg_attr(feature = "schema", ts(as = "Option<Vec<String>>"))]
    pub tasks: Vec<String>,
    /// `provider/name`; the user's default when missing.
    pub model: Option<String>,
    /// A stored policy; excludes `policy`.
    pub policy_id: Option<PolicyId>,
    /// A policy for this run alone.
    pub policy: Option<PolicySpec>,
    /// Tightens the policy's cost limit, in US dollars.
    pub max_cost_usd: Option<f64>,
    /// Tightens the policy's time limit, in minutes.
    pub max_minutes: Option<f64>,
}

/// The run exists and works in the background.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunStarted {
    /// The new run.
    pub run_id: RunId,
    /// `pending`, until its first event.
    pub status: RunStatus,
    /// Where its files will be.
    pub dir: String,
    /// The model that was chosen, `provider/name`.
    pub model: String,
}

/// Where a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RunStatus {
    /// Stored, not started.
    Pending,
    /// Agents are at work.
    Running,
    /// An agent waits for the human's answer.
    Waiting,
    /// Held by the user before the next step.
    Paused,
    /// The process ended before the run did; it can be resumed.
    Interrupted,
    /// Ended well.
    Completed,
    /// Ended without success.
    Failed,
    /// Ended by the user.
    Cancelled,
}

impl RunStatus {
    /// Whether the run will never go on.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }

    /// The name as it stands on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Waiting => "waiting",
            Self::Paused => "paused",
            Self::Interrupted => "interrupted",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Where a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum NodeStatus {
    /// Waits for its inputs.
    Pending,
    /// At work.
    Running,
    /// Waits for the human.
    Waiting,
    /// Done and valid.
    Completed,
    /// Gave up.
    Failed,
    /// Not started, because an input failed.
    Skipped,
}

/// Tokens of one or many model calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TokenUsage {
    /// Tokens sent, the cached ones included.
    pub input: u64,
    /// Tokens sent that the provider had cached.
    pub cached: u64,
    /// Tokens received.
    pub output: u64,
}

impl std::ops::AddAssign for TokenUsage {
    fn add_assign(&mut self, other: Self) {
        self.input = self.input.saturating_add(other.input);
        self.cached = self.cached.saturating_add(other.cached);
        self.output = self.output.saturating_add(other.output);
    }
}

/// A node as lists and details show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct NodeView {
    /// The agent that works here.
    pub agent: AgentName,
    /// Its wave, counted from 1.
    pub wave: usize,
    /// The agents whose results it waits for.
    #[serde(default)]
    pub needs: Vec<AgentName>,
    /// Where it stands.
    pub status: NodeStatus,
    /// The attempt it is in, from 1; 0 before it started.
    #[serde(default)]
    pub attempt: u32,
    /// Its tokens so far.
    #[serde(default)]
    pub usage: TokenUsage,
    /// Its cost so far, in US dollars.
    #[serde(default)]
    pub cost_usd: f64,
    /// What it says it did, or why it failed or was skipped.
    #[serde(default)]
    pub summary: Option<String>,
    /// The last verdict of the harness.
    #[serde(default)]
    pub evidence: Option<Evidence>,
    /// Files that it wrote.
    #[serde(default)]
    pub files: Vec<String>,
}

/// A run in full; also what the store keeps of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunDetail {
    /// The run.
    pub run_id: RunId,
    /// Where it stands.
    pub status: RunStatus,
    /// What is to be built.
    pub objective: String,
    /// The project whose memory it uses.
    #[serde(default)]
    pub project_id: Option<ProjectId>,
    /// Where its files are.
    pub dir: String,
    /// The persona or hierarchy that shaped the graph.
    pub persona: String,
    /// The model, `provider/name`.
    pub model: String,
    /// The policy that it obeys.
    #[serde(default)]
    pub policy: PolicySpec,
    /// Its nodes, in the order of waves.
    #[serde(default)]
    pub nodes: Vec<NodeView>,
    /// Files that it wrote, sorted.
    #[serde(default)]
    pub files: Vec<String>,
    /// Tokens so far.
    #[serde(default)]
    pub usage: TokenUsage,
    /// Cost so far, in US dollars.
    #[serde(default)]
    pub cost_usd: f64,
    /// The last verdict of the harness over the whole workspace.
    #[serde(default)]
    pub evidence: Option<Evidence>,
    /// Why it failed, when it did.
    #[serde(default)]
    pub failure: Option<Problem>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When its first node started.
    #[serde(default)]
    pub started_at: Option<Timestamp>,
    /// When it ended.
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
}

/// A run in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunSummary {
    /// The run.
    pub run_id: RunId,
    /// Where it stands.
    pub status: RunStatus,
    /// What is to be built.
    pub objective: String,
    /// The project whose memory it uses.
    pub project_id: Option<ProjectId>,
    /// The model, `provider/name`.
    pub model: String,
    /// Cost so far, in US dollars.
    pub cost_usd: f64,
    /// How many files it wrote.
    pub files_count: usize,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// Lists runs, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct RunList {
    /// Only runs in this state.
    pub status: Option<RunStatus>,
    /// Only runs of this project.
    pub project_id: Option<ProjectId>,
    /// Only runs whose objective or log matches these words.
    pub search: Option<String>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// At most this many; 50 when missing, 200 at most.
    pub limit: Option<u32>,
}

/// A page of runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunPage {
    /// The runs, newest first.
    pub runs: Vec<RunSummary>,
    /// Asks for the next page; null at the end.
    pub next_cursor: Option<String>,
}

/// Shows one run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunShow {
    /// The run.
    pub run_id: RunId,
}

/// Ends a run for good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunCancel {
    /// The run.
    pub run_id: RunId,
}

/// Holds a run before its next step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunPause {
    /// The run.
    pub run_id: RunId,
}

/// Goes on with a run that was paused, interrupted or left by a crash.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunResume {
    /// The run.
    pub run_id: RunId,
}

/// Answers the question that an agent asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct RunRespond {
    /// The run.
    pub run_id: RunId,
    /// The question that is answered; the oldest when missing. With it, an answer that is sent twice never answers another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question_id: Option<QuestionId>,
    /// The answer, in the human's words.
    pub answer: String,
}

/// Asks whether a run waits for the human.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunWaiting {
    /// The run.
    pub run_id: RunId,
}

/// A question without an answer yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct PendingQuestion {
    /// The question.
    pub question_id: QuestionId,
    /// Who asks.
    pub agent: AgentName,
    /// What is asked.
    pub question: String,
}

/// The questions that a run waits with, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Waiting {
    /// Whether there is any.
    pub waiting: bool,
    /// The questions.
    pub questions: Vec<PendingQuestion>,
}

/// Reads a run's stored history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct RunEvents {
    /// The run.
    pub run_id: RunId,
    /// Only events after this `seq`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", ts(as = "Option<u32>"))]
    pub after: u64,
    /// At most this many; 500 when missing, 5,000 at most.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// Events in order; an empty page means that nothing newer is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunEventsPage {
    /// The events.
    pub events: Vec<EventFrame>,
}
