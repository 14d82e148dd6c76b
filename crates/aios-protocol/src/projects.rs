//! Project memory: what earlier runs of a project did.

use serde::{Deserialize, Serialize};

use crate::{ProjectId, RunId, Timestamp};

/// Lists the projects.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ProjectList {}

/// All projects, most recently used first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Projects {
    /// The projects.
    pub projects: Vec<ProjectState>,
}

/// Shows one project.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ProjectShow {
    /// The project.
    pub project_id: ProjectId,
}

/// What is remembered of a project; the planner of its next run reads it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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
