//! Commits and the history that they make.

use aios_core::{Checkpoint, EventStore, RunBatch, RunStore, StoreError};
use aios_protocol::{AgentName, QuestionId, RunEvent, RunStatus};
use futures::future::join_all;

use super::Stores;
use super::samples::{batch, claimed, file, frame, log, run, scope};

/// What a batch does not carry stays as it was.
pub async fn a_commit_replaces_run_and_checkpoint(store: &impl Stores) {
    let scope = scope("acme");
    let (mut run, lease) = claimed(store, &scope, "x").await;
    let checkpoint = |body: &str| Some(Checkpoint { version: 3, body: body.into() });
    for body in ["{\"wave\":1}", "{\"wave\":2,\"text\":\"'\\u0000 🦀\"}"] {
        let batch = RunBatch { checkpoint: checkpoint(body), ..RunBatch::default() };
        store.commit(&scope, &lease, &batch).await.unwrap();
        assert_eq!(store.checkpoint(&scope, run.run_id).await.unwrap(), checkpoint(body));
        assert_eq!(RunStore::get(store, &scope, run.run_id).await.unwrap(), run);
    }
    let last = store.checkpoint(&scope, run.run_id).await.unwrap();
    run.status = RunStatus::Failed;
    store.commit(&scope, &lease, &RunBatch { run: Some(run.clone()), ..RunBatch::default() }).await.unwrap();
    store.commit(&scope, &lease, &RunBatch::default()).await.unwrap();
    assert_eq!(RunStore::get(store, &scope, run.run_id).await.unwrap(), run);
    assert_eq!(store.checkpoint(&scope, run.run_id).await.unwrap(), last);
}

/// A refused event takes the whole batch with it.
pub async fn a_commit_is_all_or_nothing(store: &impl Stores) {
    let scope = scope("acme");
    let (run, lease) = claimed(store, &scope, "x").await;
    let mut changed = run.clone();
    changed.status = RunStatus::Completed;
    let bad = RunBatch {
        frames: vec![frame(run.run_id, 1, log("good")), frame(run.run_id, 3, log("after a gap"))],
        files: vec![file("backend", "bad.py")],
        run: Some(changed),
        checkpoint: Some(Checkpoint { version: 1, body: "{}".into() }),
    };
    store.commit(&scope, &lease, &bad).await.unwrap_err();
    assert_eq!(store.after(&scope, run.run_id, 0, 9).await.unwrap(), []);
    assert_eq!(RunStore::get(store, &scope, run.run_id).await.unwrap(), run);
    assert_eq!(store.checkpoint(&scope, run.run_id).await.unwrap(), None);
    let query = aios_core::RunQuery { search: Some("good".into()), ..Default::default() };
    assert_eq!(RunStore::list(store, &scope, &query).await.unwrap().runs, []);
}

/// The history has no holes, no doubles, nothing of another run and nothing that is sent only.
pub async fn gaps_repeats_and_strangers_are_refused(store: &impl Stores) {
    let scope = scope("acme");
    let (ours, lease) = claimed(store, &scope, "ours").await;
    let (theirs, _) = claimed(store, &scope, "theirs").await;
    store.commit(&scope, &lease, &batch([frame(ours.run_id, 1, log("1"))])).await.unwrap();
    let chunk = RunEvent::TokenChunk { agent: AgentName::new("backend").unwrap(), chunk: "x".into() };
    let mut far = frame(ours.run_id, 2, log("far"));
    far.seq = u64::MAX;
    for bad in [
        batch([frame(ours.run_id, 0, log("zero"))]),
        batch([frame(ours.run_id, 1, log("repeat"))]),
        batch([frame(ours.run_id, 3, log("gap"))]),
        batch([far]),
        batch([frame(ours.run_id, 2, log("2")), frame(ours.run_id, 2, log("2 again"))]),
        batch([frame(ours.run_id, 3, log("3")), frame(ours.run_id, 2, log("2"))]),
        batch([frame(theirs.run_id, 2, log("stranger"))]),
        batch([frame(ours.run_id, 2, chunk)]),
        RunBatch { run: Some(run("another")), ..RunBatch::default() },
        RunBatch { run: Some(theirs.clone()), ..RunBatch::default() },
    ] {
        let answer = store.commit(&scope, &lease, &bad).await;
        assert!(matches!(answer, Err(StoreError::Corrupt { .. })), "{bad:?}: {answer:?}");
    }
    store.commit(&scope, &lease, &batch([frame(ours.run_id, 2, log("2"))])).await.unwrap();
    assert_eq!(store.after(&scope, ours.run_id, 0, 9).await.unwrap().len(), 2);
    assert_eq!(store.after(&scope, theirs.run_id, 0, 9).await.unwrap(), []);
    assert_eq!(RunStore::get(store, &scope, theirs.run_id).await.unwrap(), theirs);
}

/// And as they went in, whatever they carry.
pub async fn events_come_back_in_order_and_in_pages(store: &impl Stores) {
    let scope = scope("acme");
    let (run, lease) = claimed(store, &scope, "x").await;
    let agent = AgentName::new("backend").unwrap();
    let arguments = serde_json::json!({"path": "a\0b", "n": [1, -2, 0.5, null], "deep": {"é": "\"🦀\""}});
    let mut events: Vec<RunEvent> = (0..5).map(|n| log(&format!("message {n}"))).collect();
    events.extend([
        RunEvent::ToolCall {
            agent: agent.clone(),
            call_id: "c".into(),
            tool: "write_file".into(),
            arguments,
        },
        RunEvent::HumanInputRequired {
            question_id: QuestionId::generate(),
            agent,
            question: "which port?".into(),
        },
        RunEvent::RunPaused {},
        log(&"long ".repeat(40_000)),
        RunEvent::RunCancelled {},
    ]);
    let frames: Vec<_> = (1..).zip(events).map(|(seq, event)| frame(run.run_id, seq, event)).collect();
    for part in frames.chunks(4) {
        store.commit(&scope, &lease, &batch(part.to_vec())).await.unwrap();
    }
    let check = async |seq, limit, expect: &[_]| {
        assert_eq!(EventStore::after(store, &scope, run.run_id, seq, limit).await.unwrap(), expect);
    };
    check(0, 99, &frames).await;
    check(0, 4, &frames[..4]).await;
    check(4, 4, &frames[4..8]).await;
    check(8, 4, &frames[8..]).await;
    check(10, 4, &[]).await;
    check(0, 0, &[]).await;
    check(0, usize::MAX, &frames).await;
    check(u64::MAX, 9, &[]).await;
}

/// Good and bad ones of many runs, sent at the same moment: each gets its own answer.
pub async fn commits_at_once_do_not_disturb_each_other(store: &impl Stores) {
    let scope = scope("acme");
    let runs =
        join_all((0..40).map(|n| claimed(store, &scope, if n % 2 == 0 { "even" } else { "odd" }))).await;
    let commits = runs.iter().enumerate().map(async |(n, (run, lease))| {
        let first = if n % 4 == 3 { 2 } else { 1 };
        let frames = (first..first + 3).map(|seq| frame(run.run_id, seq, log("x")));
        store.commit(&scope, lease, &batch(frames)).await
    });
    for (n, answer) in join_all(commits).await.into_iter().enumerate() {
        let (run, _) = &runs[n];
        let expect = if n % 4 == 3 { 0 } else { 3 };
        assert_eq!(answer.is_ok(), expect == 3, "commit {n}: {answer:?}");
        assert_eq!(store.after(&scope, run.run_id, 0, 9).await.unwrap().len(), expect, "run {n}");
    }
}
