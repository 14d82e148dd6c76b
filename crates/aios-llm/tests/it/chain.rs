//! Fail-over between providers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use aios_core::{Model, ModelEvent};
use aios_llm::{Failover, Health};
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use crate::ask::{CHAT, MESSAGES, SHORT, ask, kind, model_with, request};
use crate::server::{Act, Answer, Server, begun, events, status};

const TEXT: &str = include_str!("fixtures/chat_text.sse");
const TOOLS: &str = include_str!("fixtures/chat_tools.sse");
const SECOND: &str = include_str!("fixtures/messages_text.sse");

struct Chain {
    first: Server,
    second: Server,
    health: Health,
}

impl Chain {
    async fn start(first: Vec<Answer>, second: Vec<Answer>) -> Self {
        let (first, second) = (Server::start(first).await, Server::start(second).await);
        Self { first, second, health: Health::default() }
    }

    fn model(&self) -> Failover {
        Failover::new(
            Arc::new(model_with(CHAT, &self.first.url(), SHORT)),
            vec![Arc::new(model_with(MESSAGES, &self.second.url(), SHORT))],
            self.health.clone(),
        )
    }

    fn requests(&self) -> (usize, usize) {
        (self.first.seen().len(), self.second.seen().len())
    }
}

#[tokio::test]
async fn the_next_takes_over_and_nothing_is_said_twice() {
    let check = async |what: &str, fault: Answer| {
        let chain = Chain::start(vec![fault], vec![events(SECOND)]).await;
        let began = Instant::now();
        let outcome = ask(&chain.model(), request()).await;
        assert!(began.elapsed() < Duration::from_secs(5), "{what}");
        assert_eq!(outcome.text, "Grüße, 世界 👋", "{what}: {:?}", outcome.error);
        assert!(outcome.calls.is_empty(), "{what}");
        let done = outcome.done.unwrap();
        assert_eq!((done.model.as_str(), done.usage.input), (MESSAGES, 1120), "{what}");
        assert_eq!(outcome.failovers, [(CHAT.to_owned(), MESSAGES.to_owned())], "{what}");
        assert_eq!(chain.requests(), (1, 1), "{what}");
    };
    check("rate limit", status(429, "retry-after: 60\r\n", "{}")).await;
    check("server error", status(500, "", "")).await;
    check("key", status(401, "", "")).await;
    check("refusal", status(400, "", "{}")).await;
    check("silence", vec![Act::Hang]).await;
    check("silence in the middle of a text", begun(&TEXT[..TEXT.len() / 2], Act::Hang)).await;
    check("reset in the middle of a text", begun(&TEXT[..TEXT.len() / 2], Act::Reset)).await;
    check("truncated call", events(&TOOLS[..TOOLS.len() / 2])).await;
    check("nonsense", events("data: oops\n\n")).await;
    check("empty", events("data: [DONE]\n\n")).await;
}

#[tokio::test]
async fn a_model_that_failed_rests() {
    let chain = Chain::start(vec![status(500, "", "")], vec![events(SECOND), events(SECOND)]).await;
    assert!(ask(&chain.model(), request()).await.done.is_some());
    // Another chain over the same health.
    let second = ask(&chain.model(), request()).await;
    assert!(second.done.is_some() && second.failovers.is_empty());
    assert_eq!(chain.requests(), (1, 2));
}

#[tokio::test]
async fn when_all_rest_all_are_tried() {
    let chain = Chain::start(vec![status(500, "", ""), events(TEXT)], vec![status(500, "", "")]).await;
    assert_eq!(kind(&ask(&chain.model(), request()).await.error), "unavailable");
    assert_eq!(ask(&chain.model(), request()).await.done.unwrap().model, CHAT);
}

#[tokio::test]
async fn what_no_model_can_mend_ends_the_chain() {
    let chain = Chain::start(vec![status(413, "", "")], vec![]).await;
    assert_eq!(kind(&ask(&chain.model(), request()).await.error), "context too long");
    assert_eq!(chain.requests(), (1, 0));
}

#[tokio::test]
async fn the_last_of_the_chain_is_passed_on_as_it_comes() {
    let half = &SECOND[..SECOND.find("世界").unwrap() - 100];
    let chain = Chain::start(vec![status(500, "", "")], vec![begun(half, Act::Hang)]).await;
    let mut stream = chain.model().stream(request(), CancellationToken::new());
    assert!(matches!(stream.next().await.unwrap(), Ok(ModelEvent::Failover { .. })));
    let first = stream.next().await.unwrap();
    assert_eq!(first, Ok(ModelEvent::Reasoning("Hm.".to_owned())));
}

#[tokio::test]
async fn a_chain_promises_what_every_model_keeps() {
    let chain = Chain::start(vec![], vec![]).await;
    let info = chain.model().info().clone();
    assert_eq!(info.full_name(), CHAT);
    let other = model_with(MESSAGES, &chain.second.url(), SHORT);
    assert!(info.context <= other.info().context && info.max_output <= other.info().max_output);
}
