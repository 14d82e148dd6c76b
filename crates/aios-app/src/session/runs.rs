//! Reading runs, and telling those at work what a person wants.

use aios_core::{Clock, EventStore, RunOp, RunOps, RunQuery, RunStore};
use aios_protocol::{
    Done, ErrorCode, PendingQuestion, Problem, RunDetail, RunEvent, RunEvents, RunEventsPage, RunId, RunList,
    RunPage, RunRespond, RunStatus, RunSummary, Waiting,
};

use super::{Session, page, stored};
use crate::problem;

const EVENTS: u32 = 500;
const EVENTS_MOST: u32 = 5_000;
const ANSWER_MOST: usize = 32 * 1024;

pub(super) async fn list(session: &Session, request: RunList) -> Result<RunPage, Problem> {
    let query = RunQuery {
        status: request.status,
        project_id: request.project_id,
        search: request.search.filter(|words| !words.trim().is_empty()),
        before: page::cursor(request.cursor.as_deref())?,
        limit: page::limit(request.limit),
    };
    let mut slice = stored(RunStore::list(&*session.app.store, &session.scope, &query).await)?;
    for run in &mut slice.runs {
        mark_orphan(session, run).await?;
    }
    let last = slice.runs.last().map(|run| run.run_id.to_string());
    let next_cursor = if slice.more { last } else { None };
    Ok(RunPage { runs: slice.runs.into_iter().map(summary).collect(), next_cursor })
}

pub(super) fn summary(run: RunDetail) -> RunSummary {
    RunSummary {
        run_id: run.run_id,
        status: run.status,
        objective: run.objective,
        project_id: run.project_id,
        model: run.model,
        cost_usd: run.cost_usd,
        files_count: run.files.len(),
        created_at: run.created_at,
        ended_at: run.ended_at,
    }
}

/// A run as it stands. One that a crash left behind is shown as interrupted, whatever its last words were.
pub(super) async fn show(session: &Session, run_id: RunId) -> Result<RunDetail, Problem> {
    let mut run = stored(RunStore::get(&*session.app.store, &session.scope, run_id).await)?;
    mark_orphan(session, &mut run).await?;
    Ok(run)
}

/// A run that claims to be at work while nobody works on it was left by a crash.
async fn mark_orphan(session: &Session, run: &mut RunDetail) -> Result<(), Problem> {
    if !claims_work(run) || is_held(session, run.run_id).await? {
        return Ok(());
    }
    // It may have ended between the two looks: its last words are stored before it is let go.
    *run = stored(RunStore::get(&*session.app.store, &session.scope, run.run_id).await)?;
    if claims_work(run) && !is_held(session, run.run_id).await? {
        run.status = RunStatus::Interrupted;
    }
    Ok(())
}

fn claims_work(run: &RunDetail) -> bool {
    matches!(run.status, RunStatus::Pending | RunStatus::Running | RunStatus::Paused)
}

async fn is_held(session: &Session, run_id: RunId) -> Result<bool, Problem> {
    Ok(stored(session.app.holder(&session.scope, run_id).await)?.is_some())
}

/// Hands an operation to whoever works on the run; false when nobody does.
pub(super) async fn hand_over(session: &Session, run_id: RunId, op: RunOp) -> Result<bool, Problem> {
    let app = &session.app;
    if let Some(handle) = app.run(&session.scope, run_id) {
        handle.submit(op);
        return Ok(true);
    }
    if is_held(session, run_id).await? {
        stored(app.store.post(&session.scope, run_id, &op, app.clock.now()).await)?;
        return Ok(true);
    }
    Ok(false)
}

pub(super) async fn cancel(session: &Session, run_id: RunId) -> Result<Done, Problem> {
    let run = show(session, run_id).await?;
    if run.status.is_over() {
        return Err(Problem::new(
            ErrorCode::Conflict,
            format!("run {run_id} is {} already", run.status.as_str()),
        )
        .with_hint("`aios runs show <run>` tells how it ended"));
    }
    if !hand_over(session, run_id, RunOp::Cancel).await? {
        session.app.holders.announce()?;
        let closed = session.app.engine.close(session.scope.clone(), run_id).await;
        closed.map_err(|error| problem::engine(&error))?;
    }
    Ok(Done {})
}

pub(super) async fn pause(session: &Session, run_id: RunId) -> Result<Done, Problem> {
    let run = show(session, run_id).await?;
    if run.status.is_over() || !hand_over(session, run_id, RunOp::Pause).await? {
        return Err(Problem::new(
            ErrorCode::Conflict,
            format!("run {run_id} is not at work, so it cannot be paused"),
        )
        .with_hint("`aios runs` lists the runs and how they stand"));
    }
    Ok(Done {})
}

pub(super) async fn respond(session: &Session, request: RunRespond) -> Result<Done, Problem> {
    let run_id = request.run_id;
    if request.answer.len() > ANSWER_MOST {
        return Err(Problem::new(
            ErrorCode::InvalidRequest,
            format!("an answer has at most {ANSWER_MOST} bytes"),
        ));
    }
    let open = waiting(session, run_id).await?.questions;
    let is_meant = |asked: &PendingQuestion| request.question_id.is_none_or(|id| asked.question_id == id);
    if !open.iter().any(is_meant) {
        let message = match open.is_empty() {
            true => format!("run {run_id} waits for no answer"),
            false => format!("run {run_id} waits for no answer to that question"),
        };
        return Err(Problem::new(ErrorCode::Conflict, message)
            .with_hint("`aios runs show <run>` tells where it stands"));
    }
    let op = RunOp::Respond { answer: request.answer, question_id: request.question_id };
    if !hand_over(session, run_id, op.clone()).await? {
        // Whoever takes the run up next finds it in the mail.
        stored(session.app.store.post(&session.scope, run_id, &op, session.app.clock.now()).await)?;
    }
    Ok(Done {})
}

/// What a run waits for, by its history: questions that were asked and neither answered nor ended.
pub(super) async fn waiting(session: &Session, run_id: RunId) -> Result<Waiting, Problem> {
    let run = stored(RunStore::get(&*session.app.store, &session.scope, run_id).await)?;
    let questions =
        if run.status == RunStatus::Waiting { open_questions(session, run_id).await? } else { Vec::new() };
    Ok(Waiting { waiting: !questions.is_empty(), questions })
}

async fn open_questions(session: &Session, run_id: RunId) -> Result<Vec<PendingQuestion>, Problem> {
    let mut open: Vec<PendingQuestion> = Vec::new();
    let mut after = 0;
    loop {
        let frames =
            stored(session.app.store.after(&session.scope, run_id, after, EVENTS_MOST as usize).await)?;
        let Some(last) = frames.last() else { return Ok(open) };
        after = last.seq;
        for frame in frames {
            match frame.event {
                RunEvent::HumanInputRequired { question_id, agent, question, .. }
                    if !open.iter().any(|known| known.question_id == question_id) =>
                {
                    open.push(PendingQuestion { question_id, agent, question });
                }
                RunEvent::HumanInputReceived { question_id, .. } => {
                    open.retain(|known| known.question_id != question_id);
                }
                _ => {}
            }
        }
    }
}

pub(super) async fn events(session: &Session, request: &RunEvents) -> Result<RunEventsPage, Problem> {
    stored(RunStore::get(&*session.app.store, &session.scope, request.run_id).await)?;
    let limit = request.limit.unwrap_or(EVENTS).clamp(1, EVENTS_MOST) as usize;
    let events = stored(session.app.store.after(&session.scope, request.run_id, request.after, limit).await)?;
    Ok(RunEventsPage { events })
}
