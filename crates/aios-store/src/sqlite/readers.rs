//! The connections that read, off the async threads. They are opened when first needed: a start pays for none.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use aios_core::StoreError;
use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::connection::open_reader;
use super::failure::{Closed, Failure};

/// Reads at the same time, at most; each connection keeps up to 1 MiB of pages.
const MOST_READERS: usize = 4;

/// A small pool.
#[derive(Debug)]
pub(super) struct Readers {
    path: Arc<Path>,
    permits: Semaphore,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Readers {
    pub(super) fn new(path: Arc<Path>) -> Self {
        Self { path, permits: Semaphore::new(MOST_READERS), idle: Arc::default() }
    }

    /// Does the work on a connection of its own. `attempted` is for the error.
    pub(super) async fn run<T, W>(&self, attempted: &'static str, work: W) -> Result<T, StoreError>
    where
        T: Send + 'static,
        W: FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        let Ok(_permit) = self.permits.acquire().await else { return Err(Closed.during(attempted)) };
        let (path, idle) = (self.path.clone(), self.idle.clone());
        blocking(attempted, &self.path, move || {
            let waiting = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = waiting.map_or_else(|| open_reader(&path), Ok)?;
            let result = work(&connection);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            result
        })
        .await
    }
}

/// The connection whose `data_version` is asked: the number is only comparable with others of the same connection.
#[derive(Debug)]
pub(super) struct Watcher {
    path: Arc<Path>,
    connection: Arc<Mutex<Option<Connection>>>,
}

impl Watcher {
    pub(super) fn new(path: Arc<Path>) -> Self {
        Self { path, connection: Arc::default() }
    }

    pub(super) async fn data_version(&self) -> Result<i64, StoreError> {
        let (path, slot) = (self.path.clone(), self.connection.clone());
        blocking("look for changes", &self.path, move || {
            let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
            let connection = match slot.take() {
                Some(connection) => connection,
                None => open_reader(&path)?,
            };
            let version = connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0));
            *slot = Some(connection);
            Ok(version?)
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    attempted: &'static str,
    path: &Path,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(|failure| failure.explain(attempted, path)),
        Err(_) => Err(Closed.during(attempted)),
    }
}
