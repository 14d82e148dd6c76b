//! The key that a login leaves: in the keyring of the operating system, or in a file where there is none.

#![expect(
    clippy::disallowed_methods,
    reason = "a host's own file in the data folder, which belongs to no workspace"
)]

use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use aios_protocol::{ErrorCode, KeyId, Problem, SecretText};
use keyring::Entry;
use serde::{Deserialize, Serialize};

use crate::context::Context;

/// What the keyring knows us by.
const SERVICE: &str = "aios";

/// What a login leaves.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Credentials {
    /// The server that the key is for.
    pub(crate) url: String,
    pub(crate) key: SecretText,
    /// The key's id where the login made it, so that it ends with the logout.
    pub(crate) key_id: Option<KeyId>,
}

/// Where a key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kept {
    Environment,
    Keyring,
    /// The file, and why it is not the keyring where that was tried just now.
    File(PathBuf, Option<String>),
}

impl Kept {
    /// In words.
    pub(crate) fn place(&self) -> String {
        match self {
            Self::Environment => "in AIOS_API_KEY".to_owned(),
            Self::Keyring => "in the keyring of this system".to_owned(),
            Self::File(path, None) => format!("in {}", path.display()),
            Self::File(path, Some(why)) => {
                format!("in {}, which only you can read: there is no keyring to use ({why})", path.display())
            }
        }
    }

    /// For programs.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Keyring => "keyring",
            Self::File(..) => "file",
        }
    }
}

/// One login for each data folder.
#[derive(Clone)]
pub(crate) struct Store {
    file: PathBuf,
    /// The name in the keyring; nothing where it is not to be used.
    account: Option<String>,
}

impl Store {
    pub(crate) fn new(context: &Context) -> Self {
        let home = &context.config.home;
        let uses_keyring = context.environment.variable("AIOS_KEYRING") != Some("off");
        Self {
            file: home.join("credentials.json"),
            account: uses_keyring.then(|| home.display().to_string()),
        }
    }

    /// What the last login left. The file exists only where the keyring could not be used.
    pub(crate) async fn load(&self) -> Result<Option<(Credentials, Kept)>, Problem> {
        let found = match read(&self.file) {
            Ok(text) => Some((text, Kept::File(self.file.clone(), None))),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                self.ask_keyring(|entry| entry.get_password()).await.ok().map(|text| (text, Kept::Keyring))
            }
            Err(error) => return Err(self.failed("read", &error)),
        };
        let Some((text, kept)) = found else { return Ok(None) };
        // The reason could repeat what stands there.
        let credentials = serde_json::from_str(&text).map_err(|_| {
            Problem::new(
                ErrorCode::Storage,
                format!("what the last login left {} cannot be read", kept.place()),
            )
            .with_hint("aios login writes it anew")
        })?;
        Ok(Some((credentials, kept)))
    }

    /// Replaces what the last login left.
    pub(crate) async fn save(&self, credentials: &Credentials) -> Result<Kept, Problem> {
        let text = serde_json::to_string(credentials).map_err(|error| {
            Problem::new(ErrorCode::Internal, format!("the key cannot be stored: {error}"))
        })?;
        let in_keyring = text.clone();
        match self.ask_keyring(move |entry| entry.set_password(&in_keyring)).await {
            Ok(()) => {
                remove(&self.file).map_err(|error| self.failed("deleted", &error))?;
                Ok(Kept::Keyring)
            }
            Err(why) => {
                write_private(&self.file, &text).map_err(|error| self.failed("written", &error))?;
                Ok(Kept::File(self.file.clone(), Some(why)))
            }
        }
    }

    /// Forgets what the last login left.
    pub(crate) async fn clear(&self) -> Result<(), Problem> {
        // Without a keyring there is nothing in it.
        _ = self.ask_keyring(|entry| entry.delete_credential()).await;
        remove(&self.file).map_err(|error| self.failed("deleted", &error))
    }

    /// Asks the keyring for something, on a thread of its own: it may ask the user to unlock it.
    async fn ask_keyring<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Entry) -> keyring::Result<T> + Send + 'static,
    ) -> Result<T, String> {
        let Some(account) = self.account.clone() else { return Err("AIOS_KEYRING is off".to_owned()) };
        let asked = tokio::task::spawn_blocking(move || {
            let entry = Entry::new(SERVICE, &account).map_err(|error| match Entry::store_status() {
                Err(why) => why.to_string(),
                Ok(()) => error.to_string(),
            })?;
            question(&entry).map_err(|error| error.to_string())
        });
        asked.await.map_err(|error| error.to_string())?
    }

    fn failed(&self, what: &str, error: &io::Error) -> Problem {
        Problem::new(ErrorCode::Storage, format!("{} cannot be {what}: {error}", self.file.display()))
            .with_hint("check the permissions of the data folder (AIOS_HOME)")
    }
}

fn read(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path)
}

fn remove(path: &Path) -> io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes a file that only its owner can read, whole or not at all.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    // One of a process with the same number, long ago, may be readable by others.
    remove(&draft)?;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&draft).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| std::fs::rename(&draft, path)).inspect_err(|_| _ = remove(&draft))
}
