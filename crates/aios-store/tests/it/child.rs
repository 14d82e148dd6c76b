//! Another process on the same database: this test binary, started again to run the one test below.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use aios_core::{Checkpoint, RunBatch, RunFile, RunStore};
use aios_protocol::RunId;
use aios_store::SqliteStore;
use aios_testkit::store_suite::{at, frame, log, scope};
use tokio::task::JoinSet;

const DATABASE: &str = "STORE_TEST_DATABASE";
const RUNS: &str = "STORE_TEST_RUNS";
const COMMITS: &str = "STORE_TEST_COMMITS";

/// Starts a process that commits to these runs; it prints `run_id seq` for each commit that it was told is stored.
pub(crate) fn start(database: &Path, runs: &[RunId], commits: usize) -> Child {
    let runs: Vec<String> = runs.iter().map(ToString::to_string).collect();
    Command::new(std::env::current_exe().unwrap())
        .args(["child::commits_as_told", "--exact", "--ignored", "--nocapture"])
        .env(DATABASE, database)
        .env(RUNS, runs.join(","))
        .env(COMMITS, commits.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The commits that a child's output acknowledges.
pub(crate) fn acknowledged(line: &str) -> Option<(RunId, u64)> {
    let (run_id, seq) = line.split_once(' ')?;
    Some((run_id.parse().ok()?, seq.parse().ok()?))
}

#[tokio::test]
#[ignore = "the other tests start it as a process"]
async fn commits_as_told() {
    let Ok(database) = std::env::var(DATABASE) else { return };
    let store = std::sync::Arc::new(SqliteStore::open(Path::new(&database)).unwrap());
    let commits: usize = std::env::var(COMMITS).unwrap().parse().unwrap();
    let mut tasks = JoinSet::new();
    for run_id in std::env::var(RUNS).unwrap().split(',') {
        let (store, run_id) = (store.clone(), run_id.parse().unwrap());
        tasks.spawn(async move { commit_to(&store, run_id, commits).await });
    }
    tasks.join_all().await;
}

/// Commits of one to four events, each with a checkpoint, a run and a file that name the last of them.
async fn commit_to(store: &SqliteStore, run_id: RunId, commits: usize) {
    let scope = scope("acme");
    let lease = store.claim(&scope, run_id, "child", at(0), Duration::from_secs(3600)).await.unwrap();
    let mut run = RunStore::get(store, &scope, run_id).await.unwrap();
    let mut seq = lease.last_seq;
    for _ in 0..commits {
        let last = seq + 1 + seq % 4;
        run.usage.input = last;
        let batch = RunBatch {
            frames: (seq + 1..=last).map(|seq| frame(run_id, seq, log(&"some words ".repeat(20)))).collect(),
            files: vec![RunFile { agent: run.nodes[0].agent.clone(), path: last.to_string() }],
            run: Some(run.clone()),
            checkpoint: Some(Checkpoint { version: 1, body: format!("{last}{}", " ".repeat(20_000)) }),
        };
        store.commit(&scope, &lease, &batch).await.unwrap();
        println!("{run_id} {last}");
        seq = last;
    }
}
