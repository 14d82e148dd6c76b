//! What is stored outlives the store.

use std::time::Duration;

use aios_core::{Checkpoint, EventStore, ProjectStore, RunBatch, RunOp, RunOps, RunQuery, RunStore};
use aios_protocol::{ProjectId, ProjectState};
use aios_store::SqliteStore;
use aios_testkit::store_suite::{at, frame, log, run, scope};

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let (scope, run) = (scope("acme"), run("Build a todo API"));
    let batch = RunBatch {
        frames: vec![frame(run.run_id, 1, log("chose a cache"))],
        checkpoint: Some(Checkpoint { version: 7, body: "{}".into() }),
        ..RunBatch::default()
    };
    let project_id = ProjectId::new("my-blog").unwrap();
    let state = ProjectState { project_id: project_id.clone(), total_runs: 1, files: vec![], runs: vec![] };

    let store = SqliteStore::open(&path).unwrap();
    store.create(&scope, &run).await.unwrap();
    let lease = store.claim(&scope, run.run_id, "desk", at(0), Duration::from_secs(9)).await.unwrap();
    store.commit(&scope, &lease, &batch).await.unwrap();
    store.post(&scope, run.run_id, &RunOp::Pause, at(1)).await.unwrap();
    store.put(&scope, &state, at(2)).await.unwrap();
    drop(store);
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["test.db"], "a closed store leaves one file, which can be copied");

    let store = SqliteStore::open(&path).unwrap();
    let query = RunQuery { search: Some("cache".into()), ..RunQuery::default() };
    assert_eq!(RunStore::list(&store, &scope, &query).await.unwrap().runs, std::slice::from_ref(&run));
    assert_eq!(store.after(&scope, run.run_id, 0, 9).await.unwrap(), batch.frames);
    assert_eq!(store.checkpoint(&scope, run.run_id).await.unwrap(), batch.checkpoint);
    assert_eq!(store.holder(&scope, run.run_id, at(1)).await.unwrap().as_deref(), Some("desk"));
    assert_eq!(store.take(&scope, run.run_id).await.unwrap(), [RunOp::Pause]);
    assert_eq!(ProjectStore::get(&store, &scope, &project_id).await.unwrap(), Some(state));
    store.renew(&scope, &lease, at(3), Duration::from_secs(9)).await.unwrap();
}

#[tokio::test]
async fn a_write_counts_even_if_nobody_waits_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let (scope, run) = (scope("acme"), run("x"));
    let store = SqliteStore::open(&path).unwrap();
    // The future is asked once and dropped.
    let _ = tokio::time::timeout(Duration::ZERO, store.create(&scope, &run)).await;
    drop(store);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(RunStore::get(&store, &scope, run.run_id).await.unwrap(), run);
}
