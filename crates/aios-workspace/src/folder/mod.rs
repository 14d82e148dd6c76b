//! A folder that the user opened in an editor.
//!
//! Its user sees and changes every file in it, secrets included; agents get a [`DiskWorkspace`](crate::DiskWorkspace) of the
//! same place instead. All the same nothing leads out of it: everything is opened beneath its handle. Its methods block.

mod entries;
mod files;
mod find;
mod large;
mod listing;
mod replace;
mod search;
mod text;
mod trash;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use aios_core::{FileError, WorkspacePath};
use cap_std::ambient_authority;
use cap_std::fs::Dir;

pub use self::find::FileList;
pub use self::listing::folders_in;
pub use self::replace::replace;
pub use self::search::{SearchError, search};
pub use self::text::Unencodable;
pub(crate) use self::text::decode;
use crate::disk::{Caller, Hidden, OpenError, Root};
use large::Indexes;

/// The most bytes of a file that an editor saves.
const MOST_SAVED: u64 = 64 * 1024 * 1024;

/// A folder that the user opened.
pub struct UserFolder {
    pub(crate) root: Root,
    /// What agents do not see.
    hidden: Hidden,
    indexes: Indexes,
    trash: PathBuf,
}

/// Why something in a folder could not be done.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// A file could not be read or changed.
    #[error(transparent)]
    File(#[from] FileError),
    /// There is something already.
    #[error("{0} exists already")]
    Exists(WorkspacePath),
    /// A folder cannot be moved or copied into itself.
    #[error("{0} cannot go into itself")]
    IntoItself(WorkspacePath),
    /// The encoding has no such character.
    #[error("{path} was not saved: {source}")]
    Unencodable {
        /// The file.
        path: WorkspacePath,
        /// The character.
        source: Unencodable,
    },
}

impl UserFolder {
    /// Opens a folder; `trash` is where removed things go. Writes nothing.
    pub fn open(folder: &Path, trash: PathBuf) -> Result<Self, OpenError> {
        let io = |source: std::io::Error| match source.kind() {
            std::io::ErrorKind::NotFound => OpenError::Missing(folder.to_owned()),
            std::io::ErrorKind::NotADirectory => OpenError::NotAFolder(folder.to_owned()),
            _ => OpenError::Io { path: folder.to_owned(), source },
        };
        let path = folder.canonicalize().map_err(io)?;
        let dir = Dir::open_ambient_dir(&path, ambient_authority()).map_err(io)?;
        // A list that is not valid hides nothing from its author.
        let hidden = Hidden::load(&dir).unwrap_or_else(|_| Hidden::nothing());
        let root = Root { path, dir, hidden: Arc::new(Hidden::nothing()), most_bytes: MOST_SAVED };
        Ok(Self { root, hidden, indexes: Indexes::default(), trash })
    }

    /// Where it lies, links resolved.
    pub fn path(&self) -> &Path {
        &self.root.path
    }
}

/// Why the system refused something in a folder.
fn io(attempted: &'static str, path: &WorkspacePath) -> impl Fn(std::io::Error) -> FolderError {
    move |error| FolderError::File(crate::disk::refused(attempted, path, error))
}

/// The user writes.
const USER: Caller = Caller::Editor;
