//! From the errors of the crates below to the one shape that hosts show: what failed, and what to do next.

use aios_core::{InvalidPolicy, StoreError};
use aios_engine::{EngineError, GraphError};
use aios_llm::{SetupError, UnknownModel};
use aios_protocol::{ErrorCode, Problem, RunId};
use aios_workspace::OpenError;

pub(crate) fn store(error: &StoreError) -> Problem {
    match error {
        StoreError::NotFound { .. } => {
            Problem::new(ErrorCode::NotFound, error.to_string()).with_hint("`aios runs` lists what there is")
        }
        StoreError::Held { .. } | StoreError::LeaseLost { .. } => {
            Problem::new(ErrorCode::Conflict, error.to_string())
                .with_hint("watch it with `aios logs <run> --follow`, or wait until its process has ended")
        }
        StoreError::Exists { .. } => Problem::new(ErrorCode::Conflict, error.to_string()),
        _ => Problem::new(ErrorCode::Storage, error.to_string())
            .with_hint("check the disk and the permissions of the data folder (AIOS_HOME)"),
    }
}

/// A run that this process worked on, until its state could not be stored any more.
pub(crate) fn stopped(run_id: RunId, error: &StoreError) -> Problem {
    let problem = store(error);
    Problem::new(problem.code, format!("run {run_id} stops here: {error}"))
        .with_hint(format!("once that is mended, go on with it: aios resume {run_id}"))
}

pub(crate) fn engine(error: &EngineError) -> Problem {
    match error {
        EngineError::Store(error) => store(error),
        EngineError::Over { .. } => {
            Problem::new(ErrorCode::Conflict, error.to_string()).with_hint("start a new run with `aios run`")
        }
        EngineError::Checkpoint { .. } => Problem::new(ErrorCode::Storage, error.to_string())
            .with_hint("it was written by another version; start the objective again with `aios run`"),
    }
}

pub(crate) fn graph(error: &GraphError) -> Problem {
    let problem = Problem::new(ErrorCode::InvalidRequest, error.to_string());
    match error {
        GraphError::Unknown { offer, .. } => problem.with_hint(offer),
        GraphError::Cycle(_) => problem,
    }
}

pub(crate) fn policy(error: &InvalidPolicy) -> Problem {
    let problem = Problem::new(ErrorCode::InvalidRequest, format!("the policy is not valid: {error}"));
    match error {
        InvalidPolicy::Unknown { offer, .. } => problem.with_hint(offer),
        InvalidPolicy::Number { key, .. } => problem.with_hint(format!("for example {key} = 0.5")),
    }
}

pub(crate) fn unknown_model(error: &UnknownModel) -> Problem {
    Problem::new(ErrorCode::InvalidRequest, error.to_string()).with_hint("`aios models` lists the models")
}

pub(crate) fn model_setup(error: &SetupError) -> Problem {
    let code = match error {
        SetupError::UnknownProvider { .. } => ErrorCode::InvalidRequest,
        _ => ErrorCode::NotConfigured,
    };
    Problem::new(code, error.to_string())
        .with_hint("`aios models` shows which variables hold keys; without --model a configured or the embedded model is used")
}

pub(crate) fn workspace(error: &OpenError) -> Problem {
    Problem::new(ErrorCode::InvalidRequest, error.to_string())
        .with_hint("name a folder that can be written with --dir")
}
