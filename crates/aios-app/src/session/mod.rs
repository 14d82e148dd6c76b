//! A session: one user's access to the application, the same commands for every host.

mod accounts;
mod api;
mod billing;
mod captures;
mod choice;
mod compare;
mod files;
mod health;
mod ide;
mod inline;
mod keys;
mod models;
mod outputs;
mod page;
mod policies;
mod projects;
mod review;
mod run_files;
mod runs;
mod start;
mod streams;
pub(crate) mod subscribe;
mod tasks;
mod team;
mod text;

use std::fmt;
use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use aios_accounts::Origin;
use aios_core::{KeyHolder, Scope};
use aios_protocol::{ErrorCode, OrgId, Problem, RunDetail, RunStarted};
use tokio::sync::mpsc;

pub(crate) use self::ide::servers::Servers;
pub(crate) use self::ide::terminals::Terminals;
pub use self::run_files::RunFiles;
pub(crate) use self::start::run_resume as resume;
pub(crate) use self::tasks::dispatch;
use crate::App;

/// One user's access to the application. Cheap to clone.
#[derive(Clone)]
pub struct Session {
    app: Arc<App>,
    scope: Scope,
    guest: Option<Guest>,
    listener: Option<mpsc::Sender<String>>,
}

/// Who came in from outside of the process.
#[derive(Clone)]
enum Guest {
    /// The holder of a key.
    Person(Arc<KeyHolder>),
    /// Somebody without one, at this address.
    Nobody(IpAddr),
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({}/{})", self.scope.org, self.scope.user)
    }
}

impl Session {
    /// A session of the process itself, on behalf of this scope.
    pub(crate) fn new(app: Arc<App>, scope: Scope) -> Self {
        Self { app, scope, guest: None, listener: None }
    }

    /// A session of whoever holds a key.
    pub(crate) fn of_person(app: Arc<App>, holder: KeyHolder) -> Self {
        let (scope, guest) = (holder.scope.clone(), Some(Guest::Person(Arc::new(holder))));
        Self { app, scope, guest, listener: None }
    }

    /// A session of somebody without a key; the scope is nobody's.
    pub(crate) fn of_nobody(app: Arc<App>, scope: Scope, address: IpAddr) -> Self {
        Self { app, scope, guest: Some(Guest::Nobody(address)), listener: None }
    }

    /// The same session, which also tells the answers of its commands piece by piece, where they come in pieces. It goes no
    /// faster than they are taken.
    #[must_use]
    pub fn listening(&self, listener: mpsc::Sender<String>) -> Self {
        Self { listener: Some(listener), ..self.clone() }
    }

    /// Tells a piece to whoever listens.
    async fn tell(&self, piece: String) {
        if let Some(listener) = &self.listener {
            // One who stopped listening gets the answer all the same.
            _ = listener.send(piece).await;
        }
    }

    /// The organisation, unless it is the user of this machine who asks. Told from the scope alone, so that nobody is ever
    /// mistaken for them.
    fn tenant(&self) -> Option<&OrgId> {
        Some(&self.scope.org).filter(|org| **org != self.app.scope.org)
    }

    /// Whose data it sees. What a host shares out is shared out among these.
    pub fn organisation(&self) -> &OrgId {
        &self.scope.org
    }

    /// A run as it is told: organisations need not know where the server keeps their files.
    fn told_run(&self, run: RunDetail) -> RunDetail {
        RunDetail { dir: self.told_folder(run.dir), ..run }
    }

    fn told_start(&self, started: RunStarted) -> RunStarted {
        RunStarted { dir: self.told_folder(started.dir), ..started }
    }

    fn told_folder(&self, folder: String) -> String {
        let kept = self.tenant().and_then(|_| Path::new(&folder).file_name());
        kept.map(|name| name.to_string_lossy().into_owned()).unwrap_or(folder)
    }

    /// Whoever holds the key; a problem for the user of this machine, who needs neither keys nor an organisation.
    fn holder(&self) -> Result<&KeyHolder, Problem> {
        match &self.guest {
            Some(Guest::Person(holder)) => Ok(holder),
            _ => Err(Problem::new(ErrorCode::Conflict, "the user of this machine has no organisation")
                .with_hint("register one, and ask with its key")),
        }
    }

    /// What tries are counted by.
    fn origin(&self) -> Origin {
        match &self.guest {
            Some(Guest::Nobody(address)) => Origin::Address(*address),
            _ => Origin::Person(self.scope.user.clone()),
        }
    }
}

fn stored<T>(result: Result<T, aios_core::StoreError>) -> Result<T, Problem> {
    result.map_err(|error| crate::problem::store(&error))
}
