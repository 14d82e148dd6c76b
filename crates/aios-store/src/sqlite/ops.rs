//! `RunOps`: mail to whoever works on a run.

use aios_core::{RunOp, RunOps, Scope, StoreError};
use aios_protocol::{RunId, Timestamp};
use async_trait::async_trait;
use rusqlite::Connection;

use super::failure::Failure;
use super::{SqliteStore, decode, encode, row_of};

#[async_trait]
impl RunOps for SqliteStore {
    async fn post(&self, scope: &Scope, run_id: RunId, op: &RunOp, at: Timestamp) -> Result<(), StoreError> {
        let (scope, op) = (scope.clone(), encode(op)?);
        self.writer
            .run("send the operation to the run", move |connection| {
                row_of(connection, &scope, run_id)?;
                connection
                    .prepare_cached("INSERT INTO run_ops (run_id, posted_at, op) VALUES (?1, ?2, ?3)")?
                    .execute((run_id.to_string(), at.as_micros(), op))?;
                Ok(())
            })
            .await
    }

    async fn take(&self, scope: &Scope, run_id: RunId) -> Result<Vec<RunOp>, StoreError> {
        let attempted = "fetch the operations for the run";
        let (reader, writer) = (scope.clone(), scope.clone());
        // A look first: this is asked several times a second, and almost always nothing is there.
        if self.readers.run(attempted, move |connection| is_empty(connection, &reader, run_id)).await? {
            return Ok(Vec::new());
        }
        self.writer.run(attempted, move |connection| take(connection, &writer, run_id)).await
    }
}

fn is_empty(connection: &Connection, scope: &Scope, run_id: RunId) -> Result<bool, Failure> {
    row_of(connection, scope, run_id)?;
    Ok(!connection.prepare_cached("SELECT 1 FROM run_ops WHERE run_id = ?1")?.exists([run_id.to_string()])?)
}

fn take(connection: &Connection, scope: &Scope, run_id: RunId) -> Result<Vec<RunOp>, Failure> {
    row_of(connection, scope, run_id)?;
    let mut taken = connection
        .prepare_cached("DELETE FROM run_ops WHERE run_id = ?1 RETURNING id, op")?
        .query_map([run_id.to_string()], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    // RETURNING promises no order.
    taken.sort_unstable_by_key(|(id, _)| *id);
    taken.iter().map(|(id, op)| Ok(decode("operation", id, op)?)).collect()
}
