//! Opening connections, with the settings that all of them share.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use aios_core::StoreError;
use rusqlite::{Connection, ErrorCode, OpenFlags, ffi};

use super::failure::Failure;

/// How long a write waits for the writers of other processes.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the connection that writes, and makes the file if there is none.
pub(super) fn open_writer(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let deadline = Instant::now() + PATIENCE;
    loop {
        match open(path, flags).and_then(|connection| {
            // SQLite opens a file that it may not write all the same; better to say so now than at the first write.
            if connection.is_readonly("main")? {
                return Err(rusqlite::Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_READONLY), None));
            }
            // NORMAL with a write-ahead log: safe against a kill at any moment; a power cut may take the last commits.
            connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
            connection.pragma_update(None, "journal_size_limit", 8 << 20)?;
            Ok(connection)
        }) {
            // Whoever finds another process turning the log on is not made to wait by SQLite, but refused.
            Err(error) if is_busy(&error) && Instant::now() < deadline => {
                thread::sleep(Duration::from_millis(5))
            }
            result => return result.map_err(|error| Failure::from(error).explain("open the database", path)),
        }
    }
}

/// Opens a connection that only reads. The writer must be open already: it owns the log's files.
pub(super) fn open_reader(path: &Path) -> rusqlite::Result<Connection> {
    open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

fn open(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    // Each connection is used by one thread at a time, so SQLite's own mutexes are not needed.
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(32);
    connection.execute_batch("PRAGMA foreign_keys = ON; PRAGMA cache_size = -1024;")?;
    Ok(connection)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}
