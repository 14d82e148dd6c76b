//! Encryption of stored keys under the master key.

use aios_core::{Scope, Sealed, Secret};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use rand::RngCore;

/// Names how it was sealed, so that another way can follow.
const VERSION: u8 = 1;
const NONCE: usize = 24;

/// Seals and opens with XChaCha20-Poly1305. What is sealed belongs to one row of one organisation: moved to another, it does
/// not open.
pub struct Sealer {
    cipher: XChaCha20Poly1305,
}

/// What is stored was not sealed under this master key for this row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a stored key cannot be decrypted: the master key is another one, or the database was changed by hand"
)]
pub struct CannotOpen;

impl Sealer {
    /// A sealer with this master key.
    pub fn new(master_key: &Secret<[u8; 32]>) -> Self {
        Self { cipher: XChaCha20Poly1305::new(master_key.expose().into()) }
    }

    /// Seals a secret for the row with this id.
    pub fn seal(&self, scope: &Scope, row: impl ToString, secret: &str) -> Result<Sealed, CannotOpen> {
        let mut nonce = [0; NONCE];
        rand::rng().fill_bytes(&mut nonce);
        let payload = Payload { msg: secret.as_bytes(), aad: &owner(scope, &row.to_string()) };
        let text = self.cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| CannotOpen)?;
        let mut sealed = vec![VERSION];
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&text);
        Ok(Sealed(sealed))
    }

    /// Opens what was sealed for the row with this id.
    pub fn open(
        &self,
        scope: &Scope,
        row: impl ToString,
        sealed: &Sealed,
    ) -> Result<Secret<String>, CannotOpen> {
        let (version, rest) = sealed.0.split_first().ok_or(CannotOpen)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE>().ok_or(CannotOpen)?;
        if *version != VERSION {
            return Err(CannotOpen);
        }
        let payload = Payload { msg: text, aad: &owner(scope, &row.to_string()) };
        let bytes = self.cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| CannotOpen)?;
        String::from_utf8(bytes).map(Secret::new).map_err(|_| CannotOpen)
    }
}

/// Organisation and row; ids hold no line breaks, so that no two pairs read alike.
fn owner(scope: &Scope, row: &str) -> Vec<u8> {
    format!("{}\n{row}", scope.org).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_only_where_it_was_sealed() {
        let scope = |org: &str| Scope { org: org.parse().unwrap(), user: "ada".parse().unwrap() };
        let sealer = Sealer::new(&Secret::new([7; 32]));
        let sealed = sealer.seal(&scope("acme"), "row 1", "sk-geheim").unwrap();
        assert!(!sealed.0.windows(6).any(|part| part == b"geheim"));
        assert_ne!(sealer.seal(&scope("acme"), "row 1", "sk-geheim").unwrap(), sealed);
        let opened = sealer.open(&scope("acme"), "row 1", &sealed).map(|secret| secret.expose().clone());
        assert_eq!(opened.as_deref(), Ok("sk-geheim"));

        let cannot = |sealer: &Sealer, org: &str, row: &str, sealed: &Sealed| {
            assert_eq!(sealer.open(&scope(org), row, sealed), Err(CannotOpen), "{org} {row} {sealed:?}");
        };
        cannot(&sealer, "globex", "row 1", &sealed);
        cannot(&sealer, "acme", "row 2", &sealed);
        cannot(&Sealer::new(&Secret::new([8; 32])), "acme", "row 1", &sealed);
        for length in 0..sealed.0.len() {
            cannot(&sealer, "acme", "row 1", &Sealed(sealed.0[..length].to_vec()));
        }
        for at in 0..sealed.0.len() {
            let mut changed = sealed.clone();
            changed.0[at] ^= 1;
            cannot(&sealer, "acme", "row 1", &changed);
        }
    }
}
