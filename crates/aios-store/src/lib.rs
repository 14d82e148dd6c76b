//! The store ports on SQLite: runs and their leases, events, mail to runs, project memory, full-text search.
//!
//! Owns the database file and its schema. Must not know: what a checkpoint contains, what an event means to a run, who
//! asks; nothing outside this crate may assume SQLite.

mod sqlite;

pub use sqlite::SqliteStore;
