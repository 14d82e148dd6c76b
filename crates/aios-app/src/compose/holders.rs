//! Which processes of this machine work on runs: each holds a lock on a file of its own, and the system lets go of it when
//! the process ends, however it ends. So what a crash left behind is free at once, not only when its lease is over.
#![expect(clippy::disallowed_methods, reason = "the lock files are the product's own")]

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use aios_protocol::{ErrorCode, Problem, RunId};

use super::home::Home;

/// Age from which on files of processes that have gone are swept; most of their leases are over by then, and the others
/// soon will be.
const OLD: Duration = Duration::from_secs(3600);

/// This process among those that hold runs.
pub(crate) struct Holders {
    folder: PathBuf,
    name: String,
    lock: OnceLock<File>,
}

impl Holders {
    /// Takes a name; nothing is written before the first run is taken up.
    pub(crate) fn new(home: &Home) -> Self {
        let name = format!("process {} ({})", std::process::id(), RunId::generate());
        Self { folder: home.holders(), name, lock: OnceLock::new() }
    }

    /// The name under which this process holds runs, as people read it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Lets others see that this process is alive. Called before a run is taken up.
    pub(crate) fn announce(&self) -> Result<(), Problem> {
        if self.lock.get().is_some() {
            return Ok(());
        }
        let lock = self.lock_own().map_err(|error| {
            Problem::new(
                ErrorCode::Storage,
                format!("could not write to the data folder, in {}: {error}", self.folder.display()),
            )
            .with_hint("check the disk and the permissions of the data folder (AIOS_HOME)")
        })?;
        self.sweep();
        // Where two runs start at once, one lock is as good as the other.
        let _ = self.lock.set(lock);
        Ok(())
    }

    /// Whether this holder's process is known to be gone. Of a holder on another machine nothing is known.
    pub(crate) fn is_gone(&self, holder: &str) -> bool {
        holder != self.name && self.file_of(holder).is_some_and(|file| is_free(&file))
    }

    fn lock_own(&self) -> std::io::Result<File> {
        std::fs::create_dir_all(&self.folder)?;
        let path = self.file_of(&self.name).unwrap_or_else(|| self.folder.join(&self.name));
        let file = File::create(path)?;
        file.try_lock().or_else(|error| match error {
            TryLockError::WouldBlock => Ok(()),
            TryLockError::Error(error) => Err(error),
        })?;
        Ok(file)
    }

    fn sweep(&self) {
        for entry in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let age = entry.metadata().and_then(|file| file.modified()).map(|at| at.elapsed());
            if matches!(age, Ok(Ok(age)) if age > OLD) && is_free(&entry.path()) {
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }

    /// The file of a holder; its name ends with the id that is the file's.
    fn file_of(&self, holder: &str) -> Option<PathBuf> {
        let id: RunId = holder.rsplit_once('(')?.1.strip_suffix(')')?.parse().ok()?;
        Some(self.folder.join(id.to_string()))
    }
}

/// Whether the file is there and nobody holds its lock.
fn is_free(path: &Path) -> bool {
    OpenOptions::new().write(true).open(path).is_ok_and(|file| file.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holders(folder: &Path) -> Holders {
        Holders { folder: folder.join("holders"), name: name(), lock: OnceLock::new() }
    }

    fn name() -> String {
        format!("process 7 ({})", RunId::generate())
    }

    #[test]
    fn who_is_gone_is_known_by_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let (here, other) = (holders(folder.path()), holders(folder.path()));
        assert!(!here.is_gone(&other.name), "nothing is known of it");
        other.announce().unwrap();
        other.announce().unwrap();
        assert!(!here.is_gone(&other.name), "it is alive");
        // What a crash leaves: the file without the lock.
        let crashed = name();
        std::fs::write(here.file_of(&crashed).unwrap(), "").unwrap();
        assert!(here.is_gone(&crashed) && here.is_gone(&crashed));
        for stranger in ["", "desk", "process 1 (../../etc)", "process 2 ()"] {
            assert!(!here.is_gone(stranger), "{stranger}");
        }
    }

    #[test]
    fn old_files_are_swept_unless_their_process_lives() {
        let folder = tempfile::tempdir().unwrap();
        let (here, alive) = (holders(folder.path()), holders(folder.path()));
        alive.announce().unwrap();
        let crashed = here.file_of(&name()).unwrap();
        let recent = here.file_of(&name()).unwrap();
        for file in [&crashed, &recent] {
            std::fs::write(file, "").unwrap();
        }
        let long_ago = crashed.metadata().unwrap().modified().unwrap() - 2 * OLD;
        for file in [&crashed, &alive.file_of(&alive.name).unwrap()] {
            OpenOptions::new().write(true).open(file).unwrap().set_modified(long_ago).unwrap();
        }
        here.announce().unwrap();
        assert!(!crashed.exists() && recent.exists() && !here.is_gone(&alive.name));
        assert!(alive.file_of(&alive.name).unwrap().exists());
    }
}
