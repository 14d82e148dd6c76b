//! `aios resume`: goes on with a run and stays with it.

use aios_protocol::{Api, ErrorCode, Problem, RunId, RunList, RunResume};

use crate::args::Resume;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::{run_ref, view, watch};

pub(super) async fn resume(context: &Context, arguments: Resume) -> Result<Exit, Failure> {
    let api = context.place().await?.api();
    let candidates = match arguments.run {
        Some(text) => vec![run_ref::resolve(api, &text).await?],
        None => unfinished(api).await?,
    };
    let mut refusal = Problem::new(ErrorCode::NotFound, "there is no run to go on with")
        .with_hint("`aios runs` lists them all");
    for run_id in candidates {
        // Read before the run goes on, so that what happens from then on is shown.
        let state = watch::history(api, run_id, |_, _| Ok(())).await?;
        match api.run_resume(RunResume { run_id }).await {
            Ok(_) => return follow(context, run_id, state).await,
            // Somebody else works on it; the one before it may be free.
            Err(problem) if problem.code == ErrorCode::Conflict => refusal = problem,
            Err(problem) => return Err(problem.into()),
        }
    }
    Err(refusal.into())
}

/// Shows what was done so far in a few words, then what happens.
pub(super) async fn follow(context: &Context, run_id: RunId, state: view::State) -> Result<Exit, Failure> {
    if !context.json {
        context.print(&view::header(&state.objective, &state.model, &state.planned()))?;
    }
    watch::watch(context, run_id, state).await
}

/// Runs that have not ended, newest first.
async fn unfinished(api: &dyn Api) -> Result<Vec<RunId>, Problem> {
    let page = api.run_list(RunList { limit: Some(200), ..RunList::default() }).await?;
    if page.runs.is_empty() {
        return Err(run_ref::no_runs());
    }
    Ok(page.runs.into_iter().filter(|run| !run.status.is_over()).map(|run| run.run_id).collect())
}
