//! Where runs are: in this process, or behind a server's API.

use std::sync::Arc;
use std::time::Duration;

use aios_app::{App, Session};
use aios_protocol::{Api, ErrorCode, EventFrame, Problem, RunId, RunPause, RunShow, RunStatus};
use aios_remote::Client;
use futures::stream::BoxStream;

/// How long a run may take to reach a point from which it can go on.
pub(crate) const DRAIN: Duration = Duration::from_secs(25);

/// How often a server is asked whether a run rests.
const POLL: Duration = Duration::from_millis(100);

/// Where runs are.
#[derive(Clone)]
pub(crate) enum Place {
    /// In this process.
    Here(Here),
    /// On a server.
    There(Client),
}

/// The product in this process.
#[derive(Clone)]
pub(crate) struct Here {
    pub(crate) app: Arc<App>,
    pub(crate) session: Session,
}

impl Place {
    /// Answers commands.
    pub(crate) fn api(&self) -> &dyn Api {
        match self {
            Self::Here(here) => &here.session,
            Self::There(client) => client,
        }
    }

    /// The events of a run after `after`, stored and live.
    pub(crate) fn subscribe(
        &self,
        run_id: RunId,
        after: u64,
    ) -> BoxStream<'static, Result<EventFrame, Problem>> {
        match self {
            Self::Here(here) => here.session.subscribe(run_id, after),
            Self::There(client) => client.subscribe(run_id, after),
        }
    }

    /// Puts a run away, so that it can go on later: here this process will end, a server holds the run.
    pub(crate) async fn put_away(&self, run_id: RunId) -> Result<(), Problem> {
        match self {
            Self::Here(here) => here.app.shutdown(DRAIN).await,
            Self::There(client) => {
                match client.run_pause(RunPause { run_id }).await {
                    // It is at work no more.
                    Err(problem) if problem.code == ErrorCode::Conflict => {}
                    paused => _ = paused?,
                }
                let rests = async {
                    let at_work = [RunStatus::Pending, RunStatus::Running];
                    while at_work.contains(&client.run_show(RunShow { run_id }).await?.status) {
                        tokio::time::sleep(POLL).await;
                    }
                    Ok::<(), Problem>(())
                };
                // It rests after the step that it is in, however long that takes.
                tokio::time::timeout(DRAIN, rests).await.unwrap_or(Ok(()))?;
            }
        }
        Ok(())
    }
}
