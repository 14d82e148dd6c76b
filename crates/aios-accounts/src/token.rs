//! Keys and tokens: what is given to people, and what is kept of it.

use aios_core::SecretHash;
use aios_protocol::SecretText;
use rand::RngCore;
use sha2::{Digest, Sha256};

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Digits that 32 bytes need in base 62, and those of a CRC-32.
const BODY: usize = 43;
const CHECK: usize = 6;

/// What a secret opens; told by its beginning, so that one is never taken for another and leaks are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A person's key.
    Key,
    /// An invitation.
    Invite,
    /// A new password.
    Reset,
}

impl Kind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Key => "sk_",
            Self::Invite => "inv_",
            Self::Reset => "rst_",
        }
    }

    /// A new secret and what is kept of it: 256 random bits, and a check sum by which typing errors are found without
    /// asking anybody.
    pub(crate) fn mint(self) -> (SecretText, SecretHash) {
        let mut bytes = [0; 32];
        rand::rng().fill_bytes(&mut bytes);
        let body = base62(&bytes, BODY);
        let secret = format!("{}{body}{}", self.prefix(), check(&body));
        let hash = hash(&secret);
        (SecretText::new(secret), hash)
    }

    /// What is kept of a secret of this kind; nothing when it cannot be one.
    pub(crate) fn hash(self, secret: &str) -> Option<SecretHash> {
        let rest = secret.strip_prefix(self.prefix())?;
        let (body, sum) = rest.split_at_checked(BODY)?;
        (sum == check(body)).then(|| hash(secret))
    }
}

fn hash(secret: &str) -> SecretHash {
    SecretHash(Sha256::digest(secret.as_bytes()).into())
}

fn check(body: &str) -> String {
    base62(&crc32(body.as_bytes()).to_be_bytes(), CHECK)
}

/// The number that the bytes spell, in base 62, with leading zeros.
fn base62(bytes: &[u8], length: usize) -> String {
    let mut number = bytes.to_vec();
    let mut digits = vec![0; length];
    for digit in digits.iter_mut().rev() {
        let mut rest = 0;
        for byte in &mut number {
            let value = rest << 8 | u32::from(*byte);
            *byte = (value / 62) as u8;
            rest = value % 62;
        }
        *digit = DIGITS[rest as usize];
    }
    digits.into_iter().map(char::from).collect()
}

/// The CRC-32 of zip and PNG.
fn crc32(bytes: &[u8]) -> u32 {
    let shifted = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    let step = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| shifted(crc));
    !bytes.iter().fold(!0, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_check_sums_are_the_known_ones() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(base62(&[0, 61], 3), "00z");
        assert_eq!(base62(&[1, 0], 3), "048");
        assert_eq!(base62(&[0xFF; 4], 6), "4gfFC3");
        assert_eq!(base62(&[0xFF; 32], BODY).len(), BODY);
    }

    #[test]
    fn a_secret_is_known_again_and_a_wrong_one_is_not_looked_up() {
        let (key, kept) = Kind::Key.mint();
        assert_eq!(key.expose().len(), 3 + BODY + CHECK);
        assert_eq!(Kind::Key.hash(key.expose()), Some(kept));
        assert_ne!(key, Kind::Key.mint().0);
        let last = key.expose().chars().last().unwrap();
        let other = if last == '0' { '1' } else { '0' };
        let mistyped = format!("{}{other}", &key.expose()[..key.expose().len() - 1]);
        for wrong in [
            "",
            "sk_",
            "sk_é",
            mistyped.as_str(),
            &key.expose()[3..],
            &format!("{}0", key.expose()),
            &format!("{} ", key.expose()),
            Kind::Invite.mint().0.expose(),
            &format!("sk_{}", "é".repeat(30)),
        ] {
            assert_eq!(Kind::Key.hash(wrong), None, "{wrong:?}");
        }
    }
}
