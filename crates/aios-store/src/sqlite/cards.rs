//! `ProjectCards`: what people call their projects.

use aios_core::{ProjectCard, ProjectCards, Scope, StoreError};
use aios_protocol::{ProjectId, Timestamp};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row};

use super::SqliteStore;
use super::failure::Failure;

const COLUMNS: &str = "project_id, name, description, created_at, updated_at";

#[async_trait]
impl ProjectCards for SqliteStore {
    async fn create_card(&self, scope: &Scope, card: &ProjectCard) -> Result<(), StoreError> {
        let (scope, card) = (scope.clone(), card.clone());
        self.writer
            .run("create the project", move |connection| {
                let taken: bool = connection
                    .prepare_cached(
                        "SELECT EXISTS (SELECT 1 FROM projects WHERE org_id = ?1 AND project_id = ?2)
                             OR EXISTS (SELECT 1 FROM project_cards WHERE org_id = ?1 AND project_id = ?2)",
                    )?
                    .query_row((scope.org.as_str(), card.project_id.as_str()), |row| row.get(0))?;
                if taken {
                    let id = card.project_id.to_string();
                    return Err(StoreError::Exists { what: "project", id }.into());
                }
                put(connection, &scope, &card)
            })
            .await
    }

    async fn put_card(&self, scope: &Scope, card: &ProjectCard) -> Result<(), StoreError> {
        let (scope, card) = (scope.clone(), card.clone());
        self.writer.run("store the project", move |connection| put(connection, &scope, &card)).await
    }

    async fn card(&self, scope: &Scope, project_id: &ProjectId) -> Result<Option<ProjectCard>, StoreError> {
        let (scope, project_id) = (scope.clone(), project_id.clone());
        self.readers
            .run("read the project", move |connection| {
                let sql =
                    format!("SELECT {COLUMNS} FROM project_cards WHERE org_id = ?1 AND project_id = ?2");
                let mut statement = connection.prepare_cached(&sql)?;
                let found = statement
                    .query_row((scope.org.as_str(), project_id.as_str()), |row| Ok(card(row)))
                    .optional()?;
                found.transpose()
            })
            .await
    }

    async fn cards(&self, scope: &Scope) -> Result<Vec<ProjectCard>, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("list the projects", move |connection| {
                let sql = format!(
                    "SELECT {COLUMNS} FROM project_cards WHERE org_id = ?1 ORDER BY updated_at DESC, project_id"
                );
                let mut statement = connection.prepare_cached(&sql)?;
                let mut rows = statement.query([scope.org.as_str()])?;
                let mut cards = Vec::new();
                while let Some(row) = rows.next()? {
                    cards.push(card(row)?);
                }
                Ok(cards)
            })
            .await
    }

    async fn remove_project(&self, scope: &Scope, project_id: &ProjectId) -> Result<(), StoreError> {
        let (scope, project_id) = (scope.clone(), project_id.clone());
        self.writer
            .run("delete the project", move |connection| {
                let key = (scope.org.as_str(), project_id.as_str());
                let mut gone = 0;
                for table in ["project_cards", "projects"] {
                    let sql = format!("DELETE FROM {table} WHERE org_id = ?1 AND project_id = ?2");
                    gone += connection.prepare_cached(&sql)?.execute(key)?;
                }
                if gone == 0 {
                    return Err(StoreError::NotFound { what: "project", id: project_id.to_string() }.into());
                }
                Ok(())
            })
            .await
    }
}

fn put(connection: &Connection, scope: &Scope, card: &ProjectCard) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT INTO project_cards (org_id, project_id, name, description, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (org_id, project_id) DO UPDATE
             SET name = excluded.name, description = excluded.description, updated_at = excluded.updated_at",
        )?
        .execute((
            scope.org.as_str(),
            card.project_id.as_str(),
            &card.name,
            &card.description,
            card.created_at.as_micros(),
            card.updated_at.as_micros(),
        ))?;
    Ok(())
}

fn card(row: &Row<'_>) -> Result<ProjectCard, Failure> {
    let id: String = row.get(0)?;
    let project_id = ProjectId::new(id.as_str())
        .map_err(|error| StoreError::Corrupt { what: "project", detail: error.to_string() })?;
    Ok(ProjectCard {
        project_id,
        name: row.get(1)?,
        description: row.get(2)?,
        created_at: Timestamp::from_micros(row.get(3)?),
        updated_at: Timestamp::from_micros(row.get(4)?),
    })
}
