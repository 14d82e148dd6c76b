//! The one table of commands. Router, client, TypeScript and documentation come from its rows, so they cannot drift.

use async_trait::async_trait;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{
    Done, ErrorCode, ModelList, Models, Problem, ProjectList, ProjectShow, ProjectState, Projects, RunCancel,
    RunDetail, RunEvents, RunEventsPage, RunList, RunPage, RunPause, RunRespond, RunResume, RunShow,
    RunStart, RunStarted, RunWaiting, Waiting, WeightsList, WeightsPage, WeightsRemove,
};

/// What a command reads or makes stale; a client reloads what carries the same tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// Runs and their states.
    Runs,
    /// Questions that wait for the human.
    Waiting,
    /// Projects and their memory.
    Projects,
    /// Models and weights.
    Models,
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct CommandInfo {
    /// Its name on every transport.
    pub name: &'static str,
    /// The request's type.
    pub request: &'static str,
    /// The answer's type.
    pub answer: &'static str,
    /// What its answer is made of.
    pub provides: &'static [Tag],
    /// What it makes stale.
    pub invalidates: &'static [Tag],
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($request:ident) -> $answer:ident
        $(, provides [$($provides:ident),*])? $(, invalidates [$($invalidates:ident),*])?;)*) => {
        /// Every command, as a method. Answered in process by `aios-app`, or by a client over the network: the caller
        /// cannot tell which.
        #[async_trait]
        pub trait Api: Send + Sync {
            $($(#[$doc])* async fn $name(&self, request: $request) -> Result<$answer, Problem>;)*
        }

        /// The table itself.
        pub const COMMANDS: &[CommandInfo] = &[$(CommandInfo {
            name: stringify!($name),
            request: stringify!($request),
            answer: stringify!($answer),
            provides: &[$($(Tag::$provides),*)?],
            invalidates: &[$($(Tag::$invalidates),*)?],
        }),*];

        /// Answers a command given by name and JSON, as transports receive it.
        pub async fn dispatch(api: &dyn Api, name: &str, request: serde_json::Value) -> Result<serde_json::Value, Problem> {
            match name {
                $(stringify!($name) => encode(name, api.$name(decode(name, request)?).await?),)*
                _ => Err(Problem::new(ErrorCode::NotFound, format!("there is no command {name:?}"))),
            }
        }

        /// Shows the request and answer types of every command to the generator.
        #[cfg(feature = "schema")]
        pub(crate) fn declare(types: &mut crate::typescript::Declarations) {
            $(types.command::<$request, $answer>(stringify!($name));)*
        }
    };
}

commands! {
    /// Starts a run and returns at once.
    run_start(RunStart) -> RunStarted, invalidates [Runs, Projects];
    /// Lists runs, newest first.
    run_list(RunList) -> RunPage, provides [Runs];
    /// Shows one run in full.
    run_show(RunShow) -> RunDetail, provides [Runs];
    /// Ends a run for good.
    run_cancel(RunCancel) -> Done, invalidates [Runs, Waiting];
    /// Holds a run before its next step.
    run_pause(RunPause) -> Done, invalidates [Runs];
    /// Goes on with a run that was paused, interrupted or left by a crash.
    run_resume(RunResume) -> Done, invalidates [Runs];
    /// Answers the oldest question of a run.
    run_respond(RunRespond) -> Done, invalidates [Runs, Waiting];
    /// Tells what a run waits for.
    run_waiting(RunWaiting) -> Waiting, provides [Waiting];
    /// Reads a run's stored history.
    run_events(RunEvents) -> RunEventsPage, provides [Runs];
    /// Lists projects.
    project_list(ProjectList) -> Projects, provides [Projects];
    /// Shows one project's memory.
    project_show(ProjectShow) -> ProjectState, provides [Projects];
    /// Shows the catalogue of models.
    model_list(ModelList) -> Models, provides [Models];
    /// Lists the embedded model's weights.
    weights_list(WeightsList) -> WeightsPage, provides [Models];
    /// Deletes weights from disk.
    weights_remove(WeightsRemove) -> Done, invalidates [Models];
}

fn decode<T: DeserializeOwned>(name: &str, request: serde_json::Value) -> Result<T, Problem> {
    serde_json::from_value(request).map_err(|error| {
        Problem::new(ErrorCode::InvalidRequest, format!("the request of {name} is not valid: {error}"))
    })
}

fn encode<T: Serialize>(name: &str, answer: T) -> Result<serde_json::Value, Problem> {
    serde_json::to_value(answer).map_err(|error| {
        Problem::new(ErrorCode::Internal, format!("the answer of {name} could not be written: {error}"))
    })
}
