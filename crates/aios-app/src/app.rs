//! The application: what lives as long as the process.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use aios_accounts::{AccountPorts, Accounts, Sealer};
use aios_core::{Clock, RunDirectory, RunStore, Scope, StoreError, TaskDirectory};
use aios_engine::{Engine, EnginePorts, RunHandle};
use aios_inline::Completer;
use aios_protocol::{ErrorCode, OrgId, Problem, RunId, SecretText, UserId};
use aios_store::SqliteStore;
use tokio::sync::OnceCell;
use tokio_util::task::TaskTracker;

use crate::budgets::Budgets;
use crate::compose::{Holders, Home, Kept, Models, Outside, ServerLock, SystemClock, Toolbox, master_key};
use crate::config::AppConfig;
use crate::folders::Folders;
use crate::hub::{Hub, Stored, Totals};
use crate::problem;
use crate::session::{Servers, Session, Terminals, subscribe};
use crate::slots::Slots;
use crate::turns::Turns;

/// Runs of a new user on keys that are not their own, unless `AIOS_FREE_RUNS` says otherwise.
const FREE_RUNS: u32 = 3;

/// The application. One per process; hosts ask it through sessions.
pub struct App {
    pub(crate) config: AppConfig,
    pub(crate) home: Home,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) clock: Arc<SystemClock>,
    pub(crate) engine: Engine,
    pub(crate) models: Models,
    pub(crate) completer: Completer,
    pub(crate) toolbox: Arc<Toolbox>,
    pub(crate) holders: Holders,
    pub(crate) hub: Hub,
    pub(crate) local_key: OnceLock<SecretText>,
    page: OnceLock<String>,
    pub(crate) accounts: Accounts,
    pub(crate) outside: Outside,
    pub(crate) slots: Slots,
    pub(crate) budgets: Budgets,
    /// Of files that are saved from afar.
    pub(crate) saving: Turns,
    pub(crate) free_runs: u32,
    pub(crate) folders: Folders,
    pub(crate) drafts: Kept,
    pub(crate) windows: Kept,
    pub(crate) terminals: Terminals,
    pub(crate) servers: Servers,
    pub(crate) scope: Scope,
    pub(crate) nobody: Scope,
    /// Whether this process is a server: the next one goes on with what it leaves.
    pub(crate) serves: AtomicBool,
    /// Whether this process starts queued tasks when a run is over.
    pub(crate) works_off_tasks: AtomicBool,
    closing: AtomicBool,
    telling: TaskTracker,
    sealer: OnceCell<Arc<Sealer>>,
    runs: Mutex<HashMap<RunId, (OrgId, RunHandle)>>,
}

impl App {
    /// Opens the data folder and its database; starts nothing.
    pub async fn open(config: AppConfig) -> Result<Arc<Self>, Problem> {
        // A second `open` in one process finds the provider installed; that is no fault.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let home = Home::open(&config)?;
        let database = home.database();
        let opened = tokio::task::spawn_blocking(move || SqliteStore::open(&database)).await;
        let store = opened
            .map_err(|error| Problem::new(ErrorCode::Internal, format!("the store did not open: {error}")))?
            .map_err(|error| problem::store(&error))?;
        let (store, clock) = (Arc::new(store), Arc::new(SystemClock));
        let ports = EnginePorts {
            runs: store.clone(),
            ops: store.clone(),
            projects: store.clone(),
            clock: clock.clone(),
        };
        let holders = Holders::new(&home);
        let internal = |error: aios_protocol::InvalidId| Problem::new(ErrorCode::Internal, error.to_string());
        let scope = Scope::local().map_err(internal)?;
        // Ids of organisations and people are random, so nobody is ever this one.
        let nobody = Scope {
            org: OrgId::new("nobody").map_err(internal)?,
            user: UserId::new("nobody").map_err(internal)?,
        };
        let outside = Outside::new(&config);
        let accounts = Accounts::new(AccountPorts {
            directory: store.clone(),
            accounts: store.clone(),
            keys: store.clone(),
            tickets: store.clone(),
            mailer: outside.mailer(),
            clock: clock.clone(),
        });
        let models = Models::new(&config, &home)?;
        let toolbox = Arc::new(Toolbox::new(&config, &home));
        Ok(Arc::new(Self {
            engine: Engine::new(ports, holders.name()),
            folders: Folders::new(Kept::new(home.records("folders")), home.trash(&config)),
            drafts: Kept::new(home.records("drafts")),
            windows: Kept::new(home.records("windows")),
            terminals: Terminals::default(),
            servers: Servers::default(),
            home,
            store,
            clock,
            models,
            completer: Completer::default(),
            toolbox,
            holders,
            hub: Hub::default(),
            local_key: OnceLock::new(),
            page: OnceLock::new(),
            accounts,
            outside,
            slots: Slots::default(),
            budgets: Budgets::default(),
            saving: Turns::default(),
            free_runs: free_runs(&config)?,
            scope,
            nobody,
            serves: AtomicBool::new(false),
            works_off_tasks: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            telling: TaskTracker::new(),
            sealer: OnceCell::new(),
            runs: Mutex::default(),
            config,
        }))
    }

    /// A server shows the page at this address; hosts tell it before they listen.
    pub fn shows_page_at(&self, address: String) {
        // The first one stays: a process has one server.
        _ = self.page.set(address);
    }

    /// Where the page can be seen in a browser.
    pub(crate) fn page(&self) -> Option<&str> {
        self.page.get().map(String::as_str)
    }

    /// A session of the local user.
    pub fn session(self: &Arc<Self>) -> Session {
        Session::new(self.clone(), self.scope.clone())
    }

    /// Asks every run at work to save and stop, and waits for them; runs that need longer are resumed from their last
    /// checkpoint.
    pub async fn shutdown(&self, deadline: Duration) {
        self.closing.store(true, Ordering::Relaxed);
        let runs: Vec<RunHandle> = self.lock().values().map(|(_, run)| run.clone()).collect();
        for run in &runs {
            run.interrupt();
        }
        let all = async {
            futures::future::join_all(runs.iter().map(RunHandle::done)).await;
            // Whoever watches them has been told that they stopped.
            self.telling.close();
            self.telling.wait().await;
        };
        if tokio::time::timeout(deadline, all).await.is_err() {
            tracing::warn!("some runs did not stop in time; they go on from their last checkpoint");
        }
    }

    /// Takes the data folder for a server that will be found at `address`; one that is taken already is a `Conflict`.
    pub fn lock_for_server(&self, address: &str) -> Result<ServerLock, Problem> {
        self.home.lock_for_server(address)
    }

    /// What this process did since it started; for operators.
    pub fn totals(&self) -> Totals {
        Totals { runs_at_work: self.lock().len(), ..self.hub.totals() }
    }

    /// What is stored at this moment; for operators.
    pub async fn stored(&self) -> Result<Stored, Problem> {
        let counted = |error: StoreError| problem::store(&error);
        let runs = self.store.counts().await.map_err(counted)?;
        let queued_tasks = self.store.count_queued().await.map_err(counted)?;
        Ok(Stored { runs, queued_tasks })
    }

    /// What encrypts stored keys. Reads the master key at the first call, or makes it.
    pub(crate) async fn sealer(&self) -> Result<&Arc<Sealer>, Problem> {
        let open = || async {
            let path = self.home.master_key();
            let in_keyring = self.config.env.get("AIOS_KEYRING").map(String::as_str) != Some("off");
            // The keyring may ask the user to unlock it.
            let key = tokio::task::spawn_blocking(move || master_key(&path, in_keyring)).await;
            let key = key.map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))??;
            Ok(Arc::new(Sealer::new(&key)))
        };
        self.sealer.get_or_try_init(open).await
    }

    /// Whether nothing new should begin any more.
    pub(crate) fn is_closing(&self) -> bool {
        self.closing.load(Ordering::Relaxed)
    }

    /// Refuses what would begin now and be left at once.
    pub(crate) fn refuse_when_closing(&self) -> Result<(), Problem> {
        if !self.is_closing() {
            return Ok(());
        }
        Err(Problem::new(ErrorCode::Unavailable, "this process is about to end")
            .with_hint("try it again in a moment"))
    }

    /// A run of the organisation that this process works on.
    pub(crate) fn run(&self, scope: &Scope, run_id: RunId) -> Option<RunHandle> {
        self.lock().get(&run_id).filter(|(org, _)| *org == scope.org).map(|(_, run)| run.clone())
    }

    /// Who works on a run. One whose process has gone loses it here, so that nobody waits for the end of its lease.
    pub(crate) async fn holder(&self, scope: &Scope, run_id: RunId) -> Result<Option<String>, StoreError> {
        let holder = self.store.holder(scope, run_id, self.clock.now()).await?;
        match holder {
            Some(holder) if self.holders.is_gone(&holder) => {
                self.store.evict(scope, run_id, &holder).await?;
                Ok(None)
            }
            holder => Ok(holder),
        }
    }

    /// Keeps the handle of a run until it is over, and tells its events to those who follow the organisation.
    pub(crate) fn keep(self: &Arc<Self>, scope: &Scope, handle: &RunHandle) {
        self.lock().insert(handle.run_id, (scope.org.clone(), handle.clone()));
        self.telling.spawn(subscribe::tell(Session::new(self.clone(), scope.clone()), handle.clone()));
        let (app, handle) = (Arc::downgrade(self), handle.clone());
        tokio::spawn(async move {
            // Whoever follows the run is told how it ended.
            let _ = handle.done().await;
            if let Some(app) = app.upgrade() {
                app.lock().remove(&handle.run_id);
            }
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<RunId, (OrgId, RunHandle)>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn free_runs(config: &AppConfig) -> Result<u32, Problem> {
    let set = config.env.get("AIOS_FREE_RUNS").map(|text| text.trim()).filter(|text| !text.is_empty());
    set.map_or(Ok(FREE_RUNS), |text| {
        text.parse().map_err(|_| {
            Problem::new(ErrorCode::InvalidRequest, format!("AIOS_FREE_RUNS is {text:?}, which is no number"))
                .with_hint("set it to 0 or more, or leave it away")
        })
    })
}
