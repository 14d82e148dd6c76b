//! The key that encrypts stored keys: a file that only its owner may read.
#![expect(clippy::disallowed_methods, reason = "the data folder belongs to the product, not to a workspace")]

use std::io::{ErrorKind, Write};
use std::path::Path;

use aios_core::Secret;
use aios_protocol::{ErrorCode, Problem};

/// The key, made at the first call.
pub(crate) fn master_key(path: &Path) -> Result<Secret<[u8; 32]>, Problem> {
    read_or_make(path).map_err(|error| {
        Problem::new(ErrorCode::Storage, format!("the master key {} cannot be used: {error}", path.display()))
            .with_hint("without it the stored keys of model providers cannot be decrypted; bring the file back from a backup, or delete it and store them again")
    })
}

fn read_or_make(path: &Path) -> std::io::Result<Secret<[u8; 32]>> {
    match std::fs::read(path) {
        Ok(bytes) => {
            let key = bytes
                .try_into()
                .map_err(|_| std::io::Error::new(ErrorKind::InvalidData, "it has not 32 bytes"))?;
            return Ok(Secret::new(key));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    // Put in place whole and never over another: of two processes that start now, both use the same one.
    let draft = path.with_extension(format!("{:016x}.new", rand::random::<u64>()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    let written = file.write_all(&rand::random::<[u8; 32]>()).and_then(|()| file.sync_all());
    let linked = written.and_then(|()| std::fs::hard_link(&draft, path));
    std::fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => read_or_make(path),
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
            let all: Vec<_> = (0..8).map(|_| threads.spawn(|| master_key(&path).unwrap())).collect();
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
        let problem = master_key(&path).unwrap_err();
        assert!(problem.message.contains("32 bytes"), "{problem}");
        assert_eq!(std::fs::read(&path).unwrap(), b"short");
    }
}
