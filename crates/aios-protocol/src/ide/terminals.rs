//! Terminals of the user.

use serde::{Deserialize, Serialize};

use crate::{FolderId, TerminalId};

/// Opens a terminal. It ends with the stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct TerminalOpen {
    /// The folder that it starts in.
    pub folder: FolderId,
    /// Its width.
    pub columns: u16,
    /// Its height.
    pub rows: u16,
    /// A folder in it to start in.
    #[serde(default)]
    pub path: Option<String>,
    /// The shell's file; the user's own when missing.
    #[serde(default)]
    pub shell: Option<String>,
}

/// What a terminal does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TerminalEvent {
    /// It runs; always first.
    Opened {
        /// Names it in further commands.
        terminal: TerminalId,
        /// The shell's file.
        shell: String,
    },
    /// It wrote something.
    Output {
        /// What; bytes that are no UTF-8 are replaced.
        text: String,
    },
    /// The shell ended; always last.
    Exited {
        /// Its exit code; null when a signal ended it.
        code: Option<i32>,
    },
}

/// Types into a terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TerminalWrite {
    /// Which.
    pub terminal: TerminalId,
    /// What is typed.
    pub text: String,
}

/// Tells a terminal its size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TerminalResize {
    /// Which.
    pub terminal: TerminalId,
    /// Its width.
    pub columns: u16,
    /// Its height.
    pub rows: u16,
}

/// Ends a terminal and everything that runs in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TerminalClose {
    /// Which.
    pub terminal: TerminalId,
}
