//! Language servers, which the editor talks to itself.

use serde::{Deserialize, Serialize};

use crate::{FolderId, LanguageServerId};

/// Tells which language servers could run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct LanguageServerList {
    /// The open folder.
    pub folder: FolderId,
}

/// The servers that are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct LanguageServers {
    /// One for each group of languages: the first that is installed.
    pub servers: Vec<LanguageServer>,
}

/// A language server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct LanguageServer {
    /// What it is for, as the protocol names languages.
    pub languages: Vec<String>,
    /// Its name.
    pub name: String,
    /// Its file; null where none is installed.
    pub program: Option<String>,
    /// How to install it.
    pub install: String,
}

/// Starts a language server for a trusted folder. It ends with the stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct LanguageServerOpen {
    /// The open folder.
    pub folder: FolderId,
    /// A language that it serves.
    pub language: String,
}

/// What a language server says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LanguageServerEvent {
    /// It runs; always first.
    Started {
        /// Names it in further commands.
        server: LanguageServerId,
        /// Its name.
        name: String,
        /// The folder's URI, for `initialize`.
        root: String,
    },
    /// A message of the Language Server Protocol.
    Message {
        /// The message, without its header.
        json: String,
    },
}

/// Sends a message to a language server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct LanguageServerSend {
    /// Which.
    pub server: LanguageServerId,
    /// A message of the Language Server Protocol, without its header.
    pub json: String,
}
