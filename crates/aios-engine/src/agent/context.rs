//! What one attempt of one node has at hand.

use std::path::PathBuf;
use std::sync::Arc;

use aios_core::{
    Clock, CommandOutput, CommandSpec, EventSink, Model, ModelError, ModelRequest, Policy, Runner,
    RunnerError, Vcs, Workspace, WorkspacePath,
};
use aios_protocol::{AgentName, DebugInfo, ErrorCode, RunEvent};
use aios_tools::{LastOutput, ToolAnswer, ToolContext, ToolFatal, ToolGate, ToolRegistry};
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;

use super::caller::{Caller, Turn};
use crate::graph::Role;
use crate::meter::Meter;
use crate::run::{NodeFault, RunChannel};

/// What a run works with: one workspace, one model, and the programs of the harness.
#[derive(Clone)]
pub struct RunPorts {
    /// The files, as agents see them.
    pub workspace: Arc<dyn Workspace>,
    /// The sandbox of the agents' commands.
    pub runner: Arc<dyn Runner>,
    /// The same files for the harness, which keeps its reports in `.aios`.
    pub harness_workspace: Arc<dyn Workspace>,
    /// The sandbox of the harness's own commands.
    pub harness_runner: Arc<dyn Runner>,
    /// Version control.
    pub vcs: Arc<dyn Vcs>,
    /// The model, or a chain of them.
    pub model: Arc<dyn Model>,
    /// The policy.
    pub policy: Arc<Policy>,
    /// What the run's organisation may spend, shared with all else that it does.
    pub budget: Arc<Meter>,
    /// The tools.
    pub tools: Arc<ToolRegistry>,
    /// The programs with which the harness checks work.
    pub programs: Arc<dyn Programs>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

/// The programs with which the harness checks work. Asked only when a check needs one, since finding or installing it may
/// take time.
#[async_trait]
pub trait Programs: Send + Sync {
    /// A Python that has pytest.
    async fn python(&self) -> Result<PathBuf, ProgramMissing>;

    /// Node.
    async fn node(&self) -> Result<PathBuf, ProgramMissing>;
}

/// A program of the harness cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{program} is not available: {reason}; {remedy}")]
pub struct ProgramMissing {
    /// `python3 with pytest`, `node`.
    pub program: &'static str,
    /// What was tried.
    pub reason: String,
    /// What to do.
    pub remedy: String,
}

impl From<ProgramMissing> for NodeFault {
    fn from(missing: ProgramMissing) -> Self {
        Self { reason: missing.to_string(), code: ErrorCode::NotConfigured }
    }
}

/// One attempt of one node.
pub(crate) struct NodeContext {
    pub(crate) agent: AgentName,
    pub(crate) role: &'static Role,
    pub(crate) objective: String,
    /// What the persona tells every agent.
    pub(crate) hints: String,
    /// The project's rules files, verbatim.
    pub(crate) rules: String,
    /// What earlier runs of the project did.
    pub(crate) memory: Option<String>,
    pub(crate) attempt: u32,
    pub(crate) debug: Option<DebugInfo>,
    pub(crate) policy: Arc<Policy>,
    pub(crate) stop: CancellationToken,
    pub(crate) channel: RunChannel,
    pub(crate) tools: Arc<ToolRegistry>,
    ports: RunPorts,
    caller: Caller,
    gate: ToolGate,
    tool_context: ToolContext,
}

/// What the run knows of the node, besides its ports.
pub(crate) struct NodeBrief {
    pub(crate) agent: AgentName,
    pub(crate) role: &'static Role,
    pub(crate) objective: String,
    pub(crate) hints: String,
    pub(crate) rules: String,
    pub(crate) memory: Option<String>,
    pub(crate) attempt: u32,
    pub(crate) debug: Option<DebugInfo>,
    pub(crate) last_output: Arc<LastOutput>,
}

impl NodeContext {
    pub(crate) fn new(
        brief: NodeBrief,
        ports: RunPorts,
        meters: [Arc<Meter>; 2],
        channel: RunChannel,
        stop: CancellationToken,
    ) -> Self {
        let events: Arc<dyn EventSink> = Arc::new(channel.clone());
        let caller =
            Caller { agent: brief.agent.clone(), model: ports.model.clone(), meters, events: events.clone() };
        let tool_context = ToolContext {
            agent: brief.agent.clone(),
            workspace: ports.workspace.clone(),
            runner: ports.runner.clone(),
            vcs: ports.vcs.clone(),
            human: Arc::new(channel.clone()),
            policy: ports.policy.clone(),
            events,
            clock: ports.clock.clone(),
            last_output: brief.last_output,
            stop: stop.clone(),
        };
        Self {
            agent: brief.agent,
            role: brief.role,
            objective: brief.objective,
            hints: brief.hints,
            rules: brief.rules,
            memory: brief.memory,
            attempt: brief.attempt,
            debug: brief.debug,
            policy: ports.policy.clone(),
            stop,
            channel,
            tools: ports.tools.clone(),
            gate: ToolGate::new(ports.tools.clone()),
            ports,
            caller,
            tool_context,
        }
    }

    /// Calls the model once, but not while the user holds the run.
    pub(crate) async fn call(&self, request: ModelRequest) -> Result<Turn, NodeFault> {
        self.channel.while_held(&self.stop).await;
        self.caller.call(request, &self.stop).await.map_err(|error| model_fault(&error))
    }

    /// The model of this run.
    pub(crate) fn model(&self) -> &dyn Model {
        &*self.ports.model
    }

    /// Runs one tool call through the gate.
    pub(crate) async fn tool(&self, call: &aios_core::ToolCall) -> Result<ToolAnswer, NodeFault> {
        self.gate.call(call, &self.tool_context).await.map_err(|fatal| tool_fault(&fatal))
    }

    /// Writes a file for the agent, through the gate like any tool call.
    pub(crate) async fn write(&self, path: &str, content: &str) -> Result<(), NodeFault> {
        let call = aios_core::ToolCall {
            id: format!("write-{path}"),
            name: "write_file".into(),
            arguments: serde_json::json!({ "path": path, "content": content }).to_string(),
        };
        let answer = self.tool(&call).await?;
        if answer.ok { Ok(()) } else { Err(NodeFault { reason: answer.content, code: ErrorCode::Denied }) }
    }

    /// Reads a text file; nothing when it is not there or not readable.
    pub(crate) async fn read(&self, path: &str) -> Option<String> {
        let bytes = self.ports.workspace.read(&WorkspacePath::new(path).ok()?).await.ok()?;
        String::from_utf8(bytes).ok()
    }

    /// The files of the workspace, sorted.
    pub(crate) async fn list(&self) -> Vec<String> {
        let listing = self.ports.workspace.list(2_000).await.unwrap_or_default();
        listing.files.into_iter().map(|file| file.path.as_str().to_owned()).collect()
    }

    /// Runs a command of the harness in the sandbox.
    pub(crate) async fn run(&self, spec: CommandSpec) -> Result<CommandOutput, NodeFault> {
        self.ports.harness_runner.run(&spec, &self.stop).await.map_err(|error| runner_fault(&error))
    }

    /// The programs of the harness.
    pub(crate) fn programs(&self) -> &dyn Programs {
        &*self.ports.programs
    }

    /// Tells the user and the other agents something.
    pub(crate) fn log(&self, message: impl Into<String>) {
        self.channel.emit(RunEvent::Log { agent: self.agent.clone(), message: message.into() });
    }
}

fn model_fault(error: &ModelError) -> NodeFault {
    NodeFault { reason: error.to_string(), code: error.code() }
}

fn tool_fault(fatal: &ToolFatal) -> NodeFault {
    NodeFault { reason: fatal.to_string(), code: fatal.code() }
}

pub(crate) fn runner_fault(error: &RunnerError) -> NodeFault {
    let code = match error {
        RunnerError::NoSandbox { .. } | RunnerError::ProgramNotFound { .. } => ErrorCode::NotConfigured,
        RunnerError::Io { .. } => ErrorCode::Storage,
    };
    NodeFault { reason: error.to_string(), code }
}
