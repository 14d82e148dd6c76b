//! Going on with what an earlier process left behind: runs, and queued tasks.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use aios_core::{RunDirectory, Scope, TaskDirectory};
use aios_protocol::{ErrorCode, OrgId, Problem, RunId, UserId};

use crate::session::{Session, dispatch, resume};
use crate::{App, problem};

/// A lease that nobody renews is over before this; a run that is still held then is at work elsewhere.
const PATIENCE: Duration = Duration::from_secs(20);
const RETRY: Duration = Duration::from_millis(500);

impl App {
    /// Goes on with what earlier servers left of all organisations: runs that were interrupted or left by a crash, and
    /// queued tasks. A server's first deed. Ends when each run was taken up or is at work in another process; what cannot go
    /// on stays as it is.
    pub fn go_on(self: &Arc<Self>) -> impl Future<Output = Result<(), Problem>> + Send + 'static {
        // From now on, not from when somebody polls: requests may come earlier.
        self.serves.store(true, Ordering::Relaxed);
        let app = self.clone();
        async move {
            let left = app.store.unfinished().await.map_err(|error| problem::store(&error))?;
            let runs = left.into_iter().map(|(org, run_id)| app.take_up_left(org, run_id));
            // All wait for their leases and places at the same time.
            let (_, tasks) = futures::future::join(futures::future::join_all(runs), app.work_off()).await;
            tasks
        }
    }

    async fn take_up_left(self: &Arc<Self>, org: OrgId, run_id: RunId) {
        match self.resume_left(org, run_id).await {
            Ok(()) => tracing::info!(%run_id, "goes on with a run that was left"),
            Err(problem) => tracing::warn!(%run_id, %problem, "a run that was left does not go on"),
        }
    }

    /// Starts what is queued.
    async fn work_off(self: &Arc<Self>) -> Result<(), Problem> {
        for org in self.store.with_queued_tasks().await.map_err(|error| problem::store(&error))? {
            dispatch(&self.on_behalf_of(org)?).await;
        }
        Ok(())
    }

    /// A session of the server itself in an organisation.
    fn on_behalf_of(self: &Arc<Self>, org: OrgId) -> Result<Session, Problem> {
        let scope = match org == self.scope.org {
            true => self.scope.clone(),
            false => Scope { org, user: UserId::new("server").map_err(internal)? },
        };
        Ok(Session::new(self.clone(), scope))
    }

    async fn resume_left(self: &Arc<Self>, org: OrgId, run_id: RunId) -> Result<(), Problem> {
        let session = self.on_behalf_of(org)?;
        let mut waited = Duration::ZERO;
        loop {
            match resume(&session, run_id).await {
                // The process that held it may be dead; its lease then ends by itself.
                Err(problem) if problem.code == ErrorCode::Conflict && waited < PATIENCE => {
                    tokio::time::sleep(RETRY).await;
                    waited += RETRY;
                }
                // Its organisation has as many runs at work as it may; this one is older than what is queued.
                Err(problem) if problem.code == ErrorCode::RateLimited => tokio::time::sleep(RETRY).await,
                other => return other.map(|_| ()),
            }
        }
    }
}

fn internal(error: impl std::fmt::Display) -> Problem {
    Problem::new(ErrorCode::Internal, error.to_string())
}
