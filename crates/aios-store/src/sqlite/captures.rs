//! `CaptureStore`: events of editors, shells and git hooks.

use aios_core::{CaptureQuery, CaptureStore, Scope, StoreError};
use aios_protocol::{CaptureEvent, CaptureEventId, CaptureSource, Task};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension};

use super::failure::Failure;
use super::{SqliteStore, bounded, decode, encode, tasks};

#[async_trait]
impl CaptureStore for SqliteStore {
    async fn add_capture(&self, scope: &Scope, event: &CaptureEvent) -> Result<(), StoreError> {
        let (scope, event, json) = (scope.clone(), event.clone(), encode(event)?);
        self.writer
            .run("store the captured event", move |connection| {
                connection
                    .prepare_cached(
                        "INSERT INTO captures (org_id, event_id, project_id, source, event)
                         VALUES (?1, ?2, ?3, ?4, ?5)",
                    )?
                    .execute((
                        scope.org.as_str(),
                        event.event_id.to_string(),
                        event.project_id.as_ref().map(|id| id.as_str()),
                        event.source.as_str(),
                        json,
                    ))?;
                Ok(())
            })
            .await
    }

    async fn capture(&self, scope: &Scope, event_id: CaptureEventId) -> Result<CaptureEvent, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("read the captured event", move |connection| read(connection, &scope, event_id))
            .await
    }

    async fn captures(&self, scope: &Scope, query: &CaptureQuery) -> Result<Vec<CaptureEvent>, StoreError> {
        let (scope, query) = (scope.clone(), query.clone());
        self.readers
            .run("list the captured events", move |connection| {
                let mut statement = connection.prepare_cached(
                    "SELECT event_id, event FROM captures
                     WHERE org_id = ?1 AND (?2 IS NULL OR project_id = ?2) AND (?3 IS NULL OR source = ?3)
                       AND (?4 IS NULL OR event_id < ?4)
                     ORDER BY event_id DESC LIMIT ?5",
                )?;
                let mut rows = statement.query((
                    scope.org.as_str(),
                    query.project_id.as_ref().map(|id| id.as_str()),
                    query.source.map(CaptureSource::as_str),
                    query.before.map(|id| id.to_string()),
                    bounded(query.limit),
                ))?;
                let mut events = Vec::new();
                while let Some(row) = rows.next()? {
                    let (id, json): (String, String) = row.try_into()?;
                    events.push(decode("captured event", id, &json)?);
                }
                Ok(events)
            })
            .await
    }

    async fn convert_capture(
        &self,
        scope: &Scope,
        event_id: CaptureEventId,
        task: &Task,
    ) -> Result<(), StoreError> {
        let (scope, task, json) = (scope.clone(), task.clone(), encode(task)?);
        self.writer
            .run("make a task of the captured event", move |connection| {
                let mut event = read(connection, &scope, event_id)?;
                if let Some(made) = event.task_id {
                    return Err(StoreError::Exists { what: "task", id: made.to_string() }.into());
                }
                event.task_id = Some(task.task_id);
                tasks::insert(connection, &scope, &task, &json)?;
                connection
                    .prepare_cached("UPDATE captures SET event = ?3 WHERE org_id = ?1 AND event_id = ?2")?
                    .execute((scope.org.as_str(), event_id.to_string(), encode(&event)?))?;
                Ok(())
            })
            .await
    }
}

fn read(connection: &Connection, scope: &Scope, event_id: CaptureEventId) -> Result<CaptureEvent, Failure> {
    let json: Option<String> = connection
        .prepare_cached("SELECT event FROM captures WHERE org_id = ?1 AND event_id = ?2")?
        .query_row((scope.org.as_str(), event_id.to_string()), |row| row.get(0))
        .optional()?;
    let json =
        json.ok_or_else(|| StoreError::NotFound { what: "captured event", id: event_id.to_string() })?;
    Ok(decode("captured event", event_id, &json)?)
}
