//! Starting runs and taking them up again.

use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;

use aios_core::{Policy, RunOp, RunStore};
use aios_engine::{Graph, PersonaKind, RunHandle, RunPorts, catalogue, graph};
use aios_llm::PROVIDERS;
use aios_protocol::{
    Done, ErrorCode, PolicySpec, Problem, RunDetail, RunId, RunStart, RunStarted, RunStatus, TokenUsage,
};
use aios_tools::ToolRegistry;

use super::{Session, billing, choice, stored, tasks};
use crate::compose::Workplace;
use crate::problem;

/// The longest objective, in bytes; more belongs into files of the workspace.
const MAX_OBJECTIVE: usize = 32 * 1024;

pub(super) async fn run_start(session: &Session, request: RunStart) -> Result<RunStarted, Problem> {
    start_as(session, request, RunId::generate()).await
}

/// Whether the request makes sense as far as can be told without starting it.
pub(super) fn check(request: &RunStart) -> Result<(), Problem> {
    objective(&request.objective)?;
    plan(request)?;
    Ok(())
}

/// Starts a run under an id that was given out before.
pub(super) async fn start_as(
    session: &Session,
    request: RunStart,
    run_id: RunId,
) -> Result<RunStarted, Problem> {
    let started = begin(session, request, run_id).await;
    if started.is_err() {
        choice::give_back(session, run_id).await;
    }
    started
}

async fn begin(session: &Session, request: RunStart, run_id: RunId) -> Result<RunStarted, Problem> {
    let app = &session.app;
    let objective = objective(&request.objective)?;
    let graph = plan(&request)?;
    app.refuse_when_closing()?;
    let policy = policy(session, &request).await?;
    let terms = billing::terms(session).await?;
    let slot = billing::take_slot(session, terms)?;
    // The folder is looked at before anybody downloads weights for it, and made once there is a model for it.
    let folder = folder(session, &request, run_id)?;
    let existing = Workplace::existing(&folder, &app.config.exe, &app.home, &app.toolbox)?;
    if let Some(place) = &existing {
        keep_out_of_home(session, place.path())?;
    }
    let model = choice::for_new_run(session, run_id, request.model.as_deref(), &policy).await?;
    let budget = billing::budget(session, model.info().price.as_ref()).await?;
    let place = match existing {
        Some(place) => place,
        None => {
            if request.dir.is_none() {
                app.home.make_workspace(&folder)?;
            }
            Workplace::create(&folder, &app.config.exe, &app.home, &app.toolbox)?
        }
    };
    let model_name = model.info().full_name();
    let dir = place.path().display().to_string();
    use aios_core::Clock;
    let run = RunDetail {
        run_id,
        status: RunStatus::Pending,
        objective,
        project_id: request.project_id,
        dir: dir.clone(),
        persona: graph.persona.clone(),
        model: model_name.clone(),
        policy: policy.spec().clone(),
        nodes: Vec::new(),
        files: Vec::new(),
        usage: TokenUsage::default(),
        cost_usd: 0.0,
        evidence: None,
        failure: None,
        created_at: app.clock.now(),
        started_at: None,
        ended_at: None,
    };
    let ports = place.ports(
        &app.home.originals(run_id),
        model,
        policy,
        budget,
        app.toolbox.clone(),
        app.clock.clone(),
    );
    app.holders.announce()?;
    let started = app.engine.start(session.scope.clone(), run, &graph, ports).await;
    let handle = started.map_err(|error| problem::engine(&error))?;
    slot.hold(&handle);
    take_up(session, &handle).await?;
    Ok(RunStarted { run_id, status: RunStatus::Pending, dir, model: model_name })
}

pub(crate) async fn run_resume(session: &Session, run_id: RunId) -> Result<Done, Problem> {
    let app = &session.app;
    app.refuse_when_closing()?;
    // Asked first: whose run it is only the store tells.
    let run = app.store.get(&session.scope, run_id).await.map_err(|error| problem::store(&error))?;
    if let Some(handle) = app.run(&session.scope, run_id) {
        // It is here and at work, or held by the user.
        handle.submit(RunOp::Continue);
        return Ok(Done {});
    }
    if run.status.is_over() {
        return Err(Problem::new(
            ErrorCode::Conflict,
            format!("run {run_id} is {} and cannot go on", run.status.as_str()),
        )
        .with_hint("start a new run with `aios run`"));
    }
    if run.status == RunStatus::Paused && super::runs::hand_over(session, run_id, RunOp::Continue).await? {
        return Ok(Done {});
    }
    let slot = billing::take_slot(session, billing::terms(session).await?)?;
    // A process that has gone gives it up here.
    app.holder(&session.scope, run_id).await.map_err(|error| problem::store(&error))?;
    let ports = ports_of(session, &run).await?;
    app.holders.announce()?;
    let resumed = app.engine.resume(session.scope.clone(), run_id, ports).await;
    let handle = resumed.map_err(|error| problem::engine(&error))?;
    slot.hold(&handle);
    take_up(session, &handle).await?;
    Ok(Done {})
}

/// Keeps a run that is at work from now on.
async fn take_up(session: &Session, handle: &RunHandle) -> Result<(), Problem> {
    let app = &session.app;
    app.keep(&session.scope, handle);
    tasks::follow_to_the_end(session, handle);
    let by_server = app.serves.load(Ordering::Relaxed);
    stored(app.store.attend(&session.scope, handle.run_id, by_server).await)
}

/// The ports of a stored run: the same model, folder and policy as before.
async fn ports_of(session: &Session, run: &RunDetail) -> Result<RunPorts, Problem> {
    let app = &session.app;
    let policy = checked(run.policy.clone())?;
    let model = choice::for_old_run(session, run, &policy).await?;
    let place = Workplace::open(Path::new(&run.dir), &app.config.exe, &app.home, &app.toolbox)?;
    let budget = billing::budget(session, model.info().price.as_ref()).await?;
    let originals = app.home.originals(run.run_id);
    Ok(place.ports(&originals, model, policy, budget, app.toolbox.clone(), app.clock.clone()))
}

/// Agents must not reach the product's own data: keys, other runs, the database that decides what they may do.
fn keep_out_of_home(session: &Session, folder: &Path) -> Result<(), Problem> {
    let home = session.app.home.root();
    if !home.starts_with(folder) {
        return Ok(());
    }
    Err(Problem::new(
        ErrorCode::InvalidRequest,
        format!(
            "{} holds CesaFlow's own data folder {}, so agents cannot work there",
            folder.display(),
            home.display()
        ),
    )
    .with_hint("name a folder of the project itself with --dir"))
}

fn objective(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Problem::new(ErrorCode::InvalidRequest, "the objective is empty").with_hint(
            "say what is to be built, for example: aios run \"Create a calculator module with pytest tests\"",
        ));
    }
    if text.len() > MAX_OBJECTIVE {
        return Err(Problem::new(
            ErrorCode::InvalidRequest,
            format!("the objective has {} bytes; at most {MAX_OBJECTIVE} are allowed", text.len()),
        )
        .with_hint("put long texts into a file of the workspace and name it in the objective"));
    }
    Ok(text.to_owned())
}

fn plan(request: &RunStart) -> Result<Graph, Problem> {
    let (kind, name) = match (&request.persona, &request.hierarchy) {
        (Some(_), Some(_)) => {
            return Err(Problem::new(
                ErrorCode::InvalidRequest,
                "a run has a persona or a hierarchy, not both",
            )
            .with_hint("leave --persona or --hierarchy away"));
        }
        (Some(persona), None) => (PersonaKind::Persona, persona.as_str()),
        (None, Some(hierarchy)) => (PersonaKind::Hierarchy, hierarchy.as_str()),
        (None, None) => (PersonaKind::Persona, "fullstack"),
    };
    graph(catalogue(), kind, name, &request.tasks).map_err(|error| problem::graph(&error))
}

async fn policy(session: &Session, request: &RunStart) -> Result<Policy, Problem> {
    let spec = match (&request.policy_id, &request.policy) {
        (Some(_), Some(_)) => {
            return Err(Problem::new(
                ErrorCode::InvalidRequest,
                "a run has a stored policy or its own, not both",
            ));
        }
        (Some(id), None) => super::policies::show(session, id).await?.policy,
        (None, own) => own.clone().unwrap_or_default(),
    };
    for (name, value) in [("--max-cost", request.max_cost_usd), ("--max-minutes", request.max_minutes)] {
        if value.is_some_and(|value| !value.is_finite() || value < 0.0) {
            return Err(Problem::new(
                ErrorCode::InvalidRequest,
                format!("{name} must be a number of 0 or more"),
            ));
        }
    }
    let policy = checked(spec)?;
    Ok(policy.tightened(request.max_cost_usd, request.max_minutes))
}

pub(super) fn checked(spec: PolicySpec) -> Result<Policy, Problem> {
    let providers: Vec<&str> = PROVIDERS.iter().map(|provider| provider.id).collect();
    Policy::new(spec, &ToolRegistry::standard().names(), &providers).map_err(|error| problem::policy(&error))
}

fn folder(session: &Session, request: &RunStart, run_id: RunId) -> Result<PathBuf, Problem> {
    if session.tenant().is_some() && request.dir.is_some() {
        return Err(Problem::new(
            ErrorCode::Denied,
            "runs of an organisation work in workspaces of their own, not in a folder of the server",
        )
        .with_hint("leave dir away; with a project_id the files stay from run to run"));
    }
    match (&request.dir, &request.project_id) {
        (Some(_), Some(_)) => Err(Problem::new(
            ErrorCode::InvalidRequest,
            "a run works in a project or in a folder, not in both",
        )
        .with_hint("leave --project or --dir away")),
        (Some(dir), None) if !Path::new(dir).is_absolute() => Err(Problem::new(
            ErrorCode::InvalidRequest,
            format!("the folder {dir:?} is not an absolute path"),
        )),
        (Some(dir), None) => Ok(PathBuf::from(dir)),
        (None, project) => Ok(session.app.home.workspace(session.tenant(), project.as_ref(), run_id)),
    }
}
