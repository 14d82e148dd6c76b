//! Several processes, or several stores in one, on the same file.

use std::sync::Barrier;
use std::time::Duration;

use aios_core::{EventStore, RunBatch, RunOp, RunOps, RunStore, StoreError};
use aios_protocol::RunDetail;
use aios_store::SqliteStore;
use aios_testkit::store_suite::{at, frame, log, run, scope};

use crate::{TempStore, child};

const HOUR: Duration = Duration::from_secs(3600);

async fn commit_many(store: &SqliteStore, run: &RunDetail, commits: u64) {
    let scope = scope("acme");
    store.create(&scope, run).await.unwrap();
    let lease = store.claim(&scope, run.run_id, "desk", at(0), HOUR).await.unwrap();
    for seq in 1..=commits {
        let batch = RunBatch { frames: vec![frame(run.run_id, seq, log("x"))], ..RunBatch::default() };
        store.commit(&scope, &lease, &batch).await.unwrap_or_else(|error| panic!("commit {seq}: {error}"));
    }
}

#[tokio::test]
async fn two_stores_on_one_file_wait_for_each_other() {
    let first = TempStore::new();
    let second = SqliteStore::open(&first.path()).unwrap();
    let runs = [run("first"), run("second")];
    tokio::join!(commit_many(&first, &runs[0], 1_000), commit_many(&second, &runs[1], 1_000));
    for run in &runs {
        assert_eq!(first.after(&scope("acme"), run.run_id, 0, 2_000).await.unwrap().len(), 1_000);
        assert_eq!(second.after(&scope("acme"), run.run_id, 0, 2_000).await.unwrap().len(), 1_000);
    }
}

#[tokio::test]
async fn processes_on_one_file_wait_for_each_other() {
    let store = TempStore::new();
    let runs = [run("one"), run("two")];
    for run in &runs {
        store.create(&scope("acme"), run).await.unwrap();
    }
    let children = runs.each_ref().map(|run| child::start(&store.path(), &[run.run_id], 300));
    commit_many(&store, &run("ours"), 300).await;
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    for run in &runs {
        let run_id = run.run_id;
        let last = store.after(&scope("acme"), run_id, 0, usize::MAX).await.unwrap().len();
        let lease = store.claim(&scope("acme"), run_id, "us", at(99_999), HOUR).await.unwrap();
        assert_eq!(lease.last_seq, last as u64);
        assert!(last >= 300, "{last}");
    }
}

#[test]
fn a_new_database_may_be_opened_by_many_at_once() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("test.db");
        let start = Barrier::new(8);
        std::thread::scope(|threads| {
            for _ in 0..8 {
                threads.spawn(|| {
                    start.wait();
                    SqliteStore::open(&path).unwrap_or_else(|error| panic!("{error}"));
                });
            }
        });
    }
}

#[tokio::test]
async fn a_takeover_by_another_process_is_noticed() {
    let first = TempStore::new();
    let second = SqliteStore::open(&first.path()).unwrap();
    let (scope, run) = (scope("acme"), run("x"));
    first.create(&scope, &run).await.unwrap();
    let old = first.claim(&scope, run.run_id, "first", at(0), Duration::from_secs(1)).await.unwrap();
    second.claim(&scope, run.run_id, "second", at(2), HOUR).await.unwrap();
    let error = first.commit(&scope, &old, &RunBatch::default()).await.unwrap_err();
    assert!(matches!(error, StoreError::LeaseLost { .. }), "{error}");
}

#[tokio::test]
async fn an_operation_reaches_one_of_two_processes() {
    let first = TempStore::new();
    let second = SqliteStore::open(&first.path()).unwrap();
    let (scope, run) = (scope("acme"), run("x"));
    first.create(&scope, &run).await.unwrap();
    for _ in 0..100 {
        second.post(&scope, run.run_id, &RunOp::Pause, at(0)).await.unwrap();
        let (a, b) = tokio::join!(first.take(&scope, run.run_id), second.take(&scope, run.run_id));
        assert_eq!(a.unwrap().len() + b.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn the_data_version_tells_of_changes_by_anybody_and_of_nothing_else() {
    let first = TempStore::new();
    let second = SqliteStore::open(&first.path()).unwrap();
    let (scope, run) = (scope("acme"), run("x"));
    first.create(&scope, &run).await.unwrap();
    let mut seen = first.data_version().await.unwrap();
    for writer in [&*first, &second] {
        writer.post(&scope, run.run_id, &RunOp::Pause, at(0)).await.unwrap();
        let now = first.data_version().await.unwrap();
        assert_ne!(now, seen);
        seen = now;
    }
    first.take(&scope, run.run_id).await.unwrap();
    seen = first.data_version().await.unwrap();
    second.take(&scope, run.run_id).await.unwrap();
    second.after(&scope, run.run_id, 0, 9).await.unwrap();
    assert_eq!(first.data_version().await.unwrap(), seen, "looking into an empty mailbox wrote something");
}
