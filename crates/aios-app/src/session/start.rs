//! Starting runs and taking them up again.

use std::path::{Path, PathBuf};

use aios_core::{Policy, RunOp, RunStore};
use aios_engine::{Graph, PersonaKind, RunPorts, catalogue, graph};
use aios_llm::PROVIDERS;
use aios_protocol::{
    Done, ErrorCode, PolicySpec, Problem, RunDetail, RunId, RunStart, RunStarted, RunStatus, TokenUsage,
};
use aios_tools::ToolRegistry;

use super::Session;
use crate::compose::Workplace;
use crate::problem;

/// The longest objective, in bytes; more belongs into files of the workspace.
const MAX_OBJECTIVE: usize = 32 * 1024;

pub(super) async fn run_start(session: &Session, request: RunStart) -> Result<RunStarted, Problem> {
    let app = &session.app;
    let objective = objective(&request.objective)?;
    let graph = plan(&request)?;
    let policy = policy(&request)?;
    // Nobody is to download weights for a folder that is no good, nor to find a folder made for a misspelt model.
    let chosen = match app.models.choose(request.model.as_deref(), &policy) {
        Err(problem) if problem.weights.is_none() || request.dir.is_none() => return Err(problem),
        chosen => chosen,
    };
    let run_id = RunId::generate();
    let folder = folder(session, &request, run_id)?;
    let place = Workplace::create(&folder, &app.config.exe, &app.home, &app.toolbox)?;
    keep_out_of_home(session, place.path())?;
    let (model, model_name) = chosen?;
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
    let ports = place.ports(model, policy, app.toolbox.clone(), app.clock.clone());
    app.holders.announce()?;
    let started = app.engine.start(session.scope.clone(), run, &graph, ports).await;
    let handle = started.map_err(|error| problem::engine(&error))?;
    app.keep(&handle);
    Ok(RunStarted { run_id, status: RunStatus::Pending, dir, model: model_name })
}

pub(super) async fn run_resume(session: &Session, run_id: RunId) -> Result<Done, Problem> {
    let app = &session.app;
    if let Some(handle) = app.run(run_id) {
        // It is here and at work, or held by the user.
        handle.submit(RunOp::Continue);
        return Ok(Done {});
    }
    let run = app.store.get(&session.scope, run_id).await.map_err(|error| problem::store(&error))?;
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
    // A process that has gone gives it up here.
    app.holder(&session.scope, run_id).await.map_err(|error| problem::store(&error))?;
    let ports = ports_of(session, &run)?;
    app.holders.announce()?;
    let resumed = app.engine.resume(session.scope.clone(), run_id, ports).await;
    let handle = resumed.map_err(|error| problem::engine(&error))?;
    app.keep(&handle);
    Ok(Done {})
}

/// The ports of a stored run: the same model, folder and policy as before.
fn ports_of(session: &Session, run: &RunDetail) -> Result<RunPorts, Problem> {
    let app = &session.app;
    let policy = checked(run.policy.clone())?;
    let (model, _) = app.models.choose(Some(&run.model), &policy)?;
    let place = Workplace::open(Path::new(&run.dir), &app.config.exe, &app.home, &app.toolbox)?;
    Ok(place.ports(model, policy, app.toolbox.clone(), app.clock.clone()))
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

fn policy(request: &RunStart) -> Result<Policy, Problem> {
    if let Some(id) = &request.policy_id {
        return Err(Problem::new(ErrorCode::NotFound, format!("there is no stored policy {id}"))
            .with_hint("give the policy itself, with --policy FILE"));
    }
    for (name, value) in [("--max-cost", request.max_cost_usd), ("--max-minutes", request.max_minutes)] {
        if value.is_some_and(|value| !value.is_finite() || value < 0.0) {
            return Err(Problem::new(
                ErrorCode::InvalidRequest,
                format!("{name} must be a number of 0 or more"),
            ));
        }
    }
    let policy = checked(request.policy.clone().unwrap_or_default())?;
    Ok(policy.tightened(request.max_cost_usd, request.max_minutes))
}

fn checked(spec: PolicySpec) -> Result<Policy, Problem> {
    let providers: Vec<&str> = PROVIDERS.iter().map(|provider| provider.id).collect();
    Policy::new(spec, &ToolRegistry::standard().names(), &providers).map_err(|error| problem::policy(&error))
}

fn folder(session: &Session, request: &RunStart, run_id: RunId) -> Result<PathBuf, Problem> {
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
        (None, project) => session.app.home.workspace(project.as_ref(), run_id),
    }
}
