//! What a run left: tokens, its graph, what agents told each other; and who can take part in one.

use aios_core::EventStore;
use aios_engine::{PersonaKind, catalogue, graph};
use aios_protocol::{
    AgentName, AgentTokens, Chain, ErrorCode, GraphEdge, GraphView, IdeUrl, LogEntry, NodeStatus,
    PersonaEntry, Personas, Problem, RoleEntry, RunEvent, RunId, RunLog, RunLogs, TokenBreakdown,
};

use super::{Session, runs};
use crate::problem;

/// Events that are read from the store at once.
const PAGE: usize = 1_000;
const LINES: u32 = 1_000;
const LINES_MOST: u32 = 5_000;

pub(super) async fn tokens(session: &Session, run_id: RunId) -> Result<TokenBreakdown, Problem> {
    let run = runs::show(session, run_id).await?;
    Ok(TokenBreakdown {
        run_id,
        model: run.model,
        total: run.usage,
        total_tokens: run.usage.input.saturating_add(run.usage.output),
        cost_usd: run.cost_usd,
        agents: run
            .nodes
            .into_iter()
            .map(|node| AgentTokens { agent: node.agent, usage: node.usage, cost_usd: node.cost_usd })
            .collect(),
    })
}

pub(super) async fn graph_of(session: &Session, run_id: RunId) -> Result<GraphView, Problem> {
    let run = runs::show(session, run_id).await?;
    let mut waves: Vec<Vec<AgentName>> = Vec::new();
    for node in &run.nodes {
        let wave = node.wave.max(1);
        if waves.len() < wave {
            waves.resize_with(wave, Vec::new);
        }
        if let Some(wave) = waves.get_mut(wave - 1) {
            wave.push(node.agent.clone());
        }
    }
    let edges = run.nodes.iter().flat_map(|node| {
        node.needs.iter().map(|from| GraphEdge { from: from.clone(), to: node.agent.clone() })
    });
    let edges = edges.collect();
    let over = |status| matches!(status, NodeStatus::Completed | NodeStatus::Failed | NodeStatus::Skipped);
    let finished = run.nodes.iter().filter(|node| over(node.status)).count();
    // A run holds a handful of nodes.
    let progress = if run.nodes.is_empty() { 0.0 } else { finished as f64 / run.nodes.len() as f64 };
    Ok(GraphView { run_id, status: run.status, nodes: run.nodes, edges, waves, progress })
}

pub(super) async fn logs(session: &Session, request: RunLogs) -> Result<RunLog, Problem> {
    let RunLogs { run_id, mut after, limit } = request;
    runs::show(session, run_id).await?;
    let limit = limit.unwrap_or(LINES).clamp(1, LINES_MOST) as usize;
    let mut logs: Vec<LogEntry> = Vec::new();
    loop {
        let page = session.app.store.after(&session.scope, run_id, after, PAGE).await;
        let page = page.map_err(|error| problem::store(&error))?;
        let Some(last) = page.last() else { return Ok(RunLog { run_id, logs, next_after: None }) };
        after = last.seq;
        logs.extend(page.into_iter().filter_map(|frame| {
            let (seq, at) = (frame.seq, frame.at);
            let (agent, message) = match frame.event {
                RunEvent::Log { agent, message } => (agent, message),
                RunEvent::NodeCompleted { agent, summary, .. } => (agent, summary),
                RunEvent::NodeFailed { agent, reason, .. } => (agent, reason),
                RunEvent::NodeSkipped { agent, because } => (agent, because),
                _ => return None,
            };
            Some(LogEntry { seq, at, agent, message })
        }));
        if logs.len() > limit {
            logs.truncate(limit);
            let next_after = logs.last().map(|entry| entry.seq);
            return Ok(RunLog { run_id, logs, next_after });
        }
    }
}

/// The run alone, until runs can continue others.
pub(super) async fn chain(session: &Session, run_id: RunId) -> Result<Chain, Problem> {
    let run = runs::show(session, run_id).await?;
    Ok(Chain { chain_id: run_id, runs: vec![runs::summary(run)] })
}

pub(super) async fn ide_url(session: &Session, run_id: RunId) -> Result<IdeUrl, Problem> {
    runs::show(session, run_id).await?;
    if let Some(page) = session.app.page() {
        return Ok(IdeUrl { url: format!("{page}/#run={run_id}") });
    }
    Err(Problem::new(
        ErrorCode::Conflict,
        "this build serves no editor, so the run cannot be opened in a browser",
    )
    .with_hint("read its files with GET /api/v1/runs/{run_id}/workspace, or download them as a ZIP"))
}

pub(super) fn personas() -> Result<Personas, Problem> {
    let catalogue = catalogue();
    let entry = |(name, persona): (&String, &aios_engine::Persona)| {
        let graph = graph(catalogue, persona.kind, name, &[]).map_err(|error| problem::graph(&error))?;
        let mut waves: Vec<Vec<String>> = Vec::new();
        for node in &graph.nodes {
            match waves.get_mut(node.wave.saturating_sub(1)) {
                Some(wave) => wave.push(node.agent.to_string()),
                None => waves.push(vec![node.agent.to_string()]),
            }
        }
        let kind = match persona.kind {
            PersonaKind::Persona => "persona",
            PersonaKind::Hierarchy => "hierarchy",
        };
        let description = if persona.hints.is_empty() { &persona.title } else { &persona.hints };
        Ok(PersonaEntry { id: name.clone(), kind: kind.into(), description: description.clone(), waves })
    };
    let roles = catalogue.roles.iter().filter_map(|(id, role)| {
        let level = u32::from(role.level?);
        let description = role.mission.trim().lines().next().unwrap_or_default().to_owned();
        Some(RoleEntry { id: id.clone(), title: role.title.clone(), level, description })
    });
    let mut roles: Vec<RoleEntry> = roles.collect();
    roles.sort_by(|a, b| (a.level, &a.id).cmp(&(b.level, &b.id)));
    Ok(Personas { personas: catalogue.personas.iter().map(entry).collect::<Result<_, Problem>>()?, roles })
}
