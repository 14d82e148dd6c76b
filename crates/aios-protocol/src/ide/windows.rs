//! What an editor's window keeps: unsaved text and its own state.

use serde::{Deserialize, Serialize};

use crate::{FolderId, Timestamp};

/// Keeps unsaved text, so that a crash loses none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct DraftSave {
    /// Names it; the window chooses, at most 200 characters.
    pub draft: String,
    /// The folder of the file, if it has one.
    #[serde(default)]
    pub folder: Option<FolderId>,
    /// The file, if it has one.
    #[serde(default)]
    pub path: Option<String>,
    /// The text.
    pub text: String,
    /// The version of the file that it was made from.
    #[serde(default)]
    pub base_version: Option<String>,
}

/// Lists the unsaved texts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct DraftList {
    /// Only those of this folder.
    #[serde(default)]
    pub folder: Option<FolderId>,
}

/// Unsaved texts, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Drafts {
    /// The drafts.
    pub drafts: Vec<Draft>,
}

/// Unsaved text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Draft {
    /// Names it.
    pub draft: String,
    /// The folder of the file, if it has one.
    pub folder: Option<FolderId>,
    /// The file, if it has one.
    pub path: Option<String>,
    /// The text.
    pub text: String,
    /// The version of the file that it was made from.
    pub base_version: Option<String>,
    /// When it was kept.
    pub saved_at: Timestamp,
}

/// Forgets an unsaved text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct DraftRemove {
    /// Which.
    pub draft: String,
}

/// Keeps the state of a window: tabs, carets, sizes. At most 4 MB.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct WindowStateSave {
    /// Names it; the window chooses, at most 200 characters.
    pub window: String,
    /// The state, in the window's own words.
    pub state: String,
}

/// Reads the state of a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct WindowStateLoad {
    /// Which.
    pub window: String,
}

/// The state of a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct WindowState {
    /// In the window's own words; null where none was kept.
    pub state: Option<String>,
}
