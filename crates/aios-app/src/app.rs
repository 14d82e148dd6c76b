//! The application: what lives as long as the process.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aios_core::{Clock, RunStore, Scope, StoreError};
use aios_engine::{Engine, EnginePorts, RunHandle};
use aios_protocol::{ErrorCode, Problem, RunId};
use aios_store::SqliteStore;

use crate::compose::{Holders, Home, Models, SystemClock, Toolbox};
use crate::problem;
use crate::session::Session;

/// What a host read of its surroundings; nothing below reads them.
#[derive(Debug, Clone)]
pub struct AppConfig {
    /// The data folder: `AIOS_HOME`, or the platform's place for it.
    pub home: PathBuf,
    /// Where the embedded model's weights are; a folder of the user's cache when missing.
    pub models_dir: Option<PathBuf>,
    /// The environment.
    pub env: BTreeMap<String, String>,
    /// The file of this program, which is also its own sandbox helper and model worker.
    pub exe: PathBuf,
    /// The user's home folder.
    pub user_home: Option<PathBuf>,
}

/// The application. One per process; hosts ask it through sessions.
pub struct App {
    pub(crate) config: AppConfig,
    pub(crate) home: Home,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) clock: Arc<SystemClock>,
    pub(crate) engine: Engine,
    pub(crate) models: Models,
    pub(crate) toolbox: Arc<Toolbox>,
    pub(crate) holders: Holders,
    scope: Scope,
    runs: Mutex<HashMap<RunId, RunHandle>>,
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
        let scope = Scope::local().map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
        let models = Models::new(&config, &home)?;
        let toolbox = Arc::new(Toolbox::new(&config, &home));
        Ok(Arc::new(Self {
            engine: Engine::new(ports, holders.name()),
            home,
            store,
            clock,
            models,
            toolbox,
            holders,
            scope,
            runs: Mutex::default(),
            config,
        }))
    }

    /// A session of the local user.
    pub fn session(self: &Arc<Self>) -> Session {
        Session::new(self.clone(), self.scope.clone())
    }

    /// Asks every run at work to save and stop, and waits for them; runs that need longer are resumed from their last
    /// checkpoint.
    pub async fn shutdown(&self, deadline: Duration) {
        let runs: Vec<RunHandle> = self.lock().values().cloned().collect();
        for run in &runs {
            run.interrupt();
        }
        let all = futures::future::join_all(runs.iter().map(RunHandle::done));
        if tokio::time::timeout(deadline, all).await.is_err() {
            tracing::warn!("some runs did not stop in time; they go on from their last checkpoint");
        }
    }

    /// A run that this process works on.
    pub(crate) fn run(&self, run_id: RunId) -> Option<RunHandle> {
        self.lock().get(&run_id).cloned()
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

    /// Keeps the handle of a run until it is over.
    pub(crate) fn keep(self: &Arc<Self>, handle: &RunHandle) {
        self.lock().insert(handle.run_id, handle.clone());
        let (app, handle) = (Arc::downgrade(self), handle.clone());
        tokio::spawn(async move {
            // Whoever follows the run is told how it ended.
            let _ = handle.done().await;
            if let Some(app) = app.upgrade() {
                app.lock().remove(&handle.run_id);
            }
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<RunId, RunHandle>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
