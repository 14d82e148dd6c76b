//! The schema and its versions, counted in SQLite's `user_version`.

use std::path::Path;

use aios_core::StoreError;
use rusqlite::{Connection, TransactionBehavior};

use super::failure::Failure;

/// In order; a released one never changes.
const MIGRATIONS: [&str; 4] = [
    include_str!("../../migrations/sqlite/0001_runs_and_projects.sql"),
    include_str!("../../migrations/sqlite/0002_accounts.sql"),
    include_str!("../../migrations/sqlite/0003_work.sql"),
    include_str!("../../migrations/sqlite/0004_calls.sql"),
];

/// Brings the schema up to date, all or nothing.
pub(super) fn apply(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    migrate(connection, path).map_err(|failure| failure.explain("update the database's schema", path))
}

fn migrate(connection: &mut Connection, path: &Path) -> Result<(), Failure> {
    if pending(connection, path)?.is_empty() {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Asked again: another process may have done it while this one waited for the lock.
    for migration in pending(&transaction, path)? {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", super::bounded(MIGRATIONS.len()))?;
    transaction.commit()?;
    tracing::debug!(version = MIGRATIONS.len(), "the database's schema is up to date");
    Ok(())
}

fn pending(connection: &Connection, path: &Path) -> Result<&'static [&'static str], Failure> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    usize::try_from(found).ok().and_then(|done| MIGRATIONS.get(done..)).ok_or_else(|| {
        let known = super::bounded(MIGRATIONS.len());
        StoreError::TooNew { path: path.display().to_string(), found, known }.into()
    })
}
