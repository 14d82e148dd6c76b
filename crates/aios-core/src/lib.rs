//! Domain types and ports: the questions that the engines ask and the adapters answer.
//!
//! Pure: no I/O, no runtime, no clock, no environment. Must not know: any adapter, any provider, any transport.

mod clock;
mod human;
mod model;
mod money;
mod path;
mod policy;
mod protected;
mod runner;
mod scope;
mod secret;
mod sink;
mod store;
mod suggest;
mod vcs;
mod workspace;

pub use clock::Clock;
pub use human::{ApprovalRequest, Human, HumanError};
pub use model::{
    Completion, Finish, Message, Model, ModelError, ModelEvent, ModelInfo, ModelRequest, ModelStream,
    ModelStyle, TimeoutPhase, ToolCall, ToolSchema,
};
pub use money::MicroUsd;
pub use path::{InvalidPath, WorkspacePath};
pub use policy::{InvalidPolicy, Policy};
pub use protected::protected;
pub use runner::{CommandLine, CommandOutput, CommandSpec, Exit, Limits, Runner, RunnerError, SandboxReport};
pub use scope::Scope;
pub use secret::Secret;
pub use sink::{EventSink, SinkClosed};
pub use store::{
    Checkpoint, EventStore, Lease, ProjectStore, RunBatch, RunOp, RunOps, RunQuery, RunSlice, RunStore,
    StoreError,
};
pub use suggest::{nearest, offer};
pub use vcs::{CommitLine, Vcs, VcsError, VcsStatus};
pub use workspace::{
    ContentHash, FileEntry, FileError, Listing, SearchHit, SearchHits, SearchQuery, Workspace, Written,
};
