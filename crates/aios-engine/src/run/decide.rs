//! The decider: from what happened to what is done next.
//!
//! Pure: knows no model, no clock, no store, no task. Effects run elsewhere and come back as inputs, so a run can be
//! replayed and simulated with faults.

use aios_core::RunOp;
use aios_protocol::{
    AgentName, DebugInfo, ErrorCode, Evidence, NodeStatus, PendingQuestion, QuestionId, RunEvent,
};

use super::state::{MAX_ATTEMPTS, Node, Outcome, RunState, Stop, answer_key};

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Input {
    /// The run is taken up, for the first time or again.
    Begin,
    /// An agent's work ended.
    Worked {
        /// The agent.
        agent: AgentName,
        /// Its summary, or why it gave up.
        result: Result<String, NodeFault>,
    },
    /// The harness checked an agent's work.
    Validated {
        /// The agent.
        agent: AgentName,
        /// What it found.
        verdict: Verdict,
        /// How long the node took, from the start of its attempt.
        duration_ms: u64,
    },
    /// An agent asks the human.
    Asked(PendingQuestion),
    /// A person wants something.
    Op(RunOp),
    /// The run must end.
    Stop(Stop),
}

/// Why an agent's work ended without a result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub(crate) struct NodeFault {
    /// What failed and why.
    pub(crate) reason: String,
    /// Its kind.
    pub(crate) code: ErrorCode,
}

/// What the harness found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Verdict {
    /// All is well.
    Passed(Evidence),
    /// Something is wrong with the work.
    Failed(Evidence, DebugInfo),
    /// The checks could not be made, which is not the agent's fault.
    Impossible(NodeFault),
}

/// What to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Command {
    /// Tell the world; stored before it is sent.
    Emit(RunEvent),
    /// Let an agent work.
    Work(AgentName),
    /// Check an agent's work.
    Validate(AgentName),
    /// Give an answer to the agent that waits for it.
    Deliver {
        /// The question.
        question_id: QuestionId,
        /// The human's words.
        answer: String,
    },
    /// Stop all agents at work; each ends with a fault.
    StopAgents,
    /// Nothing more will happen.
    End(Outcome),
}

/// What the decider has to know of the run itself.
#[derive(Debug, Clone)]
pub(crate) struct RunFacts {
    /// What is to be built.
    pub(crate) objective: String,
    /// The model, `provider/name`.
    pub(crate) model: String,
    /// The cost limit in US dollars.
    pub(crate) max_cost_usd: Option<f64>,
    /// The time limit in minutes.
    pub(crate) max_minutes: Option<f64>,
}

impl RunState {
    /// Decides what to do about an input and remembers what it means.
    pub(crate) fn decide(&mut self, facts: &RunFacts, input: Input) -> Vec<Command> {
        let mut out = Vec::new();
        if self.outcome.is_some() {
            return out;
        }
        match input {
            Input::Begin => self.begin(facts, &mut out),
            Input::Worked { agent, result } => self.worked(facts, &agent, result, &mut out),
            Input::Validated { agent, verdict, duration_ms } => {
                self.validated(&agent, verdict, duration_ms, &mut out);
            }
            Input::Asked(question) => self.asked(question, &mut out),
            Input::Op(op) => self.op(op, &mut out),
            Input::Stop(stop) => self.stop(facts, stop, &mut out),
        }
        self.advance(facts, &mut out);
        out
    }

    fn begin(&mut self, facts: &RunFacts, out: &mut Vec<Command>) {
        if self.begun {
            out.push(Command::Emit(RunEvent::RunResumed { finished: self.finished() }));
            return;
        }
        self.begun = true;
        let nodes = self.nodes.iter().map(|node| aios_protocol::PlannedNode {
            agent: node.agent.clone(),
            wave: node.wave,
            needs: node.needs.clone(),
        });
        out.push(Command::Emit(RunEvent::RunStarted {
            node_count: self.nodes.len(),
            objective: facts.objective.clone(),
            model: facts.model.clone(),
            nodes: nodes.collect(),
        }));
    }

    fn worked(
        &mut self,
        facts: &RunFacts,
        agent: &AgentName,
        result: Result<String, NodeFault>,
        out: &mut Vec<Command>,
    ) {
        let stopping = self.stopping.is_some();
        let Some(node) = self.node_mut(agent) else { return };
        match result {
            // Work that ended while the run stops is not checked any more: it is done again after a resume.
            _ if stopping => node.status = NodeStatus::Pending,
            Ok(summary) => {
                node.summary = Some(summary);
                out.push(Command::Validate(agent.clone()));
            }
            // The meter refused a call: that ends the run, not just this node.
            Err(fault) if fault.code == ErrorCode::CostLimit => {
                node.status = NodeStatus::Pending;
                self.stop(facts, Stop::Cost, out);
            }
            Err(fault) => self.fail(agent, fault, out),
        }
    }

    fn validated(&mut self, agent: &AgentName, verdict: Verdict, duration_ms: u64, out: &mut Vec<Command>) {
        let stopping = self.stopping.is_some();
        let Some(node) = self.node_mut(agent) else { return };
        let attempt = node.attempt;
        match verdict {
            Verdict::Passed(evidence) => {
                node.status = NodeStatus::Completed;
                node.debug = None;
                node.evidence = Some(evidence.clone());
                node.forget_conversation();
                let files: Vec<String> = node.files.iter().cloned().collect();
                let summary = node.summary.clone().unwrap_or_default();
                if evidence.passed > 0 {
                    self.evidence = Some(evidence.clone());
                }
                out.push(Command::Emit(RunEvent::ValidationPassed {
                    agent: agent.clone(),
                    attempt,
                    evidence,
                }));
                out.push(Command::Emit(RunEvent::NodeCompleted {
                    agent: agent.clone(),
                    summary,
                    files,
                    duration_ms,
                }));
            }
            _ if stopping => node.status = NodeStatus::Pending,
            Verdict::Failed(evidence, debug_info) => {
                node.evidence = Some(evidence.clone());
                let reason = format!("{} failed after {attempt} attempts", debug_info.failed_command);
                out.push(Command::Emit(RunEvent::ValidationFailed {
                    agent: agent.clone(),
                    attempt,
                    evidence,
                    debug_info: debug_info.clone(),
                }));
                if attempt >= MAX_ATTEMPTS {
                    return self.fail(agent, NodeFault { reason, code: ErrorCode::ValidationFailed }, out);
                }
                node.debug = Some(debug_info);
                node.forget_conversation();
                node.status = NodeStatus::Pending;
            }
            Verdict::Impossible(fault) => self.fail(agent, fault, out),
        }
    }

    fn fail(&mut self, agent: &AgentName, fault: NodeFault, out: &mut Vec<Command>) {
        let Some(node) = self.node_mut(agent) else { return };
        node.status = NodeStatus::Failed;
        node.summary = Some(fault.reason.clone());
        node.failure = Some(fault.code);
        node.forget_conversation();
        out.push(Command::Emit(RunEvent::NodeFailed {
            agent: agent.clone(),
            reason: fault.reason,
            code: fault.code,
        }));
    }

    fn asked(&mut self, asked: PendingQuestion, out: &mut Vec<Command>) {
        // An answer that came while nobody worked on the run is waiting already.
        if let Some(answer) = self.answers.remove(&answer_key(&asked.agent, &asked.question)) {
            if let Some(node) = self.node_mut(&asked.agent) {
                node.answered.push((asked.question, answer.clone()));
            }
            out.push(Command::Deliver { question_id: asked.question_id, answer });
            return;
        }
        if let Some(node) = self.node_mut(&asked.agent) {
            node.status = NodeStatus::Waiting;
        }
        let again = self.questions.iter().any(|known| known.question_id == asked.question_id);
        // After a restart it is told again under its old id, for those who were not there the first time.
        out.push(Command::Emit(RunEvent::HumanInputRequired {
            question_id: asked.question_id,
            agent: asked.agent.clone(),
            question: asked.question.clone(),
        }));
        if !again {
            self.questions.push(asked);
        }
    }

    fn op(&mut self, op: RunOp, out: &mut Vec<Command>) {
        match op {
            RunOp::Respond { answer, question_id } => self.answer(answer, question_id, out),
            RunOp::Pause if !self.paused => {
                self.paused = true;
                out.push(Command::Emit(RunEvent::RunPaused {}));
            }
            RunOp::Continue if self.paused => {
                self.paused = false;
                out.push(Command::Emit(RunEvent::RunResumed { finished: self.finished() }));
            }
            RunOp::Pause | RunOp::Continue => {}
            RunOp::Cancel => self.stopping_for(Stop::Cancel, out),
        }
    }

    fn answer(&mut self, answer: String, question_id: Option<QuestionId>, out: &mut Vec<Command>) {
        let meant = |asked: &PendingQuestion| question_id.is_none_or(|id| asked.question_id == id);
        // What was answered already is not answered again.
        let Some(index) = self.questions.iter().position(meant) else { return };
        let question = self.questions.remove(index);
        out.push(Command::Emit(RunEvent::HumanInputReceived {
            question_id: question.question_id,
            agent: question.agent.clone(),
        }));
        match self.node_mut(&question.agent) {
            Some(node) if node.status == NodeStatus::Waiting => {
                node.status = NodeStatus::Running;
                node.answered.push((question.question, answer.clone()));
                out.push(Command::Deliver { question_id: question.question_id, answer });
            }
            // The agent is not there yet, since the run was only just taken up: it will ask again and find the answer.
            _ => {
                self.answers.insert(answer_key(&question.agent, &question.question), answer);
            }
        }
    }

    fn stop(&mut self, facts: &RunFacts, stop: Stop, out: &mut Vec<Command>) {
        if self.stopping.is_some() {
            return;
        }
        match stop {
            Stop::Cost => {
                let limit_usd = facts.max_cost_usd.filter(|limit| self.is_over_limit(Some(*limit)));
                let spent_usd = self.cost().as_usd();
                out.extend(
                    limit_usd
                        .map(|limit_usd| Command::Emit(RunEvent::CostLimitExceeded { limit_usd, spent_usd })),
                );
            }
            Stop::Time => out.push(Command::Emit(RunEvent::TimeLimitExceeded {
                limit_minutes: facts.max_minutes.unwrap_or_default(),
            })),
            Stop::Cancel | Stop::Shutdown => {}
        }
        self.stopping_for(stop, out);
    }

    fn stopping_for(&mut self, stop: Stop, out: &mut Vec<Command>) {
        if self.stopping.is_none() {
            self.stopping = Some(stop);
            out.push(Command::StopAgents);
        }
    }

    /// Starts what can start and ends what is over.
    fn advance(&mut self, facts: &RunFacts, out: &mut Vec<Command>) {
        if self.stopping.is_some() {
            let busy = |node: &Node| matches!(node.status, NodeStatus::Running | NodeStatus::Waiting);
            if !self.nodes.iter().any(busy) {
                self.finish(facts, out);
            }
            return;
        }
        loop {
            let Some(wave) =
                self.nodes.iter().filter(|node| !is_over(node.status)).map(|node| node.wave).min()
            else {
                self.save_wave(usize::MAX, out);
                return self.finish(facts, out);
            };
            self.save_wave(wave, out);
            if self.paused {
                return;
            }
            if !self.start_wave(wave, out) {
                return;
            }
        }
    }

    /// A checkpoint for the wave before `next`, if that was not saved yet.
    fn save_wave(&mut self, next: usize, out: &mut Vec<Command>) {
        let last = self.nodes.iter().map(|node| node.wave).filter(|wave| *wave < next).max().unwrap_or(0);
        if last > self.saved_wave {
            self.saved_wave = last;
            out.push(Command::Emit(RunEvent::CheckpointSaved { wave: last, finished: self.finished() }));
        }
    }

    /// Starts or skips the waiting nodes of a wave; true when all it did was to skip, so that the next wave is due.
    fn start_wave(&mut self, wave: usize, out: &mut Vec<Command>) -> bool {
        let lost: Vec<AgentName> = self
            .nodes
            .iter()
            .filter(|node| matches!(node.status, NodeStatus::Failed | NodeStatus::Skipped))
            .map(|node| node.agent.clone())
            .collect();
        let mut skipped = false;
        for node in
            self.nodes.iter_mut().filter(|node| node.wave == wave && node.status == NodeStatus::Pending)
        {
            if let Some(need) = node.needs.iter().find(|need| lost.contains(need)) {
                let because = format!("{need} did not finish");
                node.status = NodeStatus::Skipped;
                node.summary = Some(because.clone());
                out.push(Command::Emit(RunEvent::NodeSkipped { agent: node.agent.clone(), because }));
                skipped = true;
                continue;
            }
            // An attempt that a crash cut off is made again under its own number.
            if node.attempt == 0 || node.debug.as_ref().is_some_and(|debug| debug.attempt > node.attempt) {
                node.attempt += 1;
            }
            node.status = NodeStatus::Running;
            out.push(Command::Emit(RunEvent::NodeStarted {
                agent: node.agent.clone(),
                wave,
                attempt: node.attempt,
            }));
            out.push(Command::Work(node.agent.clone()));
        }
        skipped && self.nodes.iter().filter(|node| node.wave == wave).all(|node| is_over(node.status))
    }

    fn finish(&mut self, facts: &RunFacts, out: &mut Vec<Command>) {
        let (outcome, event) = match self.stopping {
            Some(Stop::Cancel) => (Outcome::Cancelled, Some(RunEvent::RunCancelled {})),
            // A run that waits for a person goes on waiting; there is nothing new to tell.
            Some(Stop::Shutdown) if !self.questions.is_empty() => (Outcome::Waiting, None),
            Some(Stop::Shutdown) => {
                let reason = "the process ended before the run did".to_owned();
                (Outcome::Interrupted, Some(RunEvent::RunInterrupted { reason }))
            }
            Some(Stop::Cost) => {
                let (reason, code) = (self.too_dear(facts.max_cost_usd).to_owned(), ErrorCode::CostLimit);
                let hint = match self.is_over_limit(facts.max_cost_usd) {
                    true => hint(code, facts),
                    false => Some("a larger plan has a larger budget, and a new month a new one"),
                };
                let hint = hint.map(str::to_owned);
                (Outcome::Failed, Some(RunEvent::RunFailed { reason, code, hint }))
            }
            Some(Stop::Time) => (
                Outcome::Failed,
                Some(failed(facts, "the time limit was reached".into(), ErrorCode::TimeLimit)),
            ),
            None => self.verdict(facts),
        };
        out.extend(event.map(Command::Emit));
        self.outcome = Some(outcome);
        out.push(Command::End(outcome));
    }

    fn verdict(&self, facts: &RunFacts) -> (Outcome, Option<RunEvent>) {
        match self.nodes.iter().find(|node| node.status == NodeStatus::Failed) {
            Some(node) => {
                let reason = format!(
                    "{}: {}",
                    node.agent,
                    node.summary.as_deref().unwrap_or("gave up without a reason")
                );
                let code = node.failure.unwrap_or(ErrorCode::Internal);
                (Outcome::Failed, Some(failed(facts, reason, code)))
            }
            None => (
                Outcome::Completed,
                Some(RunEvent::RunCompleted { files: self.files(), evidence: self.evidence.clone() }),
            ),
        }
    }
}

fn failed(facts: &RunFacts, reason: String, code: ErrorCode) -> RunEvent {
    RunEvent::RunFailed { reason, code, hint: hint(code, facts).map(str::to_owned) }
}

fn hint(code: ErrorCode, facts: &RunFacts) -> Option<&'static str> {
    match code {
        ErrorCode::CostLimit => Some("raise --max-cost or the policy's max_cost_usd and start it again"),
        ErrorCode::TimeLimit => {
            Some("raise --max-minutes or the policy's max_runtime_minutes and start it again")
        }
        ErrorCode::ValidationFailed if facts.model.starts_with("local/") => {
            Some("say it in smaller steps, or use a stronger model: set a provider's key, or --model")
        }
        ErrorCode::ValidationFailed => {
            Some("run it again with more detail in the objective, or another --model")
        }
        ErrorCode::ModelFailed if facts.model.starts_with("local/") => {
            Some("run it again, or use another model with --model; `aios models` lists them")
        }
        ErrorCode::ModelFailed => {
            Some("check the network and the provider's account, or use another model with --model")
        }
        ErrorCode::NotConfigured => Some("`aios doctor` tells what is missing and how to get it"),
        ErrorCode::Storage => Some("check the disk and the permissions of the workspace, then run it again"),
        _ => None,
    }
}

fn is_over(status: NodeStatus) -> bool {
    matches!(status, NodeStatus::Completed | NodeStatus::Failed | NodeStatus::Skipped)
}
