//! How long the store takes for what a run asks of it: `cargo run --release -p aios-store --example bench_store`.

#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and ends at the first error")]

use std::time::{Duration, Instant};

use aios_core::{Checkpoint, EventStore, RunBatch, RunOps, RunQuery, RunStore};
use aios_protocol::{AgentName, RunEvent};
use aios_store::SqliteStore;
use aios_testkit::store_suite::{at, frame, log, run, scope};

const RUNS: usize = 10_000;
const COMMITS: usize = 5_000;
const PROBES: usize = 500;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bench.db");
    let scope = scope("local");

    let start = Instant::now();
    let store = SqliteStore::open(&path).unwrap();
    println!("open, new database        {:>10.2?}", start.elapsed());

    for n in 0..RUNS {
        let words = ["todo", "blog", "shop", "chat"][n % 4];
        store.create(&scope, &run(&format!("Build a {words} API number{n} with tests"))).await.unwrap();
    }
    let run = run("Build the run that is measured");
    store.create(&scope, &run).await.unwrap();
    let lease = store.claim(&scope, run.run_id, "bench", at(0), Duration::from_secs(9)).await.unwrap();
    drop(store);

    let start = Instant::now();
    let store = SqliteStore::open(&path).unwrap();
    println!("open, {RUNS} runs          {:>10.2?}", start.elapsed());

    let start = Instant::now();
    RunStore::get(&store, &scope, run.run_id).await.unwrap();
    println!("first read                {:>10.2?}", start.elapsed());

    let called = |seq: u64| RunEvent::NodeStarted {
        agent: AgentName::new("qa").unwrap(),
        wave: 1,
        attempt: seq as u32,
    };
    let spoke = |seq: u64| log(&format!("wrote file {seq} and ran its tests, all of them passed"));
    let mut seq = 0;
    for (name, event) in
        [("event + checkpoint", &called as &dyn Fn(u64) -> RunEvent), ("log + checkpoint", &spoke)]
    {
        let mut times = Vec::with_capacity(COMMITS);
        for _ in 0..COMMITS {
            seq += 1;
            let batch = RunBatch {
                frames: vec![frame(run.run_id, seq, event(seq))],
                run: None,
                checkpoint: Some(Checkpoint { version: 1, body: "x".repeat(2_000) }),
            };
            let start = Instant::now();
            store.commit(&scope, &lease, &batch).await.unwrap();
            times.push(start.elapsed());
        }
        let rate = COMMITS as f64 / times.iter().sum::<Duration>().as_secs_f64();
        report(&format!("commit, {name}"), times);
        println!("    {rate:.0} commits/s");
    }

    let list = async |search: Option<&str>| {
        let query = RunQuery { search: search.map(str::to_owned), ..RunQuery::default() };
        RunStore::list(&store, &scope, &query).await.unwrap();
    };
    measure("list 50 of all runs", || list(None)).await;
    measure("search, one run matches", || list(Some("number7777"))).await;
    measure("search, 2500 runs match", || list(Some("todo"))).await;
    measure("search, all match 2 words", || list(Some("build tests"))).await;
    measure("poll an empty mailbox", async || drop(store.take(&scope, run.run_id).await.unwrap())).await;
    measure("poll for new events", async || drop(store.after(&scope, run.run_id, seq, 500).await.unwrap()))
        .await;
    measure("poll the data version", async || drop(store.data_version().await.unwrap())).await;
}

async fn measure(name: &str, ask: impl AsyncFn()) {
    let mut times = Vec::with_capacity(PROBES);
    for _ in 0..PROBES {
        let start = Instant::now();
        ask().await;
        times.push(start.elapsed());
    }
    report(name, times);
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let (p50, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    println!("{name:<26}{p50:>10.2?} p50 {p99:>10.2?} p99");
}
