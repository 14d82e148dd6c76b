//! The state of a run: what the decider decides on, and what a checkpoint keeps.

use std::collections::{BTreeMap, BTreeSet};

use aios_core::{Message, MicroUsd, RunFile};
use aios_protocol::{
    AgentName, DebugInfo, ErrorCode, Evidence, NodeStatus, NodeView, PendingQuestion, QuestionId, RunEvent,
    TokenUsage,
};
use serde::{Deserialize, Serialize};

use crate::graph::Graph;

/// How many times an agent may try, the first included.
pub const MAX_ATTEMPTS: u32 = 3;

/// Everything about a run that outlives the process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct RunState {
    /// The nodes, by wave.
    pub(crate) nodes: Vec<Node>,
    /// Questions without an answer, oldest first.
    pub(crate) questions: Vec<PendingQuestion>,
    /// Answers that no agent has fetched yet, by question.
    pub(crate) answers: BTreeMap<String, String>,
    /// Whether the user holds the run.
    pub(crate) paused: bool,
    /// Why the run is being ended, once it is.
    pub(crate) stopping: Option<Stop>,
    /// Time at work, in milliseconds; waiting for the human does not count.
    pub(crate) active_ms: u64,
    /// The last verdict over the whole workspace.
    pub(crate) evidence: Option<Evidence>,
    /// The last wave that was checkpointed.
    pub(crate) saved_wave: usize,
    /// Whether `run_started` was told.
    pub(crate) begun: bool,
    /// How the run ended, once it has.
    pub(crate) outcome: Option<Outcome>,
}

/// One node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Node {
    /// The agent that works here.
    pub(crate) agent: AgentName,
    /// Its wave.
    pub(crate) wave: usize,
    /// Whom it waits for.
    pub(crate) needs: Vec<AgentName>,
    /// Where it stands.
    pub(crate) status: NodeStatus,
    /// The attempt it is in.
    pub(crate) attempt: u32,
    /// What the last validation found, for the next attempt.
    pub(crate) debug: Option<DebugInfo>,
    /// What it says it did, or why it ended.
    pub(crate) summary: Option<String>,
    /// The code of its failure.
    pub(crate) failure: Option<ErrorCode>,
    /// Files that it wrote. Not in the checkpoint: the store keeps them one by one.
    #[serde(skip)]
    pub(crate) files: BTreeSet<String>,
    /// Its tokens.
    pub(crate) usage: TokenUsage,
    /// Its cost.
    pub(crate) cost: MicroUsd,
    /// The last verdict of the harness on it.
    pub(crate) evidence: Option<Evidence>,
    /// Its conversation, kept while it waits for the human so that a restart goes on from there.
    pub(crate) conversation: Vec<Message>,
    /// Questions that were answered since then; a restart asks them again and finds these answers.
    #[serde(default)]
    pub(crate) answered: Vec<(String, String)>,
}

impl Node {
    /// A restart does not go on from the last question any more.
    pub(crate) fn forget_conversation(&mut self) {
        self.conversation.clear();
        self.answered.clear();
    }
}

/// Why a run is being ended before its graph is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stop {
    /// The user cancelled it.
    Cancel,
    /// Its cost limit was reached.
    Cost,
    /// Its time limit was reached.
    Time,
    /// The process ends; the run can be resumed.
    Shutdown,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Every node is done and valid.
    Completed,
    /// A node failed, or a limit was reached.
    Failed,
    /// By the user.
    Cancelled,
    /// The process ended first; not kept in checkpoints.
    Interrupted,
    /// The process ended while an agent waited for the human; not kept in checkpoints.
    Waiting,
}

impl RunState {
    /// The state before anything happened.
    pub(crate) fn new(graph: &Graph) -> Self {
        let node = |node: &crate::graph::GraphNode| Node {
            agent: node.agent.clone(),
            wave: node.wave,
            needs: node.needs.clone(),
            status: NodeStatus::Pending,
            attempt: 0,
            debug: None,
            summary: None,
            failure: None,
            files: BTreeSet::new(),
            usage: TokenUsage::default(),
            cost: MicroUsd::default(),
            evidence: None,
            conversation: Vec::new(),
            answered: Vec::new(),
        };
        Self {
            nodes: graph.nodes.iter().map(node).collect(),
            questions: Vec::new(),
            answers: BTreeMap::new(),
            paused: false,
            stopping: None,
            active_ms: 0,
            evidence: None,
            saved_wave: 0,
            begun: false,
            outcome: None,
        }
    }

    /// The same state as it is taken up after a crash or a stop: whatever was at work starts again, what is done stays.
    #[must_use]
    pub(crate) fn revived(mut self) -> Self {
        self.stopping = None;
        self.outcome = None;
        self.paused = false;
        for node in &mut self.nodes {
            if matches!(node.status, NodeStatus::Running | NodeStatus::Waiting) {
                node.status = NodeStatus::Pending;
            }
            let answers = node.answered.drain(..);
            self.answers
                .extend(answers.map(|(question, answer)| (answer_key(&node.agent, &question), answer)));
        }
        self
    }

    /// The state with files that were written before.
    #[must_use]
    pub(crate) fn with_files(mut self, files: Vec<RunFile>) -> Self {
        for RunFile { agent, path } in files {
            if let Some(node) = self.node_mut(&agent) {
                node.files.insert(path);
            }
        }
        self
    }

    /// Takes in what an agent's work told the world: files, tokens, money. Answers a file that is new, so that it is stored.
    #[must_use]
    pub(crate) fn note(&mut self, event: &RunEvent) -> Option<RunFile> {
        match event {
            RunEvent::FileWritten { agent, path, .. } => {
                let is_new = self.node_mut(agent)?.files.insert(path.clone());
                return is_new.then(|| RunFile { agent: agent.clone(), path: path.clone() });
            }
            RunEvent::ModelCalled { agent, usage, cost_usd, .. } => {
                if let Some(node) = self.node_mut(agent) {
                    node.usage += *usage;
                    node.cost += MicroUsd::from_usd(*cost_usd);
                }
            }
            _ => {}
        }
        None
    }

    /// A node by its agent.
    pub(crate) fn node(&self, agent: &AgentName) -> Option<&Node> {
        self.nodes.iter().find(|node| node.agent == *agent)
    }

    pub(crate) fn node_mut(&mut self, agent: &AgentName) -> Option<&mut Node> {
        self.nodes.iter_mut().find(|node| node.agent == *agent)
    }

    /// All files written so far, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        let all: BTreeSet<&String> = self.nodes.iter().flat_map(|node| &node.files).collect();
        all.into_iter().cloned().collect()
    }

    /// Money spent so far.
    pub(crate) fn cost(&self) -> MicroUsd {
        self.nodes.iter().map(|node| node.cost).sum()
    }

    /// Whether a call that was refused had reached the run's own limit; or else the budget that the run shares.
    pub(crate) fn is_over_limit(&self, limit_usd: Option<f64>) -> bool {
        limit_usd.is_some_and(|limit| self.cost() >= MicroUsd::from_usd(limit))
    }

    /// Why such a call was refused.
    pub(crate) fn too_dear(&self, limit_usd: Option<f64>) -> &'static str {
        if self.is_over_limit(limit_usd) {
            "the cost limit was reached"
        } else {
            "the month's budget is used up"
        }
    }

    /// Tokens used so far.
    pub(crate) fn usage(&self) -> TokenUsage {
        let mut total = TokenUsage::default();
        for node in &self.nodes {
            total += node.usage;
        }
        total
    }

    /// The agents whose nodes are done.
    pub(crate) fn finished(&self) -> Vec<AgentName> {
        let done = self.nodes.iter().filter(|node| node.status == NodeStatus::Completed);
        done.map(|node| node.agent.clone()).collect()
    }

    /// The nodes as the wire shows them, without their files, which the store adds.
    pub(crate) fn views(&self) -> Vec<NodeView> {
        let view = |node: &Node| NodeView {
            agent: node.agent.clone(),
            wave: node.wave,
            needs: node.needs.clone(),
            status: node.status,
            attempt: node.attempt,
            usage: node.usage,
            cost_usd: node.cost.as_usd(),
            summary: node.summary.clone(),
            evidence: node.evidence.clone(),
            files: Vec::new(),
        };
        self.nodes.iter().map(view).collect()
    }

    /// The oldest question of an agent that nobody answered.
    pub(crate) fn question_of(&self, agent: &AgentName, text: &str) -> Option<QuestionId> {
        self.questions
            .iter()
            .find(|question| question.agent == *agent && question.question == text)
            .map(|question| question.question_id)
    }
}

/// Answers outlive the process; the question's id may not be asked for again, but agent and text are the same.
pub(crate) fn answer_key(agent: &AgentName, question: &str) -> String {
    format!("{agent}\n{question}")
}
