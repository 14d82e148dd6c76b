//! The actor of a run: the one owner of its state. Takes inputs, asks the decider, stores, publishes, acts.
//!
//! Order within a step: decide, commit events and state in one transaction, then publish, then start effects. So
//! nothing is seen or done that a crash could forget.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use aios_core::{
    Checkpoint, Clock, Lease, ProjectStore, RunBatch, RunFile, RunOp, RunOps, RunStore, Scope, StoreError,
};
use aios_protocol::{
    AgentName, DebugInfo, ErrorCode, EventFrame, Problem, QuestionId, RunDetail, RunEvent, RunId, RunStatus,
};
use async_trait::async_trait;
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::channel::{Post, RunChannel};
use super::decide::{Command, Input, NodeFault, RunFacts, Verdict};
use super::state::{Outcome, RunState, Stop};

/// Version of the checkpoint's format: `RunState` as JSON.
pub(crate) const CHECKPOINT_VERSION: u32 = 1;
/// How long a lease holds without being renewed; a crashed owner's run can be taken after this.
pub(crate) const LEASE: Duration = Duration::from_secs(15);
/// How often the actor looks for mail and at the clock.
const TICK: Duration = Duration::from_millis(200);
/// How long agents have to stop before the run ends without them.
const STOP_PATIENCE: Duration = Duration::from_secs(20);
/// Frames that a slow subscriber may lag behind before it has to replay from the store.
const LIVE_FRAMES: usize = 1024;

/// The stores that every run needs.
#[derive(Clone)]
pub struct EnginePorts {
    /// Runs.
    pub runs: Arc<dyn RunStore>,
    /// Mail to runs.
    pub ops: Arc<dyn RunOps>,
    /// Project memory.
    pub projects: Arc<dyn ProjectStore>,
    /// Time.
    pub clock: Arc<dyn Clock>,
}

/// One attempt of one node, for the worker that carries it out.
pub(crate) struct NodeJob {
    /// The agent.
    pub(crate) agent: AgentName,
    /// The attempt, from 1.
    pub(crate) attempt: u32,
    /// What the last validation found.
    pub(crate) debug: Option<DebugInfo>,
    /// Files that the agent has written so far.
    pub(crate) files: Vec<String>,
    /// Tests that passed when last counted.
    pub(crate) passed_before: Option<u32>,
    /// The conversation to go on from, when a restart interrupted a question.
    pub(crate) conversation: Vec<aios_core::Message>,
    /// The line to the run.
    pub(crate) channel: RunChannel,
    /// Ends the work.
    pub(crate) stop: CancellationToken,
}

/// Carries out what the decider wants of agents. Implemented by the engine's agents; the seam for tests of the actor.
#[async_trait]
pub(crate) trait NodeWorker: Send + Sync {
    /// Lets the agent work; answers its summary.
    async fn work(&self, job: NodeJob) -> Result<String, NodeFault>;

    /// Checks the agent's work.
    async fn validate(&self, job: NodeJob) -> Verdict;

    /// The run completed; remembers what it did for the project.
    async fn remember(&self, scope: &Scope, run: &RunDetail);
}

/// How an effect of a node ended.
pub(crate) enum NodeEnd {
    /// The agent's work.
    Worked(Result<String, NodeFault>),
    /// The harness's check.
    Validated(Verdict),
}

/// The outside's end of a run at work.
#[derive(Clone)]
pub struct RunHandle {
    /// The run.
    pub run_id: RunId,
    /// The `seq` of the last event from before this process worked on it.
    pub begun_after: u64,
    posts: mpsc::UnboundedSender<Post>,
    live: broadcast::Sender<Arc<EventFrame>>,
    done: watch::Receiver<Option<Ended>>,
}

/// How the work on a run ended: with a status, or because its state could not be stored any more.
pub type Ended = Result<RunStatus, Arc<StoreError>>;

impl RunHandle {
    /// Live events from now on. A subscriber that lags replays from the store; it never loses events.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<EventFrame>> {
        self.live.subscribe()
    }

    /// Hands over what a person wants.
    pub fn submit(&self, op: RunOp) {
        // A run that is over takes no more mail.
        let _ = self.posts.send(Post::Input(Input::Op(op)));
    }

    /// Asks the run to save and stop, so that it can be resumed.
    pub fn interrupt(&self) {
        let _ = self.posts.send(Post::Input(Input::Stop(Stop::Shutdown)));
    }

    /// Waits until nothing more will happen.
    pub async fn done(&self) -> Ended {
        let mut done = self.done.clone();
        let ended = done.wait_for(Option::is_some).await.map(|ended| ended.clone());
        ended.ok().flatten().unwrap_or(Ok(RunStatus::Interrupted))
    }
}

/// Takes a run up, for the first time or again, and lets it work in the background.
pub(crate) fn launch(
    scope: Scope,
    ports: EnginePorts,
    lease: Lease,
    run: RunDetail,
    state: RunState,
    worker: Arc<dyn NodeWorker>,
) -> RunHandle {
    let (posts, inbox) = mpsc::unbounded_channel();
    let (live, _) = broadcast::channel(LIVE_FRAMES);
    let (ended, done) = watch::channel(None);
    let (run_id, begun_after) = (run.run_id, lease.last_seq);
    let handle = RunHandle { run_id, begun_after, posts: posts.clone(), live: live.clone(), done };
    let facts = RunFacts {
        objective: run.objective.clone(),
        model: run.model.clone(),
        max_cost_usd: run.policy.max_cost_usd,
        max_minutes: run.policy.max_runtime_minutes,
    };
    let actor = Actor {
        seq: lease.last_seq,
        scope,
        ports,
        lease,
        facts,
        run,
        state,
        worker,
        posts,
        inbox,
        live,
        agents: JoinSet::new(),
        stop: CancellationToken::new(),
        held: watch::Sender::new(false),
        replies: HashMap::new(),
        begun: HashMap::new(),
        stopping_since: None,
    };
    tokio::spawn(async move {
        let end = actor.work().await;
        // Nobody may be listening any more.
        let _ = ended.send(Some(end));
    });
    handle
}

struct Actor {
    scope: Scope,
    ports: EnginePorts,
    lease: Lease,
    facts: RunFacts,
    run: RunDetail,
    state: RunState,
    seq: u64,
    worker: Arc<dyn NodeWorker>,
    posts: mpsc::UnboundedSender<Post>,
    inbox: mpsc::UnboundedReceiver<Post>,
    live: broadcast::Sender<Arc<EventFrame>>,
    agents: JoinSet<(AgentName, NodeEnd)>,
    stop: CancellationToken,
    /// Whether agents wait before their next step.
    held: watch::Sender<bool>,
    replies: HashMap<QuestionId, oneshot::Sender<String>>,
    begun: HashMap<AgentName, Instant>,
    stopping_since: Option<Instant>,
}

/// What one step gathers before it is committed.
#[derive(Default)]
struct Step {
    /// Stored events and chunks, in their order.
    frames: Vec<EventFrame>,
    files: Vec<RunFile>,
    commands: Vec<Command>,
    flushes: Vec<oneshot::Sender<()>>,
    changed: bool,
}

impl Actor {
    async fn work(mut self) -> Ended {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut renewed = Instant::now();
        let mut ticked = Instant::now();
        let mut first = Some(Input::Begin);
        loop {
            let mut step = Step::default();
            if let Some(input) = first.take() {
                self.feed(input, &mut step);
            } else {
                tokio::select! {
                    biased;
                    Some(post) = self.inbox.recv() => self.take(post, &mut step),
                    Some(ended) = self.agents.join_next(), if !self.agents.is_empty() => {
                        // What the agent told before it ended comes first.
                        self.drain(&mut step);
                        self.agent_ended(ended, &mut step);
                    }
                    now = ticks.tick() => {
                        self.tick(now - ticked, &mut step).await;
                        ticked = now;
                        if now - renewed > LEASE / 3 {
                            renewed = now;
                            let at = self.ports.clock.now();
                            if let Err(error) = self.ports.runs.renew(&self.scope, &self.lease, at, LEASE).await {
                                return self.abandon(error);
                            }
                        }
                    }
                }
                self.drain(&mut step);
            }
            match self.carry_out(step).await {
                Ok(None) => {}
                Ok(Some(outcome)) => return Ok(self.end(outcome).await),
                Err(error) => return self.abandon(error),
            }
        }
    }

    /// Takes whatever else has arrived, so that it shares one transaction.
    fn drain(&mut self, step: &mut Step) {
        for _ in 0..256 {
            match self.inbox.try_recv() {
                Ok(post) => self.take(post, step),
                Err(_) => return,
            }
        }
    }

    fn take(&mut self, post: Post, step: &mut Step) {
        match post {
            Post::Event(event) => {
                step.files.extend(self.state.note(&event));
                step.changed |= matches!(event, RunEvent::ModelCalled { .. });
                self.record(event, step);
            }
            Post::Flush(reply) => step.flushes.push(reply),
            Post::Ask { mut question, conversation, reply } => {
                // The same question after a restart keeps its id.
                if let Some(known) = self.state.question_of(&question.agent, &question.question) {
                    question.question_id = known;
                }
                if let Some(node) = self.state.node_mut(&question.agent)
                    && node.conversation != conversation
                {
                    node.forget_conversation();
                    node.conversation = conversation;
                }
                self.replies.insert(question.question_id, reply);
                self.feed(Input::Asked(question), step);
            }
            Post::Input(input) => self.feed(input, step),
        }
    }

    fn feed(&mut self, input: Input, step: &mut Step) {
        step.changed = true;
        for command in self.state.decide(&self.facts, input) {
            match command {
                Command::Emit(event) => self.record(event, step),
                command => step.commands.push(command),
            }
        }
        self.held.send_if_modified(|held| std::mem::replace(held, self.state.paused) != self.state.paused);
    }

    fn record(&mut self, event: RunEvent, step: &mut Step) {
        if event.is_durable() {
            self.seq += 1;
        }
        let at = self.ports.clock.now();
        step.frames.push(EventFrame { run_id: self.run.run_id, seq: self.seq, at, event });
    }

    fn agent_ended(&mut self, ended: Result<(AgentName, NodeEnd), tokio::task::JoinError>, step: &mut Step) {
        let input = match ended {
            Ok((agent, NodeEnd::Worked(result))) => Input::Worked { agent, result },
            Ok((agent, NodeEnd::Validated(verdict))) => {
                let begun = self.begun.get(&agent);
                let duration_ms =
                    begun.map_or(0, |begun| begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX));
                Input::Validated { agent, verdict, duration_ms }
            }
            Err(error) => {
                tracing::error!(%error, "an agent's task broke down");
                Input::Stop(Stop::Shutdown)
            }
        };
        self.feed(input, step);
    }

    async fn tick(&mut self, passed: Duration, step: &mut Step) {
        match self.ports.ops.take(&self.scope, self.run.run_id).await {
            Ok(ops) => ops.into_iter().for_each(|op| self.feed(Input::Op(op), step)),
            Err(error) => tracing::warn!(%error, "the run's mail could not be read"),
        }
        if self.status() == RunStatus::Running {
            self.state.active_ms += u64::try_from(passed.as_millis()).unwrap_or(u64::MAX);
        }
        let limit_ms = self.facts.max_minutes.map(|minutes| (minutes * 60_000.0) as u64);
        if limit_ms.is_some_and(|limit| self.state.active_ms >= limit) && self.state.stopping.is_none() {
            self.feed(Input::Stop(Stop::Time), step);
        }
        if self.stopping_since.is_some_and(|since| since.elapsed() > STOP_PATIENCE) {
            self.agents.abort_all();
        }
    }

    /// Commits, publishes, acts. Answers the outcome when the run is over.
    async fn carry_out(&mut self, step: Step) -> Result<Option<Outcome>, StoreError> {
        let ending = step.commands.iter().find_map(|command| match command {
            Command::End(outcome) => Some(*outcome),
            _ => None,
        });
        if step.changed {
            self.project(ending);
        }
        let batch = RunBatch {
            run: step.changed.then(|| self.run.clone()),
            checkpoint: step.changed.then(|| self.checkpoint()),
            frames: step.frames.iter().filter(|frame| frame.event.is_durable()).cloned().collect(),
            files: step.files,
        };
        if !batch.frames.is_empty() || batch.run.is_some() {
            self.ports.runs.commit(&self.scope, &self.lease, &batch).await?;
        }
        for frame in step.frames {
            // No subscriber is no fault.
            let _ = self.live.send(Arc::new(frame));
        }
        for reply in step.flushes {
            let _ = reply.send(());
        }
        for command in step.commands {
            self.act(command);
        }
        Ok(ending)
    }

    fn act(&mut self, command: Command) {
        match command {
            Command::Work(agent) => {
                self.begun.insert(agent.clone(), Instant::now());
                let (worker, job) = (self.worker.clone(), self.job(&agent));
                self.agents.spawn(async move { (agent, NodeEnd::Worked(worker.work(job).await)) });
            }
            Command::Validate(agent) => {
                let (worker, job) = (self.worker.clone(), self.job(&agent));
                self.agents.spawn(async move { (agent, NodeEnd::Validated(worker.validate(job).await)) });
            }
            Command::Deliver { question_id, answer } => {
                if let Some(reply) = self.replies.remove(&question_id) {
                    let _ = reply.send(answer);
                }
            }
            Command::StopAgents => {
                self.stopping_since = Some(Instant::now());
                self.stop.cancel();
            }
            Command::Emit(_) | Command::End(_) => {}
        }
    }

    fn job(&self, agent: &AgentName) -> NodeJob {
        let node = self.state.node(agent);
        NodeJob {
            agent: agent.clone(),
            attempt: node.map_or(1, |node| node.attempt),
            debug: node.and_then(|node| node.debug.clone()),
            files: node.map(|node| node.files.iter().cloned().collect()).unwrap_or_default(),
            passed_before: self.state.evidence.as_ref().map(|evidence| evidence.passed),
            conversation: node.map(|node| node.conversation.clone()).unwrap_or_default(),
            channel: RunChannel::new(agent.clone(), self.posts.clone(), self.held.subscribe()),
            stop: self.stop.child_token(),
        }
    }

    fn checkpoint(&self) -> Checkpoint {
        // A state that is only data always serialises.
        Checkpoint {
            version: CHECKPOINT_VERSION,
            body: serde_json::to_string(&self.state).unwrap_or_default(),
        }
    }

    fn status(&self) -> RunStatus {
        if !self.state.questions.is_empty() {
            RunStatus::Waiting
        } else if self.state.paused {
            RunStatus::Paused
        } else {
            RunStatus::Running
        }
    }

    /// Brings the run's public face up to date with the state, except for its files.
    fn project(&mut self, ending: Option<Outcome>) {
        let (now, at_work) = (self.ports.clock.now(), self.status());
        let run = &mut self.run;
        run.nodes = self.state.views();
        run.usage = self.state.usage();
        run.cost_usd = self.state.cost().as_usd();
        run.evidence.clone_from(&self.state.evidence);
        run.started_at = run.started_at.or(Some(now));
        run.status = match ending {
            None => at_work,
            Some(Outcome::Completed) => RunStatus::Completed,
            Some(Outcome::Failed) => RunStatus::Failed,
            Some(Outcome::Cancelled) => RunStatus::Cancelled,
            Some(Outcome::Interrupted) => RunStatus::Interrupted,
            Some(Outcome::Waiting) => RunStatus::Waiting,
        };
        if ending.is_some_and(is_final) {
            run.ended_at = Some(now);
        }
        if ending == Some(Outcome::Failed) {
            run.failure = Some(failure(&self.state, run.policy.max_cost_usd));
        }
    }

    async fn end(mut self, outcome: Outcome) -> RunStatus {
        self.agents.shutdown().await;
        if outcome == Outcome::Completed {
            self.run.files = self.state.files();
            self.worker.remember(&self.scope, &self.run).await;
        }
        if let Err(error) = self.ports.runs.release(&self.scope, &self.lease).await {
            tracing::warn!(%error, "the run's lease could not be given back; it runs out by itself");
        }
        self.run.status
    }

    /// The store failed or another process took the run: nothing may be written any more, so nothing may be done.
    fn abandon(mut self, error: StoreError) -> Ended {
        tracing::error!(%error, "the run stops here because its state cannot be stored");
        self.stop.cancel();
        self.agents.abort_all();
        Err(Arc::new(error))
    }
}

fn is_final(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Completed | Outcome::Failed | Outcome::Cancelled)
}

fn failure(state: &RunState, max_cost_usd: Option<f64>) -> Problem {
    let limit = match state.stopping {
        Some(Stop::Cost) => Some((ErrorCode::CostLimit, state.too_dear(max_cost_usd))),
        Some(Stop::Time) => Some((ErrorCode::TimeLimit, "the time limit was reached")),
        _ => None,
    };
    if let Some((code, message)) = limit {
        return Problem::new(code, message);
    }
    let failed = state.nodes.iter().find(|node| node.status == aios_protocol::NodeStatus::Failed);
    let code = failed.and_then(|node| node.failure).unwrap_or(ErrorCode::Internal);
    let message =
        failed.map(|node| format!("{}: {}", node.agent, node.summary.as_deref().unwrap_or_default()));
    Problem::new(code, message.unwrap_or_else(|| "the run failed".into()))
}
