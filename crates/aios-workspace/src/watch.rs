//! Watching a workspace for changes, whoever makes them: the user, a command, or the product itself.
//!
//! Generated, hidden and git-ignored folders are not watched: their number would use up the system's watches.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use aios_core::WorkspacePath;
use notify_debouncer_full::notify::{Error, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};
use tokio::sync::mpsc;

use crate::DiskWorkspace;
use crate::disk::{Hidden, is_generated, walk};

/// Changes that follow each other faster than this are told together.
const QUIET: Duration = Duration::from_millis(50);

/// Batches that may wait for a slow reader.
const WAITING: usize = 64;

type Events = Debouncer<RecommendedWatcher, RecommendedCache>;

/// Watches until it is dropped.
pub struct Watcher {
    _events: Arc<Mutex<Events>>,
}

/// Why a workspace cannot be watched.
#[derive(Debug, thiserror::Error)]
#[error("could not watch {} for changes: {source}", .folder.display())]
pub struct WatchError {
    folder: PathBuf,
    source: Error,
}

/// What the watching thread knows.
struct Watched {
    root: PathBuf,
    hidden: Arc<Hidden>,
    events: Weak<Mutex<Events>>,
}

impl Watcher {
    /// Starts watching. Each batch holds the files that changed, came or went, sorted.
    pub fn start(
        workspace: &DiskWorkspace,
    ) -> Result<(Self, mpsc::Receiver<Vec<WorkspacePath>>), WatchError> {
        let root = workspace.path().to_owned();
        let failed = |source| WatchError { folder: root.clone(), source };
        let (seen, happened) = std::sync::mpsc::channel::<DebounceEventResult>();
        let events = Arc::new(Mutex::new(new_debouncer(QUIET, None, seen).map_err(failed)?));
        let watched = Watched {
            root: root.clone(),
            hidden: workspace.hidden().clone(),
            events: Arc::downgrade(&events),
        };
        watched.add(&root, &mut BTreeSet::new()).map_err(failed)?;
        let (tell, told) = mpsc::channel(WAITING);
        let thread = std::thread::Builder::new().name("watch".to_owned()).spawn(move || {
            // Ends when the debouncer, which holds the other end, is dropped with the watcher.
            for batch in happened {
                let changed = watched.changed(batch);
                if !changed.is_empty() && tell.blocking_send(changed).is_err() {
                    return;
                }
            }
        });
        thread.map_err(|error| failed(Error::io(error)))?;
        Ok((Self { _events: events }, told))
    }
}

impl Watched {
    fn changed(&self, batch: DebounceEventResult) -> Vec<WorkspacePath> {
        let mut changed = BTreeSet::new();
        let events = batch.unwrap_or_else(|errors| {
            tracing::warn!(?errors, "changes in the workspace may have been missed");
            Vec::new()
        });
        for path in events.iter().filter(|event| !event.kind.is_access()).flat_map(|event| &event.paths) {
            if !path.is_dir() {
                changed.extend(self.shown(path));
            } else if self.shown(path).is_some()
                && let Err(error) = self.add(path, &mut changed)
            {
                tracing::warn!(folder = %path.display(), %error, "a new folder is not watched");
            }
        }
        changed.into_iter().collect()
    }

    /// Watches a folder and those in it; files that are there already may have come before the watch, so they are told.
    fn add(&self, folder: &Path, found: &mut BTreeSet<WorkspacePath>) -> Result<(), Error> {
        let Some(events) = self.events.upgrade() else { return Ok(()) };
        let mut events = events.lock().unwrap_or_else(PoisonError::into_inner);
        // Elsewhere the system watches whole trees at the price of one.
        if !cfg!(target_os = "linux") {
            return if folder == self.root { events.watch(folder, RecursiveMode::Recursive) } else { Ok(()) };
        }
        for entry in walk(&self.root, &self.hidden).flatten() {
            if !entry.path().starts_with(folder) {
                continue;
            }
            if entry.file_type().is_some_and(|kind| kind.is_dir()) {
                events.watch(entry.path(), RecursiveMode::NonRecursive)?;
            } else if folder != self.root {
                found.extend(self.shown(entry.path()));
            }
        }
        Ok(())
    }

    fn shown(&self, path: &Path) -> Option<WorkspacePath> {
        let relative = path.strip_prefix(&self.root).ok()?;
        let generated = relative.iter().any(|part| part.to_str().is_none_or(is_generated));
        if generated || self.hidden.hides(relative, false) {
            return None;
        }
        WorkspacePath::new(&relative.to_str()?.replace(std::path::MAIN_SEPARATOR, "/")).ok()
    }
}
