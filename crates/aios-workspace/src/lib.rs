//! The user's files and processes: confined files, search, watching, git, the sandboxed runner.
//!
//! The only crate that touches a workspace's files or starts its commands. It knows neither policies nor agents: whether a
//! call may happen is decided before it comes here; here it is only kept inside the workspace.

#![expect(clippy::disallowed_methods, reason = "files and processes are what this crate owns")]

mod disk;
mod folder;
mod git;
mod language_server;
mod repository;
mod review;
mod sandbox;
mod terminal;
pub mod toolbox;
mod watch;

pub use disk::{DiskWorkspace, OpenError, content_hash};
pub use folder::{FileList, FolderError, SearchError, Unencodable, UserFolder, folders_in, replace, search};
pub use git::{Git, current_branch};
pub use language_server::{
    KnownServer, LanguageServer, SERVERS, ServerError, ServerSpec, find_program, server_for,
};
pub use repository::{GitError, GitProgram, Repo};
pub use review::{RecordedWorkspace, Review, ReviewError};
#[cfg(unix)]
pub use sandbox::sandbox_exec_main;
pub use sandbox::{SANDBOX_EXEC, SandboxRunner, SandboxSettings, Toolchains};
pub use terminal::{Shown, Terminal, TerminalError, TerminalSpec};
pub use watch::{WatchError, Watcher};
