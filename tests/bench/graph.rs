//! The engine alone: a graph of four agents whose models answer at once, with nothing stored outside of memory.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use aios_core::{MicroUsd, Policy, Scope};
use aios_engine::{
    Engine, EnginePorts, Graph, Meter, PersonaKind, ProgramMissing, Programs, RunPorts, catalogue, graph,
};
use aios_protocol::{PolicySpec, RunDetail, RunId, RunStatus, TokenUsage};
use aios_testkit::{FakeClock, MemStore, Script, ScriptedModel, turn};
use aios_tools::ToolRegistry;
use aios_workspace::{DiskWorkspace, Git, SandboxRunner, SandboxSettings, Toolchains};
use async_trait::async_trait;
use serde_json::json;

use crate::report::{Report, Samples};
use crate::scripts::done;

const TIMES: usize = 100;

pub(crate) fn measure(report: &mut Report) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut samples = Samples::default();
    (0..TIMES).for_each(|_| samples.add(runtime.block_on(run())));
    report.row("graph of 4 agents with instant models, in process", "3 ms", samples, "–");
}

/// CEO, then CTO, then backend and frontend side by side. QA is left out: its work is proved by a test runner's process.
async fn run() -> Duration {
    let write =
        |path: &str| turn().call("write_file", json!({ "path": path, "content": "Small and right." }));
    let contract = [write("contract/plan.md"), write("contract/contract.md"), done()];
    let script = Script::new()
        .agent("ceo", [write("contract/strategy.md"), done()])
        .agent("cto", contract)
        .agent("backend", [done()])
        .agent("frontend", [done()]);
    let tasks = ["ceo", "cto", "backend", "frontend"].map(String::from);
    let graph = graph(catalogue(), PersonaKind::Hierarchy, "enterprise", &tasks).unwrap();
    let (store, clock) = (Arc::new(MemStore::default()), Arc::new(FakeClock::new()));
    let ports =
        EnginePorts { runs: store.clone(), ops: store.clone(), projects: store, clock: clock.clone() };
    let engine = Engine::new(ports, "bench");
    let model = ScriptedModel::new(script);
    let folder = tempfile::tempdir().unwrap();
    let workplace = workplace(folder.path().to_owned(), model.clone(), clock);
    let run = detail(&graph);
    let begun = Instant::now();
    let handle = engine.start(Scope::local().unwrap(), run, &graph, workplace).await.unwrap();
    let status = handle.done().await;
    let took = begun.elapsed();
    assert!(matches!(status, Ok(RunStatus::Completed)), "{status:?}");
    model.finish();
    took
}

fn workplace(folder: PathBuf, model: Arc<ScriptedModel>, clock: Arc<FakeClock>) -> RunPorts {
    let workspace = DiskWorkspace::open(&folder).unwrap();
    let settings = SandboxSettings {
        helper: PathBuf::new(),
        bubblewrap: None,
        toolchains: Toolchains { path: Vec::new(), home: None },
        read_only: Vec::new(),
        path_first: Vec::new(),
        scratch: folder,
    };
    let runner = SandboxRunner::new(&workspace, settings);
    RunPorts {
        vcs: Arc::new(Git::new(&workspace)),
        harness_workspace: Arc::new(workspace.for_harness()),
        harness_runner: Arc::new(runner.for_harness()),
        workspace: Arc::new(workspace),
        runner: Arc::new(runner),
        model,
        policy: Arc::new(Policy::new(PolicySpec::default(), &[], &[]).unwrap()),
        budget: Meter::new(None, MicroUsd::default()),
        tools: Arc::new(ToolRegistry::standard()),
        programs: Arc::new(NoPrograms),
        clock,
    }
}

fn detail(graph: &Graph) -> RunDetail {
    RunDetail {
        run_id: RunId::generate(),
        status: RunStatus::Pending,
        objective: "Build a calculator".into(),
        project_id: None,
        dir: "/bench".into(),
        persona: graph.persona.clone(),
        model: "scripted/model".into(),
        policy: PolicySpec::default(),
        nodes: Vec::new(),
        files: Vec::new(),
        usage: TokenUsage::default(),
        cost_usd: 0.0,
        evidence: None,
        failure: None,
        created_at: aios_protocol::Timestamp::from_micros(0),
        started_at: None,
        ended_at: None,
    }
}

/// Nobody writes code, so nothing is asked for.
struct NoPrograms;

#[async_trait]
impl Programs for NoPrograms {
    async fn python(&self) -> Result<PathBuf, ProgramMissing> {
        panic!("no check needs Python")
    }

    async fn node(&self) -> Result<PathBuf, ProgramMissing> {
        panic!("no check needs Node")
    }
}
