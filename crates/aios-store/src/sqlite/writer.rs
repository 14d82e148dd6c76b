//! The one connection that writes, on its own thread.
//!
//! Writes that arrive while another is stored share the next transaction, each in its own savepoint: one that fails
//! leaves nothing behind and does not touch the others.

use std::fmt;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};

use aios_core::StoreError;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::failure::{Closed, Failure};

/// Writes that share a transaction at most, so that other processes get their turn.
const LARGEST_BATCH: usize = 64;

/// Sends writes to the thread. Dropping it waits until the thread has stored what was sent.
pub(super) struct Writer {
    path: Arc<Path>,
    jobs: Option<mpsc::Sender<Box<dyn Job>>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(connection: Connection, path: Arc<Path>) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel();
        let thread = thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || serve(connection, &queue))
            .map_err(|error| StoreError::Database {
                attempted: "start the database's thread",
                source: error.into(),
            })?;
        Ok(Self { path, jobs: Some(jobs), thread: Some(thread) })
    }

    /// Does the work inside a write transaction and returns once it is committed. `attempted` is for the error.
    pub(super) async fn run<T, W>(&self, attempted: &'static str, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Write { work: Some(work), result: None, reply });
        if let Some(jobs) = &self.jobs {
            // A refused job is dropped with its `reply`, which ends the wait for the answer.
            let _ = jobs.send(job);
        }
        match answer.await {
            Ok(result) => result.map_err(|failure| failure.explain(attempted, &self.path)),
            Err(_) => Err(Closed.during(attempted)),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What a shared transaction came to.
type Outcome = Result<(), Arc<rusqlite::Error>>;

trait Job: Send {
    /// Does the work; whether its changes are to be kept.
    fn run(&mut self, connection: &Connection) -> bool;
    /// SQLite's refusal, if that is what the work ended with.
    fn refusal(&self) -> Option<Arc<rusqlite::Error>>;
    /// Tells the caller.
    fn finish(self: Box<Self>, outcome: &Outcome);
}

struct Write<T, W> {
    work: Option<W>,
    result: Option<Result<T, Failure>>,
    reply: oneshot::Sender<Result<T, Failure>>,
}

impl<T, W> Job for Write<T, W>
where
    T: Send,
    W: FnOnce(&Connection) -> Result<T, Failure> + Send,
{
    fn run(&mut self, connection: &Connection) -> bool {
        self.result = self.work.take().map(|work| work(connection));
        matches!(self.result, Some(Ok(_)))
    }

    fn refusal(&self) -> Option<Arc<rusqlite::Error>> {
        match &self.result {
            Some(Err(Failure::Refused(error))) => Some(error.clone()),
            _ => None,
        }
    }

    fn finish(self: Box<Self>, outcome: &Outcome) {
        let result = match (self.result, outcome) {
            (Some(Err(failure)), _) => Err(failure),
            (_, Err(error)) => Err(Failure::Refused(error.clone())),
            (Some(Ok(value)), Ok(())) => Ok(value),
            (None, Ok(())) => return,
        };
        // Nobody listens when the caller's future was dropped; the write counts all the same.
        let _ = self.reply.send(result);
    }
}

fn serve(mut connection: Connection, queue: &mpsc::Receiver<Box<dyn Job>>) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        batch.extend(queue.try_iter().take(LARGEST_BATCH - 1));
        let outcome = store(&mut connection, &mut batch);
        for job in batch {
            job.finish(&outcome);
        }
    }
}

fn store(connection: &mut Connection, batch: &mut [Box<dyn Job>]) -> Outcome {
    // Immediate: a transaction that begins by reading and is refused the lock later cannot wait for it.
    let mut transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for job in batch {
        let savepoint = transaction.savepoint()?;
        if job.run(&savepoint) {
            savepoint.commit()?;
        } else if let (true, Some(error)) = (savepoint.is_autocommit(), job.refusal()) {
            // A full disk, for one, makes SQLite give up the whole transaction.
            return Err(error);
        }
    }
    Ok(transaction.commit()?)
}
