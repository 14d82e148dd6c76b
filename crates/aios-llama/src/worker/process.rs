//! The worker's entry point, and its two pipes.

use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::mpsc;

use llama_cpp_2::context::kv_cache::KvCacheConversionError;
use llama_cpp_2::llama_batch::BatchAddError;

use crate::wire::{self, FromWorker, ToWorker};

/// Runs the worker; a host calls it when its first argument is `llama-worker`.
///
/// Ends with success when stdin ends, with failure when the weights cannot be served.
pub fn worker_main() -> ExitCode {
    match serve(Reply(io::stdout())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // The host keeps the last lines of stderr for its advice.
            let _ = writeln!(io::stderr(), "llama-worker: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve(mut reply: Reply) -> Result<(), WorkerError> {
    let load = match wire::read(&mut io::stdin().lock())? {
        Some(ToWorker::Load(load)) => load,
        Some(_) => return Err(WorkerError::NotLoaded),
        None => return Ok(()),
    };
    match super::load::load(&load) {
        Ok(loaded) => loaded.serve(&listen(), reply),
        Err(reason) => reply.send(&FromWorker::LoadFailed { reason }),
    }
}

/// Reads requests on a thread of its own, so that a cancellation is seen while a batch is computed.
fn listen() -> mpsc::Receiver<ToWorker> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut stdin = io::stdin().lock();
        while let Ok(Some(request)) = wire::read(&mut stdin) {
            if sender.send(request).is_err() {
                break;
            }
        }
    });
    receiver
}

/// The way back to the host.
pub(super) struct Reply(io::Stdout);

impl Reply {
    pub(super) fn send(&mut self, message: &FromWorker) -> Result<(), WorkerError> {
        Ok(wire::write(&mut self.0, message)?)
    }
}

/// Why the worker cannot go on; the host sees it as a crash, with this text.
#[derive(Debug, thiserror::Error)]
pub(super) enum WorkerError {
    #[error("the host cannot be reached: {0}")]
    Host(#[from] io::Error),
    #[error("the first message is not a load")]
    NotLoaded,
    #[error("a second load")]
    LoadedTwice,
    #[error("the cache refused a change: {0}")]
    Cache(#[source] KvCacheConversionError),
    #[error("the batch is full: {0}")]
    Batch(#[source] BatchAddError),
}
