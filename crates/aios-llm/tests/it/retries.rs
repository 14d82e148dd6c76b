//! Second attempts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aios_core::Model;
use aios_llm::{RetryPolicy, Retrying};
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use crate::ask::{CHAT, Outcome, SHORT, ask, kind, model_with, request};
use crate::server::{Act, Answer, Server, begun, events, status};

const TEXT: &str = include_str!("fixtures/chat_text.sse");
const QUICK: RetryPolicy = RetryPolicy {
    attempts: 4,
    first_wait: Duration::from_millis(5),
    longest_wait: Duration::from_millis(200),
    within: Duration::from_secs(10),
};

async fn ask_again(answers: Vec<Answer>) -> (Outcome, usize) {
    let server = Server::start(answers).await;
    let model = Retrying::new(Arc::new(model_with(CHAT, &server.url(), SHORT)), QUICK);
    let outcome = ask(&model, request()).await;
    (outcome, server.seen().len())
}

#[tokio::test]
async fn what_may_pass_is_tried_again() {
    let check = async |what: &str, fault: Answer| {
        let (outcome, requests) = ask_again(vec![fault.clone(), fault, events(TEXT)]).await;
        assert_eq!((outcome.text.as_str(), requests), ("Grüße, 世界 👋", 3), "{what}: {:?}", outcome.error);
    };
    check("rate limit", status(429, "", "{}")).await;
    check("server error", status(500, "", "")).await;
    check("no answer", vec![Act::Close]).await;
    check("truncated before the first word", begun(": hi\n\n", Act::Close)).await;
    check("nonsense", events("data: oops\n\n")).await;
    check("empty", events("data: [DONE]\n\n")).await;
    check("silence", vec![Act::Hang]).await;
}

#[tokio::test]
async fn what_will_not_pass_is_not() {
    let check = async |what: &str, fault: Answer, expect: &str| {
        let (outcome, requests) = ask_again(vec![fault, events(TEXT)]).await;
        assert_eq!((kind(&outcome.error), requests), (expect, 1), "{what}");
    };
    check("key", status(401, "", ""), "unauthorised").await;
    check("request", status(400, "", "{}"), "refused").await;
    check("too long", status(413, "", ""), "context too long").await;
    check("after the first word", begun(&TEXT[..TEXT.len() / 2], Act::Close), "bad reply").await;
}

#[tokio::test]
async fn it_gives_up() {
    let (outcome, requests) = ask_again(vec![status(503, "", ""); 9]).await;
    assert_eq!((kind(&outcome.error), requests), ("unavailable", 4));
}

#[tokio::test]
async fn it_waits_as_long_as_the_provider_says() {
    let check = async |header: &str, at_least: u64, at_most: u64| {
        let begun = Instant::now();
        let (outcome, _) = ask_again(vec![status(429, header, "{}"), events(TEXT)]).await;
        assert!(outcome.done.is_some());
        let waited = begun.elapsed();
        assert!(waited >= Duration::from_millis(at_least), "{header}: {waited:?}");
        assert!(waited < Duration::from_millis(at_most), "{header}: {waited:?}");
    };
    check("retry-after-ms: 150\r\n", 150, 1000).await;
    check("retry-after: 3600\r\n", 200, 1000).await;
}

#[tokio::test]
async fn stop_ends_a_wait() {
    let server = Server::start([status(429, "retry-after: 60\r\n", "{}")]).await;
    let model = model_with(CHAT, &server.url(), SHORT);
    let model = Retrying::new(Arc::new(model), RetryPolicy::default());
    let stop = CancellationToken::new();
    tokio::spawn({
        let stop = stop.clone();
        async move {
            tokio::time::sleep(Duration::from_millis(50)).await;
            stop.cancel();
        }
    });
    let events: Vec<_> = model.stream(request(), stop).collect().await;
    assert_eq!(events, [Err(aios_core::ModelError::Cancelled)]);
}
