//! The folders that the user opened: which are trusted, and what is shared by all windows that show one.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aios_core::WorkspacePath;
use aios_protocol::{ErrorCode, Folder, FolderChange, FolderId, Problem, Timestamp};
use aios_workspace::{FileList, UserFolder, Watcher, content_hash, current_branch};
use serde::{Deserialize, Serialize};
use tokio::sync::{OnceCell, broadcast};

use crate::compose::Kept;
use crate::problem;

/// Changes that a window may be behind before it reads everything again.
const CHANGES: usize = 256;

/// All folders. Its methods block.
pub(crate) struct Folders {
    kept: Kept,
    trash: PathBuf,
    open: Mutex<HashMap<FolderId, Arc<OpenFolder>>>,
}

/// A folder while this process runs.
pub(crate) struct OpenFolder {
    pub(crate) files: UserFolder,
    pub(crate) list: FileList,
    listing: AtomicBool,
    trusted: AtomicBool,
    watching: OnceCell<Watching>,
}

struct Watching {
    _watcher: Watcher,
    changes: broadcast::Sender<FolderChange>,
}

/// What is remembered of a folder.
#[derive(Serialize, Deserialize)]
struct Record {
    folder: FolderId,
    path: PathBuf,
    trusted: bool,
    opened_at: Timestamp,
}

impl Record {
    fn shown(self) -> Folder {
        let name = self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy().into_owned();
        Folder {
            folder: self.folder,
            name,
            branch: current_branch(&self.path),
            path: self.path.display().to_string(),
            trusted: self.trusted,
            opened_at: self.opened_at,
        }
    }
}

impl Folders {
    pub(crate) fn new(kept: Kept, trash: PathBuf) -> Self {
        Self { kept, trash, open: Mutex::default() }
    }

    /// Opens a folder and remembers it. What the user trusted before is trusted still.
    pub(crate) fn open(&self, path: &Path, now: Timestamp) -> Result<Folder, Problem> {
        let files =
            UserFolder::open(path, self.trash.clone()).map_err(|error| problem::folder_open(&error))?;
        let folder = id_of(files.path())?;
        let trusted = self.kept.load::<Record>(folder.as_str())?.is_some_and(|record| record.trusted);
        let record = Record { folder, path: files.path().to_owned(), trusted, opened_at: now };
        self.kept.save(record.folder.as_str(), &record)?;
        lock(&self.open)
            .entry(record.folder.clone())
            .or_insert_with(|| Arc::new(OpenFolder::new(files, trusted)));
        Ok(record.shown())
    }

    /// The folders that were opened and still exist, the latest first.
    pub(crate) fn list(&self) -> Result<Vec<Folder>, Problem> {
        let mut all = self.kept.all::<Record>()?;
        all.sort_by_key(|record| std::cmp::Reverse(record.opened_at));
        Ok(all.into_iter().filter(|record| record.path.is_dir()).map(Record::shown).collect())
    }

    pub(crate) fn trust(&self, folder: &FolderId, trusted: bool) -> Result<Folder, Problem> {
        let open = self.get(folder)?;
        let record = self.kept.load::<Record>(folder.as_str())?.ok_or_else(|| unknown(folder))?;
        let record = Record { trusted, ..record };
        self.kept.save(folder.as_str(), &record)?;
        open.trusted.store(trusted, Ordering::Relaxed);
        Ok(record.shown())
    }

    pub(crate) fn forget(&self, folder: &FolderId) -> Result<(), Problem> {
        lock(&self.open).remove(folder);
        self.kept.remove(folder.as_str())
    }

    /// An opened folder; one of an earlier start is opened again.
    pub(crate) fn get(&self, folder: &FolderId) -> Result<Arc<OpenFolder>, Problem> {
        if let Some(open) = lock(&self.open).get(folder) {
            return Ok(open.clone());
        }
        let record = self.kept.load::<Record>(folder.as_str())?.ok_or_else(|| unknown(folder))?;
        let files = UserFolder::open(&record.path, self.trash.clone());
        let files = files.map_err(|error| problem::folder_open(&error))?;
        let open = Arc::new(OpenFolder::new(files, record.trusted));
        Ok(lock(&self.open).entry(folder.clone()).or_insert(open).clone())
    }
}

impl OpenFolder {
    fn new(files: UserFolder, trusted: bool) -> Self {
        Self {
            files,
            list: FileList::default(),
            listing: AtomicBool::new(false),
            trusted: AtomicBool::new(trusted),
            watching: OnceCell::new(),
        }
    }

    /// Refuses what an untrusted folder must not start.
    pub(crate) fn must_be_trusted(&self, what: &str) -> Result<(), Problem> {
        if self.is_trusted() {
            return Ok(());
        }
        Err(Problem::new(ErrorCode::Denied, format!("{what} needs a folder that you trust"))
            .with_hint("trust the folder if you know where its files come from"))
    }

    pub(crate) fn is_trusted(&self) -> bool {
        self.trusted.load(Ordering::Relaxed)
    }

    /// The changes of the folder from now on. The first who asks starts the watch.
    pub(crate) async fn changes(self: &Arc<Self>) -> Result<broadcast::Receiver<FolderChange>, Problem> {
        let watching = self.watching.get_or_try_init(|| self.watch()).await?;
        Ok(watching.changes.subscribe())
    }

    async fn watch(self: &Arc<Self>) -> Result<Watching, Problem> {
        let folder = self.clone();
        let started = tokio::task::spawn_blocking(move || Watcher::start(&folder.files)).await;
        let started = started.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
        let (watcher, mut told) = started.map_err(|error| {
            Problem::new(ErrorCode::Storage, error.to_string())
                .with_hint("the system may be out of watches; on Linux raise fs.inotify.max_user_watches")
        })?;
        let (changes, _) = broadcast::channel(CHANGES);
        let (folder, tell) = (Arc::downgrade(self), changes.clone());
        tokio::spawn(async move {
            while let Some(change) = told.recv().await {
                let Some(folder) = folder.upgrade() else { return };
                folder.take_in(&change);
                // Nobody looking is no fault.
                _ = tell.send(change);
            }
        });
        Ok(Watching { _watcher: watcher, changes })
    }

    fn take_in(self: &Arc<Self>, change: &FolderChange) {
        match change {
            FolderChange::Rescan {} if self.listing.load(Ordering::Relaxed) => self.read_list(),
            FolderChange::Changed { changes } => {
                let files = changes.iter().filter(|entry| !(entry.exists && entry.is_folder));
                for entry in files {
                    if let Ok(path) = WorkspacePath::new(&entry.path) {
                        self.list.change(&path, entry.exists);
                    }
                }
            }
            _ => {}
        }
    }

    /// Sees to it that the list of files is read and kept fresh.
    pub(crate) async fn keep_listed(self: &Arc<Self>) {
        if self.listing.swap(true, Ordering::Relaxed) {
            return;
        }
        if let Err(error) = self.changes().await {
            tracing::warn!(%error, "the list of files is not kept fresh");
        }
        self.read_list();
    }

    fn read_list(self: &Arc<Self>) {
        let folder = self.clone();
        drop(tokio::task::spawn_blocking(move || folder.list.read(&folder.files)));
    }
}

/// The same at every start.
fn id_of(path: &Path) -> Result<FolderId, Problem> {
    let hash = content_hash(path.as_os_str().as_encoded_bytes()).0;
    let short: String = hash.chars().take(16).collect();
    FolderId::new(short).map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))
}

fn unknown(folder: &FolderId) -> Problem {
    Problem::new(ErrorCode::NotFound, format!("no folder {folder} was opened")).with_hint("open it again")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
