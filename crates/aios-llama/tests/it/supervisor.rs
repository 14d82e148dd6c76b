//! Keeping a worker process, with a double in the model's place.

use std::path::Path;
use std::time::Duration;

use aios_core::{Infill, Message, Model, ModelError, ModelEvent, ModelRequest};
use aios_llama::wire::{
    self, Failure, Finish, Generation, Load, LoadFailure, Role, Threads, ToWorker, Variant,
};
use aios_llama::{LocalModel, LocalModelOptions, Replies, Supervisor, WorkerEvent, WorkerOptions};
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

const DOUBLE: &str = env!("CARGO_BIN_EXE_worker-double");

fn supervisor(model: &str) -> Supervisor {
    keep(model, DOUBLE, Duration::from_secs(60))
}

fn keep(model: &str, executable: &str, idle: Duration) -> Supervisor {
    let load = Load {
        model: model.into(),
        context: 64,
        parallel: 1,
        threads: Threads::All,
        variant: Variant::Baseline,
    };
    Supervisor::new(WorkerOptions { executable: executable.into(), load, idle })
}

fn ask(supervisor: &Supervisor, text: &str) -> Replies {
    let message = wire::Message { role: Role::User, text: text.to_owned() };
    supervisor.submit(|id| ToWorker::Chat {
        id,
        messages: vec![message],
        prefill: String::new(),
        generation: Generation::default(),
    })
}

async fn rest(mut replies: Replies) -> (String, Option<WorkerEvent>) {
    let mut text = String::new();
    loop {
        match replies.next().await {
            Some(WorkerEvent::Delta(more)) => text.push_str(&more),
            last => return (text, last),
        }
    }
}

async fn said(supervisor: &Supervisor, text: &str) -> String {
    let (text, last) = rest(ask(supervisor, text)).await;
    assert!(matches!(last, Some(WorkerEvent::Finished { finish: Finish::Stop, .. })), "{last:?}");
    text
}

#[tokio::test]
async fn one_process_serves_many_requests() {
    let supervisor = supervisor("good.gguf");
    let first = said(&supervisor, "pid").await;
    assert_eq!(said(&supervisor, "pid").await, first);
    assert_eq!(said(&supervisor, "echo").await, "echo");
}

#[tokio::test]
async fn the_worker_sees_nothing_of_our_environment() {
    let supervisor = supervisor("good.gguf");
    assert_eq!(said(&supervisor, "environment").await, r#"["OMP_WAIT_POLICY"]"#);
}

/// The request that kills the worker and one that waits are told; the next one gets a new worker.
async fn check_death(cause: &str, reason: &str) {
    let supervisor = supervisor("good.gguf");
    let before = said(&supervisor, "pid").await;
    let mut waiting = ask(&supervisor, "hang");
    assert_eq!(waiting.next().await, Some(WorkerEvent::Delta("so far".into())));
    for replies in [ask(&supervisor, cause), waiting] {
        let (_, last) = rest(replies).await;
        let Some(WorkerEvent::Crashed(crash)) = last else { panic!("{last:?}") };
        assert_eq!(crash.reason, reason);
    }
    assert_ne!(said(&supervisor, "pid").await, before);
}

#[tokio::test]
async fn a_worker_that_dies_is_explained_and_replaced() {
    check_death("die", "exit code 3: llama-worker: error: told to").await;
    check_death("abort", "killed by SIGABRT (it gave up)").await;
}

#[tokio::test]
async fn a_worker_that_makes_no_sense_counts_as_dead() {
    let supervisor = supervisor("good.gguf");
    let (_, last) = rest(ask(&supervisor, "babble")).await;
    assert!(matches!(last, Some(WorkerEvent::Crashed(_))), "{last:?}");
    assert_eq!(said(&supervisor, "again").await, "again");
}

#[tokio::test]
async fn failures_are_passed_on() {
    let (_, last) = rest(ask(&supervisor("good.gguf"), "refuse")).await;
    assert_eq!(last, Some(WorkerEvent::Failed(Failure::BadGrammar)));
    let (_, last) = rest(ask(&supervisor("bad.gguf"), "hello")).await;
    assert!(matches!(last, Some(WorkerEvent::LoadFailed(LoadFailure::BadFile { .. }))), "{last:?}");
    let (_, last) = rest(ask(&keep("good.gguf", "/nonexistent/aios", Duration::MAX), "hello")).await;
    let Some(WorkerEvent::Crashed(crash)) = last else { panic!("{last:?}") };
    assert!(crash.reason.contains("/nonexistent/aios could not be started"), "{}", crash.reason);
}

#[tokio::test]
async fn a_cancelled_request_answers() {
    let supervisor = supervisor("good.gguf");
    let mut replies = ask(&supervisor, "hang");
    assert_eq!(replies.next().await, Some(WorkerEvent::Delta("so far".into())));
    replies.cancel();
    let (_, last) = rest(replies).await;
    assert!(matches!(last, Some(WorkerEvent::Finished { finish: Finish::Cancelled, .. })), "{last:?}");
}

#[cfg(target_os = "linux")]
async fn is_gone(pid: &str) -> bool {
    for _ in 0..200 {
        if !Path::new("/proc").join(pid).exists() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn an_idle_worker_ends_and_the_last_handle_kills_it() {
    let idle = keep("good.gguf", DOUBLE, Duration::from_millis(50));
    let pid = said(&idle, "pid").await;
    assert!(is_gone(&pid).await);
    assert_ne!(said(&idle, "pid").await, pid);

    let dropped = supervisor("good.gguf");
    let pid = said(&dropped, "pid").await;
    drop(dropped);
    assert!(is_gone(&pid).await);
}

fn local_model(dir: &Path, weights: &str) -> LocalModel {
    LocalModel::new(LocalModelOptions::new("double", dir.join(weights), DOUBLE.into(), dir.join("state")))
}

async fn stream(
    model: &LocalModel,
    text: &str,
    stop: CancellationToken,
) -> Vec<Result<ModelEvent, ModelError>> {
    let request = ModelRequest { messages: vec![Message::user(text)].into(), ..ModelRequest::default() };
    model.stream(request, stop).collect().await
}

#[tokio::test]
async fn the_port_tells_text_then_done_or_an_error_with_advice() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["good.gguf", "bad.gguf"] {
        std::fs::write(dir.path().join(name), b"GGUF").unwrap();
    }
    let model = local_model(dir.path(), "good.gguf");
    let events = stream(&model, "hello", CancellationToken::new()).await;
    assert_eq!(events[0], Ok(ModelEvent::Text("hello".into())));
    assert!(
        matches!(&events[1..], [Ok(ModelEvent::Done(done))] if done.model == "local/double"),
        "{events:?}"
    );

    let hole = ModelRequest {
        infill: Some(Infill { prefix: "a\n".into(), suffix: "c".into() }),
        prefill: Some("b".into()),
        ..ModelRequest::default()
    };
    let filled: Vec<_> = model.stream(hole, CancellationToken::new()).collect().await;
    assert_eq!(filled[0], Ok(ModelEvent::Text(r#""a\n" "b" … "c""#.into())));

    let error = |events: Vec<_>| events.into_iter().find_map(Result::err);
    let crash = error(stream(&model, "die", CancellationToken::new()).await).unwrap();
    assert!(matches!(crash, ModelError::Crashed { .. }) && crash.is_retryable(), "{crash}");
    let cancelled = CancellationToken::new();
    cancelled.cancel();
    assert_eq!(error(stream(&model, "hang", cancelled).await), Some(ModelError::Cancelled));
    for (weights, advice) in
        [("missing.gguf", "aios models pull double"), ("bad.gguf", "aios models remove double")]
    {
        let events = stream(&local_model(dir.path(), weights), "hello", CancellationToken::new()).await;
        let error = error(events).unwrap();
        assert!(
            matches!(&error, ModelError::NotReady { .. }) && error.to_string().contains(advice),
            "{error}"
        );
    }
}
