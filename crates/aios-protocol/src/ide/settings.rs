//! The settings of the editor.

use serde::{Deserialize, Serialize};

use crate::{FolderId, Settings};

/// Shows the settings as they hold, and the files that they come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct SettingsShow {
    /// With the project's settings of this folder, if it is trusted.
    #[serde(default)]
    pub folder: Option<FolderId>,
}

/// The settings as they hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct SettingsView {
    /// Defaults, then the user's, then the project's.
    pub settings: Settings,
    /// The user's file.
    pub user: SettingsFile,
    /// The project's file; null without a folder.
    pub project: Option<SettingsFile>,
}

/// A settings file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct SettingsFile {
    /// Where it is.
    pub path: String,
    /// Its text, comments included; empty where there is none.
    pub text: String,
    /// Names the text; null where there is none.
    pub version: Option<String>,
    /// Whether it holds; not so when it is not valid, or the folder is not trusted.
    pub applied: bool,
    /// What is wrong with it. A file with problems is left as it is, and the defaults hold.
    pub problems: Vec<SettingsProblem>,
}

/// Something wrong with a settings file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct SettingsProblem {
    /// Counted from 1.
    pub line: u32,
    /// Counted from 1.
    pub column: u32,
    /// What.
    pub message: String,
}

/// Saves a settings file as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct SettingsSave {
    /// The project's file of this folder; the user's when missing.
    #[serde(default)]
    pub folder: Option<FolderId>,
    /// Its text: JSON with comments.
    pub text: String,
    /// The version that it was made from; a file that must not exist yet when missing.
    #[serde(default)]
    pub base_version: Option<String>,
}

/// Changes one setting in a file; comments and all else stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct SettingsSet {
    /// The project's file of this folder; the user's when missing.
    #[serde(default)]
    pub folder: Option<FolderId>,
    /// Which, such as `editor.tab_size`.
    pub key: String,
    /// Its value; the setting is taken out when missing.
    #[serde(default)]
    pub value: Option<serde_json::Value>,
}

/// Shows the JSON schema of the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct SettingsSchema {}

/// The JSON schema of the settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct SettingsSchemaView {
    /// JSON Schema 2020-12.
    pub schema: serde_json::Value,
}
