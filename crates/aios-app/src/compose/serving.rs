//! What a server keeps in the data folder: the key of the machine's user, and the lock that lets only one serve it.
#![expect(clippy::disallowed_methods, reason = "the data folder belongs to the product, not to a workspace")]

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::PathBuf;

use aios_protocol::{ErrorCode, Problem, SecretText};

use super::home::Home;

/// While it lives, no other server works on the data folder. The system gives it back when the process ends, however it
/// ends.
#[derive(Debug)]
pub struct ServerLock {
    _file: File,
}

impl Home {
    pub(crate) fn local_key_file(&self) -> PathBuf {
        self.root().join("local.key")
    }

    pub(crate) fn local_key(&self) -> std::io::Result<SecretText> {
        let path = self.local_key_file();
        match std::fs::read_to_string(&path) {
            Ok(key) if key.trim().len() >= 32 => return Ok(SecretText::new(key.trim())),
            Ok(_) => {
                return Err(std::io::Error::new(
                    ErrorKind::InvalidData,
                    "it is too short; delete it for a new one",
                ));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let key = format!("sk_local_{:032x}{:032x}", rand::random::<u128>(), rand::random::<u128>());
        // Put in place in one step: another process that starts now reads the whole key or makes none.
        let draft = path.with_extension(format!("{}.tmp", std::process::id()));
        private(OpenOptions::new().write(true).create(true).truncate(true))
            .open(&draft)?
            .write_all(key.as_bytes())?;
        let linked = std::fs::hard_link(&draft, &path);
        std::fs::remove_file(&draft)?;
        match linked {
            Ok(()) => Ok(SecretText::new(key)),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => self.local_key(),
            Err(error) => Err(error),
        }
    }

    /// Takes the data folder for a server that will be found at `address`.
    pub(crate) fn lock_for_server(&self, address: &str) -> Result<ServerLock, Problem> {
        let path = self.root().join("server.lock");
        let failed = |error: std::io::Error| {
            Problem::new(ErrorCode::Storage, format!("the lock {} cannot be taken: {error}", path.display()))
                .with_hint("check the disk and the permissions of the data folder (AIOS_HOME)")
        };
        let mut file = private(OpenOptions::new().read(true).write(true).create(true).truncate(false))
            .open(&path)
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // Some systems do not let others read what is locked.
                _ = file.read_to_string(&mut holder);
                return Err(Problem::new(
                    ErrorCode::Conflict,
                    format!("another server works on {}: {}", self.root().display(), holder.trim()),
                )
                .with_hint("use that one, stop it, or give this one a data folder of its own with --data"));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        file.set_len(0)
            .and_then(|()| writeln!(file, "process {} at {address}", std::process::id()))
            .map_err(failed)?;
        Ok(ServerLock { _file: file })
    }
}

/// Files that only their owner may read.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
