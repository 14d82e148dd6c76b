//! What a run tells the world: the same objects on the WebSocket, the desktop's channel and `aios run --json`.

use serde::{Deserialize, Serialize};

use crate::{AgentName, ErrorCode, QuestionId, RunId, Timestamp, TokenUsage};

/// One event with its place in the run's history. `seq` counts from 1 without gaps for stored events; a `token_chunk`
/// is not stored and carries the `seq` of the last stored event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct EventFrame {
    /// The run that it belongs to.
    pub run_id: RunId,
    /// Its place in the run's history.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub event: RunEvent,
}

/// Everything that can happen in a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the variants' lines say it; fields carry the documented names")]
pub enum RunEvent {
    /// The graph is planned and its first wave starts.
    RunStarted { node_count: usize, objective: String, model: String, nodes: Vec<PlannedNode> },
    /// A stopped run goes on; finished nodes are not run again.
    RunResumed { finished: Vec<AgentName> },
    /// An agent starts or tries again.
    NodeStarted { agent: AgentName, wave: usize, attempt: u32 },
    /// A piece of a model's reply. Not stored.
    TokenChunk { agent: AgentName, chunk: String },
    /// A model call ended; counted before the next is made.
    ModelCalled { agent: AgentName, model: String, usage: TokenUsage, cost_usd: f64, duration_ms: u64 },
    /// A model failed and the next of the chain took over.
    ModelFailover { agent: AgentName, from: String, to: String, reason: String },
    /// An agent wants a tool; stored before the tool runs.
    ToolCall { agent: AgentName, call_id: String, tool: String, arguments: serde_json::Value },
    /// What the tool answered, clipped.
    ToolResult { agent: AgentName, call_id: String, tool: String, ok: bool, output: String, duration_ms: u64 },
    /// A file of the workspace was created or changed.
    FileWritten { agent: AgentName, path: String, bytes: usize },
    /// What an agent tells the others; the run's shared memory.
    Log { agent: AgentName, message: String },
    /// The harness ran the checks of a node and they passed.
    ValidationPassed { agent: AgentName, attempt: u32, evidence: Evidence },
    /// The harness ran the checks of a node and they did not pass.
    ValidationFailed { agent: AgentName, attempt: u32, evidence: Evidence, debug_info: DebugInfo },
    /// A node's work is done and valid.
    NodeCompleted { agent: AgentName, summary: String, files: Vec<String>, duration_ms: u64 },
    /// A node gave up.
    NodeFailed { agent: AgentName, reason: String, code: ErrorCode },
    /// A node was not started, because what it needed failed.
    NodeSkipped { agent: AgentName, because: String },
    /// Everything up to here survives a crash.
    CheckpointSaved { wave: usize, finished: Vec<AgentName> },
    /// An agent waits for the human.
    HumanInputRequired { question_id: QuestionId, agent: AgentName, question: String },
    /// The human answered.
    HumanInputReceived { question_id: QuestionId, agent: AgentName },
    /// The run holds before its next step.
    RunPaused {},
    /// The run's cost limit is reached; nothing more is spent.
    CostLimitExceeded { limit_usd: f64, spent_usd: f64 },
    /// The run's time limit is reached.
    TimeLimitExceeded { limit_minutes: f64 },
    /// The run ended well.
    RunCompleted { files: Vec<String>, evidence: Option<Evidence> },
    /// The run ended without success.
    RunFailed { reason: String, code: ErrorCode, hint: Option<String> },
    /// The user ended the run.
    RunCancelled {},
    /// The process ended before the run did; the run can be resumed.
    RunInterrupted { reason: String },
}

impl RunEvent {
    /// Whether the event is part of the stored history.
    pub fn is_durable(&self) -> bool {
        !matches!(self, Self::TokenChunk { .. })
    }

    /// Whether nothing follows until somebody resumes the run.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::RunCompleted { .. }
                | Self::RunFailed { .. }
                | Self::RunCancelled { .. }
                | Self::RunInterrupted { .. }
        )
    }
}

/// A node of the graph as `run_started` announces it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct PlannedNode {
    /// The agent that works here.
    pub agent: AgentName,
    /// Its wave, counted from 1.
    pub wave: usize,
    /// The agents whose results it waits for.
    pub needs: Vec<AgentName>,
}

/// What the harness saw when it ran a check itself. Never taken from a model's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Evidence {
    /// The command line that ran, as a person would type it.
    pub command: String,
    /// How it ended: `0`, `1`, `timeout`, …
    pub exit: String,
    /// Tests that passed.
    pub passed: u32,
    /// Tests that failed or could not be collected.
    pub failed: u32,
    /// Tests that were skipped.
    pub skipped: u32,
    /// Tests that passed when this was last checked, if it was.
    pub passed_before: Option<u32>,
    /// Files whose syntax was checked.
    pub files_checked: u32,
    /// How long it took.
    pub duration_ms: u64,
    /// What the reader should know before trusting the numbers: fewer tests than before, tests skipped or edited.
    pub warnings: Vec<String>,
}

/// What a failed validation tells the agent in its next prompt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct DebugInfo {
    /// Always `validation_failure`.
    pub error_type: String,
    /// The command that failed.
    pub failed_command: String,
    /// Its output; the middle is cut out past the budget.
    pub full_output: String,
    /// The tests that failed, by name.
    pub failed_tests: Vec<String>,
    /// The attempt that comes next, from 2.
    pub attempt: u32,
}
