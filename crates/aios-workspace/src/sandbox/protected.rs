//! Finds what commands may not see or change in the workspace.

use std::io;
use std::path::{Path, PathBuf};

use super::wire::{Protected, Protection};
use crate::disk::{Caller, Hidden, OWN_FOLDER, is_generated};

/// Looks through the workspace before each command: hidden files and folders; and what trusted programs obey, such as git's
/// data, whose hooks and settings run when the user next uses git. The harness writes to the product's own folder. Generated
/// folders are not looked into, links are not followed.
pub(super) fn find(root: &Path, hidden: &Hidden, caller: Caller) -> io::Result<Vec<Protected>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let entries = match std::fs::read_dir(root.join(&folder)) {
            Err(error) if folder.as_os_str().is_empty() => return Err(error),
            // A folder that we cannot read, a command of the same user cannot read either.
            Err(_) => continue,
            Ok(entries) => entries,
        };
        for entry in entries {
            let entry = entry?;
            let (kind, path) = (entry.file_type()?, folder.join(entry.file_name()));
            if kind.is_symlink() {
                continue;
            }
            let own = caller == Caller::Harness && path == Path::new(OWN_FOLDER);
            let obeyed = entry.file_name().to_str().is_some_and(|name| aios_core::protected(name).is_some());
            let protection = if hidden.hides(&path, kind.is_dir()) {
                if kind.is_dir() { Protection::HiddenFolder } else { Protection::HiddenFile }
            } else if obeyed && !own {
                Protection::ReadOnly
            } else {
                if kind.is_dir() && !entry.file_name().to_str().is_some_and(is_generated) {
                    folders.push(path);
                }
                continue;
            };
            found.push(Protected { path, protection });
        }
    }
    Ok(found)
}
