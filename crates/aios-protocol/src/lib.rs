//! The words that leave the process: ids, commands, events and error codes.
//!
//! Data only. Every host (command line, server, desktop) and every client speaks these types and no others, and the
//! TypeScript in `bindings/` is generated from them. Must not know: how anything is done, where it is stored, who
//! carries it.

mod commands;
mod error;
mod events;
mod ids;
mod models;
mod policy;
mod projects;
mod runs;
mod time;
#[cfg(feature = "schema")]
pub mod typescript;

pub use commands::{Api, COMMANDS, CommandInfo, Tag, dispatch};
pub use error::{ErrorCode, Problem};
pub use events::{DebugInfo, EventFrame, Evidence, PlannedNode, RunEvent};
pub use ids::{AgentName, InvalidId, OrgId, PolicyId, ProjectId, QuestionId, RunId, UserId};
pub use models::{
    ModelEntry, ModelList, ModelPrice, Models, ProviderEntry, WeightsEntry, WeightsList, WeightsPage,
    WeightsRemove,
};
pub use policy::{DEFAULT_BLOCKED_COMMANDS, PolicySpec};
pub use projects::{ProjectList, ProjectRun, ProjectShow, ProjectState, Projects};
pub use runs::{
    Done, NodeStatus, NodeView, PendingQuestion, RunCancel, RunDetail, RunEvents, RunEventsPage, RunList,
    RunPage, RunPause, RunRespond, RunResume, RunShow, RunStart, RunStarted, RunStatus, RunSummary,
    RunWaiting, TokenUsage, Waiting,
};
pub use time::Timestamp;
