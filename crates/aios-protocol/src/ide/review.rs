//! What a run changed, and what a person decides about it.

use serde::{Deserialize, Serialize};

use crate::{Hunk, RunId};

/// Shows what a run changed in its workspace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunChanges {
    /// Which.
    pub run_id: RunId,
}

/// What a run changed and nobody decided about yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct RunReview {
    /// Which.
    pub run_id: RunId,
    /// Lines added.
    pub added: u64,
    /// Lines removed.
    pub removed: u64,
    /// The files, by path.
    pub files: Vec<ReviewedFile>,
    /// Whether the last decision can be taken back.
    pub can_undo: bool,
}

/// A file that a run changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ReviewedFile {
    /// The file.
    pub path: String,
    /// Its text before the run; null where it was not there, or is no text.
    pub before: Option<String>,
    /// Its text after the run; null where it is not there, or is no text.
    pub after: Option<String>,
    /// Whether one of the contents is no text.
    pub binary: bool,
    /// The places that differ.
    pub hunks: Vec<Hunk>,
}

/// Decides about changes of a run: all, those of a file, or one hunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct RunChangeDecide {
    /// Which.
    pub run_id: RunId,
    /// The file; all files when missing.
    #[serde(default)]
    pub path: Option<String>,
    /// The hunk's id; the whole file when missing.
    #[serde(default)]
    pub hunk: Option<String>,
    /// What to do.
    pub decision: Decision,
}

/// What to do with a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Keep it.
    Keep,
    /// Undo it in the workspace.
    Reject,
    /// Take the last decision back.
    Undo,
}
