//! The crate against real files, processes, sockets and repositories, hostile ones included.

#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "tests set up files, processes and read PATH themselves")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails says so by panicking"
)]

mod files;
mod folder;
mod git;
mod language_server;
mod repository;
#[cfg(target_os = "linux")]
mod sandbox;
mod search;
mod terminal;
mod toolbox;
mod watch;

use std::path::{Path, PathBuf};

use aios_core::WorkspacePath;
use aios_workspace::{DiskWorkspace, UserFolder};
use tempfile::TempDir;

/// A workspace, and a folder beside it that must stay as it is.
struct Place {
    folder: TempDir,
}

const CANARY: &str = "the canary is alive";

impl Place {
    fn new() -> Self {
        let place = Self { folder: tempfile::tempdir().unwrap() };
        std::fs::create_dir(place.root()).unwrap();
        std::fs::create_dir(place.outside()).unwrap();
        std::fs::write(place.outside().join("canary.txt"), CANARY).unwrap();
        place
    }

    fn root(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("ws")
    }

    fn outside(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("outside")
    }

    fn put(&self, path: &str, content: &str) {
        let path = self.root().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.root().join(path)).unwrap()
    }

    fn open(&self) -> DiskWorkspace {
        DiskWorkspace::open(&self.root()).unwrap()
    }

    /// The folder as its user sees it.
    fn folder(&self) -> UserFolder {
        UserFolder::open(&self.root(), self.trash()).unwrap()
    }

    fn trash(&self) -> PathBuf {
        self.folder.path().join("trash")
    }

    fn assert_outside_is_untouched(&self, after: &str) {
        let names: Vec<_> =
            std::fs::read_dir(self.outside()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["canary.txt"], "{after}");
        let canary = std::fs::read_to_string(self.outside().join("canary.txt")).unwrap();
        assert_eq!(canary, CANARY, "{after}");
    }
}

fn at(path: &str) -> WorkspacePath {
    WorkspacePath::new(path).unwrap()
}

fn link(target: impl AsRef<Path>, link: impl AsRef<Path>) {
    std::os::unix::fs::symlink(target, link).unwrap();
}
