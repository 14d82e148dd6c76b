//! The boundary between organisations.

use std::time::Duration;

use aios_core::{Checkpoint, ProjectStore, RunBatch, RunOp, RunQuery, RunSlice, RunStore, StoreError};
use aios_protocol::{ProjectId, ProjectState, RunDetail, RunStatus};

use super::Stores;
use super::samples::{at, claimed, file, frame, log, run, scope};

/// Whoever knows an id of another organisation learns nothing by it and changes nothing, in any method.
pub async fn organisations_cannot_see_each_other(store: &impl Stores) {
    let (ours, theirs) = (scope("acme"), scope("globex"));
    let (run, lease) = claimed(store, &ours, "secret plan").await;
    let stored = RunBatch {
        frames: vec![frame(run.run_id, 1, log("secret log"))],
        checkpoint: Some(Checkpoint { version: 1, body: "{}".into() }),
        ..RunBatch::default()
    };
    store.commit(&ours, &lease, &stored).await.unwrap();
    store.post(&ours, run.run_id, &RunOp::Pause, at(1)).await.unwrap();
    let project_id = ProjectId::new("my-blog").unwrap();
    let state = ProjectState { project_id: project_id.clone(), total_runs: 1, files: vec![], runs: vec![] };
    store.put(&ours, &state, at(1)).await.unwrap();

    let ttl = Duration::from_secs(9);
    let next = RunBatch {
        frames: vec![frame(run.run_id, 2, log("theirs"))],
        files: vec![file("backend", "theirs.py")],
        ..RunBatch::default()
    };
    let answers = [
        RunStore::get(store, &theirs, run.run_id).await.map(drop),
        store.claim(&theirs, run.run_id, "them", at(99_999), ttl).await.map(drop),
        store.renew(&theirs, &lease, at(0), ttl).await,
        store.release(&theirs, &lease).await,
        store.holder(&theirs, run.run_id, at(1)).await.map(drop),
        store.evict(&theirs, run.run_id, "desk").await,
        store.commit(&theirs, &lease, &next).await,
        store.checkpoint(&theirs, run.run_id).await.map(drop),
        store.after(&theirs, run.run_id, 0, 9).await.map(drop),
        store.post(&theirs, run.run_id, &RunOp::Cancel, at(2)).await,
        store.take(&theirs, run.run_id).await.map(drop),
    ];
    for (method, answer) in answers.into_iter().enumerate() {
        assert!(
            matches!(answer, Err(StoreError::NotFound { what: "run", .. })),
            "method {method}: {answer:?}"
        );
    }
    for search in [None, Some("secret".to_owned())] {
        let query = RunQuery { search, ..RunQuery::default() };
        assert_eq!(RunStore::list(store, &theirs, &query).await.unwrap(), RunSlice::default());
    }
    assert_eq!(ProjectStore::get(store, &theirs, &project_id).await.unwrap(), None);
    assert_eq!(ProjectStore::list(store, &theirs).await.unwrap(), []);
    let same_name = ProjectState { total_runs: 7, ..state.clone() };
    store.put(&theirs, &same_name, at(2)).await.unwrap();

    assert_eq!(RunStore::get(store, &ours, run.run_id).await.unwrap(), run);
    assert_eq!(store.holder(&ours, run.run_id, at(1)).await.unwrap().as_deref(), Some("desk"));
    assert_eq!(store.after(&ours, run.run_id, 0, 9).await.unwrap(), stored.frames);
    assert_eq!(store.checkpoint(&ours, run.run_id).await.unwrap(), stored.checkpoint);
    assert_eq!(store.take(&ours, run.run_id).await.unwrap(), [RunOp::Pause]);
    assert_eq!(ProjectStore::get(store, &ours, &project_id).await.unwrap(), Some(state));
}

/// A new server goes on with what servers left, whoever it belongs to; not with what is over, held by a person, or was a
/// person's own.
pub async fn what_is_unfinished_is_found_in_all_organisations(store: &impl Stores) {
    let mut expected = Vec::new();
    for (org, status, by_server, goes_on) in [
        ("acme", RunStatus::Pending, true, true),
        ("globex", RunStatus::Running, true, true),
        ("acme", RunStatus::Waiting, true, true),
        ("acme", RunStatus::Paused, true, false),
        ("globex", RunStatus::Interrupted, true, true),
        ("globex", RunStatus::Interrupted, false, false),
        ("acme", RunStatus::Completed, true, false),
        ("acme", RunStatus::Failed, true, false),
        ("globex", RunStatus::Cancelled, true, false),
    ] {
        let (scope, run) = (scope(org), RunDetail { status, ..run("x") });
        store.create(&scope, &run).await.unwrap();
        store.attend(&scope, run.run_id, true).await.unwrap();
        store.attend(&scope, run.run_id, by_server).await.unwrap();
        let stranger = store.attend(&self::scope("initech"), run.run_id, true).await;
        assert!(matches!(stranger, Err(StoreError::NotFound { .. })), "{stranger:?}");
        expected.extend(goes_on.then_some((scope.org, run.run_id)));
    }
    assert_eq!(store.unfinished().await.unwrap(), expected);
    let counts = store.counts().await.unwrap();
    let count = |status| counts.iter().find(|(known, _)| *known == status).map(|(_, count)| *count);
    assert_eq!([count(RunStatus::Interrupted), count(RunStatus::Paused)], [Some(2), Some(1)]);
}
