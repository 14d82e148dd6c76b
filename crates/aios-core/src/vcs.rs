//! The version-control port of a workspace.

use async_trait::async_trait;

/// Version control of one workspace, as the git tools of agents need it.
#[async_trait]
pub trait Vcs: Send + Sync {
    /// Makes the workspace a repository (if it is none) and commits all that is not ignored; answers the commit's short id.
    async fn init(&self, message: &str) -> Result<String, VcsError>;

    /// Branch, changes and the last five commits.
    async fn status(&self) -> Result<VcsStatus, VcsError>;
}

/// What `git status` tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VcsStatus {
    /// The current branch; nothing when detached or without a commit.
    pub branch: Option<String>,
    /// Changed paths with git's two-letter state, such as `?? new.py`.
    pub changes: Vec<String>,
    /// The last commits, newest first.
    pub commits: Vec<CommitLine>,
}

/// One commit in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommitLine {
    /// Short id.
    pub id: String,
    /// First line of the message.
    pub subject: String,
}

/// Why version control could not answer.
#[derive(Debug, thiserror::Error)]
pub enum VcsError {
    /// There is no repository yet.
    #[error("the workspace is not a git repository; git_init makes it one")]
    NoRepository,
    /// Git refused.
    #[error("git could not {attempted}: {source}")]
    Git {
        /// What was attempted.
        attempted: &'static str,
        /// Why it failed.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
