//! The files of runs, a row each.

use std::collections::HashMap;

use aios_core::{RunFile, put_files};
use aios_protocol::{RunDetail, RunId};
use rusqlite::Connection;

use super::columns::{all, column, word};
use super::encode;
use super::failure::Failure;

/// Adds files to a run; those that it has already stay as they are.
pub(super) fn add(connection: &Connection, run_id: &str, files: &[RunFile]) -> rusqlite::Result<()> {
    let mut insert = connection
        .prepare_cached("INSERT OR IGNORE INTO run_files (run_id, agent, path) VALUES (?1, ?2, ?3)")?;
    for RunFile { agent, path } in files {
        insert.execute((run_id, agent.as_str(), path))?;
    }
    Ok(())
}

/// Gives runs that were read their lists of files, with one query for all of them.
pub(super) fn fill(connection: &Connection, runs: &mut [RunDetail]) -> Result<(), Failure> {
    let ids = encode(&runs.iter().map(|run| run.run_id).collect::<Vec<_>>())?;
    let sql = "SELECT run_id, agent, path FROM run_files WHERE run_id IN (SELECT value FROM json_each(?1))";
    let rows = all(connection, sql, [ids], |row| {
        let file = RunFile { agent: word(row, "agent")?, path: column(row, "path")? };
        Ok((word::<RunId>(row, "run_id")?, file))
    })?;
    let mut files: HashMap<RunId, Vec<RunFile>> = HashMap::new();
    for (run_id, file) in rows {
        files.entry(run_id).or_default().push(file);
    }
    for run in runs {
        put_files(run, files.remove(&run.run_id).unwrap_or_default());
    }
    Ok(())
}
