//! A session: one user's access to the application, the same commands for every host.

mod models;
mod runs;
mod start;
mod subscribe;

use std::sync::Arc;

use aios_core::Scope;
use aios_protocol::{
    Api, Done, ModelList, Models, Problem, ProjectList, ProjectShow, ProjectState, Projects, RunCancel,
    RunDetail, RunEvents, RunEventsPage, RunList, RunPage, RunPause, RunRespond, RunResume, RunShow,
    RunStart, RunStarted, RunWaiting, Waiting, WeightsList, WeightsPage, WeightsRemove,
};
use async_trait::async_trait;

pub use self::models::{PullPhase, PullProgress};
use crate::App;

/// One user's access to the application. Cheap to clone.
#[derive(Clone)]
pub struct Session {
    app: Arc<App>,
    scope: Scope,
}

impl Session {
    pub(crate) fn new(app: Arc<App>, scope: Scope) -> Self {
        Self { app, scope }
    }
}

#[async_trait]
impl Api for Session {
    async fn run_start(&self, request: RunStart) -> Result<RunStarted, Problem> {
        start::run_start(self, request).await
    }

    async fn run_list(&self, request: RunList) -> Result<RunPage, Problem> {
        runs::list(self, request).await
    }

    async fn run_show(&self, request: RunShow) -> Result<RunDetail, Problem> {
        runs::show(self, request.run_id).await
    }

    async fn run_cancel(&self, request: RunCancel) -> Result<Done, Problem> {
        runs::cancel(self, request.run_id).await
    }

    async fn run_pause(&self, request: RunPause) -> Result<Done, Problem> {
        runs::pause(self, request.run_id).await
    }

    async fn run_resume(&self, request: RunResume) -> Result<Done, Problem> {
        start::run_resume(self, request.run_id).await
    }

    async fn run_respond(&self, request: RunRespond) -> Result<Done, Problem> {
        runs::respond(self, request).await
    }

    async fn run_waiting(&self, request: RunWaiting) -> Result<Waiting, Problem> {
        runs::waiting(self, request.run_id).await
    }

    async fn run_events(&self, request: RunEvents) -> Result<RunEventsPage, Problem> {
        runs::events(self, &request).await
    }

    async fn project_list(&self, _: ProjectList) -> Result<Projects, Problem> {
        runs::projects(self).await
    }

    async fn project_show(&self, request: ProjectShow) -> Result<ProjectState, Problem> {
        runs::project(self, request).await
    }

    async fn model_list(&self, request: ModelList) -> Result<Models, Problem> {
        models::list(self, &request)
    }

    async fn weights_list(&self, _: WeightsList) -> Result<WeightsPage, Problem> {
        Ok(models::weights(self))
    }

    async fn weights_remove(&self, request: WeightsRemove) -> Result<Done, Problem> {
        models::remove(self, &request)
    }
}
