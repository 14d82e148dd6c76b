//! The arguments for bubblewrap: an own view of the disk, own processes, own network, no capabilities.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::toolchains::{SYSTEM, etc};
use super::wire::{Protected, Protection, Request};
use super::{HOME, SANDBOX_EXEC};

/// Where the inner stage's executable is seen inside.
const INNER: &str = "/run/sandbox-exec";

/// What of the host the mounts show.
pub(super) struct View<'a> {
    pub(super) bubblewrap: &'a Path,
    pub(super) helper: &'a Path,
    pub(super) read_only: &'a [PathBuf],
    pub(super) protected: &'a [Protected],
}

/// The command that starts the inner stage in its namespaces.
///
/// Not `--die-with-parent`: that follows the *thread* that started it, and an async runtime ends threads when it likes. The inner
/// stage notices by its socket that the product is gone, and as the first process of its namespace takes all others with it.
pub(super) fn command(view: &View<'_>, request: &Request) -> Command {
    let mut command = Command::new(view.bubblewrap);
    let mut add = |arguments: &[&dyn AsRef<std::ffi::OsStr>]| {
        command.args(arguments.iter().map(|argument| OsString::from(argument.as_ref())));
    };
    add(&[&"--unshare-all", &"--new-session", &"--as-pid-1", &"--cap-drop", &"ALL"]);
    if request.network {
        add(&[&"--share-net"]);
    }
    for folder in SYSTEM.iter().map(Path::new) {
        match std::fs::read_link(folder) {
            Ok(target) => add(&[&"--symlink", &target, &folder]),
            Err(_) => add(&[&"--ro-bind-try", &folder, &folder]),
        }
    }
    for file in etc(request.network) {
        add(&[&"--ro-bind-try", &file, &file]);
    }
    let size = request.file_bytes.to_string();
    add(&[&"--proc", &"/proc", &"--dev", &"/dev"]);
    add(&[&"--size", &size, &"--tmpfs", &"/dev/shm", &"--size", &size, &"--tmpfs", &"/tmp", &"--dir", &HOME]);
    for folder in view.read_only {
        add(&[&"--ro-bind-try", folder, folder]);
    }
    add(&[&"--ro-bind", &view.helper, &INNER]);
    add(&[&"--bind", &request.workspace, &request.workspace]);
    for folder in folders_above(view.protected) {
        // A mount point cannot be renamed, so the folder cannot be moved to where its content would be seen.
        let folder = request.workspace.join(folder);
        add(&[&"--bind", &folder, &folder]);
    }
    for part in view.protected {
        let path = request.workspace.join(&part.path);
        match part.protection {
            Protection::ReadOnly => add(&[&"--ro-bind", &path, &path]),
            // Programs that load an absent `.env` go on; an unreadable one would stop them.
            Protection::HiddenFile => add(&[&"--dev-bind", &"/dev/null", &path]),
            Protection::HiddenFolder => add(&[&"--tmpfs", &path, &"--remount-ro", &path]),
        }
    }
    add(&[&"--", &INNER, &SANDBOX_EXEC]);
    command
}

/// The folders between the root and what is protected, outer ones first.
fn folders_above(protected: &[Protected]) -> Vec<&Path> {
    let mut folders: Vec<&Path> = protected
        .iter()
        .flat_map(|part| part.path.ancestors().skip(1))
        .filter(|folder| !folder.as_os_str().is_empty())
        .collect();
    folders.sort();
    folders.dedup();
    folders
}
