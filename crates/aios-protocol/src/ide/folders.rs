//! Folders that the user opened in an editor, and whether they are trusted.

use serde::{Deserialize, Serialize};

use crate::{FolderId, Timestamp};

/// Opens a folder of this machine in the editor. Starts nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FolderOpen {
    /// Absolute; `~` stands for the user's home.
    pub path: String,
}

/// A folder that is open or was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Folder {
    /// Names it in every further command; the same at every start.
    pub folder: FolderId,
    /// Its last part.
    pub name: String,
    /// Absolute, links resolved.
    pub path: String,
    /// Whether the user trusts it. An untrusted folder starts nothing: no server, no hook, no project settings.
    pub trusted: bool,
    /// The branch that is checked out; null where there is none.
    pub branch: Option<String>,
    /// When it was opened last.
    pub opened_at: Timestamp,
}

/// Lists the folders that were opened, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FolderList {}

/// Folders, the latest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Folders {
    /// The folders; those that are gone are left out.
    pub folders: Vec<Folder>,
}

/// Trusts a folder, or takes that back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FolderTrust {
    /// Which.
    pub folder: FolderId,
    /// Whether it is trusted from now on.
    pub trusted: bool,
}

/// Takes a folder from the list; its files stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FolderForget {
    /// Which.
    pub folder: FolderId,
}

/// Shows the folders in a folder of this machine, to choose one to open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct FolderBrowse {
    /// Absolute; the user's home when missing.
    #[serde(default)]
    pub path: Option<String>,
}

/// A folder of this machine and those in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct BrowsedFolder {
    /// Absolute, links resolved.
    pub path: String,
    /// The folder above; null at the top.
    pub parent: Option<String>,
    /// The names of the folders in it, hidden ones last.
    pub folders: Vec<String>,
}

/// Watches a folder for changes, whoever makes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FolderWatch {
    /// Which.
    pub folder: FolderId,
}

/// What happened in a folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FolderChange {
    /// Files or folders changed, came or went.
    Changed {
        /// Sorted by path, each once.
        changes: Vec<ChangedEntry>,
    },
    /// More happened than could be told: whatever is shown must be read again.
    Rescan {},
    /// The branch, the index or the stashes changed.
    Git {},
}

/// A file or folder that changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ChangedEntry {
    /// Its path in the folder.
    pub path: String,
    /// Whether it is there now.
    pub exists: bool,
    /// Whether it is a folder now.
    pub is_folder: bool,
}
