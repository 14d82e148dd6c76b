//! Who may work on a run: at most one holder at a time, and one who was away too long notices before it writes.

use std::time::Duration;

use aios_core::{Lease, Scope, StoreError};
use aios_protocol::{RunId, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::failure::Failure;
use super::{events, no_run};

struct Held {
    run: i64,
    holder: Option<String>,
    generation: u64,
    expires_at: i64,
}

pub(super) fn claim(
    connection: &Connection,
    scope: &Scope,
    run_id: RunId,
    holder: String,
    now: Timestamp,
    ttl: Duration,
) -> Result<Lease, Failure> {
    let held = held(connection, scope, run_id)?;
    if let Some(other) = held.holder.filter(|other| *other != holder && held.expires_at > now.as_micros()) {
        return Err(StoreError::Held { run_id, holder: other }.into());
    }
    let generation = held.generation + 1;
    connection
        .prepare_cached(
            "UPDATE runs SET holder = ?2, generation = generation + 1, expires_at = ?3 WHERE id = ?1",
        )?
        .execute((held.run, &holder, now.plus(ttl).as_micros()))?;
    Ok(Lease { run_id, holder, generation, last_seq: events::last_seq(connection, run_id)? })
}

pub(super) fn renew(
    connection: &Connection,
    scope: &Scope,
    lease: &Lease,
    now: Timestamp,
    ttl: Duration,
) -> Result<(), Failure> {
    let run = guard(connection, scope, lease)?;
    connection
        .prepare_cached("UPDATE runs SET expires_at = ?2 WHERE id = ?1")?
        .execute((run, now.plus(ttl).as_micros()))?;
    Ok(())
}

pub(super) fn release(connection: &Connection, scope: &Scope, lease: &Lease) -> Result<(), Failure> {
    let run = guard(connection, scope, lease)?;
    connection
        .prepare_cached("UPDATE runs SET holder = NULL, expires_at = NULL WHERE id = ?1")?
        .execute([run])?;
    Ok(())
}

pub(super) fn evict(
    connection: &Connection,
    scope: &Scope,
    run_id: RunId,
    holder: &str,
) -> Result<(), Failure> {
    let held = held(connection, scope, run_id)?;
    connection
        .prepare_cached("UPDATE runs SET holder = NULL, expires_at = NULL WHERE id = ?1 AND holder = ?2")?
        .execute((held.run, holder))?;
    Ok(())
}

pub(super) fn holder(
    connection: &Connection,
    scope: &Scope,
    run_id: RunId,
    now: Timestamp,
) -> Result<Option<String>, Failure> {
    let held = held(connection, scope, run_id)?;
    Ok(held.holder.filter(|_| held.expires_at > now.as_micros()))
}

/// The key of the run's row, if the lease is still the latest one. Whether its time is over does not matter as long as
/// nobody else took the run.
pub(super) fn guard(connection: &Connection, scope: &Scope, lease: &Lease) -> Result<i64, Failure> {
    let held = held(connection, scope, lease.run_id)?;
    if held.holder.as_ref() == Some(&lease.holder) && held.generation == lease.generation {
        return Ok(held.run);
    }
    Err(StoreError::LeaseLost { run_id: lease.run_id }.into())
}

fn held(connection: &Connection, scope: &Scope, run_id: RunId) -> Result<Held, Failure> {
    connection
        .prepare_cached(
            "SELECT id, holder, generation, coalesce(expires_at, 0) FROM runs WHERE org_id = ?1 AND run_id = ?2",
        )?
        .query_row((scope.org.as_str(), run_id.to_string()), |row| {
            Ok(Held {
                run: row.get(0)?,
                holder: row.get(1)?,
                generation: row.get::<_, i64>(2)?.unsigned_abs(),
                expires_at: row.get(3)?,
            })
        })
        .optional()?
        .ok_or_else(|| no_run(run_id).into())
}
