//! The key that encrypts stored keys: in the keyring of the operating system, or where there is none, in a file that only its
//! owner may read.
#![expect(clippy::disallowed_methods, reason = "the data folder belongs to the product, not to a workspace")]

use std::io::{ErrorKind, Write};
use std::path::Path;

use aios_core::Secret;
use aios_protocol::{ErrorCode, Problem};
use keyring::Entry;

/// What the keyring knows us by.
const SERVICE: &str = "aios";
/// How a file begins that only names the key's entry in the keyring.
const NAMES_ENTRY: &str = "keyring:";

type Key = Secret<[u8; 32]>;

/// The key, made at the first call: in the keyring if that is wanted and works. Where it is then, it stays.
pub(crate) fn master_key(path: &Path, in_keyring: bool) -> Result<Key, Problem> {
    read_or_make(path, in_keyring).map_err(|error| {
        Problem::new(ErrorCode::Storage, format!("the master key {} cannot be used: {error}", path.display()))
            .with_hint("without it the stored keys of model providers cannot be decrypted; unlock the keyring if the key is there, or bring the file back from a backup, or delete the file and store them again")
    })
}

fn read_or_make(path: &Path, in_keyring: bool) -> std::io::Result<Key> {
    match std::fs::read(path) {
        Ok(bytes) => return read(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let key = rand::random::<[u8; 32]>();
    let name = format!("{NAMES_ENTRY}{:032x}", rand::random::<u128>());
    let kept = in_keyring && entry(&name).and_then(|entry| entry.set_secret(&key)).is_ok();
    let content: &[u8] = if kept { name.as_bytes() } else { &key };
    let was_first = put(path, content);
    if kept && !matches!(was_first, Ok(true)) {
        // Nobody knows of it; an entry that stays behind opens nothing.
        _ = entry(&name).and_then(|entry| entry.delete_credential());
    }
    was_first?;
    read_or_make(path, in_keyring)
}

fn read(bytes: Vec<u8>) -> std::io::Result<Key> {
    let named = std::str::from_utf8(&bytes).ok().filter(|text| text.starts_with(NAMES_ENTRY));
    let bytes = match named {
        Some(name) => entry(name).and_then(|entry| entry.get_secret()).map_err(|error| {
            std::io::Error::other(format!("the keyring of this system does not give it: {error}"))
        })?,
        None => bytes,
    };
    let key =
        bytes.try_into().map_err(|_| std::io::Error::new(ErrorKind::InvalidData, "it has not 32 bytes"))?;
    Ok(Secret::new(key))
}

fn entry(name: &str) -> keyring::Result<Entry> {
    Entry::new(SERVICE, name)
}

/// Puts a file in place whole and never over another; whether it was the first. Of two processes that start now, both use the same
/// one.
fn put(path: &Path, content: &[u8]) -> std::io::Result<bool> {
    let draft = path.with_extension(format!("{:016x}.new", rand::random::<u64>()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| std::fs::hard_link(&draft, path));
    std::fs::remove_file(&draft)?;
    match linked {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_and_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let keys: Vec<_> = std::thread::scope(|threads| {
            let all: Vec<_> = (0..8).map(|_| threads.spawn(|| master_key(&path, false).unwrap())).collect();
            all.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| key == &keys[0]));
        assert_ne!(*keys[0].expose(), [0; 32]);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "drafts are left behind");
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_damaged_one_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        std::fs::write(&path, "short").unwrap();
        let problem = master_key(&path, false).unwrap_err();
        assert!(problem.message.contains("32 bytes"), "{problem}");
        assert_eq!(std::fs::read(&path).unwrap(), b"short");
    }

    #[test]
    fn one_that_the_keyring_does_not_give_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let name = format!("{NAMES_ENTRY}{:032x}", 7);
        std::fs::write(&path, &name).unwrap();
        let problem = master_key(&path, true).unwrap_err();
        assert!(problem.message.contains("the keyring of this system does not give it"), "{problem}");
        assert_eq!(std::fs::read(&path).unwrap(), name.as_bytes());
    }
}
