//! The live events of every run that this process works on, by organisation, and what they add up to.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aios_core::MicroUsd;
use aios_protocol::{EventFrame, OrgId, RunEvent, RunId, RunStatus, TokenUsage};
use tokio::sync::broadcast;

/// Events that a reader may be behind before it has to read them from the store.
const LIVE_FRAMES: usize = 4096;
/// Ended runs that are remembered for readers who are behind. Who is further behind than that cannot be caught up.
pub(crate) const ENDED_RUNS: u64 = 1024;

/// What this process did since it started; for operators.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Totals {
    /// Runs that it works on at this moment.
    pub runs_at_work: usize,
    /// Runs that ended here, by how.
    pub runs_ended: BTreeMap<&'static str, u64>,
    /// Tokens of all model calls.
    pub usage: TokenUsage,
    /// What they cost, in US dollars.
    pub cost_usd: f64,
}

/// How many there are of what is stored, of all organisations; for operators.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stored {
    /// Runs, by their state.
    pub runs: Vec<(RunStatus, u64)>,
    /// Tasks that wait for a run.
    pub queued_tasks: u64,
}

/// One for the process.
#[derive(Default)]
pub(crate) struct Hub {
    orgs: Mutex<HashMap<OrgId, Arc<Channel>>>,
    totals: Mutex<Totals>,
}

/// The events of one organisation.
pub(crate) struct Channel {
    live: broadcast::Sender<Live>,
    told: Mutex<Told>,
}

/// An event as it is told.
#[derive(Debug, Clone)]
pub(crate) struct Live {
    pub(crate) frame: Arc<EventFrame>,
    /// How many runs of the organisation had ended before.
    pub(crate) ended: u64,
}

/// How far each run was told, so that a reader who is behind knows what to read.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    pub(crate) runs: HashMap<RunId, Span>,
    /// How many runs ended since the start.
    pub(crate) ended: u64,
    last_ended: VecDeque<RunId>,
}

/// Events that were told: those after `from`, up to `to`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) from: u64,
    pub(crate) to: u64,
}

impl Hub {
    pub(crate) fn channel(&self, org: &OrgId) -> Arc<Channel> {
        let mut orgs = lock(&self.orgs);
        if let Some(channel) = orgs.get(org) {
            return channel.clone();
        }
        // A channel is large: it is kept only while somebody tells or listens.
        orgs.retain(|_, channel| Arc::strong_count(channel) > 1 || channel.live.receiver_count() > 0);
        orgs.entry(org.clone()).or_insert_with(Channel::new).clone()
    }

    /// Tells an event to everybody who follows the organisation. Events of one run come in order.
    pub(crate) fn publish(&self, channel: &Channel, frame: EventFrame) {
        self.count(&frame.event);
        let mut told = lock(&channel.told);
        if frame.event.is_durable()
            && let Some(span) = told.runs.get_mut(&frame.run_id)
        {
            span.to = frame.seq;
        }
        // Sent under the lock, so that a new reader has either counted it or receives it. Nobody listening is no fault.
        let _ = channel.live.send(Live { frame: Arc::new(frame), ended: told.ended });
    }

    fn count(&self, event: &RunEvent) {
        let mut totals = lock(&self.totals);
        match event {
            RunEvent::ModelCalled { usage, cost_usd, .. } => {
                totals.usage += *usage;
                totals.cost_usd += cost_usd;
            }
            RunEvent::RunCompleted { .. } => *totals.runs_ended.entry("completed").or_default() += 1,
            RunEvent::RunFailed { .. } => *totals.runs_ended.entry("failed").or_default() += 1,
            RunEvent::RunCancelled { .. } => *totals.runs_ended.entry("cancelled").or_default() += 1,
            RunEvent::RunInterrupted { .. } => *totals.runs_ended.entry("interrupted").or_default() += 1,
            _ => {}
        }
    }

    /// Counts a model call that belongs to no run.
    pub(crate) fn count_call(&self, usage: TokenUsage, cost: MicroUsd) {
        let mut totals = lock(&self.totals);
        totals.usage += usage;
        totals.cost_usd += cost.as_usd();
    }

    pub(crate) fn totals(&self) -> Totals {
        lock(&self.totals).clone()
    }
}

impl Channel {
    fn new() -> Arc<Self> {
        let (live, _) = broadcast::channel(LIVE_FRAMES);
        Arc::new(Self { live, told: Mutex::default() })
    }

    /// A run is taken up whose events up to `from` belong to the past.
    pub(crate) fn begin(&self, run_id: RunId, from: u64) {
        let mut told = lock(&self.told);
        told.last_ended.retain(|ended| *ended != run_id);
        // A reader who is behind may not even have seen the run's earlier time here.
        told.runs.entry(run_id).or_insert(Span { from, to: from });
    }

    /// Nothing more is told of a run.
    pub(crate) fn end(&self, run_id: RunId) {
        let mut told = lock(&self.told);
        told.ended += 1;
        told.last_ended.push_back(run_id);
        while told.last_ended.len() as u64 > ENDED_RUNS {
            if let Some(oldest) = told.last_ended.pop_front() {
                told.runs.remove(&oldest);
            }
        }
    }

    /// Everything from now on, and how far the runs were told until now.
    pub(crate) fn subscribe(&self) -> (broadcast::Receiver<Live>, Told) {
        let told = lock(&self.told);
        (self.live.subscribe(), told.clone())
    }

    pub(crate) fn told(&self) -> Told {
        lock(&self.told).clone()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
