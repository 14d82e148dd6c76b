//! Requests and answers about stored policies, tasks, and events captured from editors, shells and git hooks.

use serde::{Deserialize, Serialize};

use crate::{CaptureEventId, PolicyId, PolicySpec, ProjectId, RunId, TaskId, Timestamp};

/// Stores a policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct PolicyCreate {
    /// The policy.
    pub policy: PolicySpec,
}

/// A stored policy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct StoredPolicy {
    /// Its id; `run_start` takes it.
    pub policy_id: PolicyId,
    /// What it says; its fields stand beside the id.
    #[serde(flatten)]
    pub policy: PolicySpec,
    /// When it was stored.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Lists the stored policies.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct PolicyList {}

/// Stored policies, by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Policies {
    /// The policies.
    pub policies: Vec<StoredPolicy>,
}

/// Shows a stored policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct PolicyShow {
    /// Which.
    pub policy_id: PolicyId,
}

/// Replaces a stored policy; runs at work keep the one they started with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct PolicyUpdate {
    /// Which.
    pub policy_id: PolicyId,
    /// What it says from now on.
    pub policy: PolicySpec,
}

/// Deletes a stored policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct PolicyRemove {
    /// Which.
    pub policy_id: PolicyId,
}

/// Where a task stands; it follows its run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    /// Waits for its turn.
    Queued,
    /// Its run is at work or waits.
    Running,
    /// Its run ended well.
    Completed,
    /// Its run failed or could not start.
    Failed,
    /// Ended by a person.
    Cancelled,
}

impl TaskStatus {
    /// The name as it stands on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Queues work; a run starts as soon as the organisation has room for one more.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct TaskCreate {
    /// What is to be done, in a line; also the objective when there is no description.
    pub title: String,
    /// The objective in full.
    pub description: Option<String>,
    /// The project whose workspace and memory the run goes on with.
    pub project_id: Option<ProjectId>,
    /// Execution persona.
    pub persona: Option<String>,
    /// `provider/name`.
    pub model: Option<String>,
}

/// A piece of queued work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Task {
    /// Its id.
    pub task_id: TaskId,
    /// What is to be done, in a line.
    pub title: String,
    /// The objective in full.
    pub description: Option<String>,
    /// The project.
    pub project_id: Option<ProjectId>,
    /// Execution persona.
    pub persona: Option<String>,
    /// `provider/name`.
    pub model: Option<String>,
    /// Where it stands.
    pub status: TaskStatus,
    /// Its run, once it started.
    pub run_id: Option<RunId>,
    /// The captured event that it was made from.
    pub event_id: Option<CaptureEventId>,
    /// Why it could not start.
    pub error: Option<String>,
    /// When it was queued.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Lists tasks, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct TaskList {
    /// Only of this project.
    pub project_id: Option<ProjectId>,
    /// Only in this state.
    pub status: Option<TaskStatus>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// At most this many; 50 when missing, 200 at most.
    pub limit: Option<u32>,
}

/// A page of tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TaskPage {
    /// The tasks.
    pub tasks: Vec<Task>,
    /// Asks for the next page; null at the end.
    pub next_cursor: Option<String>,
}

/// Shows a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TaskShow {
    /// Which.
    pub task_id: TaskId,
}

/// Changes a task that is still queued; what is missing stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct TaskUpdate {
    /// Which.
    pub task_id: TaskId,
    /// What is to be done, in a line.
    #[serde(default)]
    pub title: Option<String>,
    /// The objective in full.
    #[serde(default)]
    pub description: Option<String>,
    /// The project.
    #[serde(default)]
    pub project_id: Option<ProjectId>,
}

/// Ends a task, and its run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TaskCancel {
    /// Which.
    pub task_id: TaskId,
}

/// Where an event was captured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum CaptureSource {
    /// An editor.
    Ide,
    /// A shell.
    Cli,
    /// A hook of a repository.
    GitHook,
}

impl CaptureSource {
    /// The name as it stands on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ide => "ide",
            Self::Cli => "cli",
            Self::GitHook => "git_hook",
        }
    }
}

/// Captures an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct CaptureAdd {
    /// Where it comes from.
    pub source: CaptureSource,
    /// What it is, such as `test_failed` or `commit`; 1 to 80 characters.
    pub kind: String,
    /// It in a line.
    #[serde(default)]
    pub title: Option<String>,
    /// Everything else, at most 64 kB of JSON.
    #[serde(default)]
    pub payload: Option<serde_json::Value>,
    /// The project that it belongs to.
    #[serde(default)]
    pub project_id: Option<ProjectId>,
}

/// A captured event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CaptureEvent {
    /// Its id.
    pub event_id: CaptureEventId,
    /// Where it comes from.
    pub source: CaptureSource,
    /// What it is.
    pub kind: String,
    /// It in a line.
    pub title: Option<String>,
    /// Everything else.
    pub payload: Option<serde_json::Value>,
    /// The project that it belongs to.
    pub project_id: Option<ProjectId>,
    /// The task that was made from it.
    pub task_id: Option<TaskId>,
    /// When it was captured.
    pub created_at: Timestamp,
}

/// Lists captured events, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct CaptureList {
    /// Only of this project.
    pub project_id: Option<ProjectId>,
    /// Only from there.
    pub source: Option<CaptureSource>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// At most this many; 50 when missing, 200 at most.
    pub limit: Option<u32>,
}

/// A page of captured events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CapturePage {
    /// The events.
    pub events: Vec<CaptureEvent>,
    /// Asks for the next page; null at the end.
    pub next_cursor: Option<String>,
}

/// Makes a task from a captured event, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct CaptureConvert {
    /// Which.
    pub event_id: CaptureEventId,
    /// The task's title; the event's when missing.
    #[serde(default)]
    pub title: Option<String>,
    /// The objective in full.
    #[serde(default)]
    pub description: Option<String>,
}
