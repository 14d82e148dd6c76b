//! The file port: one workspace, confined to its root.

use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use crate::WorkspacePath;

/// The files of one workspace. Nothing above its root can be reached, links included. Ignored and secret files (`.env`
/// and what the ignore lists name) are neither listed, searched nor read.
#[async_trait]
pub trait Workspace: Send + Sync {
    /// Reads a whole file.
    async fn read(&self, path: &WorkspacePath) -> Result<Vec<u8>, FileError>;

    /// Writes a whole file atomically, making folders on the way.
    async fn write(&self, path: &WorkspacePath, content: &[u8]) -> Result<Written, FileError>;

    /// Deletes a file.
    async fn remove(&self, path: &WorkspacePath) -> Result<(), FileError>;

    /// All files, sorted, at most `limit`.
    async fn list(&self, limit: usize) -> Result<Listing, FileError>;

    /// Lines that match.
    async fn search(&self, query: &SearchQuery, stop: &CancellationToken) -> Result<SearchHits, FileError>;
}

/// SHA-256 of a file's content, in hex.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ContentHash(pub String);

/// What a write did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The content before; nothing when the file is new.
    pub before: Option<ContentHash>,
    /// The content now.
    pub after: ContentHash,
}

/// A file in a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Its path.
    pub path: WorkspacePath,
    /// Its size.
    pub bytes: u64,
}

/// The files of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// The files, sorted by path.
    pub files: Vec<FileEntry>,
    /// Whether there are more than were asked for.
    pub truncated: bool,
}

/// What to search for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchQuery {
    /// A regular expression, or plain text.
    pub pattern: String,
    /// Whether `pattern` is a regular expression.
    pub regex: bool,
    /// Whether case matters.
    pub case_sensitive: bool,
    /// Only files whose path matches this glob, such as `src/**/*.py`.
    pub glob: Option<String>,
    /// Stop after this many hits.
    pub limit: usize,
}

/// A line that matched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHit {
    /// The file.
    pub path: WorkspacePath,
    /// The line, counted from 1.
    pub line: u64,
    /// Its text, clipped.
    pub text: String,
}

/// The lines that matched, by path and line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchHits {
    /// The hits.
    pub hits: Vec<SearchHit>,
    /// Whether there are more than were asked for.
    pub truncated: bool,
}

/// Why a file could not be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// No such file.
    #[error("{0} does not exist")]
    NotFound(WorkspacePath),
    /// It exists and is no file.
    #[error("{0} is a folder or a special file, not a regular file")]
    NotAFile(WorkspacePath),
    /// It lies outside the workspace, through a link.
    #[error("{0} leads out of the workspace through a symbolic link")]
    Escapes(WorkspacePath),
    /// It is hidden from agents.
    #[error("{0} is hidden: it may hold secrets or is on an ignore list")]
    Hidden(WorkspacePath),
    /// It is larger than the workspace reads or writes at once.
    #[error("{path} has {bytes} bytes; the limit is {limit}")]
    TooLarge {
        /// The file.
        path: WorkspacePath,
        /// Its size.
        bytes: u64,
        /// The most that is allowed.
        limit: u64,
    },
    /// The pattern of a search is not valid.
    #[error("the search pattern {pattern:?} is not valid: {reason}")]
    Pattern {
        /// The pattern or glob.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The operating system refused: no permission, disk full, …
    #[error("could not {attempted} {path}: {source}")]
    Io {
        /// `read`, `write`, `list`, …
        attempted: &'static str,
        /// The file or folder.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

impl FileError {
    /// Whether a model can do something about it; otherwise the run must stop.
    pub fn is_news_for_the_model(&self) -> bool {
        use std::io::ErrorKind;
        match self {
            Self::Io { source, .. } => !matches!(
                source.kind(),
                ErrorKind::StorageFull | ErrorKind::ReadOnlyFilesystem | ErrorKind::QuotaExceeded
            ),
            _ => true,
        }
    }
}
