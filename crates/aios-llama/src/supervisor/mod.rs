//! Keeps one worker process per model: starts it when it is needed, ends it when it is not, and tells what happened
//! when it dies.
//!
//! Knows processes and [`crate::wire`], not llama.cpp. A task of its own owns the process; callers talk to the task.
#![expect(clippy::disallowed_methods, reason = "the worker is the one process that this crate keeps")]

mod advice;
mod process;

use std::path::PathBuf;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;

use crate::wire::{Failure, Finish, Load, LoadFailure, ToWorker, Usage};

pub use advice::Crash;

/// The hidden first argument that turns a host into a worker.
pub const WORKER_ARGUMENT: &str = "llama-worker";

/// Which worker to keep.
#[derive(Clone, Debug)]
pub struct WorkerOptions {
    /// An executable that calls `worker_main` when its first argument is [`WORKER_ARGUMENT`]: usually our own.
    pub executable: PathBuf,
    /// What it loads.
    pub load: Load,
    /// How long it may stay without a request; its memory is worth more than a second of loading.
    pub idle: Duration,
}

/// What comes back for a request: any number of deltas, then one of the others.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkerEvent {
    /// More text.
    Delta(String),
    /// The end.
    Finished {
        /// Why it ended.
        finish: Finish,
        /// What it took.
        usage: Usage,
    },
    /// The request cannot be served.
    Failed(Failure),
    /// The weights cannot be served.
    LoadFailed(LoadFailure),
    /// The worker died, or could not be started; the next request starts another one.
    Crashed(Crash),
}

/// A handle on the worker of one model. The process is killed when the last handle is dropped.
#[derive(Debug)]
pub struct Supervisor {
    options: WorkerOptions,
    keeper: OnceLock<mpsc::UnboundedSender<Command>>,
    next_id: AtomicU64,
}

enum Command {
    Submit { id: u64, request: ToWorker, events: mpsc::UnboundedSender<WorkerEvent> },
    Cancel { id: u64 },
}

impl Supervisor {
    /// Starts nothing yet.
    pub fn new(options: WorkerOptions) -> Self {
        Self { options, keeper: OnceLock::new(), next_id: AtomicU64::new(1) }
    }

    /// Sends a request, which `request` makes from its id, and starts the worker if there is none. Needs a tokio runtime.
    pub fn submit(&self, request: impl FnOnce(u64) -> ToWorker) -> Replies {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let (events, replies) = mpsc::unbounded_channel();
        let keeper = self.keeper.get_or_init(|| {
            let (sender, commands) = mpsc::unbounded_channel();
            tokio::spawn(process::keep(self.options.clone(), commands));
            sender
        });
        // If the runtime with the keeper is gone, so is `events`, and the caller sees the replies end.
        let _ = keeper.send(Command::Submit { id, request: request(id), events });
        Replies { id, events: replies, keeper: keeper.clone() }
    }
}

/// The replies to one request; dropping them cancels it.
#[derive(Debug)]
pub struct Replies {
    id: u64,
    events: mpsc::UnboundedReceiver<WorkerEvent>,
    keeper: mpsc::UnboundedSender<Command>,
}

impl Replies {
    /// The next event; none after the last one.
    pub async fn next(&mut self) -> Option<WorkerEvent> {
        self.events.recv().await
    }

    /// Ends the request within one token; it still answers.
    pub fn cancel(&self) {
        let _ = self.keeper.send(Command::Cancel { id: self.id });
    }
}

impl Drop for Replies {
    fn drop(&mut self) {
        self.cancel();
    }
}
