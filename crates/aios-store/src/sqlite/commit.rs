//! Storing what happened in a run: events, files, the run as it stands and its checkpoint, together or not at all.

use aios_core::{Checkpoint, Lease, RunBatch, RunFile, Scope, StoreError, take_files};
use aios_protocol::{EventFrame, RunDetail, RunId};
use rusqlite::Connection;

use super::failure::Failure;
use super::{bounded, encode, events, leases, run_files, search};

/// A batch as it goes to the writer: checked and turned into text by the caller, so that the writer only writes.
pub(super) struct Commit {
    frames: Vec<Frame>,
    files: Vec<RunFile>,
    run: Option<Run>,
    checkpoint: Option<Checkpoint>,
}

struct Frame {
    seq: u64,
    at: i64,
    event: String,
    text: Option<String>,
}

struct Run {
    project_id: Option<String>,
    status: &'static str,
    detail: String,
}

impl Commit {
    /// Refuses what could never be part of the run's history.
    pub(super) fn prepare(run_id: RunId, batch: &RunBatch) -> Result<Self, StoreError> {
        Ok(Self {
            frames: batch
                .frames
                .iter()
                .map(|frame| prepare_frame(run_id, frame))
                .collect::<Result<_, _>>()?,
            files: batch.files.clone(),
            run: batch.run.as_ref().map(|run| prepare_run(run_id, run)).transpose()?,
            checkpoint: batch.checkpoint.clone(),
        })
    }

    /// Writes it, if the lease is still ours and the events follow the stored ones.
    pub(super) fn store(self, connection: &Connection, scope: &Scope, lease: &Lease) -> Result<(), Failure> {
        let run = leases::guard(connection, scope, lease)?;
        let run_id = lease.run_id.to_string();
        if !self.frames.is_empty() {
            store_frames(connection, run, lease.run_id, &self.frames)?;
        }
        run_files::add(connection, &run_id, &self.files)?;
        if let Some(Run { project_id, status, detail }) = self.run {
            connection
                .prepare_cached("UPDATE runs SET project_id = ?2, status = ?3, detail = ?4 WHERE id = ?1")?
                .execute((run, project_id, status, detail))?;
        }
        if let Some(Checkpoint { version, body }) = self.checkpoint {
            connection
                .prepare_cached(
                    "INSERT INTO checkpoints (run_id, version, body) VALUES (?1, ?2, ?3)
                     ON CONFLICT (run_id) DO UPDATE SET version = excluded.version, body = excluded.body",
                )?
                .execute((run_id, version, body))?;
        }
        Ok(())
    }
}

fn prepare_frame(run_id: RunId, frame: &EventFrame) -> Result<Frame, StoreError> {
    if frame.run_id != run_id {
        return Err(refused(format!(
            "event {} of run {} does not belong to run {run_id}",
            frame.seq, frame.run_id
        )));
    }
    if !frame.event.is_durable() {
        return Err(refused(format!(
            "run {run_id}, event {}: this kind is sent only, never stored",
            frame.seq
        )));
    }
    Ok(Frame {
        seq: frame.seq,
        at: frame.at.as_micros(),
        event: encode(&frame.event)?,
        text: search::text_of(&frame.event).map(str::to_owned),
    })
}

fn prepare_run(run_id: RunId, run: &RunDetail) -> Result<Run, StoreError> {
    if run.run_id != run_id {
        return Err(StoreError::Corrupt {
            what: "run",
            detail: format!("run {} came with the lease of run {run_id}", run.run_id),
        });
    }
    let mut bare = run.clone();
    take_files(&mut bare);
    Ok(Run {
        project_id: run.project_id.as_ref().map(ToString::to_string),
        status: run.status.as_str(),
        detail: encode(&bare)?,
    })
}

fn store_frames(connection: &Connection, run: i64, run_id: RunId, frames: &[Frame]) -> Result<(), Failure> {
    let first = events::last_seq(connection, run_id)? + 1;
    let mut insert =
        connection.prepare_cached("INSERT INTO events (run_id, seq, at, event) VALUES (?1, ?2, ?3, ?4)")?;
    for (expected, frame) in (first..).zip(frames) {
        if frame.seq != expected {
            let detail = format!("run {run_id}: event {} came where {expected} is next", frame.seq);
            return Err(refused(detail).into());
        }
        insert.execute((run_id.to_string(), bounded(expected), frame.at, &frame.event))?;
        if let (Some(text), Ok(place)) = (&frame.text, u32::try_from(expected)) {
            search::index(connection, run, place, text)?;
        }
    }
    Ok(())
}

fn refused(detail: String) -> StoreError {
    StoreError::Corrupt { what: "event", detail }
}
