//! How SQLite's refusals become errors that a person can act on.

use std::path::Path;
use std::sync::Arc;

use aios_core::StoreError;
use rusqlite::ErrorCode;

/// Why work on a connection stopped: with an answer of the port, or because SQLite refused.
#[derive(Debug)]
pub(super) enum Failure {
    Answer(StoreError),
    /// Shared, because a failed commit is the failure of every write in it.
    Refused(Arc<rusqlite::Error>),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Answer(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Refused(Arc::new(error))
    }
}

impl Failure {
    /// As the port reports it.
    pub(super) fn explain(self, attempted: &'static str, path: &Path) -> StoreError {
        match self {
            Self::Answer(error) => error,
            Self::Refused(error) if is_damage(&error) => StoreError::Corrupt {
                what: "database",
                detail: format!(
                    "{}: {error}. Move the file and the files beside it that start with its name elsewhere and start \
                     again: a new one is made. What the damaged one holds can often be saved by `sqlite3 FILE .recover`",
                    path.display()
                ),
            },
            Self::Refused(error) => {
                let advice = advice(&error, path);
                let source = Refusal { path: path.display().to_string(), source: error, advice };
                StoreError::Database { attempted, source: source.into() }
            }
        }
    }
}

/// SQLite's refusal with the file that it is about and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}{advice}")]
struct Refusal {
    path: String,
    source: Arc<rusqlite::Error>,
    advice: &'static str,
}

/// The store was closed while somebody still asked; happens only when the process ends.
#[derive(Debug, thiserror::Error)]
#[error("the database is closed")]
pub(super) struct Closed;

impl Closed {
    pub(super) fn during(self, attempted: &'static str) -> StoreError {
        StoreError::Database { attempted, source: self.into() }
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::Error::{FromSqlConversionFailure, IntegralValueOutOfRange, InvalidColumnType, Utf8Error};

    match error {
        FromSqlConversionFailure(..)
        | IntegralValueOutOfRange(..)
        | InvalidColumnType(..)
        | Utf8Error(..) => true,
        _ => matches!(error.sqlite_error_code(), Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)),
    }
}

fn advice(error: &rusqlite::Error, path: &Path) -> &'static str {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen) if path.is_dir() => ". It is a folder; name a file",
        Some(ErrorCode::CannotOpen) if path.parent().is_some_and(|folder| !folder.exists()) => {
            ". Its folder does not exist"
        }
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            ". Make the file and its folder writable, or set AIOS_HOME to another folder"
        }
        Some(ErrorCode::DiskFull) => {
            ". The disk is full: free some space and try again; what was stored before is safe"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ". Another process has kept it locked for seconds: end that process, or try again"
        }
        Some(ErrorCode::SystemIoFailure) => ". The disk is full, or it failed: check it and try again",
        _ => "",
    }
}
