//! Walking a workspace the way its owner sees it: without what is generated, ignored by git, or hidden.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use aios_core::{FileEntry, FileError, Listing, WorkspacePath};
use ignore::{DirEntry, Walk, WalkBuilder};

use super::OWN_FOLDER;
use super::beneath::Root;
use super::hidden::Hidden;

/// How the names of half-written files begin.
pub(super) const TEMPORARY_PREFIX: &str = ".aios-";

/// Folders that tools make and fill; too large to look into and nothing that a person wrote.
const GENERATED: &[&str] =
    &[".git", "node_modules", "__pycache__", ".venv", "venv", "target", ".pytest_cache", OWN_FOLDER];

/// Whether a name belongs to something that tools generate.
pub(crate) fn is_generated(name: &str) -> bool {
    GENERATED.contains(&name) || name.ends_with(".pyc") || is_temporary(name.as_ref())
}

/// Whether a name belongs to a file that is half written.
pub(crate) fn is_temporary(name: &OsStr) -> bool {
    name.to_str().is_some_and(|name| name.starts_with(TEMPORARY_PREFIX) && name.ends_with(".tmp"))
}

/// Walks everything that is shown, sorted by name, links not followed.
///
/// Only the workspace's own ignore files count: neither a folder above nor the user's global git settings decide what agents see.
pub(crate) fn walk(root: &Path, hidden: &Arc<Hidden>) -> Walk {
    let (prefix, hidden) = (root.to_owned(), hidden.clone());
    let shown = move |entry: &DirEntry| {
        let Ok(path) = entry.path().strip_prefix(&prefix) else { return false };
        let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        entry.depth() == 0
            || !(entry.file_name().to_str().is_none_or(is_generated) || hidden.hides(path, is_folder))
    };
    WalkBuilder::new(root)
        .hidden(false)
        .parents(false)
        .ignore(false)
        .git_global(false)
        .require_git(false)
        .sort_by_file_name(Ord::cmp)
        .filter_entry(shown)
        .build()
}

/// The regular files of a walk. What cannot be read or named is left out: it is no reason to show nothing.
pub(super) fn files(root: &Root) -> impl Iterator<Item = (WorkspacePath, DirEntry)> {
    walk(&root.path, &root.hidden)
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .filter_map(|entry| {
            let relative = entry.path().strip_prefix(&root.path).ok()?.to_str()?;
            let path = WorkspacePath::new(&relative.replace(std::path::MAIN_SEPARATOR, "/")).ok()?;
            Some((path, entry))
        })
}

pub(super) fn list(root: &Root, limit: usize) -> Result<Listing, FileError> {
    let mut found: Vec<FileEntry> = files(root)
        .take(limit.saturating_add(1))
        .map(|(path, entry)| FileEntry { path, bytes: entry.metadata().map_or(0, |metadata| metadata.len()) })
        .collect();
    let truncated = found.len() > limit;
    found.truncate(limit);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Listing { files: found, truncated })
}
