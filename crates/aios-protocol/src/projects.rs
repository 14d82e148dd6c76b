//! Project memory: what earlier runs of a project did.

use serde::{Deserialize, Serialize};

use crate::{ProjectId, RunId, Timestamp};

/// Lists the projects, most recently used first.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct ProjectList {
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// At most this many; 50 when missing, 200 at most.
    pub limit: Option<u32>,
}

/// A page of projects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Projects {
    /// The projects.
    pub projects: Vec<Project>,
    /// Asks for the next page; null at the end.
    pub next_cursor: Option<String>,
}

/// Shows one project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ProjectShow {
    /// The project.
    pub project_id: ProjectId,
}

/// What is remembered of a project; the planner of its next run reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ProjectState {
    /// The project.
    pub project_id: ProjectId,
    /// How many runs it has had.
    #[serde(default)]
    pub total_runs: u32,
    /// Files of its workspace after the last run, sorted.
    #[serde(default)]
    pub files: Vec<String>,
    /// Its latest runs, oldest first.
    #[serde(default)]
    pub runs: Vec<ProjectRun>,
}

/// One run in a project's memory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ProjectRun {
    /// The run.
    pub run_id: RunId,
    /// What was asked.
    pub objective: String,
    /// Files that it wrote.
    pub files: Vec<String>,
    /// When it ended.
    pub ts: Timestamp,
}

/// Creates a project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct ProjectCreate {
    /// Its id; made from the name when missing.
    pub project_id: Option<ProjectId>,
    /// What people call it; 1 to 120 characters.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
}

/// A project and what is remembered of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Project {
    /// Its id; `run_start` takes it.
    pub project_id: ProjectId,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// How many runs it has had.
    pub total_runs: u32,
    /// Files of its workspace after the last run, sorted.
    pub files: Vec<String>,
    /// Its latest runs, oldest first.
    pub runs: Vec<ProjectRun>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed or used.
    pub updated_at: Timestamp,
}

/// Changes a project; what is missing stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct ProjectUpdate {
    /// Which.
    pub project_id: ProjectId,
    /// What people call it.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is.
    #[serde(default)]
    pub description: Option<String>,
}

/// Deletes a project and its memory. Its files stay on disk until the workspace is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ProjectRemove {
    /// Which.
    pub project_id: ProjectId,
}
