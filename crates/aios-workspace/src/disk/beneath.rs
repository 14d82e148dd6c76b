//! Reading and changing files beneath the root's directory handle.
//!
//! Two steps, so that hidden files stay hidden whatever links point at them: the path is resolved to its real name within
//! the root, then that name is opened part by part without following any link. A link put in between makes the second step fail.

use std::io::{self, ErrorKind, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aios_core::{ContentHash, FileError, WorkspacePath, Written};
use cap_fs_ext::{DirExt, FollowSymlinks, OpenOptionsFollowExt};
use cap_std::fs::{Dir, File, Metadata, OpenOptions, Permissions};
use sha2::{Digest, Sha256};

use super::hidden::Hidden;
use super::{Caller, OWN_FOLDER};

/// A workspace's folder: its path for walks and messages, its handle for contents.
pub(crate) struct Root {
    pub(crate) path: PathBuf,
    pub(crate) dir: Dir,
    pub(crate) hidden: Arc<Hidden>,
    /// What is read or written at once, at most.
    pub(crate) most_bytes: u64,
}

impl Root {
    pub(crate) fn read(&self, path: &WorkspacePath) -> Result<Vec<u8>, FileError> {
        let (file, metadata) = self.open(path)?;
        let too_large = |bytes| FileError::TooLarge { path: path.clone(), bytes, limit: self.most_bytes };
        if metadata.len() > self.most_bytes {
            return Err(too_large(metadata.len()));
        }
        let mut content = Vec::with_capacity(metadata.len() as usize);
        file.take(self.most_bytes + 1)
            .read_to_end(&mut content)
            .map_err(|error| refused("read", path, error))?;
        if content.len() as u64 > self.most_bytes {
            return Err(too_large(content.len() as u64));
        }
        Ok(content)
    }

    /// The first `most` bytes of a file of any size, and how many it has.
    pub(crate) fn read_start(&self, path: &WorkspacePath, most: u64) -> Result<(Vec<u8>, u64), FileError> {
        let (file, metadata) = self.open(path)?;
        let mut content = Vec::new();
        file.take(most).read_to_end(&mut content).map_err(|error| refused("read", path, error))?;
        Ok((content, metadata.len()))
    }

    /// Opens a regular file for reading.
    pub(crate) fn open(&self, path: &WorkspacePath) -> Result<(File, Metadata), FileError> {
        self.refuse_hidden(path)?;
        let real = self.resolve("read", path)?;
        self.refuse_hidden(&real)?;
        let (folder, name) = self.folder_of("read", &real, MissingFolders::Fail)?;
        let mut options = OpenOptions::new();
        options.read(true).follow(FollowSymlinks::No);
        #[cfg(unix)]
        {
            use cap_std::fs::OpenOptionsExt;
            // Opening a named pipe would otherwise wait for its other end.
            options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
        }
        let file = folder.open_with(name, &options).map_err(|error| refused("read", path, error))?;
        let metadata = file.metadata().map_err(|error| refused("read", path, error))?;
        if metadata.is_file() { Ok((file, metadata)) } else { Err(FileError::NotAFile(path.clone())) }
    }

    /// Replaces a file in one step: a reader sees the old content or the new, never a part, and a hard link to a file
    /// elsewhere is replaced, not written through. What an agent writes is not
    /// synced to the disk: after a power cut the run is repeated from its last checkpoint anyway, and a sync costs milliseconds
    /// per file.
    pub(crate) fn write(
        &self,
        path: &WorkspacePath,
        content: &[u8],
        caller: Caller,
    ) -> Result<Written, FileError> {
        let io = |error| refused("write", path, error);
        if content.len() as u64 > self.most_bytes {
            return Err(FileError::TooLarge {
                path: path.clone(),
                bytes: content.len() as u64,
                limit: self.most_bytes,
            });
        }
        self.refuse_hidden(path)?;
        let real = self.resolve("write", path)?;
        self.refuse_change(&real, caller)?;
        let (folder, name) = self.folder_of("write", &real, MissingFolders::Create)?;
        let (before, permissions) = match existing(&folder, name, path)? {
            Some((hash, permissions)) => (Some(hash), Some(permissions)),
            None => (None, None),
        };
        let temporary = Temporary::create(&folder).map_err(io)?;
        temporary.fill(content, permissions).map_err(io)?;
        if caller == Caller::Editor {
            temporary.file.sync_data().map_err(io)?;
        }
        temporary.rename_to(name).map_err(io)?;
        Ok(Written { before, after: content_hash(content) })
    }

    /// Removes a file, or a link itself.
    pub(super) fn remove(&self, path: &WorkspacePath, caller: Caller) -> Result<(), FileError> {
        let io = |error| refused("remove", path, error);
        self.refuse_hidden(path)?;
        let real = self.resolve_folder("remove", path)?;
        self.refuse_change(&real, caller)?;
        let (folder, name) = self.folder_of("remove", &real, MissingFolders::Fail)?;
        let metadata = folder.symlink_metadata(name).map_err(io)?;
        if metadata.is_dir() {
            return Err(FileError::NotAFile(path.clone()));
        }
        folder.remove_file_or_symlink(name).map_err(io)
    }

    /// The folder that holds what a path names, links on the way followed, and its name in it. What has that name may be a
    /// link, or not exist.
    pub(crate) fn entry(
        &self,
        attempted: &'static str,
        path: &WorkspacePath,
        missing: MissingFolders,
    ) -> Result<(Dir, String), FileError> {
        let real = self.resolve_folder(attempted, path)?;
        let (folder, name) = self.folder_of(attempted, &real, missing)?;
        Ok((folder, name.to_owned()))
    }

    /// Opens a folder, links followed within the root.
    pub(crate) fn open_folder(&self, path: &WorkspacePath) -> Result<Dir, FileError> {
        let real = self.resolve("list", path)?;
        let (above, name) = self.folder_of("list", &real, MissingFolders::Fail)?;
        above.open_dir_nofollow(name).map_err(|error| refused("list", path, error))
    }

    /// As `resolve`, but the last part is left as it is.
    fn resolve_folder(
        &self,
        attempted: &'static str,
        path: &WorkspacePath,
    ) -> Result<WorkspacePath, FileError> {
        let Some(folder) = path.parent() else { return Ok(path.clone()) };
        let folder = self.resolve(attempted, &folder)?;
        WorkspacePath::new(&format!("{folder}/{}", path.file_name()))
            .map_err(|_| FileError::NotAFile(path.clone()))
    }

    /// The path's real name within the root: links are followed as far as the path exists.
    fn resolve(&self, attempted: &'static str, path: &WorkspacePath) -> Result<WorkspacePath, FileError> {
        let mut missing = Vec::new();
        let mut existing = Some(path.clone());
        while let Some(at) = existing {
            match self.dir.canonicalize(at.as_path()) {
                Ok(mut real) => {
                    real.extend(missing.iter().rev());
                    let text = real.to_str().unwrap_or_default();
                    return WorkspacePath::new(text).map_err(|_| FileError::NotAFile(path.clone()));
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    missing.push(at.file_name().to_owned());
                    existing = at.parent();
                }
                Err(error) => return Err(refused(attempted, path, error)),
            }
        }
        Ok(path.clone())
    }

    /// The handle of the folder that holds a resolved path, and the name in it.
    fn folder_of<'path>(
        &self,
        attempted: &'static str,
        real: &'path WorkspacePath,
        missing: MissingFolders,
    ) -> Result<(Dir, &'path str), FileError> {
        let io = |error| refused(attempted, real, error);
        let mut folder = self.dir.try_clone().map_err(io)?;
        let Some(parent) = real.parent() else { return Ok((folder, real.as_str())) };
        for part in parent.as_str().split('/') {
            let next = match folder.open_dir_nofollow(part) {
                Err(error) if error.kind() == ErrorKind::NotFound && missing == MissingFolders::Create => {
                    match folder.create_dir(part) {
                        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
                        _ => folder.open_dir_nofollow(part),
                    }
                }
                opened => opened,
            };
            folder = match next {
                Ok(next) => next,
                Err(_) if is_link(&folder, part) => return Err(FileError::Escapes(real.clone())),
                Err(error) => return Err(io(error)),
            };
        }
        Ok((folder, real.file_name()))
    }

    fn refuse_hidden(&self, path: &WorkspacePath) -> Result<(), FileError> {
        if self.hidden.hides(path.as_path(), false) { Err(FileError::Hidden(path.clone())) } else { Ok(()) }
    }

    fn refuse_change(&self, real: &WorkspacePath, caller: Caller) -> Result<(), FileError> {
        self.refuse_hidden(real)?;
        let first = real.as_str().split('/').next().unwrap_or_default();
        if caller == Caller::Agent && first.eq_ignore_ascii_case(OWN_FOLDER) {
            return Err(FileError::Hidden(real.clone()));
        }
        Ok(())
    }
}

/// What to do about folders on the way that do not exist.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum MissingFolders {
    Create,
    Fail,
}

/// The content's hash and the permissions of the file that a write replaces.
fn existing(
    folder: &Dir,
    name: &str,
    path: &WorkspacePath,
) -> Result<Option<(ContentHash, Permissions)>, FileError> {
    let io = |error| refused("write", path, error);
    let metadata = match folder.symlink_metadata(name) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other.map_err(io)?,
    };
    // Links were resolved before: one that is still here leads nowhere, or was put here just now.
    if metadata.is_symlink() {
        return Err(FileError::Escapes(path.clone()));
    }
    if !metadata.is_file() {
        return Err(FileError::NotAFile(path.clone()));
    }
    // Renaming over a read-only file would succeed; whoever marked it so did not want that.
    if metadata.permissions().readonly() {
        return Err(io(io::Error::new(ErrorKind::PermissionDenied, "the file is marked read-only")));
    }
    let mut options = OpenOptions::new();
    options.read(true).follow(FollowSymlinks::No);
    let mut file = folder.open_with(name, &options).map_err(io)?;
    let mut hasher = Sha256::new();
    let mut part = vec![0; 64 * 1024];
    loop {
        match file.read(&mut part).map_err(io)? {
            0 => break,
            count => hasher.update(&part[..count]),
        }
    }
    Ok(Some((in_hex(&hasher.finalize()), metadata.permissions())))
}

/// A new file beside the one that it will replace; removed again unless it does.
struct Temporary<'folder> {
    folder: &'folder Dir,
    name: String,
    file: File,
    renamed: bool,
}

impl<'folder> Temporary<'folder> {
    fn create(folder: &'folder Dir) -> io::Result<Self> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let name = format!("{}{}-{number}.tmp", super::walk::TEMPORARY_PREFIX, std::process::id());
            match folder.open_with(&name, OpenOptions::new().write(true).create_new(true)) {
                // A crash left it behind.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                opened => return opened.map(|file| Self { folder, name, file, renamed: false }),
            }
        }
    }

    fn fill(&self, content: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
        (&self.file).write_all(content)?;
        permissions.map_or(Ok(()), |permissions| self.file.set_permissions(permissions))
    }

    fn rename_to(mut self, name: &str) -> io::Result<()> {
        self.folder.rename(&self.name, self.folder, name)?;
        self.renamed = true;
        Ok(())
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        if !self.renamed
            && let Err(error) = self.folder.remove_file(&self.name)
        {
            tracing::warn!(name = self.name, %error, "a temporary file was left in the workspace");
        }
    }
}

fn is_link(folder: &Dir, name: &str) -> bool {
    folder.symlink_metadata(name).is_ok_and(|metadata| metadata.is_symlink())
}

/// The name of a version of a file.
pub fn content_hash(content: &[u8]) -> ContentHash {
    in_hex(&Sha256::digest(content))
}

fn in_hex(digest: &[u8]) -> ContentHash {
    ContentHash(digest.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// What an error of the operating system means for a path.
pub(crate) fn refused(attempted: &'static str, path: &WorkspacePath, error: io::Error) -> FileError {
    match error.kind() {
        // Beneath a file there is nothing.
        ErrorKind::NotFound | ErrorKind::NotADirectory => FileError::NotFound(path.clone()),
        ErrorKind::IsADirectory => FileError::NotAFile(path.clone()),
        _ if leads_outside(&error) => FileError::Escapes(path.clone()),
        _ => FileError::Io { attempted, path: path.to_string(), source: error },
    }
}

/// cap-std says so in words of its own, without a number of the system; a link put in a file's place is ELOOP.
fn leads_outside(error: &io::Error) -> bool {
    match error.raw_os_error() {
        None => error.kind() == ErrorKind::PermissionDenied && error.to_string().contains("outside"),
        #[cfg(unix)]
        Some(number) => number == rustix::io::Errno::LOOP.raw_os_error(),
        #[cfg(not(unix))]
        Some(_) => false,
    }
}
