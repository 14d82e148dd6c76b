//! Small records in a folder of the data folder, each a file of its own that is replaced in one step.
#![expect(clippy::disallowed_methods, reason = "the data folder belongs to the product, not to a workspace")]

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use aios_protocol::{ErrorCode, Problem};
use aios_workspace::content_hash;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Records by name. Its methods block.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    folder: PathBuf,
}

impl Kept {
    /// The records in this folder, which is made with the first of them.
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Keeps a record, in the place of the one of this name.
    pub(crate) fn save(&self, name: &str, record: &impl Serialize) -> Result<(), Problem> {
        let save = || {
            std::fs::create_dir_all(&self.folder)?;
            let path = self.file(name);
            let draft = path.with_extension(format!("{:016x}.new", rand::random::<u64>()));
            let mut file = std::fs::File::create_new(&draft)?;
            let written = file.write_all(&serde_json::to_vec(record)?).and_then(|()| file.sync_data());
            written
                .and_then(|()| std::fs::rename(&draft, path))
                .inspect_err(|_| drop(std::fs::remove_file(&draft)))
        };
        save().map_err(|error| self.refused("kept", &error))
    }

    /// The record of this name, if there is one.
    pub(crate) fn load<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, Problem> {
        match std::fs::read(self.file(name)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            read => {
                let parsed = read.and_then(|bytes| Ok(serde_json::from_slice(&bytes)?));
                parsed.map(Some).map_err(|error| self.refused("read", &error))
            }
        }
    }

    /// All records, in no order. One that cannot be read is left out: it must not hide the others.
    pub(crate) fn all<T: DeserializeOwned>(&self) -> Result<Vec<T>, Problem> {
        let entries = match std::fs::read_dir(&self.folder) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(|error| self.refused("listed", &error))?,
        };
        let records = entries.flatten().map(|entry| entry.path()).filter(|path| is_record(path));
        let read = |path: PathBuf| match std::fs::read(&path).map(|bytes| serde_json::from_slice(&bytes)) {
            Ok(Ok(record)) => Some(record),
            Ok(Err(error)) => {
                tracing::warn!(path = %path.display(), %error, "a record is left out");
                None
            }
            Err(_) => None,
        };
        Ok(records.filter_map(read).collect())
    }

    /// Forgets a record; one that is not there is forgotten already.
    pub(crate) fn remove(&self, name: &str) -> Result<(), Problem> {
        match std::fs::remove_file(self.file(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(self.refused("removed", &error)),
            _ => Ok(()),
        }
    }

    /// Names come from outside and may hold anything.
    fn file(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{}.json", content_hash(name.as_bytes()).0))
    }

    fn refused(&self, what: &str, error: &std::io::Error) -> Problem {
        let folder = self.folder.display();
        Problem::new(ErrorCode::Storage, format!("a record in {folder} could not be {what}: {error}"))
            .with_hint("check the disk and the permissions of the data folder (AIOS_HOME)")
    }
}

fn is_record(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_kept_by_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let kept = Kept::new(folder.path().join("records"));
        assert!(kept.all::<u32>().unwrap().is_empty());
        for (name, record) in [("a", 1), ("../../a/\0", 2), ("a", 3)] {
            kept.save(name, &record).unwrap();
        }
        assert_eq!((kept.load("a").unwrap(), kept.load("../../a/\0").unwrap()), (Some(3), Some(2)));
        std::fs::write(folder.path().join("records/broken.json"), "{").unwrap();
        let mut all: Vec<u32> = kept.all().unwrap();
        all.sort_unstable();
        assert_eq!(all, [2, 3]);
        kept.remove("a").unwrap();
        kept.remove("a").unwrap();
        assert_eq!(kept.load::<u32>("a").unwrap(), None);
        assert_eq!(
            std::fs::read_dir(folder.path().join("records")).unwrap().count(),
            2,
            "drafts are left behind"
        );
    }
}
