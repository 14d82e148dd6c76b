//! `aios run`: starts a run and stays with it.

use std::path::Path;

use aios_protocol::{Api, ErrorCode, Problem, RunStart, RunStarted, WeightsList};

use crate::args::Run;
use crate::context::Context;
use crate::exit::{Exit, Failure};
use crate::text::{Line, Tone};
use crate::view::State;
use crate::{download, input, policy_file, watch};

pub(super) async fn run(context: &Context, arguments: Run) -> Result<Exit, Failure> {
    let consented = arguments.yes;
    let request = request(context, arguments)?;
    let api = context.place().await?.api();
    let started = match api.run_start(request.clone()).await {
        Err(problem) if problem.weights.is_some() => {
            get_model(context, consented, problem).await?;
            api.run_start(request).await?
        }
        started => started?,
    };
    if !context.json {
        context.print(&[introduction(&started)])?;
    }
    watch::watch(context, started.run_id, State::default()).await
}

fn request(context: &Context, arguments: Run) -> Result<RunStart, Problem> {
    if arguments.dir.is_some() {
        context.only_here("--dir")?;
    }
    let dir = arguments.dir.map(|dir| absolute(context, &dir)).transpose()?;
    Ok(RunStart {
        objective: input::text(arguments.objective, "objective")?,
        project_id: arguments.project,
        dir,
        persona: arguments.persona,
        hierarchy: arguments.hierarchy,
        tasks: arguments.tasks,
        model: arguments.model,
        policy_id: None,
        policy: arguments.policy.as_deref().map(policy_file::read).transpose()?,
        max_cost_usd: arguments.max_cost,
        max_minutes: arguments.max_minutes,
    })
}

fn absolute(context: &Context, dir: &Path) -> Result<String, Problem> {
    let path = context.environment.absolute(dir);
    path.into_os_string().into_string().map_err(|path| {
        Problem::new(ErrorCode::InvalidRequest, format!("the folder {} is not valid Unicode", path.display()))
    })
}

/// Gets the embedded model where the problem says that it is missing and the user agrees; else the problem stands.
async fn get_model(context: &Context, consented: bool, problem: Problem) -> Result<(), Failure> {
    let Some(id) = problem.weights.clone() else { return Err(problem.into()) };
    let session = &context.here("a download").await?.session;
    if !consented {
        if !context.interactive() {
            let hint = problem.hint.clone().unwrap_or_default();
            return Err(problem.with_hint(format!("{hint}; --yes agrees to the download")).into());
        }
        let known = session.weights_list(WeightsList {}).await?.weights;
        match known.iter().find(|weights| weights.id == id) {
            Some(weights) if download::consent(weights).await? => {}
            _ => return Err(problem.into()),
        }
    }
    download::pull(context, session, &id, None).await?;
    Ok(())
}

fn introduction(started: &RunStarted) -> Line {
    Line::new().dim("run ").add(Tone::Accent, &started.run_id.to_string()).dim(" in ").plain(&started.dir)
}
