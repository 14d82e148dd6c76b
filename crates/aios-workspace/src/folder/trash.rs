//! Removing, into the trash where desktops look for it: `files` and `info` as freedesktop.org describes them.

use std::path::{Path, PathBuf};

use aios_core::WorkspacePath;
use aios_protocol::EntryRemoved;
use cap_std::ambient_authority;
use cap_std::fs::Dir;

use super::entries::{copy_tree, failed, remove_tree, rename_to_free};
use super::{FolderError, UserFolder, io};
use crate::disk::MissingFolders;

/// Names that are tried in the trash for one thing.
const TRIES: u32 = 10_000;

impl UserFolder {
    /// Moves a file, a folder or a link to the trash, or deletes it.
    pub fn remove(&self, path: &WorkspacePath, forever: bool) -> Result<EntryRemoved, FolderError> {
        let (folder, name) = self.root.entry("remove", path, MissingFolders::Fail)?;
        folder.symlink_metadata(&name).map_err(io("remove", path))?;
        if forever {
            remove_tree(&folder, &name).map_err(|error| failed("remove", path, error))?;
            return Ok(EntryRemoved { trashed: false });
        }
        let origin = self.root.path.join(path.as_path());
        to_trash(&self.trash, &folder, &name, &origin)
            .map_err(|error| failed("move to the trash", path, error))?;
        Ok(EntryRemoved { trashed: true })
    }
}

fn to_trash(trash: &Path, folder: &Dir, name: &str, origin: &Path) -> std::io::Result<()> {
    let open = |part: &str| {
        let path: PathBuf = trash.join(part);
        std::fs::create_dir_all(&path)?;
        Dir::open_ambient_dir(&path, ambient_authority())
    };
    let (files, info) = (open("files")?, open("info")?);
    let now = jiff::Zoned::now().strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let note = format!("[Trash Info]\nPath={}\nDeletionDate={now}\n", escaped(&origin.to_string_lossy()));
    for number in 1..TRIES {
        let kept = if number == 1 { name.to_owned() } else { format!("{name}.{number}") };
        let note_name = format!("{kept}.trashinfo");
        // The note comes first: it takes the name.
        match write_new(&info, &note_name, &note) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => continue,
            written => written?,
        }
        let moved = match rename_to_free(folder, name, &files, &kept) {
            Err(error) if error.kind() == std::io::ErrorKind::CrossesDevices => {
                copy_tree(folder, name, &files, &kept).and_then(|()| remove_tree(folder, name))
            }
            moved => moved,
        };
        return moved.inspect_err(|_| drop(info.remove_file(&note_name)));
    }
    Err(std::io::Error::new(std::io::ErrorKind::AlreadyExists, "the trash is full of things of this name"))
}

fn write_new(folder: &Dir, name: &str, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = cap_std::fs::OpenOptions::new();
    folder.open_with(name, options.write(true).create_new(true))?.write_all(text.as_bytes())
}

/// A path as an address is written, slashes kept.
fn escaped(path: &str) -> String {
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                text.push(char::from(byte));
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}
