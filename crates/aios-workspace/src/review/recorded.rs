//! A workspace whose first contents are kept, so that a person can decide about what was written.

use std::collections::HashSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use aios_core::{FileError, Listing, SearchHits, SearchQuery, Workspace, WorkspacePath, Written};
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::originals::Originals;
use crate::disk::DiskWorkspace;

/// The workspace of a run's agents.
pub struct RecordedWorkspace {
    files: DiskWorkspace,
    originals: Originals,
    known: Arc<Mutex<HashSet<String>>>,
}

impl RecordedWorkspace {
    /// Writes what was before into `folder`; of files that are known there already, the first word counts.
    pub fn new(files: DiskWorkspace, folder: &Path) -> Self {
        Self { files, originals: Originals::new(folder), known: Arc::default() }
    }

    /// Keeps what is in a file that is about to be written or removed. What cannot be kept is written all the same: a run must not
    /// fail because its review would.
    async fn keep(&self, path: &WorkspacePath) {
        let name = path.as_str().to_owned();
        if self.known.lock().unwrap_or_else(PoisonError::into_inner).contains(&name) {
            return;
        }
        let before = match self.files.read(path).await {
            Ok(content) => Some(content),
            Err(FileError::NotFound(_)) => None,
            // It refuses to be written, too, or is larger than anybody reviews.
            Err(_) => return,
        };
        let (originals, known) = (self.originals.clone(), self.known.clone());
        let kept = tokio::task::spawn_blocking(move || {
            let kept = originals.add(&name, before.as_deref());
            known.lock().unwrap_or_else(PoisonError::into_inner).insert(name);
            kept
        });
        if let Ok(Err(error)) = kept.await {
            tracing::warn!(%error, %path, "what was in a file could not be kept for a review");
        }
    }
}

#[async_trait]
impl Workspace for RecordedWorkspace {
    async fn read(&self, path: &WorkspacePath) -> Result<Vec<u8>, FileError> {
        self.files.read(path).await
    }

    async fn write(&self, path: &WorkspacePath, content: &[u8]) -> Result<Written, FileError> {
        self.keep(path).await;
        self.files.write(path, content).await
    }

    async fn remove(&self, path: &WorkspacePath) -> Result<(), FileError> {
        self.keep(path).await;
        self.files.remove(path).await
    }

    async fn list(&self, limit: usize) -> Result<Listing, FileError> {
        self.files.list(limit).await
    }

    async fn search(&self, query: &SearchQuery, stop: &CancellationToken) -> Result<SearchHits, FileError> {
        self.files.search(query, stop).await
    }
}
