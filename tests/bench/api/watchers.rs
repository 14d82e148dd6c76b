//! Many WebSocket clients that follow runs at work: how late events come, and whether all come in order.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use aios_protocol::{RunId, RunStarted, Timestamp};
use futures::future::{join, join_all};

use super::client::Client;
use super::model::{EVENTS, Model, Pace};
use super::served::{Load, Served};
use super::socket::{Seen, Socket};
use super::starts::start_request;
use crate::report::{Report, Samples};

const RUNS: usize = 20;
const LASTS: Duration = Duration::from_secs(15);
const SETTLES: Duration = Duration::from_secs(1);
/// Between two connections, since a key may ask only 200 times a second.
const APART: Duration = Duration::from_millis(5);

/// Who follows what.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    clients: usize,
    /// Each follows all runs, instead of one of them.
    all: bool,
    /// Events of each run in a second.
    events: u32,
    target: &'static str,
}

/// The first two are as many frames: to many clients, or to few that follow everything. The others look for the limit.
pub(super) const CASES: [Case; 4] = [
    Case { clients: 500, all: false, events: 50, target: "p99 250 ms" },
    Case { clients: 25, all: true, events: 50, target: "p99 250 ms" },
    Case { clients: 500, all: false, events: 75, target: "–" },
    Case { clients: 500, all: false, events: 100, target: "–" },
];

pub(super) async fn measure(served: &Served, model: &Model, case: Case, report: &mut Report) {
    let Case { clients, all, events, target } = case;
    let runs = held_runs(served, model).await;
    let mut sockets = Vec::new();
    for client in 0..clients {
        let path = if all { "/ws/runs".into() } else { format!("/ws/runs?run_id={}", runs[client % RUNS]) };
        sockets.push(Socket::open(served.address, &served.key, &path).await);
        tokio::time::sleep(APART).await;
    }
    // What a client is told of earlier is no part of the load.
    tokio::time::sleep(SETTLES).await;
    let tally = RefCell::new(Tally::new());
    let load = Load::begin(served);
    model.pace.send_replace(Pace::Every(Duration::from_secs(1) * EVENTS / events));
    let end = async {
        tokio::time::sleep(LASTS).await;
        let measured = (load.each_second(tally.borrow().delays.count()), load.end());
        model.pace.send_replace(Pace::Done);
        measured
    };
    let of_each = if all { RUNS } else { 1 };
    let follow = async |mut socket: Socket| {
        let mut follower = Follower::default();
        socket
            .read(|seen| {
                tally.borrow_mut().add(seen);
                follower.see(seen);
                follower.completed == of_each
            })
            .await;
        follower.seen
    };
    let (followed, (rate, load)) = join(join_all(sockets.into_iter().map(follow)), end).await;
    check_same(&followed);
    let each = if all { "all 20 runs" } else { "one of 20 runs" };
    let what = format!("{clients} WebSocket clients, each on {each} with {events} events/s");
    let measured = format!("{rate:.0} frames/s, {}", tally.borrow().delays.ends());
    report.row(&what, target, measured, load);
}

/// Runs whose agent waits for its model.
async fn held_runs(served: &Served, model: &Model) -> Vec<RunId> {
    model.pace.send_replace(Pace::Hold);
    let before = model.asked();
    let (mut client, ready) = (Client::connect(served.address).await, start_request(served));
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        let run: RunStarted = serde_json::from_slice(client.ask(&ready).await).unwrap();
        runs.push(run.run_id);
    }
    while model.asked() < before + RUNS {
        tokio::time::sleep(APART).await;
    }
    runs
}

/// How late the events are that happen from now on.
struct Tally {
    from: Timestamp,
    delays: Samples,
}

impl Tally {
    fn new() -> Self {
        Self { from: SystemTime::now().into(), delays: Samples::default() }
    }

    fn add(&mut self, seen: &Seen<'_>) {
        if seen.at >= self.from {
            self.delays.add(Timestamp::from(SystemTime::now()).since(seen.at));
        }
    }
}

/// The events of a run that a client saw.
#[derive(Debug, PartialEq)]
struct Span {
    first: u64,
    last: u64,
}

/// Where a client is in each run; stored events count up by one.
#[derive(Default)]
struct Follower {
    seen: HashMap<RunId, Span>,
    completed: usize,
}

impl Follower {
    /// Panics when an event is missing, or comes before one that happened earlier.
    fn see(&mut self, seen: &Seen<'_>) {
        // What a model says is told beside the stored events, under the number of the last one.
        if seen.event == "token_chunk" {
            return;
        }
        let span = self.seen.entry(seen.run_id).or_insert(Span { first: seen.seq, last: seen.seq - 1 });
        assert_eq!(seen.seq, span.last + 1, "{} of run {}", seen.event, seen.run_id);
        span.last = seen.seq;
        match seen.event {
            "run_completed" => self.completed += 1,
            "node_failed" | "run_failed" => panic!("run {} failed", seen.run_id),
            _ => {}
        }
    }
}

/// Whoever followed a run saw the same events of it.
fn check_same(followed: &[HashMap<RunId, Span>]) {
    let mut spans = HashMap::new();
    for (run_id, span) in followed.iter().flatten() {
        assert_eq!(spans.entry(run_id).or_insert(span), &span, "run {run_id}");
    }
    assert_eq!(spans.len(), RUNS);
}
