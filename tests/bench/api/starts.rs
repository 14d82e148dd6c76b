//! `POST /api/v1/runs` with a model that answers at once: until the answer, and until the run is completed.

use std::cell::Cell;
use std::collections::HashMap;
use std::time::{Duration, Instant};

use aios_protocol::{RunId, RunStarted};
use futures::future::{join, join_all};
use serde_json::json;

use super::client::{Client, request};
use super::model::{Model, Pace};
use super::served::{Load, Served};
use super::socket::Socket;
use crate::report::{Report, Samples};

/// Fewer than a key may ask for at once.
const RUNS: usize = 300;
/// Until a key may ask for so many again.
const REFILL: Duration = Duration::from_secs(2);

pub(super) async fn measure(served: &Served, model: &Model, connections: usize, report: &mut Report) {
    model.pace.send_replace(Pace::Done);
    tokio::time::sleep(REFILL).await;
    let mut feed = Socket::open(served.address, &served.key, "/ws/runs").await;
    let ready = start_request(served);
    let left = Cell::new(RUNS);
    let load = Load::begin(served);
    let connection = async || {
        let mut client = Client::connect(served.address).await;
        let mut started = Vec::new();
        while left.get() > 0 {
            left.set(left.get() - 1);
            let asked = Instant::now();
            let run: RunStarted = serde_json::from_slice(client.ask(&ready).await).unwrap();
            started.push((run.run_id, asked, asked.elapsed()));
        }
        (started, Instant::now())
    };
    let mut completed = HashMap::<RunId, Instant>::new();
    let watch = feed.read(|seen| {
        if seen.event == "run_completed" {
            completed.insert(seen.run_id, Instant::now());
        }
        completed.len() == RUNS
    });
    let (done, ()) = join(join_all((0..connections).map(|_| connection())), watch).await;
    let completed_rate = load.each_second(RUNS);
    let last = done.iter().map(|(_, ended)| *ended).max().unwrap();
    let rate = RUNS as f64 / (last - load.began()).as_secs_f64();
    let started: Vec<_> = done.into_iter().flat_map(|(started, _)| started).collect();
    let answered: Samples = started.iter().map(|(_, _, took)| *took).collect();
    let whole: Samples = started.iter().map(|(run_id, asked, _)| completed[run_id] - *asked).collect();
    let what = format!("`POST /api/v1/runs`, {connections} connections, until the answer");
    report.row(&what, "–", format!("{rate:.0}/s, {}", answered.ends()), load.end());
    let what = "the same runs, until `run_completed` came over a WebSocket";
    report.row(what, "–", format!("{completed_rate:.0}/s, {}", whole.ends()), "–");
}

/// A run of one agent, in a workspace that the server makes for it.
pub(super) fn start_request(served: &Served) -> Vec<u8> {
    let run = json!({ "objective": "Build a calculator", "model": "openai/gpt-4o", "tasks": ["backend"] });
    request(served.address, &served.key, "POST", "/api/v1/runs", Some(run))
}
