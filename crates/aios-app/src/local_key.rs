//! The key of this machine's user: whoever can read their data folder may ask a server for everything.

use std::path::PathBuf;

use aios_protocol::{ErrorCode, Problem, SecretText};

use crate::App;

impl App {
    /// Where the key of this machine's user lies; only they can read it. Hosts tell it at their start.
    pub fn local_key_file(&self) -> PathBuf {
        self.home.local_key_file()
    }

    /// The key of this machine's user, made at the first call.
    pub fn local_key(&self) -> Result<SecretText, Problem> {
        if let Some(key) = self.local_key.get() {
            return Ok(key.clone());
        }
        let key = self.home.local_key().map_err(|error| {
            let path = self.home.local_key_file();
            Problem::new(ErrorCode::Storage, format!("the key in {} cannot be read: {error}", path.display()))
                .with_hint("check the permissions of the data folder (AIOS_HOME)")
        })?;
        Ok(self.local_key.get_or_init(|| key).clone())
    }

    /// Whether this is that key.
    pub(crate) fn is_local_key(&self, key: &str) -> Result<bool, Problem> {
        Ok(same(self.local_key()?.expose().as_bytes(), key.as_bytes()))
    }
}

/// Compares in a time that tells nothing about where the first difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}
