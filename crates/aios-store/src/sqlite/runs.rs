//! `RunStore`: runs, their leases and checkpoints.

use std::time::Duration;

use aios_core::{
    Checkpoint, Lease, RunBatch, RunDirectory, RunFile, RunQuery, RunSlice, RunStore, Scope, StoreError,
    take_files,
};
use aios_protocol::{OrgId, RunDetail, RunId, RunStatus, Timestamp};
use async_trait::async_trait;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::columns::{all, column};
use super::commit::Commit;
use super::failure::Failure;
use super::{SqliteStore, bounded, decode, encode, leases, no_run, row_of, run_files, search};

#[async_trait]
impl RunStore for SqliteStore {
    async fn create(&self, scope: &Scope, run: &RunDetail) -> Result<(), StoreError> {
        let (scope, mut run) = (scope.clone(), run.clone());
        let files = take_files(&mut run);
        let detail = encode(&run)?;
        self.writer
            .run("store the new run", move |connection| create(connection, &scope, &run, &detail, &files))
            .await
    }

    async fn get(&self, scope: &Scope, run_id: RunId) -> Result<RunDetail, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("read the run", move |connection| {
                let detail: Option<String> = connection
                    .prepare_cached("SELECT detail FROM runs WHERE org_id = ?1 AND run_id = ?2")?
                    .query_row((scope.org.as_str(), run_id.to_string()), |row| row.get(0))
                    .optional()?;
                let mut run = decode("run", run_id, &detail.ok_or_else(|| no_run(run_id))?)?;
                run_files::fill(connection, std::slice::from_mut(&mut run))?;
                Ok(run)
            })
            .await
    }

    async fn list(&self, scope: &Scope, query: &RunQuery) -> Result<RunSlice, StoreError> {
        let (scope, query) = (scope.clone(), query.clone());
        self.readers.run("list the runs", move |connection| list(connection, &scope, &query)).await
    }

    async fn claim(
        &self,
        scope: &Scope,
        run_id: RunId,
        holder: &str,
        now: Timestamp,
        ttl: Duration,
    ) -> Result<Lease, StoreError> {
        let (scope, holder) = (scope.clone(), holder.to_owned());
        self.writer
            .run("claim the run", move |connection| {
                leases::claim(connection, &scope, run_id, holder, now, ttl)
            })
            .await
    }

    async fn renew(
        &self,
        scope: &Scope,
        lease: &Lease,
        now: Timestamp,
        ttl: Duration,
    ) -> Result<(), StoreError> {
        let (scope, lease) = (scope.clone(), lease.clone());
        self.writer
            .run("renew the lease of the run", move |connection| {
                leases::renew(connection, &scope, &lease, now, ttl)
            })
            .await
    }

    async fn release(&self, scope: &Scope, lease: &Lease) -> Result<(), StoreError> {
        let (scope, lease) = (scope.clone(), lease.clone());
        self.writer
            .run("release the run", move |connection| leases::release(connection, &scope, &lease))
            .await
    }

    async fn evict(&self, scope: &Scope, run_id: RunId, holder: &str) -> Result<(), StoreError> {
        let (scope, holder) = (scope.clone(), holder.to_owned());
        self.writer
            .run("free the run", move |connection| leases::evict(connection, &scope, run_id, &holder))
            .await
    }

    async fn attend(&self, scope: &Scope, run_id: RunId, by_server: bool) -> Result<(), StoreError> {
        let scope = scope.clone();
        self.writer
            .run("note who takes the run up", move |connection| {
                let row = row_of(connection, &scope, run_id)?;
                connection
                    .prepare_cached("UPDATE runs SET by_server = ?2 WHERE id = ?1 AND by_server <> ?2")?
                    .execute((row, by_server))?;
                Ok(())
            })
            .await
    }

    async fn holder(
        &self,
        scope: &Scope,
        run_id: RunId,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("read who works on the run", move |connection| {
                leases::holder(connection, &scope, run_id, now)
            })
            .await
    }

    async fn commit(&self, scope: &Scope, lease: &Lease, batch: &RunBatch) -> Result<(), StoreError> {
        let commit = Commit::prepare(lease.run_id, batch)?;
        let (scope, lease) = (scope.clone(), lease.clone());
        self.writer
            .run("store the run's progress", move |connection| commit.store(connection, &scope, &lease))
            .await
    }

    async fn checkpoint(&self, scope: &Scope, run_id: RunId) -> Result<Option<Checkpoint>, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("read the run's checkpoint", move |connection| {
                row_of(connection, &scope, run_id)?;
                Ok(connection
                    .prepare_cached("SELECT version, body FROM checkpoints WHERE run_id = ?1")?
                    .query_row([run_id.to_string()], |row| {
                        Ok(Checkpoint { version: row.get(0)?, body: row.get(1)? })
                    })
                    .optional()?)
            })
            .await
    }
}

#[async_trait]
impl RunDirectory for SqliteStore {
    async fn unfinished(&self) -> Result<Vec<(OrgId, RunId)>, StoreError> {
        self.readers.run("list the unfinished runs", unfinished).await
    }

    async fn counts(&self) -> Result<Vec<(RunStatus, u64)>, StoreError> {
        self.readers.run("count the runs", counts).await
    }
}

fn unfinished(connection: &Connection) -> Result<Vec<(OrgId, RunId)>, Failure> {
    let mut statement = connection.prepare_cached(
        "SELECT org_id, run_id FROM runs
         WHERE by_server = 1 AND status IN ('pending', 'running', 'waiting', 'interrupted') ORDER BY run_id",
    )?;
    let mut rows = statement.query(())?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (org, run): (String, String) = (row.get(0)?, row.get(1)?);
        let corrupt = |detail: String| StoreError::Corrupt { what: "run", detail };
        found.push((
            org.parse().map_err(|error| corrupt(format!("run {run}: {error}")))?,
            run.parse().map_err(|error| corrupt(format!("run {run}: {error}")))?,
        ));
    }
    Ok(found)
}

fn counts(connection: &Connection) -> Result<Vec<(RunStatus, u64)>, Failure> {
    all(connection, "SELECT status, count(*) AS count FROM runs GROUP BY status", (), |row| {
        let (status, count): (String, i64) = (column(row, "status")?, column(row, "count")?);
        Ok((decode("run", "of any kind", &format!("\"{status}\""))?, count.unsigned_abs()))
    })
}

fn create(
    connection: &Connection,
    scope: &Scope,
    run: &RunDetail,
    detail: &str,
    files: &[RunFile],
) -> Result<(), Failure> {
    let run_id = run.run_id.to_string();
    let added = connection
        .prepare_cached(
            "INSERT INTO runs (run_id, org_id, project_id, status, detail)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (run_id) DO NOTHING",
        )?
        .execute((
            &run_id,
            scope.org.as_str(),
            run.project_id.as_ref().map(|id| id.as_str()),
            run.status.as_str(),
            detail,
        ))?;
    if added == 0 {
        return Err(StoreError::Exists { what: "run", id: run_id }.into());
    }
    search::index(connection, connection.last_insert_rowid(), 0, &run.objective)?;
    run_files::add(connection, &run_id, files)?;
    Ok(())
}

fn list(connection: &Connection, scope: &Scope, query: &RunQuery) -> Result<RunSlice, Failure> {
    let (sql, values) = select(scope, query);
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut slice = RunSlice::default();
    while let Some(row) = rows.next()? {
        if slice.runs.len() == query.limit {
            slice.more = true;
            break;
        }
        let run_id: String = row.get(0)?;
        slice.runs.push(decode("run", run_id, row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?);
    }
    run_files::fill(connection, &mut slice.runs)?;
    Ok(slice)
}

fn select(scope: &Scope, query: &RunQuery) -> (String, Vec<Value>) {
    let mut sql = String::from("SELECT run_id, detail FROM runs WHERE org_id = ?");
    let mut values = vec![Value::from(scope.org.to_string())];
    let mut only = |condition: &str, value: String| {
        sql.push_str(" AND ");
        sql.push_str(condition);
        values.push(value.into());
    };
    if let Some(status) = query.status {
        only("status = ?", status.as_str().to_owned());
    }
    if let Some(project_id) = &query.project_id {
        only("project_id = ?", project_id.to_string());
    }
    if let Some(before) = query.before {
        only("run_id < ?", before.to_string());
    }
    for expression in query.search.as_deref().map(search::expressions).unwrap_or_default() {
        // The plus sign keeps SQLite on the index that gives the order: it then stops as soon as the page is full,
        // instead of sorting every run that matches.
        only("+id IN (SELECT rowid >> 32 FROM run_texts WHERE run_texts MATCH ?)", expression);
    }
    sql.push_str(" ORDER BY run_id DESC LIMIT ?");
    values.push(bounded(query.limit.saturating_add(1)).into());
    (sql, values)
}
