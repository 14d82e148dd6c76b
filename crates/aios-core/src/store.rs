//! The store ports: runs, their history, their mail, and project memory. Small, one per aggregate.

use std::time::Duration;

use aios_protocol::{
    EventFrame, OrgId, ProjectId, ProjectState, QuestionId, RunDetail, RunId, RunStatus, Timestamp,
};
use async_trait::async_trait;

use crate::{RunFile, Scope};

/// Runs and the right to work on them.
#[async_trait]
pub trait RunStore: Send + Sync {
    /// Stores a new run; its files are those that its nodes list.
    async fn create(&self, scope: &Scope, run: &RunDetail) -> Result<(), StoreError>;

    /// One run.
    async fn get(&self, scope: &Scope, run_id: RunId) -> Result<RunDetail, StoreError>;

    /// Runs, newest first.
    async fn list(&self, scope: &Scope, query: &RunQuery) -> Result<RunSlice, StoreError>;

    /// Takes the right to work on a run, if nobody holds it or the holder's time is over.
    async fn claim(
        &self,
        scope: &Scope,
        run_id: RunId,
        holder: &str,
        now: Timestamp,
        ttl: Duration,
    ) -> Result<Lease, StoreError>;

    /// Holds the lease for longer; fails with `LeaseLost` when somebody else took it.
    async fn renew(
        &self,
        scope: &Scope,
        lease: &Lease,
        now: Timestamp,
        ttl: Duration,
    ) -> Result<(), StoreError>;

    /// Gives the lease back.
    async fn release(&self, scope: &Scope, lease: &Lease) -> Result<(), StoreError>;

    /// Frees a run from a holder whose process is known to be gone, without waiting for the end of its time. Does nothing
    /// when somebody else holds it by now.
    async fn evict(&self, scope: &Scope, run_id: RunId, holder: &str) -> Result<(), StoreError>;

    /// Notes whether a server takes the run up, or a process that a person waits for.
    async fn attend(&self, scope: &Scope, run_id: RunId, by_server: bool) -> Result<(), StoreError>;

    /// Who works on the run at this moment.
    async fn holder(
        &self,
        scope: &Scope,
        run_id: RunId,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError>;

    /// Stores what happened, in one transaction; fails with `LeaseLost` when the lease is not ours any more.
    async fn commit(&self, scope: &Scope, lease: &Lease, batch: &RunBatch) -> Result<(), StoreError>;

    /// The latest checkpoint, if there is one.
    async fn checkpoint(&self, scope: &Scope, run_id: RunId) -> Result<Option<Checkpoint>, StoreError>;
}

/// What a process asks before it knows whose data there is.
#[async_trait]
pub trait RunDirectory: Send + Sync {
    /// Runs of all organisations that a server took up last and that are neither over nor held by a person, oldest first: a new
    /// server goes on with them.
    async fn unfinished(&self) -> Result<Vec<(OrgId, RunId)>, StoreError>;

    /// How many runs of all organisations stand how, by their stored words.
    async fn counts(&self) -> Result<Vec<(RunStatus, u64)>, StoreError>;
}

/// The stored history of runs.
#[async_trait]
pub trait EventStore: Send + Sync {
    /// Events with a greater `seq`, in order.
    async fn after(
        &self,
        scope: &Scope,
        run_id: RunId,
        seq: u64,
        limit: usize,
    ) -> Result<Vec<EventFrame>, StoreError>;
}

/// Mail to whoever works on a run: how another process answers, pauses or cancels it.
#[async_trait]
pub trait RunOps: Send + Sync {
    /// Leaves an operation for the run's holder.
    async fn post(&self, scope: &Scope, run_id: RunId, op: &RunOp, at: Timestamp) -> Result<(), StoreError>;

    /// Takes all operations out, oldest first.
    async fn take(&self, scope: &Scope, run_id: RunId) -> Result<Vec<RunOp>, StoreError>;
}

/// What projects remember.
#[async_trait]
pub trait ProjectStore: Send + Sync {
    /// A project's memory; nothing before its first run ended.
    async fn get(&self, scope: &Scope, project_id: &ProjectId) -> Result<Option<ProjectState>, StoreError>;

    /// All projects, most recently used first.
    async fn list(&self, scope: &Scope) -> Result<Vec<ProjectState>, StoreError>;

    /// Stores a project's memory.
    async fn put(&self, scope: &Scope, state: &ProjectState, at: Timestamp) -> Result<(), StoreError>;
}

/// What a person asks of a run at work.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum RunOp {
    /// The answer to a question.
    Respond {
        /// The human's words.
        answer: String,
        /// Which question; its oldest when missing.
        #[serde(default)]
        question_id: Option<QuestionId>,
    },
    /// Hold before the next step.
    Pause,
    /// Go on after a pause.
    Continue,
    /// End for good.
    Cancel,
}

/// The right to work on a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The run.
    pub run_id: RunId,
    /// Who holds it.
    pub holder: String,
    /// Counts the claims; a smaller one is void.
    pub generation: u64,
    /// The `seq` of the last stored event when the lease was taken; the holder counts on from here.
    pub last_seq: u64,
}

/// What happened since the last commit.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunBatch {
    /// New events, with their `seq`.
    pub frames: Vec<EventFrame>,
    /// Files written for the first time; repeats do no harm.
    pub files: Vec<RunFile>,
    /// The run as it now stands, if it changed. Its lists of files count for nothing, so that a step of a run with many files
    /// costs no more than one with few: the store gathers them from every batch's `files` when the run is read.
    pub run: Option<RunDetail>,
    /// A new checkpoint, which replaces the old one.
    pub checkpoint: Option<Checkpoint>,
}

/// What is needed to go on with a run after a crash. Its content is the engine's business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Version of the format.
    pub version: u32,
    /// The content, JSON.
    pub body: String,
}

/// Which runs to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunQuery {
    /// Only in this state.
    pub status: Option<RunStatus>,
    /// Only of this project.
    pub project_id: Option<ProjectId>,
    /// Only runs whose objective, summaries or logs match all these words.
    pub search: Option<String>,
    /// Only runs older than this one.
    pub before: Option<RunId>,
    /// At most this many.
    pub limit: usize,
}

impl Default for RunQuery {
    fn default() -> Self {
        Self { status: None, project_id: None, search: None, before: None, limit: 50 }
    }
}

/// A part of the list of runs.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunSlice {
    /// The runs, newest first.
    pub runs: Vec<RunDetail>,
    /// Whether older ones follow.
    pub more: bool,
}

/// Why the store could not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No such thing in this scope.
    #[error("{what} {id} does not exist")]
    NotFound {
        /// `run`, `project`, …
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// It exists already.
    #[error("{what} {id} exists already")]
    Exists {
        /// `run`, `project`, …
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// Somebody else works on the run.
    #[error("run {run_id} is being worked on by {holder}")]
    Held {
        /// The run.
        run_id: RunId,
        /// Who holds it.
        holder: String,
    },
    /// The lease is not ours any more: another process went on with the run.
    #[error("another process took over run {run_id}")]
    LeaseLost {
        /// The run.
        run_id: RunId,
    },
    /// The organisation would be left without an owner.
    #[error("the last owner of an organisation stays its owner")]
    LastOwner,
    /// What was read does not make sense; nothing was changed.
    #[error("the stored {what} could not be read: {detail}")]
    Corrupt {
        /// `run`, `event`, …
        what: &'static str,
        /// What is wrong.
        detail: String,
    },
    /// The database was written by a newer version of the product.
    #[error(
        "the data at {path} was written by a newer version (schema {found}, this version knows {known}); update CesaFlow or set AIOS_HOME to another folder"
    )]
    TooNew {
        /// The file.
        path: String,
        /// Its schema.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The database or the disk refused.
    #[error("could not {attempted}: {source}")]
    Database {
        /// What was attempted.
        attempted: &'static str,
        /// Why it failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
