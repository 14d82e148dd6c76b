//! How long the store takes for what a run asks of it: `cargo run --release -p aios-store --example bench_store`.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a bench prints, and ends at the first error")]

use std::path::Path;
use std::time::{Duration, Instant};

use aios_core::{Checkpoint, EventStore, Lease, RunBatch, RunOps, RunQuery, RunStore, Scope};
use aios_protocol::RunEvent;
use aios_store::SqliteStore;
use aios_testkit::store_suite::{at, frame, log, run, scope};

const RUNS: usize = 10_000;
const COMMITS: u64 = 5_000;
const PROBES: usize = 500;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bench.db");
    let scope = scope("local");

    let store = open(&path, "open, new database");
    for n in 0..RUNS {
        let words = ["todo", "blog", "shop", "chat"][n % 4];
        store.create(&scope, &run(&format!("Build a {words} API number{n} with tests"))).await.unwrap();
    }
    drop(store);
    let store = open(&path, "open, with the runs");
    let mut leases = Vec::new();
    for _ in 0..4 {
        let run = run("Build what is measured");
        store.create(&scope, &run).await.unwrap();
        leases.push(store.claim(&scope, run.run_id, "bench", at(0), Duration::from_secs(9)).await.unwrap());
    }
    let started = Instant::now();
    RunStore::get(&store, &scope, leases[0].run_id).await.unwrap();
    println!("{:<28}{:>10.2?}", "first read", started.elapsed());

    let log_event = || log("wrote the file and ran its tests, all of them passed");
    report(
        "commit, event + checkpoint",
        commits(&store, &scope, &leases[0], || RunEvent::RunPaused {}).await,
    );
    report("commit, log + checkpoint", commits(&store, &scope, &leases[1], log_event).await);
    let other = SqliteStore::open(&path).unwrap();
    let (ours, _) = tokio::join!(
        commits(&store, &scope, &leases[2], log_event),
        commits(&other, &scope, &leases[3], log_event)
    );
    report("  while another store writes", ours);

    let list = async |search: Option<&str>| {
        let query = RunQuery { search: search.map(str::to_owned), ..RunQuery::default() };
        RunStore::list(&store, &scope, &query).await.unwrap();
    };
    measure("list 50 of all runs", || list(None)).await;
    measure("search, one run matches", || list(Some("number7777"))).await;
    measure("search, a quarter matches", || list(Some("todo"))).await;
    measure("search, two words match all", || list(Some("build tests"))).await;
    let run_id = leases[0].run_id;
    measure("poll an empty mailbox", async || _ = store.take(&scope, run_id).await.unwrap()).await;
    measure("poll for new events", async || _ = store.after(&scope, run_id, COMMITS, 9).await.unwrap()).await;
    measure("poll the data version", async || _ = store.data_version().await.unwrap()).await;
}

fn open(path: &Path, name: &str) -> SqliteStore {
    let started = Instant::now();
    let store = SqliteStore::open(path).unwrap();
    println!("{name:<28}{:>10.2?}", started.elapsed());
    store
}

async fn commits(
    store: &SqliteStore,
    scope: &Scope,
    lease: &Lease,
    event: impl Fn() -> RunEvent,
) -> Vec<Duration> {
    let mut times = Vec::new();
    for seq in 1..=COMMITS {
        let batch = RunBatch {
            frames: vec![frame(lease.run_id, seq, event())],
            checkpoint: Some(Checkpoint { version: 1, body: "x".repeat(2_000) }),
            ..RunBatch::default()
        };
        let started = Instant::now();
        store.commit(scope, lease, &batch).await.unwrap();
        times.push(started.elapsed());
    }
    times
}

async fn measure(name: &str, ask: impl AsyncFn()) {
    let mut times = Vec::new();
    for _ in 0..PROBES {
        let started = Instant::now();
        ask().await;
        times.push(started.elapsed());
    }
    report(name, times);
}

fn report(name: &str, mut times: Vec<Duration>) {
    let rate = times.len() as f64 / times.iter().sum::<Duration>().as_secs_f64();
    times.sort_unstable();
    let [p50, p99, worst] =
        [50, 99, 100].map(|percent| times[(times.len() * percent / 100).min(times.len() - 1)]);
    println!("{name:<28}{p50:>10.2?} p50 {p99:>10.2?} p99 {worst:>10.2?} worst {rate:>8.0}/s");
}
