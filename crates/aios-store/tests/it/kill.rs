//! `kill -9` at any moment: what was acknowledged is there, and nothing is there by half.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

use aios_core::{EventStore, RunStore};
use aios_protocol::RunId;
use aios_store::SqliteStore;
use aios_testkit::store_suite::{run, scope};
use rusqlite::Connection;

use crate::child;

#[tokio::test]
async fn a_killed_process_leaves_every_acknowledged_commit_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let runs = [run("one"), run("two")];
    {
        let store = SqliteStore::open(&path).unwrap();
        for run in &runs {
            store.create(&scope("acme"), run).await.unwrap();
        }
    }
    let runs = runs.map(|run| run.run_id);
    let mut acknowledged = HashMap::new();
    for seed in 0..30 {
        println!("seed {seed}");
        kill_one(&path, &runs, seed, &mut acknowledged);
        check(&path, &runs, &acknowledged).await;
    }
    assert!(
        acknowledged.values().all(|seq| *seq > 100),
        "the children hardly came to work: {acknowledged:?}"
    );
}

/// Lets a child commit for a while that the seed decides, and kills it.
fn kill_one(path: &Path, runs: &[RunId], seed: u64, acknowledged: &mut HashMap<RunId, u64>) {
    let dice = scramble(seed);
    let mut child = child::start(path, runs, usize::MAX);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let mut note = |line: String| {
        if let Some((run_id, seq)) = child::acknowledged(&line) {
            acknowledged.insert(run_id, seq);
        }
    };
    // Every fifth is killed as it starts; the others in the middle of some commit.
    let as_it_starts = seed.is_multiple_of(5);
    if !as_it_starts {
        lines.by_ref().take((dice % 80) as usize + 4).for_each(&mut note);
    }
    spin(Duration::from_micros(dice % if as_it_starts { 15_000 } else { 1_000 }));
    child.kill().unwrap();
    child.wait().unwrap();
    lines.for_each(&mut note);
}

async fn check(path: &Path, runs: &[RunId], acknowledged: &HashMap<RunId, u64>) {
    let store = SqliteStore::open(path).unwrap();
    let scope = scope("acme");
    for run_id in runs {
        let seqs: Vec<u64> = store
            .after(&scope, *run_id, 0, usize::MAX)
            .await
            .unwrap()
            .iter()
            .map(|frame| frame.seq)
            .collect();
        let last = seqs.len() as u64;
        assert_eq!(seqs, (1..=last).collect::<Vec<_>>());
        let told = acknowledged.get(run_id).copied().unwrap_or(0);
        assert!(
            last >= told,
            "event {told} of run {run_id} was acknowledged, but the history ends at {last}"
        );
        let checkpoint = store.checkpoint(&scope, *run_id).await.unwrap();
        let covered = checkpoint.map_or(0, |checkpoint| checkpoint.body.trim().parse().unwrap());
        assert_eq!(covered, last, "the checkpoint and the events of run {run_id} are of different commits");
        let run = RunStore::get(&store, &scope, *run_id).await.unwrap();
        assert!(last == 0 || run.usage.input == last, "run {run_id} and its events are of different commits");
        let latest_file = run.files.iter().filter_map(|path| path.parse().ok()).max().unwrap_or(0);
        assert_eq!(latest_file, last, "the files and the events of run {run_id} are of different commits");
    }
    let connection = Connection::open(path).unwrap();
    let verdict: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
}

/// Waits for less time than a sleep can.
fn spin(duration: Duration) {
    let start = Instant::now();
    while start.elapsed() < duration {
        std::hint::spin_loop();
    }
}

/// SplitMix64.
fn scramble(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
