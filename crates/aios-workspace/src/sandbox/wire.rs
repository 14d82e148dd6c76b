//! What the runner and the sandbox's inner stage say to each other: one line of JSON each way.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What the inner stage shall run, and what it may touch.
///
/// The command's variables travel here, not in the environment: set on the outer processes, an `LD_PRELOAD` would run
/// before anything is confined.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    pub(super) argv: Vec<String>,
    pub(super) env: Vec<(String, String)>,
    pub(super) workspace: PathBuf,
    /// Relative to the workspace.
    pub(super) folder: Option<String>,
    pub(super) read_only: Vec<PathBuf>,
    /// Besides the workspace.
    pub(super) read_write: Vec<PathBuf>,
    /// Parts of the workspace that must be kept by rules, because no mount covers them.
    pub(super) protected: Vec<Protected>,
    pub(super) network: bool,
    /// Whether it runs in its own namespaces for processes and network.
    pub(super) namespaces: bool,
    pub(super) memory_bytes: u64,
    pub(super) file_bytes: u64,
    pub(super) processes: u64,
}

/// A part of the workspace that commands may not change or not even see.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Protected {
    /// Relative to the workspace.
    pub(super) path: PathBuf,
    pub(super) protection: Protection,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Protection {
    ReadOnly,
    HiddenFile,
    HiddenFolder,
}

/// How it went.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Reply {
    Exited(i32),
    Signalled(i32),
    TooManyProcesses,
    /// The program could not be started, for this error of the operating system.
    NotStarted(i32),
    /// The folder to run in cannot be entered, for this error of the operating system.
    NoFolder(i32),
    /// The sandbox could not be set up; nothing was run.
    NotConfined(String),
}
