//! One database file: one writer on its own thread, a few readers, the ports on top of them.

mod accounts;
mod captures;
mod cards;
mod columns;
mod commit;
mod connection;
mod directory;
mod events;
mod failure;
mod keys;
mod leases;
mod migrations;
mod model_keys;
mod ops;
mod policies;
mod projects;
mod readers;
mod run_files;
mod runs;
mod search;
mod spending;
mod tasks;
#[cfg(test)]
mod tests;
mod tickets;
mod writer;

use std::path::Path;
use std::sync::Arc;

use aios_core::{Scope, StoreError};
use aios_protocol::RunId;
use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;
use serde::de::DeserializeOwned;

use failure::Failure;
use readers::{Readers, Watcher};
use writer::Writer;

/// The store ports on one SQLite file, which several processes may share.
///
/// A write whose future ended survives a kill of the process; a power cut may take the last ones, never the file.
/// Dropping the future does not undo the write. Dropping the store waits for writes under way.
#[derive(Debug)]
pub struct SqliteStore {
    // Dropped in this order: the writer closes last, since only it may fold the log back into the file.
    readers: Readers,
    watcher: Watcher,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the database at `path`, or makes it; its folder must exist.
    ///
    /// Blocks for some milliseconds, so hosts call it at their start. Fails with `TooNew` when a newer version of the
    /// product wrote the file, with `Corrupt` when it is damaged, and with `Database` when the disk refuses.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let mut connection = connection::open_writer(path)?;
        migrations::apply(&mut connection, path)?;
        let path: Arc<Path> = path.into();
        Ok(Self {
            readers: Readers::new(path.clone()),
            watcher: Watcher::new(path.clone()),
            writer: Writer::start(connection, path)?,
        })
    }

    /// A number that changes with every change to the database, by this process or another.
    ///
    /// It costs microseconds and touches no disk, so whoever follows a run may ask every 100 ms and query only when the
    /// number is a new one. It means nothing to another store or process.
    pub async fn data_version(&self) -> Result<i64, StoreError> {
        self.watcher.data_version().await
    }
}

/// The key of a run's row; `NotFound` when the scope has no such run, so that a foreign id tells nothing.
fn row_of(connection: &Connection, scope: &Scope, run_id: RunId) -> Result<i64, Failure> {
    connection
        .prepare_cached("SELECT id FROM runs WHERE org_id = ?1 AND run_id = ?2")?
        .query_row((scope.org.as_str(), run_id.to_string()), |row| row.get(0))
        .optional()?
        .ok_or_else(|| no_run(run_id).into())
}

fn no_run(run_id: RunId) -> StoreError {
    StoreError::NotFound { what: "run", id: run_id.to_string() }
}

fn encode(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|error| StoreError::Database { attempted: "write as JSON", source: error.into() })
}

fn decode<T: DeserializeOwned>(
    what: &'static str,
    id: impl std::fmt::Display,
    json: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::Corrupt { what, detail: format!("{what} {id}: {error}") })
}

/// A size as SQLite takes it; what is too large for it means "all".
fn bounded(size: impl TryInto<i64>) -> i64 {
    size.try_into().unwrap_or(i64::MAX)
}
