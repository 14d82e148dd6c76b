//! Domain types and ports: the questions that the engines ask and the adapters answer.
//!
//! Pure: no I/O, no runtime, no clock, no environment. Must not know: any adapter, any provider, any transport.

mod accounts;
mod clock;
mod human;
mod mailer;
mod model;
mod model_keys;
mod money;
mod path;
mod payments;
mod policy;
mod protected;
mod run_files;
mod runner;
mod scope;
mod secret;
mod sink;
mod store;
mod suggest;
mod usage;
mod vcs;
mod work;
mod workspace;

pub use accounts::{
    Account, AccountStore, Directory, Invitation, KeyHolder, KeyStore, NewKey, NewPerson, Organisation,
    PaidPlan, SecretHash, TicketStore,
};
pub use clock::Clock;
pub use human::{ApprovalRequest, Human, HumanError};
pub use mailer::{MailError, Mailer};
pub use model::{
    Completion, Finish, Infill, Message, Model, ModelError, ModelEvent, ModelInfo, ModelRequest, ModelStream,
    ModelStyle, TimeoutPhase, ToolCall, ToolSchema,
};
pub use model_keys::{CredentialStore, FreeRuns, Sealed, VaultStore};
pub use money::MicroUsd;
pub use path::{InvalidPath, WorkspacePath};
pub use payments::{Order, PaymentError, Payments};
pub use policy::{InvalidPolicy, Policy};
pub use protected::protected;
pub use run_files::{RunFile, put_files, take_files};
pub use runner::{CommandLine, CommandOutput, CommandSpec, Exit, Limits, Runner, RunnerError, SandboxReport};
pub use scope::Scope;
pub use secret::Secret;
pub use sink::{EventSink, SinkClosed};
pub use store::{
    Checkpoint, EventStore, Lease, ProjectStore, RunBatch, RunDirectory, RunOp, RunOps, RunQuery, RunSlice,
    RunStore, StoreError,
};
pub use suggest::{nearest, offer};
pub use usage::{ModelSpeed, UsageStore, Used};
pub use vcs::{CommitLine, Vcs, VcsError, VcsStatus};
pub use work::{
    CaptureQuery, CaptureStore, PolicyStore, ProjectCard, ProjectCards, TaskDirectory, TaskQuery, TaskStore,
};
pub use workspace::{
    ContentHash, FileEntry, FileError, Listing, SearchHit, SearchHits, SearchQuery, Workspace, Written,
};
