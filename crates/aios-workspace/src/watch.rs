//! Watching a folder for changes, whoever makes them: the user, a command, or the product itself.
//!
//! Generated and git-ignored folders are not watched: their number would use up the system's watches.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use aios_core::WorkspacePath;
use aios_protocol::{ChangedEntry, FolderChange};
use notify_debouncer_full::notify::{Error, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};
use tokio::sync::mpsc;

use crate::UserFolder;
use crate::disk::{Hidden, is_generated, walk};

/// Changes that follow each other faster than this are told together.
const QUIET: Duration = Duration::from_millis(50);
/// Batches that may wait for a slow reader.
const WAITING: usize = 64;
/// Changes that are told one by one; with more it is quicker to read everything again.
const MOST: usize = 2_000;

type Events = Debouncer<RecommendedWatcher, RecommendedCache>;

/// Watches until it is dropped.
pub struct Watcher {
    _events: Arc<Mutex<Events>>,
}

/// Why a folder cannot be watched.
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

/// What a batch of events says.
#[derive(Default)]
struct Batch {
    changed: BTreeMap<WorkspacePath, ChangedEntry>,
    git: bool,
    rescan: bool,
}

impl Watcher {
    /// Starts watching. Blocks until every folder is watched.
    pub fn start(folder: &UserFolder) -> Result<(Self, mpsc::Receiver<FolderChange>), WatchError> {
        let root = folder.path().to_owned();
        let failed = |source| WatchError { folder: root.clone(), source };
        let (seen, happened) = std::sync::mpsc::channel::<DebounceEventResult>();
        let events = Arc::new(Mutex::new(new_debouncer(QUIET, None, seen).map_err(failed)?));
        let watched = Watched {
            root: root.clone(),
            hidden: folder.root.hidden.clone(),
            events: Arc::downgrade(&events),
        };
        watched.add(&BTreeSet::from([root.clone()]), &mut Batch::default()).map_err(failed)?;
        watched.add_git().map_err(failed)?;
        let (tell, told) = mpsc::channel(WAITING);
        let thread = std::thread::Builder::new().name("watch".to_owned()).spawn(move || {
            // Ends when the debouncer, which holds the other end, is dropped with the watcher.
            for events in happened {
                for change in watched.read(events).changes() {
                    if tell.blocking_send(change).is_err() {
                        return;
                    }
                }
            }
        });
        thread.map_err(|error| failed(Error::io(error)))?;
        Ok((Self { _events: events }, told))
    }
}

impl Batch {
    fn changes(self) -> impl Iterator<Item = FolderChange> {
        let files = if self.rescan || self.changed.len() > MOST {
            Some(FolderChange::Rescan {})
        } else if self.changed.is_empty() {
            None
        } else {
            Some(FolderChange::Changed { changes: self.changed.into_values().collect() })
        };
        files.into_iter().chain(self.git.then_some(FolderChange::Git {}))
    }
}

impl Watched {
    fn read(&self, events: DebounceEventResult) -> Batch {
        let (mut batch, mut new) = (Batch::default(), BTreeSet::new());
        let events = events.unwrap_or_else(|errors| {
            tracing::warn!(?errors, "changes in the folder may have been missed");
            batch.rescan = true;
            Vec::new()
        });
        for event in events.iter().filter(|event| !event.kind.is_access()) {
            batch.rescan |= event.need_rescan();
            for path in &event.paths {
                if path.starts_with(self.root.join(".git")) {
                    batch.git |= tells_of_git(path);
                } else {
                    self.take(path, &mut batch, &mut new);
                }
            }
        }
        if batch.rescan {
            new = BTreeSet::from([self.root.clone()]);
        }
        if !new.is_empty()
            && let Err(error) = self.add(&new, &mut batch)
        {
            tracing::warn!(%error, "new folders may not be watched");
            batch.rescan = true;
        }
        batch
    }

    fn take(&self, path: &Path, batch: &mut Batch, new: &mut BTreeSet<PathBuf>) {
        let Some(shown) = self.shown(path) else { return };
        let is_folder = path.is_dir();
        let exists = is_folder || path.symlink_metadata().is_ok();
        let entry = ChangedEntry { path: shown.to_string(), exists, is_folder };
        batch.changed.insert(shown, entry);
        if is_folder {
            new.insert(path.to_owned());
        }
    }

    /// Watches folders and those in them; files that are there already may have come before the watch, so they are told.
    fn add(&self, folders: &BTreeSet<PathBuf>, found: &mut Batch) -> Result<(), Error> {
        let Some(events) = self.events.upgrade() else { return Ok(()) };
        let mut events = events.lock().unwrap_or_else(PoisonError::into_inner);
        let whole = folders.contains(&self.root);
        // Elsewhere the system watches whole trees at the price of one.
        if !cfg!(target_os = "linux") {
            return if whole { events.watch(&self.root, RecursiveMode::Recursive) } else { Ok(()) };
        }
        // From the root, because ignore lists above them count for new folders too.
        for entry in walk(&self.root, &self.hidden).flatten() {
            if !whole && !entry.path().ancestors().any(|above| folders.contains(above)) {
                continue;
            }
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            if is_folder {
                events.watch(entry.path(), RecursiveMode::NonRecursive)?;
            }
            if !whole && let Some(shown) = self.shown(entry.path()) {
                let path = shown.to_string();
                found.changed.insert(shown, ChangedEntry { path, exists: true, is_folder });
            }
        }
        Ok(())
    }

    /// Watches what tells of commits, branches and the index.
    fn add_git(&self) -> Result<(), Error> {
        let git = self.root.join(".git");
        if !git.is_dir() || !cfg!(target_os = "linux") {
            return Ok(());
        }
        let Some(events) = self.events.upgrade() else { return Ok(()) };
        let mut events = events.lock().unwrap_or_else(PoisonError::into_inner);
        events.watch(&git, RecursiveMode::NonRecursive)?;
        events.watch(git.join("refs"), RecursiveMode::Recursive)
    }

    fn shown(&self, path: &Path) -> Option<WorkspacePath> {
        let relative = path.strip_prefix(&self.root).ok()?;
        if relative.iter().any(|part| part.to_str().is_none_or(is_generated)) {
            return None;
        }
        WorkspacePath::new(&relative.to_str()?.replace(std::path::MAIN_SEPARATOR, "/")).ok()
    }
}

/// Whether a change in `.git` means something to whoever looks at the repository.
fn tells_of_git(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let in_refs = path.iter().any(|part| part == "refs");
    !name.ends_with(".lock")
        && (in_refs || name == "index" || name == "packed-refs" || name == "stash" || name.ends_with("HEAD"))
}
