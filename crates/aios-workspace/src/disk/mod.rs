//! The file port on a real folder.
//!
//! Everything is opened beneath one directory handle, so that no path, link or race leads outside. Names and sizes come from
//! a walk of the same folder; contents only ever through the handle.

mod beneath;
mod hidden;
mod search;
mod walk;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aios_core::{FileError, Listing, SearchHits, SearchQuery, Workspace, WorkspacePath, Written};
use async_trait::async_trait;
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use tokio_util::sync::CancellationToken;

pub use beneath::content_hash;
pub(crate) use beneath::{MissingFolders, Root, refused};
pub(crate) use hidden::Hidden;
pub(crate) use walk::{is_generated, is_temporary, walk};

/// The product's own folder in a workspace: plans and reports.
pub(crate) const OWN_FOLDER: &str = ".aios";

/// The most bytes that are read or written at once.
const SIZE_LIMIT: u64 = 10 * 1024 * 1024;

/// A folder of the user's disk as a [`Workspace`], made for agents by [`DiskWorkspace::open`].
#[derive(Clone)]
pub struct DiskWorkspace {
    root: Arc<Root>,
    caller: Caller,
}

/// Who uses a handle. Agents may not change the product's own folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    Agent,
    Harness,
    /// The user, whose changes must survive a power cut.
    Editor,
}

/// Why a folder cannot be a workspace.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is nothing at the path.
    #[error("the workspace folder {} does not exist; create it or choose another", .0.display())]
    Missing(PathBuf),
    /// There is a file at the path, or on the way to it.
    #[error("{} is a file, or a folder above it is; a workspace must be a folder", .0.display())]
    NotAFolder(PathBuf),
    /// It could not be made.
    #[error("could not make the workspace folder {}: {source}", .path.display())]
    NotMade {
        /// The folder.
        path: PathBuf,
        /// Why: no permission, a read-only or full disk.
        source: std::io::Error,
    },
    /// Nothing can be written there.
    #[error("the workspace folder {} cannot be written to: {source}", .path.display())]
    NotWritable {
        /// The folder.
        path: PathBuf,
        /// Why: no permission, a read-only disk.
        source: std::io::Error,
    },
    /// Its `.aiosignore` is not valid.
    #[error("the ignore list {} is not valid: {source}", .path.display())]
    IgnoreList {
        /// The list.
        path: PathBuf,
        /// The line and what is wrong with it.
        source: ignore::Error,
    },
    /// The operating system refused.
    #[error("could not open the workspace folder {}: {source}", .path.display())]
    Io {
        /// The folder.
        path: PathBuf,
        /// Why it failed.
        source: std::io::Error,
    },
}

impl DiskWorkspace {
    /// Makes a folder with the folders above it, as far as they are not there, and opens it for agents.
    pub fn create(folder: &Path) -> Result<Self, OpenError> {
        std::fs::create_dir_all(folder)
            .map_err(|source| OpenError::NotMade { path: folder.to_owned(), source })?;
        Self::open(folder)
    }

    /// Opens a folder for agents. The folder and its ignore list are fixed from here on. Writes nothing.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let io = |source: std::io::Error| match source.kind() {
            std::io::ErrorKind::NotFound => OpenError::Missing(folder.to_owned()),
            std::io::ErrorKind::NotADirectory => OpenError::NotAFolder(folder.to_owned()),
            _ => OpenError::Io { path: folder.to_owned(), source },
        };
        let path = folder.canonicalize().map_err(io)?;
        let dir = Dir::open_ambient_dir(&path, ambient_authority()).map_err(io)?;
        #[cfg(unix)]
        rustix::fs::accessat(&dir, ".", rustix::fs::Access::WRITE_OK, rustix::fs::AtFlags::empty())
            .map_err(std::io::Error::from)
            .map_err(|source| OpenError::NotWritable { path: path.clone(), source })?;
        let hidden = Hidden::load(&dir)
            .map_err(|source| OpenError::IgnoreList { path: path.join(hidden::IGNORE_LIST), source })?;
        Ok(Self {
            root: Arc::new(Root { path, dir, hidden: Arc::new(hidden), most_bytes: SIZE_LIMIT }),
            caller: Caller::Agent,
        })
    }

    /// The same workspace for the harness, which keeps its plans and reports in `.aios`.
    pub fn for_harness(&self) -> Self {
        Self { root: self.root.clone(), caller: Caller::Harness }
    }

    /// Where it lies, links resolved.
    pub fn path(&self) -> &Path {
        &self.root.path
    }

    /// Hands every file that is shown to `each`, with its size and content, in the order of a walk. Blocks.
    ///
    /// What cannot be opened, or vanishes on the way, is left out. Ends early with the first error of `each`.
    pub fn export<E>(
        &self,
        mut each: impl FnMut(&WorkspacePath, u64, &mut dyn std::io::Read) -> Result<(), E>,
    ) -> Result<(), E> {
        for (path, _) in walk::files(&self.root) {
            if let Ok((mut file, metadata)) = self.root.open(&path) {
                each(&path, metadata.len(), &mut file)?;
            }
        }
        Ok(())
    }

    /// The first `most` bytes of a file, however large it is, and how many it has. For previews.
    pub async fn read_start(&self, path: &WorkspacePath, most: u64) -> Result<(Vec<u8>, u64), FileError> {
        let path = path.clone();
        self.blocking("read", move |root| root.read_start(&path, most)).await
    }

    pub(crate) fn caller(&self) -> Caller {
        self.caller
    }

    pub(crate) fn hidden(&self) -> &Arc<Hidden> {
        &self.root.hidden
    }

    /// Runs blocking work on the root, off the async threads.
    async fn blocking<T: Send + 'static>(
        &self,
        attempted: &'static str,
        work: impl FnOnce(&Root) -> Result<T, FileError> + Send + 'static,
    ) -> Result<T, FileError> {
        let root = self.root.clone();
        match tokio::task::spawn_blocking(move || work(&root)).await {
            Ok(done) => done,
            Err(panicked) => Err(FileError::Io {
                attempted,
                path: self.root.path.display().to_string(),
                source: std::io::Error::other(panicked),
            }),
        }
    }
}

#[async_trait]
impl Workspace for DiskWorkspace {
    async fn read(&self, path: &WorkspacePath) -> Result<Vec<u8>, FileError> {
        let path = path.clone();
        self.blocking("read", move |root| root.read(&path)).await
    }

    async fn write(&self, path: &WorkspacePath, content: &[u8]) -> Result<Written, FileError> {
        let (path, content, caller) = (path.clone(), content.to_vec(), self.caller);
        self.blocking("write", move |root| root.write(&path, &content, caller)).await
    }

    async fn remove(&self, path: &WorkspacePath) -> Result<(), FileError> {
        let (path, caller) = (path.clone(), self.caller);
        self.blocking("remove", move |root| root.remove(&path, caller)).await
    }

    async fn list(&self, limit: usize) -> Result<Listing, FileError> {
        self.blocking("list", move |root| walk::list(root, limit)).await
    }

    async fn search(&self, query: &SearchQuery, stop: &CancellationToken) -> Result<SearchHits, FileError> {
        let (query, stop) = (query.clone(), stop.clone());
        self.blocking("search", move |root| search::search(root, &query, &stop)).await
    }
}
