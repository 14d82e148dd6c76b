//! The engine's front door: starts runs and takes them up again.

use std::sync::Arc;

use aios_core::{RunBatch, Scope, StoreError, take_files};
use aios_protocol::{EventFrame, RunDetail, RunEvent, RunId, RunStatus};

use crate::agent::RunPorts;
use crate::agents::Agents;
use crate::graph::{Graph, GraphNode};
use crate::run::{CHECKPOINT_VERSION, EnginePorts, LEASE, RunHandle, RunState, launch};

/// Runs agent graphs on the stores that it was given.
#[derive(Clone)]
pub struct Engine {
    ports: EnginePorts,
    holder: String,
}

/// Why a run could not be started or taken up.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The store refused: unknown run, another process works on it, disk full.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The run has ended for good.
    #[error("run {run_id} is {status} and cannot go on")]
    Over {
        /// The run.
        run_id: RunId,
        /// How it ended.
        status: &'static str,
    },
    /// Its checkpoint cannot be read by this version.
    #[error("the checkpoint of run {run_id} cannot be read: {detail}")]
    Checkpoint {
        /// The run.
        run_id: RunId,
        /// What is wrong.
        detail: String,
    },
}

impl Engine {
    /// An engine that claims runs under this name, which tells processes apart.
    pub fn new(ports: EnginePorts, holder: impl Into<String>) -> Self {
        Self { ports, holder: holder.into() }
    }

    /// Stores a new run and lets it work in the background. `run.nodes` must be empty; the graph fills it.
    pub async fn start(
        &self,
        scope: Scope,
        mut run: RunDetail,
        graph: &Graph,
        ports: RunPorts,
    ) -> Result<RunHandle, EngineError> {
        let state = RunState::new(graph);
        run.nodes = state.views();
        self.ports.runs.create(&scope, &run).await?;
        self.take_up(scope, run, state, ports).await
    }

    /// Goes on with a run that was interrupted, waits, or was left by a crash. Finished nodes are not run again.
    pub async fn resume(
        &self,
        scope: Scope,
        run_id: RunId,
        ports: RunPorts,
    ) -> Result<RunHandle, EngineError> {
        let mut run = self.ports.runs.get(&scope, run_id).await?;
        if run.status.is_over() {
            return Err(EngineError::Over { run_id, status: run.status.as_str() });
        }
        let state = match self.ports.runs.checkpoint(&scope, run_id).await? {
            Some(checkpoint) if checkpoint.version == CHECKPOINT_VERSION => {
                let state: RunState = serde_json::from_str(&checkpoint.body)
                    .map_err(|error| EngineError::Checkpoint { run_id, detail: error.to_string() })?;
                state.revived()
            }
            Some(checkpoint) => {
                let detail = format!(
                    "it has version {}, this program knows {}",
                    checkpoint.version, CHECKPOINT_VERSION
                );
                return Err(EngineError::Checkpoint { run_id, detail });
            }
            // It was stored and never began.
            None => RunState::new(&graph_of(&run)),
        };
        let state = state.with_files(take_files(&mut run));
        self.take_up(scope, run, state, ports).await
    }

    /// Ends a run that nobody works on.
    pub async fn close(&self, scope: Scope, run_id: RunId) -> Result<(), EngineError> {
        let mut run = self.ports.runs.get(&scope, run_id).await?;
        let now = self.ports.clock.now();
        let lease = self.ports.runs.claim(&scope, run_id, &self.holder, now, LEASE).await?;
        run.status = RunStatus::Cancelled;
        run.ended_at = Some(now);
        let event = RunEvent::RunCancelled {};
        let frames = vec![EventFrame { run_id, seq: lease.last_seq + 1, at: now, event }];
        let batch = RunBatch { frames, run: Some(run), ..RunBatch::default() };
        self.ports.runs.commit(&scope, &lease, &batch).await?;
        Ok(self.ports.runs.release(&scope, &lease).await?)
    }

    async fn take_up(
        &self,
        scope: Scope,
        run: RunDetail,
        state: RunState,
        ports: RunPorts,
    ) -> Result<RunHandle, EngineError> {
        let now = self.ports.clock.now();
        let lease = self.ports.runs.claim(&scope, run.run_id, &self.holder, now, LEASE).await?;
        let worker = Agents::new(ports, self.ports.projects.clone(), scope.clone(), run.clone());
        Ok(launch(scope, self.ports.clone(), lease, run, state, Arc::new(worker)))
    }
}

fn graph_of(run: &RunDetail) -> Graph {
    let node = |node: &aios_protocol::NodeView| GraphNode {
        agent: node.agent.clone(),
        wave: node.wave,
        needs: node.needs.clone(),
    };
    Graph { persona: run.persona.clone(), nodes: run.nodes.iter().map(node).collect() }
}
