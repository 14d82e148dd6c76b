//! What a run changed, for a person to decide about.

use aios_protocol::{Decision, ErrorCode, Problem, RunChangeDecide, RunId, RunReview, RunStatus};
use aios_workspace::{Review, ReviewError};

use super::{Session, files, runs};
use crate::problem;

pub(super) async fn changes(session: &Session, run_id: RunId) -> Result<RunReview, Problem> {
    let review = of(session, run_id).await?;
    review.changes(run_id).await.map_err(|error| told(&error))
}

pub(super) async fn decide(session: &Session, request: RunChangeDecide) -> Result<RunReview, Problem> {
    let RunChangeDecide { run_id, path, hunk, decision } = request;
    if path.is_none() && hunk.is_some() {
        return Err(Problem::new(ErrorCode::InvalidRequest, "a hunk is one of a file, so it needs path"));
    }
    if decision == Decision::Undo && path.is_some() {
        return Err(Problem::new(
            ErrorCode::InvalidRequest,
            "what is undone is the last decision as a whole",
        )
        .with_hint("leave path and hunk away"));
    }
    let run = runs::show(session, run_id).await?;
    if matches!(run.status, RunStatus::Pending | RunStatus::Running) {
        return Err(Problem::new(ErrorCode::Conflict, "the run is at work, and would write over it")
            .with_hint("decide when it is over, or pause it first"));
    }
    let review = of(session, run_id).await?;
    let _turn = session.app.saving.of(&run_id).lock().await;
    let decided = review.decide(decision, path.as_deref(), hunk.as_deref()).await;
    decided.map_err(|error| told(&error))?;
    review.changes(run_id).await.map_err(|error| told(&error))
}

async fn of(session: &Session, run_id: RunId) -> Result<Review, Problem> {
    let workspace = files::open(session, run_id).await?;
    Ok(Review::new(workspace, &session.app.home.originals(run_id)))
}

fn told(error: &ReviewError) -> Problem {
    match error {
        ReviewError::File(error) => problem::file(error),
        ReviewError::Gone(_) | ReviewError::NoUndo(_) => Problem::new(ErrorCode::Conflict, error.to_string())
            .with_hint("look at the changes as they are now"),
        ReviewError::Io(_) => Problem::new(ErrorCode::Storage, error.to_string())
            .with_hint("check the disk and the permissions of the data folder (AIOS_HOME)"),
    }
}
