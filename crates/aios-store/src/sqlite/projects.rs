//! `ProjectStore`: what projects remember.

use aios_core::{ProjectStore, Scope, StoreError};
use aios_protocol::{ProjectId, ProjectState, Timestamp};
use async_trait::async_trait;
use rusqlite::OptionalExtension;

use super::{SqliteStore, decode, encode};

#[async_trait]
impl ProjectStore for SqliteStore {
    async fn get(&self, scope: &Scope, project_id: &ProjectId) -> Result<Option<ProjectState>, StoreError> {
        let (scope, project_id) = (scope.clone(), project_id.clone());
        self.readers
            .run("read the project", move |connection| {
                let state: Option<String> = connection
                    .prepare_cached("SELECT state FROM projects WHERE org_id = ?1 AND project_id = ?2")?
                    .query_row((scope.org.as_str(), project_id.as_str()), |row| row.get(0))
                    .optional()?;
                Ok(state.map(|state| decode("project", &project_id, &state)).transpose()?)
            })
            .await
    }

    async fn list(&self, scope: &Scope) -> Result<Vec<ProjectState>, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("list the projects", move |connection| {
                let mut statement = connection.prepare_cached(
                    "SELECT project_id, state FROM projects WHERE org_id = ?1 ORDER BY used_at DESC, project_id",
                )?;
                let mut rows = statement.query([scope.org.as_str()])?;
                let mut states = Vec::new();
                while let Some(row) = rows.next()? {
                    let (id, state): (String, String) = row.try_into()?;
                    states.push(decode("project", id, &state)?);
                }
                Ok(states)
            })
            .await
    }

    async fn put(&self, scope: &Scope, state: &ProjectState, at: Timestamp) -> Result<(), StoreError> {
        let (scope, project_id, state) = (scope.clone(), state.project_id.clone(), encode(state)?);
        self.writer
            .run("store the project", move |connection| {
                connection
                    .prepare_cached(
                        "INSERT INTO projects (org_id, project_id, used_at, state) VALUES (?1, ?2, ?3, ?4)
                         ON CONFLICT (org_id, project_id)
                         DO UPDATE SET used_at = excluded.used_at, state = excluded.state",
                    )?
                    .execute((scope.org.as_str(), project_id.as_str(), at.as_micros(), state))?;
                Ok(())
            })
            .await
    }
}
