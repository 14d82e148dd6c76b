//! One level of a folder, as the explorer shows it.

use std::path::{Path, PathBuf};

use aios_core::{FileError, WorkspacePath};
use aios_protocol::{DirEntry, DirListing, EntryKind};
use git2::Repository;

use super::{FolderError, UserFolder};
use crate::disk::is_generated;

/// Entries that are listed at most.
const MOST: usize = 20_000;

impl UserFolder {
    /// Lists one level: the folder at `level`, or the opened folder itself.
    pub fn list(&self, level: Option<&WorkspacePath>) -> Result<DirListing, FolderError> {
        let (folder, named) = match level {
            Some(level) => (self.root.open_folder(level)?, level.to_string()),
            None => (self.root.dir.try_clone().map_err(refused("."))?, ".".to_owned()),
        };
        let repository = Repository::discover(&self.root.path).ok();
        let mut listing = DirListing { entries: Vec::new(), truncated: false };
        for entry in folder.entries().map_err(refused(&named))? {
            let entry = entry.map_err(refused(&named))?;
            // A name that is no text cannot be told, so it cannot be opened either.
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = match level {
                Some(level) => format!("{level}/{name}"),
                None => name.clone(),
            };
            if WorkspacePath::new(&path).is_err() {
                continue;
            }
            if listing.entries.len() == MOST {
                listing.truncated = true;
                break;
            }
            let link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            let metadata = if link { self.root.dir.metadata(&path).ok() } else { entry.metadata().ok() };
            let kind = match &metadata {
                Some(metadata) if metadata.is_dir() => EntryKind::Folder,
                Some(metadata) if metadata.is_file() => EntryKind::File,
                _ => EntryKind::Other,
            };
            let is_folder = kind == EntryKind::Folder;
            listing.entries.push(DirEntry {
                bytes: metadata.filter(|_| !is_folder).map_or(0, |metadata| metadata.len()),
                ignored: repository
                    .as_ref()
                    .is_some_and(|git| is_ignored(git, &self.root.path, &path, is_folder)),
                hidden: is_generated(&name) || self.hidden.hides(Path::new(&path), is_folder),
                name,
                path,
                kind,
                link,
            });
        }
        listing
            .entries
            .sort_by_cached_key(|entry| (entry.kind != EntryKind::Folder, entry.name.to_lowercase()));
        Ok(listing)
    }
}

/// A folder of this machine, links resolved, and the names of the folders in it, hidden ones last.
pub fn folders_in(path: &Path) -> std::io::Result<(PathBuf, Vec<String>)> {
    let path = path.canonicalize()?;
    let mut names: Vec<String> = std::fs::read_dir(&path)?
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| entry.file_name().into_string().ok())
        .take(MOST)
        .collect();
    names.sort_by_cached_key(|name| (name.starts_with('.'), name.to_lowercase()));
    Ok((path, names))
}

fn refused(path: &str) -> impl Fn(std::io::Error) -> FolderError {
    move |source| FileError::Io { attempted: "list", path: path.to_owned(), source }.into()
}

fn is_ignored(repository: &Repository, root: &Path, path: &str, is_folder: bool) -> bool {
    let Some(inside) = repository
        .workdir()
        .and_then(|workdir| workdir.canonicalize().ok())
        .and_then(|workdir| root.strip_prefix(workdir).ok().map(|prefix| prefix.join(path)))
    else {
        return false;
    };
    // Patterns for folders end with a slash, and so must what they are compared with.
    let name = if is_folder { inside.join("") } else { inside };
    repository.is_path_ignored(&name).unwrap_or(false)
}
