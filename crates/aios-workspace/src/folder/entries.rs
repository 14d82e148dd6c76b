//! Making, moving and copying files and folders. Nothing is ever overwritten.

use std::io::ErrorKind;

use aios_core::{FileError, WorkspacePath};
use aios_protocol::NewEntry;
use cap_fs_ext::DirExt;
use cap_std::fs::{Dir, OpenOptions};

use super::{FolderError, UserFolder, io};
use crate::disk::MissingFolders;

impl UserFolder {
    /// Makes an empty file or a folder, with the folders above it.
    pub fn create(&self, path: &WorkspacePath, kind: NewEntry) -> Result<(), FolderError> {
        let (folder, name) = self.place_for("create", path)?;
        let made = match kind {
            NewEntry::Folder => folder.create_dir(&name),
            NewEntry::File => {
                folder.open_with(&name, OpenOptions::new().write(true).create_new(true)).map(|_| ())
            }
        };
        made.map_err(|error| exists_or("create", path, error))
    }

    /// Renames or moves a file, a folder, or a link itself.
    pub fn rename(&self, from: &WorkspacePath, to: &WorkspacePath) -> Result<(), FolderError> {
        if lies_in(to, from) {
            return Err(FolderError::IntoItself(from.clone()));
        }
        let (old, old_name) = self.root.entry("rename", from, MissingFolders::Fail)?;
        old.symlink_metadata(&old_name).map_err(io("rename", from))?;
        let (new, new_name) = self.place_for("rename", to)?;
        rename_to_free(&old, &old_name, &new, &new_name).map_err(|error| exists_or("rename", to, error))
    }

    /// Copies a file or a whole folder; links in it are copied as links.
    pub fn copy(&self, from: &WorkspacePath, to: &WorkspacePath) -> Result<(), FolderError> {
        if lies_in(to, from) {
            return Err(FolderError::IntoItself(from.clone()));
        }
        let (old, old_name) = self.root.entry("copy", from, MissingFolders::Fail)?;
        old.symlink_metadata(&old_name).map_err(io("copy", from))?;
        let (new, new_name) = self.place_for("copy", to)?;
        copy_tree(&old, &old_name, &new, &new_name).map_err(|error| exists_or("copy", to, error))
    }

    /// The folder that will hold a new entry, and its name in it; refused where there is something already.
    fn place_for(&self, attempted: &'static str, path: &WorkspacePath) -> Result<(Dir, String), FolderError> {
        let (folder, name) = self.root.entry(attempted, path, MissingFolders::Create)?;
        match folder.symlink_metadata(&name) {
            Ok(_) => Err(FolderError::Exists(path.clone())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok((folder, name)),
            Err(error) => Err(io(attempted, path)(error)),
        }
    }
}

fn exists_or(attempted: &'static str, path: &WorkspacePath, error: std::io::Error) -> FolderError {
    match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty => FolderError::Exists(path.clone()),
        _ => io(attempted, path)(error),
    }
}

fn lies_in(path: &WorkspacePath, folder: &WorkspacePath) -> bool {
    path.as_path().starts_with(folder.as_path())
}

/// Moves in one step, and never over something that came there meanwhile, where the system can promise that.
pub(super) fn rename_to_free(from: &Dir, name: &str, to: &Dir, new_name: &str) -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{RenameFlags, renameat_with};
        match renameat_with(from, name, to, new_name, RenameFlags::NOREPLACE) {
            // Some file systems cannot.
            Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS) => {}
            done => return done.map_err(Into::into),
        }
    }
    from.rename(name, to, new_name)
}

/// Copies what has this name, with all that is in it.
pub(super) fn copy_tree(from: &Dir, name: &str, to: &Dir, new_name: &str) -> std::io::Result<()> {
    let metadata = from.symlink_metadata(name)?;
    if metadata.is_dir() {
        let source = from.open_dir_nofollow(name)?;
        to.create_dir(new_name)?;
        let target = to.open_dir_nofollow(new_name)?;
        for entry in source.entries()? {
            let Ok(inner) = entry?.file_name().into_string() else { continue };
            copy_tree(&source, &inner, &target, &inner)?;
        }
        return Ok(());
    }
    if metadata.is_symlink() {
        let target = from.read_link_contents(name)?;
        #[cfg(unix)]
        return to.symlink_contents(target, new_name);
        #[cfg(windows)]
        return to.symlink_file(target, new_name);
    }
    if !metadata.is_file() {
        return Err(std::io::Error::new(ErrorKind::InvalidInput, "it is neither a file nor a folder"));
    }
    let mut source = from.open(name)?;
    let mut target = to.open_with(new_name, OpenOptions::new().write(true).create_new(true))?;
    std::io::copy(&mut source, &mut target)?;
    target.set_permissions(metadata.permissions())
}

/// Removes what has this name, with all that is in it; links are not followed.
pub(super) fn remove_tree(folder: &Dir, name: &str) -> std::io::Result<()> {
    if folder.symlink_metadata(name)?.is_dir() {
        return folder.remove_dir_all(name);
    }
    folder.remove_file_or_symlink(name)
}

/// The error of a whole, for the path that was asked for.
pub(super) fn failed(attempted: &'static str, path: &WorkspacePath, source: std::io::Error) -> FolderError {
    FileError::Io { attempted, path: path.to_string(), source }.into()
}
