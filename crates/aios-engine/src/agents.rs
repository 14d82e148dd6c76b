//! The agents of one run: carries out what the decider wants of nodes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aios_core::{Message, MicroUsd, ModelStyle, ProjectStore, Scope};
use aios_protocol::{AgentName, ErrorCode, RunDetail};
use aios_tools::LastOutput;
use async_trait::async_trait;
use tokio::sync::OnceCell;

use crate::agent::{NodeBrief, NodeContext, RunPorts, tool_loop};
use crate::graph::{Role, catalogue};
use crate::guided;
use crate::memory::{Memory, project_after, project_note, rules};
use crate::meter::Meter;
use crate::run::{NodeFault, NodeJob, NodeWorker, Verdict};
use crate::validate::{Subject, validate};

/// Works for one run: picks the way that suits its model, keeps what its nodes share.
pub(crate) struct Agents {
    ports: RunPorts,
    projects: Arc<dyn ProjectStore>,
    meter: Arc<Meter>,
    run: RunDetail,
    scope: Scope,
    memory: OnceCell<Memory>,
    /// Conversations of agents whose work is being checked, so that the next attempt goes on from there.
    conversations: Mutex<HashMap<AgentName, Vec<Message>>>,
    /// What each agent's last command said, or the last check of its work.
    outputs: Mutex<HashMap<AgentName, Arc<LastOutput>>>,
}

impl Agents {
    pub(crate) fn new(
        ports: RunPorts,
        projects: Arc<dyn ProjectStore>,
        scope: Scope,
        run: RunDetail,
    ) -> Self {
        let meter = Meter::new(ports.policy.max_cost(), MicroUsd::from_usd(run.cost_usd));
        Self {
            ports,
            projects,
            meter,
            run,
            scope,
            memory: OnceCell::new(),
            conversations: Mutex::default(),
            outputs: Mutex::default(),
        }
    }

    /// Rules and project memory, read once per run.
    async fn memory(&self) -> &Memory {
        self.memory
            .get_or_init(|| async {
                let project = match &self.run.project_id {
                    Some(id) => self.projects.get(&self.scope, id).await.unwrap_or_else(|error| {
                        tracing::warn!(%error, "the project's memory could not be read");
                        None
                    }),
                    None => None,
                };
                Memory {
                    rules: rules(&*self.ports.workspace).await,
                    project: project.as_ref().map(project_note),
                }
            })
            .await
    }

    fn role(agent: &AgentName) -> Result<&'static Role, NodeFault> {
        catalogue().roles.get(agent.as_str()).ok_or_else(|| NodeFault {
            reason: format!("there is no agent {agent}"),
            code: ErrorCode::InvalidRequest,
        })
    }

    fn kept(&self, agent: &AgentName) -> Vec<Message> {
        self.conversations.lock().unwrap_or_else(PoisonError::into_inner).remove(agent).unwrap_or_default()
    }

    fn output(&self, agent: &AgentName) -> Arc<LastOutput> {
        let mut outputs = self.outputs.lock().unwrap_or_else(PoisonError::into_inner);
        outputs.entry(agent.clone()).or_default().clone()
    }

    fn keep(&self, agent: &AgentName, conversation: Vec<Message>) {
        self.conversations.lock().unwrap_or_else(PoisonError::into_inner).insert(agent.clone(), conversation);
    }
}

#[async_trait]
impl NodeWorker for Agents {
    async fn work(&self, job: NodeJob) -> Result<String, NodeFault> {
        let role = Self::role(&job.agent)?;
        let memory = self.memory().await;
        let conversation = if job.conversation.is_empty() { self.kept(&job.agent) } else { job.conversation };
        let persona = catalogue().personas.get(&self.run.persona);
        let brief = NodeBrief {
            agent: job.agent.clone(),
            role,
            objective: self.run.objective.clone(),
            hints: persona.map(|persona| persona.hints.clone()).unwrap_or_default(),
            rules: memory.rules.clone(),
            memory: memory.project.clone(),
            attempt: job.attempt,
            debug: job.debug,
            last_output: self.output(&job.agent),
        };
        let meters = [self.meter.clone(), self.ports.budget.clone()];
        let cx = NodeContext::new(brief, self.ports.clone(), meters, job.channel.clone(), job.stop);
        match self.ports.model.info().style {
            ModelStyle::Tools => {
                let summary = tool_loop::work(&cx, conversation).await?;
                self.keep(&job.agent, job.channel.conversation());
                Ok(summary)
            }
            ModelStyle::Guided => guided::work(&cx).await,
        }
    }

    async fn validate(&self, job: NodeJob) -> Verdict {
        let role = match Self::role(&job.agent) {
            Ok(role) => role,
            Err(fault) => return Verdict::Impossible(fault),
        };
        let subject = Subject {
            agent: job.agent.as_str(),
            checks: role.checks,
            attempt: job.attempt,
            files: &job.files,
            passed_before: job.passed_before,
            last_output: &self.output(&job.agent),
        };
        validate(&self.ports, &subject, &job.stop).await
    }

    async fn remember(&self, scope: &Scope, run: &RunDetail) {
        let Some(id) = &run.project_id else { return };
        let listing = self.ports.workspace.list(10_000).await.unwrap_or_default();
        let files = listing.files.into_iter().map(|file| file.path.as_str().to_owned()).collect();
        let at = self.ports.clock.now();
        let stored = match self.projects.get(scope, id).await {
            Ok(before) => self.projects.put(scope, &project_after(before, id, run, files, at), at).await,
            Err(error) => Err(error),
        };
        if let Err(error) = stored {
            tracing::error!(%error, "the project's memory could not be stored");
        }
    }
}
