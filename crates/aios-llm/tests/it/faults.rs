//! Each way in which a provider fails has one outcome.

use std::time::{Duration, Instant};

use aios_core::{Model, ModelError, TimeoutPhase};
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use crate::ask::{CHAT, KEY, MESSAGES, Outcome, SHORT, ask, kind, model, model_with, request};
use crate::server::{Act, Answer, Server, begun, chunk, events, head, pieces, status};

const TEXT: &str = include_str!("fixtures/chat_text.sse");
const TOOLS: &str = include_str!("fixtures/chat_tools.sse");
const MESSAGES_TOOLS: &str = include_str!("fixtures/messages_tools.sse");

async fn outcome(name: &str, answer: Answer) -> Outcome {
    let server = Server::start([answer]).await;
    ask(&model_with(name, &server.url(), SHORT), request()).await
}

async fn check(what: &str, name: &str, answer: Answer, expect: &str) {
    let outcome = outcome(name, answer).await;
    assert_eq!(kind(&outcome.error), expect, "{what}: {:?}", outcome.error);
}

#[tokio::test]
async fn refusals() {
    let error = |text: &str| format!(r#"{{"error":{{"message":"{text}"}}}}"#);
    for name in [CHAT, MESSAGES] {
        check("wrong key", name, status(401, "", &error("no such key")), "unauthorised").await;
        check("quota", name, status(429, "", &error("slow down")), "rate limited").await;
        check("broken", name, status(500, "", "<html>"), "unavailable").await;
        check("overloaded", name, status(529, "", "{}"), "unavailable").await;
        check("too long", name, status(400, "", &error("maximum context length is 8")), "context too long")
            .await;
        check("odd request", name, status(400, "", &error("unknown field")), "refused").await;
        check("redirect", name, status(302, "location: http://127.0.0.1:1/\r\n", ""), "refused").await;
        check(
            "JSON with status 200",
            name,
            status(200, "content-type: application/json\r\n", "{}"),
            "bad reply",
        )
        .await;
        check(
            "error with status 200",
            name,
            status(200, "content-type: application/json\r\n", r#"{"error":{"code":429,"message":"x"}}"#),
            "rate limited",
        )
        .await;
        check("captive portal", name, status(200, "content-type: text/html\r\n", "<p>"), "bad reply").await;
    }
}

#[tokio::test]
async fn what_the_provider_says_is_passed_on_without_the_key() {
    let body = format!(r#"{{"error":{{"message":"the key {KEY} is bad"}}}}"#);
    let error = outcome(CHAT, status(401, "", &body)).await.error;
    let detail = "401: the key *** is bad; check OPENAI_API_KEY".to_owned();
    assert_eq!(error, Some(ModelError::Unauthorised { model: CHAT.into(), detail }));

    let error = outcome(CHAT, status(429, "retry-after: 7\r\n", "{}")).await.error;
    let Some(ModelError::RateLimited { retry_after, .. }) = error else { panic!("{error:?}") };
    assert_eq!(retry_after, Some(Duration::from_secs(7)));

    let server = Server::start([status(404, "", r#"{"error":{"message":"no such model"}}"#)]).await;
    let error = ask(&model("openai/gpt-4p", &server.url()), request()).await.error.unwrap();
    assert!(error.to_string().contains("did you mean gpt-4o"), "{error}");
}

#[tokio::test]
async fn silence_ends_by_phase() {
    let check = async |what: &str, answer: Answer, expect: TimeoutPhase| {
        let begun = Instant::now();
        match outcome(CHAT, answer).await.error {
            Some(ModelError::TimedOut { phase, .. }) => assert_eq!(phase, expect, "{what}"),
            other => panic!("{what}: {other:?}"),
        }
        assert!(begun.elapsed() < Duration::from_secs(5), "{what}");
    };
    check("before the head", vec![Act::Hang], TimeoutPhase::FirstByte).await;
    check("after the head", vec![Act::Send(head()), Act::Hang], TimeoutPhase::FirstByte).await;
    check("in the middle", begun(&TEXT[..300], Act::Hang), TimeoutPhase::BetweenBytes).await;
    check(
        "in a half error",
        vec![Act::Send(b"HTTP/1.1 200 OK\r\ncontent-".to_vec()), Act::Hang],
        TimeoutPhase::FirstByte,
    )
    .await;

    // A full queue of connections that nobody accepts: the next one gets no answer.
    let listener = tokio::net::TcpSocket::new_v4().unwrap();
    listener.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = listener.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) =
        tokio::time::timeout(Duration::from_millis(100), tokio::net::TcpStream::connect(address)).await
    {
        waiting.push(stream.unwrap());
    }
    let error = ask(&model_with(CHAT, &format!("http://{address}"), SHORT), request()).await.error;
    assert!(matches!(error, Some(ModelError::TimedOut { phase: TimeoutPhase::Connect, .. })), "{error:?}");
}

#[tokio::test]
async fn an_error_that_never_ends_is_still_an_error() {
    let head = b"HTTP/1.1 503 x\r\ntransfer-encoding: chunked\r\n\r\n".to_vec();
    check("hanging error", CHAT, vec![Act::Send(head), chunk(b"busy"), Act::Hang], "unavailable").await;
}

#[tokio::test]
async fn nobody_is_there() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = ask(&model(CHAT, &format!("http://{address}/v1")), request()).await.error;
    assert_eq!(kind(&error), "unavailable");
}

#[tokio::test]
async fn broken_replies() {
    for (name, body) in [(CHAT, TOOLS), (MESSAGES, MESSAGES_TOOLS)] {
        check("closed at once", name, vec![Act::Close], "unavailable").await;
        check("no HTTP", name, vec![Act::Send(b"hello\r\n\r\n".to_vec())], "unavailable").await;
        check("reset", name, begun(&body[..400], Act::Reset), "bad reply").await;
        check("closed", name, begun(&body[..400], Act::Close), "bad reply").await;
        check("ended early", name, events(&body[..400]), "bad reply").await;
        check("empty", name, events(""), "bad reply").await;
        check("no JSON", name, events("data: oops\n\n"), "bad reply").await;
        check("wrong JSON", name, events("data: [1]\n\n"), "bad reply").await;
        check("no UTF-8", name, pieces([&b"data: \xFF\n\n"[..]]), "bad reply").await;
        check("deep JSON", name, events(&format!("data: {}\n\n", "[".repeat(100_000))), "bad reply").await;
    }
    check("only done", CHAT, events("data: [DONE]\n\n"), "bad reply").await;
}

#[tokio::test]
async fn faults_inside_a_reply() {
    let after_text = |line: &str| {
        events(&format!("{}data: {line}\n\ndata: [DONE]\n\n", &TEXT[..TEXT.find("\n\n").unwrap() + 2]))
    };
    check("error", CHAT, after_text(r#"{"error":{"message":"boom","type":"server_error"}}"#), "unavailable")
        .await;
    check("limit", CHAT, after_text(r#"{"error":{"message":"x","code":429}}"#), "rate limited").await;
    check("reason", CHAT, after_text(r#"{"choices":[{"delta":{},"finish_reason":"error"}]}"#), "unavailable")
        .await;
    let call = |call: &str| after_text(&format!(r#"{{"choices":[{{"delta":{{"tool_calls":[{call}]}}}}]}}"#));
    check(
        "half a call",
        CHAT,
        call(r#"{"index":0,"id":"p","function":{"name":"a","arguments":"{\"x"}}"#),
        "bad reply",
    )
    .await;
    check("no name", CHAT, call(r#"{"index":0,"id":"p","function":{"arguments":"{}"}}"#), "bad reply").await;
    check("no call", CHAT, call(r#"{"function":{"arguments":"{}"}}"#), "bad reply").await;
    check("far index", CHAT, call(r#"{"index":4294967295,"function":{"arguments":"{}"}}"#), "bad reply")
        .await;
    check("negative index", CHAT, call(r#"{"index":-1,"function":{"arguments":"{}"}}"#), "bad reply").await;
    check(
        "another name",
        CHAT,
        call(r#"{"index":0,"function":{"name":"a"}},{"index":0,"function":{"name":"b"}}"#),
        "bad reply",
    )
    .await;
    let many: Vec<_> =
        (0..200).map(|n| format!(r#"{{"index":{n},"id":"c{n}","function":{{"name":"a"}}}}"#)).collect();
    check("too many calls", CHAT, call(&many.join(",")), "bad reply").await;
    let late = TOOLS.replace("data: [DONE]", "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"x\"}}]}}]}");
    check("a call after the end", CHAT, events(&late), "bad reply").await;
    let none = TEXT.replace("\"finish_reason\":\"stop\"", "\"finish_reason\":\"tool_calls\"");
    check("calls promised, none sent", CHAT, events(&none), "bad reply").await;

    let start = r#"data: {"type":"message_start","message":{"usage":{"input_tokens":1,"output_tokens":1}}}"#;
    let messages = |lines: &[&str]| {
        let lines: String = lines.iter().map(|line| format!("data: {line}\n\n")).collect();
        events(&format!("{start}\n\n{lines}"))
    };
    let open = r#"{"type":"content_block_start","index":0,"content_block":{"type":"tool_use","id":"t","name":"a","input":{}}}"#;
    let stop = r#"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":1}}"#;
    let end = r#"{"type":"message_stop"}"#;
    check(
        "overloaded",
        MESSAGES,
        messages(&[r#"{"type":"error","error":{"type":"overloaded_error","message":"x"}}"#]),
        "unavailable",
    )
    .await;
    check(
        "limit",
        MESSAGES,
        messages(&[r#"{"type":"error","error":{"type":"rate_limit_error","message":"x"}}"#]),
        "rate limited",
    )
    .await;
    check("bare error", MESSAGES, messages(&[r#"{"type":"error"}"#]), "unavailable").await;
    check("open call", MESSAGES, messages(&[open, stop, end]), "bad reply").await;
    check("block twice", MESSAGES, messages(&[open, open]), "bad reply").await;
    check(
        "delta of nothing",
        MESSAGES,
        messages(&[r#"{"type":"content_block_delta","index":3,"delta":{"type":"text_delta","text":"x"}}"#]),
        "bad reply",
    )
    .await;
    check(
        "text for a call",
        MESSAGES,
        messages(&[
            open,
            r#"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"x"}}"#,
        ]),
        "bad reply",
    )
    .await;
    check("no reason", MESSAGES, messages(&[end]), "bad reply").await;
    check(
        "no stop",
        MESSAGES,
        messages(&[open, r#"{"type":"content_block_stop","index":0}"#, stop]),
        "bad reply",
    )
    .await;
    check("block after the end", MESSAGES, messages(&[stop, open]), "bad reply").await;
}

#[tokio::test]
async fn endless_replies_end() {
    let mebibyte = "x".repeat(1 << 20);
    let line = format!("data: {mebibyte}");
    let endless_line: Vec<&[u8]> = (0..16).map(|_| line.as_bytes()).collect();
    check("one line", CHAT, pieces(endless_line), "bad reply").await;
    let text = format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{mebibyte}\"}}}}]}}\n\n");
    let much_text: Vec<&[u8]> = (0..16).map(|_| text.as_bytes()).collect();
    check("much text", CHAT, pieces(much_text), "bad reply").await;
    let pings = format!(": {}\n\n", "ping ".repeat(200)).repeat(1 << 10);
    let many_pings: Vec<&[u8]> = (0..80).map(|_| pings.as_bytes()).collect();
    check("nothing but pings", CHAT, pieces(many_pings), "bad reply").await;

    let timeouts = aios_llm::Timeouts { whole: Duration::from_millis(300), ..SHORT };
    let mut drip = vec![Act::Send(head())];
    drip.extend((0..100).flat_map(|_| [chunk(b": ping\n\n"), Act::Wait(Duration::from_millis(20))]));
    let server = Server::start([drip]).await;
    let error = ask(&model_with(CHAT, &server.url(), timeouts), request()).await.error;
    assert!(error.unwrap().to_string().contains("did not end within"));
}

#[tokio::test]
async fn stop_ends_a_reply_at_once() {
    let server = Server::start([begun(&TEXT[..TEXT.len() / 2], Act::Hang)]).await;
    let model = model(CHAT, &server.url());
    let stop = CancellationToken::new();
    let mut stream = model.stream(request(), stop.clone());
    assert!(stream.next().await.unwrap().is_ok());
    stop.cancel();
    let begun = Instant::now();
    while let Some(event) = stream.next().await {
        if let Err(error) = event {
            assert_eq!(error, ModelError::Cancelled);
        }
    }
    assert!(begun.elapsed() < Duration::from_millis(100));

    let stream = model.stream(request(), stop);
    assert_eq!(stream.collect::<Vec<_>>().await, [Err(ModelError::Cancelled)]);
    assert_eq!(server.seen().len(), 1, "nothing is sent after a stop");
}
