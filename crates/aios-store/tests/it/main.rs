//! The SQLite store as its callers meet it: the suite of the ports, and what only a file can suffer.

#![expect(clippy::disallowed_methods, reason = "these tests damage files and start processes on purpose")]
#![expect(clippy::panic, clippy::unwrap_used, clippy::print_stdout, reason = "all of it is tests")]

mod child;
mod conformance;
mod damage;
mod kill;
mod reopen;
mod sharing;

use std::ops::Deref;
use std::path::PathBuf;

use aios_store::SqliteStore;
use tempfile::TempDir;

/// A store in a folder of its own, gone with it.
struct TempStore {
    store: SqliteStore,
    folder: TempDir,
}

impl TempStore {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { store: SqliteStore::open(&folder.path().join("test.db")).unwrap(), folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("test.db")
    }
}

impl Deref for TempStore {
    type Target = SqliteStore;

    fn deref(&self) -> &SqliteStore {
        &self.store
    }
}
