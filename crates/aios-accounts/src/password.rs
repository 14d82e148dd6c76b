//! Passwords: argon2id, off the async threads, a few at a time.

use std::sync::{Arc, LazyLock};

use aios_protocol::SecretText;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use rand::RngCore;
use tokio::sync::Semaphore;

use crate::AccountError;

const SHORTEST: usize = 6;
const LONGEST: usize = 1024;
/// Each takes 19 MiB and a core for some 30 ms; more at once would only make all of them slow.
const AT_ONCE: usize = 4;
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Hashes and compares passwords.
#[derive(Debug)]
pub(crate) struct Passwords {
    places: Arc<Semaphore>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self { places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The hash of a new password, with salt and parameters.
    pub(crate) async fn hash(&self, password: &SecretText) -> Result<String, AccountError> {
        check(password)?;
        let password = password.clone();
        self.blocking(move || {
            let mut salt = [0; 16];
            rand::rng().fill_bytes(&mut salt);
            hash(password.expose(), &salt)
        })
        .await
    }

    /// Whether it is the password of this hash. Without a hash the answer is no and takes as long.
    pub(crate) async fn matches(
        &self,
        password: &SecretText,
        known: Option<String>,
    ) -> Result<bool, AccountError> {
        /// The hash of nobody's password.
        static NOBODY: LazyLock<String> = LazyLock::new(|| hash("", &[0; 16]).unwrap_or_default());
        let password = password.clone();
        if password.expose().len() > LONGEST {
            return Ok(false);
        }
        self.blocking(move || {
            let is_somebody = known.is_some();
            let known = known.unwrap_or_else(|| NOBODY.clone());
            let matches = argon2()?.verify_password(password.expose().as_bytes(), known.as_str()).is_ok();
            Ok(matches && is_somebody)
        })
        .await
    }

    async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, AccountError> + Send + 'static,
    ) -> Result<T, AccountError> {
        let hashing = |detail: String| AccountError::Hashing { detail };
        let place = self.places.clone().acquire_owned().await.map_err(|error| hashing(error.to_string()))?;
        // The place is given back when the work ends, not when the caller goes away.
        let work = move || {
            let _place = place;
            work()
        };
        tokio::task::spawn_blocking(work).await.map_err(|error| hashing(error.to_string()))?
    }
}

fn check(password: &SecretText) -> Result<(), AccountError> {
    let invalid = |reason| Err(AccountError::Invalid { what: "password", reason });
    match password.expose() {
        text if text.chars().count() < SHORTEST => invalid("it is shorter than 6 characters"),
        text if text.len() > LONGEST => invalid("it is longer than 1,024 bytes"),
        _ => Ok(()),
    }
}

fn hash(password: &str, salt: &[u8]) -> Result<String, AccountError> {
    let hash = argon2()?.hash_password_with_salt(password.as_bytes(), salt);
    hash.map(|hash| hash.to_string()).map_err(|error| AccountError::Hashing { detail: error.to_string() })
}

fn argon2() -> Result<Argon2<'static>, AccountError> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None);
    let params = params.map_err(|error| AccountError::Hashing { detail: error.to_string() })?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretText {
        SecretText::new(text)
    }

    #[tokio::test]
    async fn only_the_password_matches_its_hash() {
        let passwords = Passwords::new();
        let hash = passwords.hash(&secret("secret")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(passwords.hash(&secret("secret")).await.unwrap(), hash, "the salt is always the same");
        for (password, known, expect) in [
            ("secret", Some(hash.as_str()), true),
            ("Secret", Some(&hash), false),
            ("", Some(&hash), false),
            ("", None, false),
            ("secret", Some("not a hash"), false),
            (&"x".repeat(LONGEST + 1), Some(&hash), false),
        ] {
            let matches = passwords.matches(&secret(password), known.map(str::to_owned)).await.unwrap();
            assert_eq!(matches, expect, "{password:?}");
        }
    }

    #[test]
    fn passwords_have_a_length() {
        for (text, expect) in [
            ("secret", true),
            ("geheim", true),
            ("ééééé", false),
            ("", false),
            (&"x".repeat(1024), true),
            (&"x".repeat(1025), false),
        ] {
            assert_eq!(check(&secret(text)).is_ok(), expect, "{text:?}");
        }
    }
}
