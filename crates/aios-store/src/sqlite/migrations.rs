//! The schema and its versions, counted in SQLite's `user_version`.

use std::path::Path;

use aios_core::StoreError;
use rusqlite::{Connection, TransactionBehavior};

use super::failure::Failure;

/// In order; a released one never changes.
const MIGRATIONS: [&str; 6] = [
    include_str!("../../migrations/sqlite/0001_runs_and_projects.sql"),
    include_str!("../../migrations/sqlite/0002_accounts.sql"),
    include_str!("../../migrations/sqlite/0003_work.sql"),
    include_str!("../../migrations/sqlite/0004_calls.sql"),
    include_str!("../../migrations/sqlite/0005_run_files.sql"),
    include_str!("../../migrations/sqlite/0006_attended_runs.sql"),
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

#[cfg(test)]
mod tests {
    use aios_core::{RunBatch, RunStore};
    use aios_testkit::store_suite::{at, run, scope};

    use super::*;
    use crate::sqlite::{SqliteStore, encode};

    /// A database as it was before runs had files beside them, with these runs.
    fn before_files(path: &Path, runs: &[(&str, &str)]) {
        let connection = Connection::open(path).unwrap();
        for migration in &MIGRATIONS[..4] {
            connection.execute_batch(migration).unwrap();
        }
        connection.pragma_update(None, "user_version", 4).unwrap();
        let insert = "INSERT INTO runs (run_id, org_id, status, detail) VALUES (?1, 'acme', 'running', ?2)";
        for run in runs {
            connection.execute(insert, *run).unwrap();
        }
    }

    #[tokio::test]
    async fn files_that_runs_listed_themselves_are_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let (scope, mut run) = (scope("acme"), run("x"));
        let mut second = run.nodes[0].clone();
        second.agent = "frontend".parse().unwrap();
        second.files = vec!["main.py".into(), "würfel 🎲.css".into()];
        run.nodes.push(second);
        run.files.push("würfel 🎲.css".into());
        let odd = [
            "no JSON",
            "7",
            r#"{"nodes": {"files": ["a"]}}"#,
            r#"{"nodes": ["no JSON", {"files": ["nobody's"]}]}"#,
            r#"{"nodes": [{"agent": "qa", "files": [null, 7, "a", "a"]}]}"#,
        ];
        let (run_id, detail) = (run.run_id.to_string(), encode(&run).unwrap());
        let odd: Vec<_> = odd.iter().enumerate().map(|(n, odd)| (n.to_string(), *odd)).collect();
        let mut runs = vec![(run_id.as_str(), detail.as_str())];
        runs.extend(odd.iter().map(|(run_id, detail)| (run_id.as_str(), *detail)));
        before_files(&path, &runs);

        let store = SqliteStore::open(&path).unwrap();
        assert_eq!(store.get(&scope, run.run_id).await.unwrap(), run);
        let lease = store.claim(&scope, run.run_id, "desk", at(0), std::time::Duration::from_secs(9)).await;
        let batch = RunBatch { run: Some(run.clone()), ..RunBatch::default() };
        store.commit(&scope, &lease.unwrap(), &batch).await.unwrap();
        assert_eq!(store.get(&scope, run.run_id).await.unwrap(), run);
    }
}
