//! `TaskStore` and `TaskDirectory`: queued work.

use aios_core::{Scope, StoreError, TaskDirectory, TaskQuery, TaskStore};
use aios_protocol::{InvalidId, OrgId, RunId, Task, TaskId, TaskStatus, UserId};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension};

use super::failure::Failure;
use super::{SqliteStore, bounded, decode, encode};

#[async_trait]
impl TaskStore for SqliteStore {
    async fn create_task(&self, scope: &Scope, task: &Task) -> Result<(), StoreError> {
        let (scope, task, json) = (scope.clone(), task.clone(), encode(task)?);
        self.writer.run("store the task", move |connection| insert(connection, &scope, &task, &json)).await
    }

    async fn change_task(&self, scope: &Scope, was: TaskStatus, task: &Task) -> Result<bool, StoreError> {
        let (scope, task, json) = (scope.clone(), task.clone(), encode(task)?);
        self.writer
            .run("change the task", move |connection| {
                let changed = connection
                    .prepare_cached(
                        "UPDATE tasks SET project_id = ?4, status = ?5, run_id = ?6, task = ?7
                         WHERE org_id = ?1 AND task_id = ?2 AND status = ?3",
                    )?
                    .execute((
                        scope.org.as_str(),
                        task.task_id.to_string(),
                        was.as_str(),
                        task.project_id.as_ref().map(|id| id.as_str()),
                        task.status.as_str(),
                        task.run_id.map(|id| id.to_string()),
                        json,
                    ))?;
                Ok(changed == 1)
            })
            .await
    }

    async fn task(&self, scope: &Scope, task_id: TaskId) -> Result<Task, StoreError> {
        let scope = scope.clone();
        let found = self
            .readers
            .run("read the task", move |connection| {
                let sql = "SELECT task_id, task FROM tasks WHERE org_id = ?1 AND task_id = ?2";
                one(connection, sql, &scope, &task_id.to_string())
            })
            .await?;
        found.ok_or_else(|| StoreError::NotFound { what: "task", id: task_id.to_string() })
    }

    async fn tasks(&self, scope: &Scope, query: &TaskQuery) -> Result<Vec<Task>, StoreError> {
        let (scope, query) = (scope.clone(), query.clone());
        self.readers
            .run("list the tasks", move |connection| {
                let mut statement = connection.prepare_cached(
                    "SELECT task_id, task FROM tasks
                     WHERE org_id = ?1 AND (?2 IS NULL OR project_id = ?2) AND (?3 IS NULL OR status = ?3)
                       AND (?4 IS NULL OR task_id < ?4)
                     ORDER BY task_id DESC LIMIT ?5",
                )?;
                let mut rows = statement.query((
                    scope.org.as_str(),
                    query.project_id.as_ref().map(|id| id.as_str()),
                    query.status.map(TaskStatus::as_str),
                    query.before.map(|id| id.to_string()),
                    bounded(query.limit),
                ))?;
                let mut tasks = Vec::new();
                while let Some(row) = rows.next()? {
                    let (id, json): (String, String) = row.try_into()?;
                    tasks.push(decode("task", id, &json)?);
                }
                Ok(tasks)
            })
            .await
    }

    async fn task_of(&self, scope: &Scope, run_id: RunId) -> Result<Option<Task>, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("read the run's task", move |connection| {
                let sql = "SELECT task_id, task FROM tasks WHERE org_id = ?1 AND run_id = ?2";
                one(connection, sql, &scope, &run_id.to_string())
            })
            .await
    }

    async fn next_task(&self, scope: &Scope) -> Result<Option<(UserId, Task)>, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("find the next task", move |connection| {
                let found: Option<(String, String, String)> = connection
                    .prepare_cached(
                        "SELECT user_id, task_id, task FROM tasks WHERE org_id = ?1 AND status = ?2
                         ORDER BY task_id LIMIT 1",
                    )?
                    .query_row((scope.org.as_str(), TaskStatus::Queued.as_str()), |row| row.try_into())
                    .optional()?;
                let Some((user, id, json)) = found else { return Ok(None) };
                Ok(Some((user.parse().map_err(corrupt)?, decode("task", id, &json)?)))
            })
            .await
    }
}

#[async_trait]
impl TaskDirectory for SqliteStore {
    async fn with_queued_tasks(&self) -> Result<Vec<OrgId>, StoreError> {
        self.readers
            .run("list the organisations with queued tasks", |connection| {
                let mut statement =
                    connection.prepare_cached("SELECT DISTINCT org_id FROM tasks WHERE status = ?1")?;
                let mut rows = statement.query([TaskStatus::Queued.as_str()])?;
                let mut found = Vec::new();
                while let Some(row) = rows.next()? {
                    found.push(row.get::<_, String>(0)?.parse().map_err(corrupt)?);
                }
                Ok(found)
            })
            .await
    }

    async fn count_queued(&self) -> Result<u64, StoreError> {
        self.readers
            .run("count the queued tasks", |connection| {
                let count: i64 = connection
                    .prepare_cached("SELECT count(*) FROM tasks WHERE status = ?1")?
                    .query_row([TaskStatus::Queued.as_str()], |row| row.get(0))?;
                Ok(count.unsigned_abs())
            })
            .await
    }
}

fn corrupt(error: InvalidId) -> StoreError {
    StoreError::Corrupt { what: "task", detail: error.to_string() }
}

/// Stores a new task; the writer's transaction is the caller's.
pub(super) fn insert(connection: &Connection, scope: &Scope, task: &Task, json: &str) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT INTO tasks (org_id, task_id, user_id, project_id, status, run_id, task)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            scope.org.as_str(),
            task.task_id.to_string(),
            scope.user.as_str(),
            task.project_id.as_ref().map(|id| id.as_str()),
            task.status.as_str(),
            task.run_id.map(|id| id.to_string()),
            json,
        ))?;
    Ok(())
}

fn one(connection: &Connection, sql: &str, scope: &Scope, key: &str) -> Result<Option<Task>, Failure> {
    let found: Option<(String, String)> = connection
        .prepare_cached(sql)?
        .query_row((scope.org.as_str(), key), |row| row.try_into())
        .optional()?;
    Ok(found.map(|(id, json)| decode("task", id, &json)).transpose()?)
}
