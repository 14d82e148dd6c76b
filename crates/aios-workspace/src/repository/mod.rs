//! The repository that a folder is in, as a person works with it.
//!
//! It is read with libgit2, which starts no hook, monitor or filter, so an untrusted folder can be looked at. It is changed
//! by the user's own git, with their hooks, signatures and filters: only in folders that they trust. Everything blocks.

mod diff;
mod history;
mod program;
mod refs;
mod status;

use std::path::{Path, PathBuf};

use aios_core::WorkspacePath;
use git2::Repository;

pub use self::program::GitProgram;

/// The repository of a folder.
pub struct Repo {
    repository: Repository,
    /// The root of the work tree, links resolved.
    root: PathBuf,
    /// The folder, relative to the root.
    prefix: PathBuf,
}

/// Why git could not do something.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no repository.
    #[error("the folder is in no git repository")]
    NoRepository,
    /// The repository could not be read.
    #[error("git could not {attempted}: {}", .source.message())]
    Read {
        /// What was attempted.
        attempted: &'static str,
        /// Why it failed.
        source: git2::Error,
    },
    /// The user has no git.
    #[error("git is not installed, or not on the PATH")]
    NoProgram,
    /// Their git could not be started.
    #[error("git could not be started: {0}")]
    Start(std::io::Error),
    /// Their git refused.
    #[error("git {command}: {said}")]
    Refused {
        /// Its first argument.
        command: String,
        /// What it said.
        said: String,
    },
    /// A hunk is not the same any more.
    #[error("{path} was changed since it was looked at")]
    Stale {
        /// The file.
        path: WorkspacePath,
    },
    /// A name that git would take for something else.
    #[error("{0:?} is no name of a branch or commit")]
    BadName(String),
    /// A file could not be moved to the trash.
    #[error(transparent)]
    Folder(#[from] crate::FolderError),
}

impl GitError {
    /// Whether what was named is not there.
    pub fn names_nothing(&self) -> bool {
        matches!(self, Self::Read { source, .. } if source.code() == git2::ErrorCode::NotFound)
    }
}

fn failed(attempted: &'static str) -> impl Fn(git2::Error) -> GitError {
    move |source| GitError::Read { attempted, source }
}

impl Repo {
    /// The repository that the folder is in.
    pub fn of(folder: &Path) -> Result<Self, GitError> {
        let repository = Repository::discover(folder).map_err(|source| match source.code() {
            git2::ErrorCode::NotFound => GitError::NoRepository,
            _ => GitError::Read { attempted: "open the repository", source },
        })?;
        let root = repository.workdir().ok_or(GitError::NoRepository)?;
        let root = root
            .canonicalize()
            .map_err(|error| failed("find its files")(git2::Error::from_str(&error.to_string())))?;
        let prefix = folder.strip_prefix(&root).map_err(|_| GitError::NoRepository)?.to_owned();
        Ok(Self { repository, root, prefix })
    }

    /// A path of the folder as the repository knows it.
    fn inside(&self, path: &WorkspacePath) -> PathBuf {
        self.prefix.join(path.as_path())
    }

    /// A path of the repository as the folder knows it; nothing for what lies beside the folder.
    fn shown(&self, path: &Path) -> Option<String> {
        let path = path.strip_prefix(&self.prefix).ok()?.to_str()?;
        Some(path.replace(std::path::MAIN_SEPARATOR, "/"))
    }
}

/// A moment of a commit.
fn moment(time: git2::Time) -> aios_protocol::Timestamp {
    aios_protocol::Timestamp::from_micros(time.seconds().saturating_mul(1_000_000))
}
