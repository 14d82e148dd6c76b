//! `EventStore`: the stored history of runs.

use aios_core::{EventStore, Scope, StoreError};
use aios_protocol::{EventFrame, RunId, Timestamp};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension};

use super::failure::Failure;
use super::{SqliteStore, bounded, decode, row_of};

#[async_trait]
impl EventStore for SqliteStore {
    async fn after(
        &self,
        scope: &Scope,
        run_id: RunId,
        seq: u64,
        limit: usize,
    ) -> Result<Vec<EventFrame>, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("read the run's events", move |connection| {
                row_of(connection, &scope, run_id)?;
                after(connection, run_id, seq, limit)
            })
            .await
    }
}

fn after(connection: &Connection, run_id: RunId, seq: u64, limit: usize) -> Result<Vec<EventFrame>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, at, event FROM events WHERE run_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3",
    )?;
    let mut rows = statement.query((run_id.to_string(), bounded(seq), bounded(limit)))?;
    let mut frames = Vec::new();
    while let Some(row) = rows.next()? {
        let seq = row.get::<_, i64>(0)?.unsigned_abs();
        let at = Timestamp::from_micros(row.get(1)?);
        let event = row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?;
        frames.push(EventFrame {
            run_id,
            seq,
            at,
            event: decode("event", format_args!("{seq} of run {run_id}"), event)?,
        });
    }
    Ok(frames)
}

/// The place of the run's last event; 0 before its first.
pub(super) fn last_seq(connection: &Connection, run_id: RunId) -> rusqlite::Result<u64> {
    let last: Option<i64> = connection
        .prepare_cached("SELECT seq FROM events WHERE run_id = ?1 ORDER BY seq DESC LIMIT 1")?
        .query_row([run_id.to_string()], |row| row.get(0))
        .optional()?;
    Ok(last.unwrap_or(0).unsigned_abs())
}
