//! What was in the files of a run before its agents wrote them: kept in a folder of the data folder until a person has decided.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::disk::content_hash;

/// A content by its hash; nothing where there was no file.
pub(super) type Content = Option<String>;

/// Contents of one run. Whoever works on the run adds to it; whoever reviews it takes away.
#[derive(Debug, Clone)]
pub(super) struct Originals {
    folder: PathBuf,
}

/// A line of the list.
#[derive(Serialize, Deserialize)]
struct Line {
    path: String,
    before: Content,
}

impl Originals {
    pub(super) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Every file with what was in it. The first word about a file counts.
    pub(super) fn all(&self) -> io::Result<BTreeMap<String, Content>> {
        let mut all = BTreeMap::new();
        let list = match fs::read_to_string(self.list()) {
            Ok(list) => list,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(all),
            Err(error) => return Err(error),
        };
        // A line that a crash cut off was about a file that was not written yet.
        for line in list.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok()) {
            all.entry(line.path).or_insert(line.before);
        }
        Ok(all)
    }

    /// Adds what is in a file before it is written for the first time.
    pub(super) fn add(&self, path: &str, before: Option<&[u8]>) -> io::Result<()> {
        let before = before.map(|content| self.store(content)).transpose()?;
        fs::create_dir_all(&self.folder)?;
        let mut line = serde_json::to_string(&Line { path: path.to_owned(), before })?;
        line.push('\n');
        OpenOptions::new().create(true).append(true).open(self.list())?.write_all(line.as_bytes())
    }

    /// Replaces the list.
    pub(super) fn replace(&self, all: &BTreeMap<String, Content>) -> io::Result<()> {
        let mut list = String::new();
        for (path, before) in all {
            list += &serde_json::to_string(&Line { path: path.clone(), before: before.clone() })?;
            list.push('\n');
        }
        self.put(&self.list(), list.as_bytes())
    }

    /// Keeps a content.
    pub(super) fn store(&self, content: &[u8]) -> io::Result<String> {
        let hash = content_hash(content).0;
        let path = self.folder.join(&hash);
        if !path.exists() {
            self.put(&path, content)?;
        }
        Ok(hash)
    }

    /// A kept content.
    pub(super) fn content(&self, kept: &Content) -> io::Result<Option<Vec<u8>>> {
        kept.as_ref().map(|hash| fs::read(self.folder.join(hash))).transpose()
    }

    /// A document beside the list, such as what can be taken back.
    pub(super) fn note<T: for<'de> Deserialize<'de>>(&self, name: &str) -> io::Result<Option<T>> {
        match fs::read(self.folder.join(name)) {
            Ok(text) => Ok(serde_json::from_slice(&text).ok()),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) fn put_note(&self, name: &str, note: &impl Serialize) -> io::Result<()> {
        self.put(&self.folder.join(name), &serde_json::to_vec(note)?)
    }

    fn list(&self) -> PathBuf {
        self.folder.join("files.jsonl")
    }

    /// Whole or not at all.
    fn put(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let draft = path.with_extension("new");
        fs::write(&draft, content)?;
        fs::rename(&draft, path)
    }
}
