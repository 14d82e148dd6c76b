//! Small worlds for the cases.

use aios_core::{Lease, RunBatch, RunFile, RunStore, Scope};
use aios_protocol::{
    AgentName, ErrorCode, EventFrame, Evidence, NodeStatus, NodeView, OrgId, PolicySpec, Problem, RunDetail,
    RunEvent, RunId, RunStatus, Timestamp, TokenUsage, UserId,
};

use super::Stores;

/// A scope of the organisation.
pub fn scope(org: &str) -> Scope {
    Scope { org: OrgId::new(org).unwrap(), user: UserId::new("ada").unwrap() }
}

/// A moment, in seconds after a fixed one.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(1_790_000_000_000_001 + seconds * 1_000_000)
}

/// A new run with something in every field.
pub fn run(objective: &str) -> RunDetail {
    let evidence = Evidence {
        command: "pytest -q".into(),
        exit: "0".into(),
        passed: 3,
        failed: 0,
        skipped: 1,
        passed_before: Some(2),
        files_checked: 4,
        duration_ms: 812,
        warnings: vec!["1 test is skipped".into()],
    };
    let node = NodeView {
        agent: AgentName::new("backend").unwrap(),
        wave: 2,
        needs: vec![AgentName::new("planner").unwrap()],
        status: NodeStatus::Completed,
        attempt: 1,
        usage: TokenUsage { input: 1200, cached: 800, output: 340 },
        cost_usd: 0.25,
        summary: Some("wrote main.py".into()),
        evidence: Some(evidence.clone()),
        files: vec!["main.py".into()],
    };
    RunDetail {
        run_id: RunId::generate(),
        status: RunStatus::Running,
        objective: objective.into(),
        project_id: None,
        dir: "/home/ada/würfel 🎲".into(),
        persona: "fullstack".into(),
        model: "local/qwen".into(),
        policy: PolicySpec { max_cost_usd: Some(1.5), ..PolicySpec::default() },
        nodes: vec![node],
        files: vec!["main.py".into()],
        usage: TokenUsage { input: 1200, cached: 800, output: 340 },
        cost_usd: 0.25,
        evidence: Some(evidence),
        failure: Some(Problem::new(ErrorCode::ModelFailed, "no model answered").with_hint("add a key")),
        created_at: at(0),
        started_at: Some(at(1)),
        ended_at: None,
    }
}

/// An event at its place in the run's history.
pub fn frame(run_id: RunId, seq: u64, event: RunEvent) -> EventFrame {
    EventFrame { run_id, seq, at: at(i64::try_from(seq).unwrap()), event }
}

/// What an agent tells the others.
pub fn log(message: &str) -> RunEvent {
    RunEvent::Log { agent: AgentName::new("backend").unwrap(), message: message.into() }
}

/// A file of an agent.
pub(super) fn file(agent: &str, path: &str) -> RunFile {
    RunFile { agent: AgentName::new(agent).unwrap(), path: path.into() }
}

/// Stores a new run.
pub(super) async fn stored(store: &impl Stores, scope: &Scope, objective: &str) -> RunDetail {
    let run = run(objective);
    store.create(scope, &run).await.unwrap();
    run
}

/// Stores a new run and claims it for longer than any case lasts.
pub(super) async fn claimed(store: &impl Stores, scope: &Scope, objective: &str) -> (RunDetail, Lease) {
    let run = stored(store, scope, objective).await;
    let lease = claim(store, scope, run.run_id).await;
    (run, lease)
}

pub(super) async fn claim(store: &impl Stores, scope: &Scope, run_id: RunId) -> Lease {
    RunStore::claim(store, scope, run_id, "desk", at(0), std::time::Duration::from_secs(3600)).await.unwrap()
}

/// Events only.
pub(super) fn batch(frames: impl IntoIterator<Item = EventFrame>) -> RunBatch {
    RunBatch { frames: frames.into_iter().collect(), ..RunBatch::default() }
}
