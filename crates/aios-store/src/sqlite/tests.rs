//! A full disk, made by a limit on the file's size.

use std::time::Duration;

use aios_core::{Checkpoint, RunBatch, RunStore};
use aios_testkit::store_suite::{at, frame, log, run, scope};

use super::SqliteStore;

async fn limit_pages(store: &SqliteStore, pages: i64) {
    let set = move |connection: &rusqlite::Connection| {
        Ok(connection.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?)
    };
    store.writer.run("limit the file", set).await.unwrap();
}

#[tokio::test]
async fn a_full_disk_is_said_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("test.db")).unwrap();
    let (scope, runs) = (scope("acme"), [run("small"), run("large")]);
    let mut leases = Vec::new();
    for run in &runs {
        store.create(&scope, run).await.unwrap();
        leases.push(store.claim(&scope, run.run_id, "desk", at(0), Duration::from_secs(9)).await.unwrap());
    }
    let small = RunBatch { frames: vec![frame(runs[0].run_id, 1, log("x"))], ..RunBatch::default() };
    let large = RunBatch {
        frames: vec![frame(runs[1].run_id, 1, log("y"))],
        checkpoint: Some(Checkpoint { version: 1, body: "x".repeat(1 << 20) }),
        ..RunBatch::default()
    };
    limit_pages(&store, 60).await;

    // At once, so that both may share a transaction: the small one is stored, or it is said that it is not.
    let (small_answer, large_answer) =
        tokio::join!(store.commit(&scope, &leases[0], &small), store.commit(&scope, &leases[1], &large));
    let message = large_answer.unwrap_err().to_string();
    assert!(message.contains("could not store the run's progress"), "{message}");
    assert!(message.contains("test.db") && message.contains("free some space"), "{message}");
    assert_eq!(store.checkpoint(&scope, runs[1].run_id).await.unwrap(), None);

    limit_pages(&store, 10_000).await;
    if small_answer.is_err() {
        store.commit(&scope, &leases[0], &small).await.unwrap();
    }
    store.commit(&scope, &leases[1], &large).await.unwrap();
    assert_eq!(store.checkpoint(&scope, runs[1].run_id).await.unwrap(), large.checkpoint);
}
