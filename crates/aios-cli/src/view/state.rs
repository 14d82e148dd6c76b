//! What is known of a run, folded from its events.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use aios_protocol::{
    AgentName, DebugInfo, ErrorCode, EventFrame, Evidence, NodeStatus, PlannedNode, QuestionId, RunEvent,
    RunId, Timestamp, TokenUsage,
};

use super::action::Action;

/// Bytes of a reply that is being streamed which are kept, for its last line.
const TAIL: usize = 400;

/// A run as its events so far tell it.
#[derive(Debug, Clone, Default)]
pub(crate) struct State {
    pub(crate) run_id: Option<RunId>,
    pub(crate) objective: String,
    pub(crate) model: String,
    /// In the order of waves.
    pub(crate) nodes: Vec<Node>,
    pub(crate) usage: TokenUsage,
    pub(crate) cost_usd: f64,
    /// Sizes of the files that were written, by path.
    pub(crate) files: BTreeMap<String, usize>,
    /// Without an answer yet, oldest first.
    pub(crate) questions: VecDeque<Question>,
    pub(crate) paused: bool,
    /// The last check that did not pass, until one of the same agent does.
    pub(crate) failed_check: Option<FailedCheck>,
    pub(crate) end: Option<End>,
    /// `seq` of the last event.
    pub(crate) seq: u64,
    /// Time worked before `since`.
    worked: Duration,
    /// When it last started or went on.
    since: Option<Timestamp>,
    last_at: Option<Timestamp>,
}

/// An agent of the graph.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) agent: AgentName,
    pub(crate) wave: usize,
    pub(crate) needs: Vec<AgentName>,
    pub(crate) status: NodeStatus,
    pub(crate) attempt: u32,
    pub(crate) usage: TokenUsage,
    pub(crate) cost_usd: f64,
    /// The verdict of its last check.
    pub(crate) evidence: Option<Evidence>,
    /// What it says it did, or why it failed or was skipped.
    pub(crate) outcome: String,
    pub(crate) started_at: Option<Timestamp>,
    /// How long it took, once it has ended.
    pub(crate) took: Option<Duration>,
    /// Tool calls without a result yet, by call id.
    pub(crate) calls: BTreeMap<String, Action>,
    /// The end of the reply that is being streamed.
    pub(crate) tail: String,
}

/// A question to the human.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) id: QuestionId,
    pub(crate) agent: AgentName,
    pub(crate) text: String,
}

/// A check that did not pass.
#[derive(Debug, Clone)]
pub(crate) struct FailedCheck {
    pub(crate) agent: AgentName,
    pub(crate) evidence: Evidence,
    pub(crate) debug_info: DebugInfo,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum End {
    Completed { files: Vec<String>, evidence: Option<Evidence> },
    Failed { reason: String, code: ErrorCode, hint: Option<String> },
    Cancelled,
    Interrupted { reason: String },
}

impl State {
    /// Takes in the next event.
    pub(crate) fn apply(&mut self, frame: &EventFrame) {
        let EventFrame { run_id, seq, at, event } = frame;
        self.run_id = Some(*run_id);
        self.seq = *seq;
        match event {
            RunEvent::RunStarted { objective, model, nodes, .. } => {
                self.objective.clone_from(objective);
                self.model.clone_from(model);
                self.nodes = nodes
                    .iter()
                    .map(|planned| Node::new(planned.agent.clone(), planned.wave, planned.needs.clone()))
                    .collect();
                self.nodes.sort_by_key(|node| node.wave);
                self.since = Some(*at);
            }
            RunEvent::RunResumed { finished } => {
                // A crash leaves no final event: what was worked until the last one counts.
                self.stop_clock(self.last_at.unwrap_or(*at));
                self.since = Some(*at);
                self.end = None;
                // After a pause the agents are still where they were; in a new process they begin again.
                if !std::mem::take(&mut self.paused) {
                    for node in self.nodes.iter_mut().filter(|node| !finished.contains(&node.agent)) {
                        node.status = NodeStatus::Pending;
                        // The time in which nobody worked is not the agent's.
                        node.started_at = None;
                        node.rest();
                    }
                }
            }
            RunEvent::ModelCalled { agent, usage, cost_usd, .. } => {
                self.usage += *usage;
                self.cost_usd += cost_usd;
                let node = self.node(agent);
                node.usage += *usage;
                node.cost_usd += cost_usd;
                node.tail.clear();
            }
            RunEvent::FileWritten { path, bytes, .. } => {
                self.files.insert(path.clone(), *bytes);
            }
            RunEvent::ValidationPassed { agent, evidence, .. } => {
                if self.failed_check.as_ref().is_some_and(|check| check.agent == *agent) {
                    self.failed_check = None;
                }
                self.node(agent).evidence = Some(evidence.clone());
            }
            RunEvent::ValidationFailed { agent, evidence, debug_info, .. } => {
                self.failed_check = Some(FailedCheck {
                    agent: agent.clone(),
                    evidence: evidence.clone(),
                    debug_info: debug_info.clone(),
                });
                self.node(agent).evidence = Some(evidence.clone());
            }
            RunEvent::HumanInputRequired { question_id, agent, question, .. } => {
                self.node(agent).status = NodeStatus::Waiting;
                if self.questions.iter().all(|known| known.id != *question_id) {
                    let (agent, text) = (agent.clone(), question.clone());
                    self.questions.push_back(Question { id: *question_id, agent, text });
                }
            }
            RunEvent::HumanInputReceived { question_id, agent } => {
                self.questions.retain(|known| known.id != *question_id);
                self.node(agent).status = NodeStatus::Running;
            }
            RunEvent::RunPaused {} => {
                self.stop_clock(*at);
                self.paused = true;
            }
            RunEvent::RunCompleted { files, evidence, .. } => {
                self.finish(*at, End::Completed { files: files.clone(), evidence: evidence.clone() });
            }
            RunEvent::RunFailed { reason, code, hint, .. } => {
                self.finish(*at, End::Failed { reason: reason.clone(), code: *code, hint: hint.clone() });
            }
            RunEvent::RunCancelled { .. } => self.finish(*at, End::Cancelled),
            RunEvent::RunInterrupted { reason, .. } => {
                self.finish(*at, End::Interrupted { reason: reason.clone() });
            }
            of_one_agent => self.apply_to_node(*at, of_one_agent),
        }
        self.last_at = Some(*at);
    }

    fn apply_to_node(&mut self, at: Timestamp, event: &RunEvent) {
        match event {
            RunEvent::NodeStarted { agent, wave, attempt } => {
                let node = self.node(agent);
                node.status = NodeStatus::Running;
                (node.wave, node.attempt) = (*wave, *attempt);
                node.started_at.get_or_insert(at);
                node.rest();
            }
            RunEvent::TokenChunk { agent, chunk } => {
                let tail = &mut self.node(agent).tail;
                tail.push_str(chunk);
                if tail.len() > 2 * TAIL {
                    tail.drain(..tail.ceil_char_boundary(tail.len() - TAIL));
                }
            }
            RunEvent::ToolCall { agent, call_id, tool, arguments } => {
                let action = Action::new(tool, arguments);
                self.node(agent).calls.insert(call_id.clone(), action);
            }
            RunEvent::ToolResult { agent, call_id, .. } => {
                self.node(agent).calls.remove(call_id);
            }
            RunEvent::NodeCompleted { agent, summary, duration_ms, .. } => {
                self.node(agent).end(
                    NodeStatus::Completed,
                    summary,
                    Some(Duration::from_millis(*duration_ms)),
                );
            }
            RunEvent::NodeFailed { agent, reason, .. } => {
                let node = self.node(agent);
                let took = node.started_at.map(|started| at.since(started));
                node.end(NodeStatus::Failed, reason, took);
            }
            RunEvent::NodeSkipped { agent, because } => {
                self.node(agent).end(NodeStatus::Skipped, because, None);
            }
            _ => {}
        }
    }

    /// The node of an agent. One that was never announced is added, so that a gap in the history hides nobody.
    fn node(&mut self, agent: &AgentName) -> &mut Node {
        let at = self.nodes.iter().position(|node| node.agent == *agent).unwrap_or_else(|| {
            self.nodes.push(Node::new(agent.clone(), 1, Vec::new()));
            self.nodes.len() - 1
        });
        &mut self.nodes[at]
    }

    fn finish(&mut self, at: Timestamp, end: End) {
        self.stop_clock(at);
        self.paused = false;
        self.end = Some(end);
        self.nodes.iter_mut().for_each(Node::rest);
    }

    fn stop_clock(&mut self, at: Timestamp) {
        if let Some(since) = self.since.take() {
            self.worked += at.since(since);
        }
    }

    /// How long the run has been worked on.
    pub(crate) fn elapsed(&self, now: Timestamp) -> Duration {
        self.worked + self.since.map_or(Duration::ZERO, |since| now.since(since))
    }

    /// The graph as it was announced.
    pub(crate) fn planned(&self) -> Vec<PlannedNode> {
        let planned = |node: &Node| PlannedNode {
            agent: node.agent.clone(),
            wave: node.wave,
            needs: node.needs.clone(),
        };
        self.nodes.iter().map(planned).collect()
    }

    /// Columns that the longest agent name takes.
    pub(crate) fn agent_column(&self) -> usize {
        self.nodes.iter().map(|node| node.agent.as_str().len()).max().unwrap_or(0)
    }

    /// The tool call that a result answers.
    pub(crate) fn call(&self, agent: &AgentName, call_id: &str) -> Option<&Action> {
        self.nodes.iter().find(|node| node.agent == *agent)?.calls.get(call_id)
    }
}

impl Node {
    fn new(agent: AgentName, wave: usize, needs: Vec<AgentName>) -> Self {
        Self {
            agent,
            wave,
            needs,
            status: NodeStatus::Pending,
            attempt: 0,
            usage: TokenUsage::default(),
            cost_usd: 0.0,
            evidence: None,
            outcome: String::new(),
            started_at: None,
            took: None,
            calls: BTreeMap::new(),
            tail: String::new(),
        }
    }

    fn end(&mut self, status: NodeStatus, outcome: &str, took: Option<Duration>) {
        self.status = status;
        outcome.clone_into(&mut self.outcome);
        self.took = took;
        self.rest();
    }

    /// Forgets what was going on.
    fn rest(&mut self) {
        self.calls.clear();
        self.tail.clear();
    }
}
