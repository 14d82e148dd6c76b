//! What a client hears when the script says that something goes wrong.

use std::time::{Duration, Instant};

use aios_testkit::{ModelServer, Script, Turn, turn};
use serde_json::json;

use crate::client::{Client, End, Heard};

const TEXT: &str = "one two three four five six seven eight nine ten eleven twelve thirteen";

/// Plays a turn over both wires, as a stream and in one piece, to four clients at once.
fn heard_by(turn: Turn, patience: Duration) -> Vec<Heard> {
    let server = ModelServer::start(Script::new().always(turn));
    let client = Client { server: &server, patience };
    let ask = |stream: bool| json!({"model": "m", "max_tokens": 9, "stream": stream, "messages": [{"role": "user", "content": "go"}]});
    std::thread::scope(|scope| {
        let asking = [
            scope.spawn(move || client.chat(&ask(true))),
            scope.spawn(move || client.messages(&ask(true))),
            scope.spawn(move || client.chat(&ask(false))),
            scope.spawn(move || client.messages(&ask(false))),
        ];
        asking.into_iter().map(|asking| asking.join().unwrap()).collect()
    })
}

fn heard(turn: Turn) -> Vec<Heard> {
    heard_by(turn, Duration::from_secs(20))
}

#[test]
fn error_statuses() {
    for heard in heard(turn().status(429).retry_after(7)) {
        assert_eq!((heard.status, &heard.end), (429, &End::Whole));
        assert!(heard.head.contains("retry-after: 7"), "{}", heard.head);
        assert!(heard.body.contains("rate_limit_error"), "{}", heard.body);
    }
    for heard in heard(turn().status(500)) {
        assert_eq!(heard.status, 500);
    }
}

#[test]
fn silence() {
    for heard in heard_by(turn().text(TEXT).hang_before_headers(), Duration::from_millis(500)) {
        assert_eq!((heard.status, heard.end), (0, End::Silence));
    }
    for heard in heard_by(turn().text(TEXT).hang_mid_stream(), Duration::from_millis(500)) {
        assert_eq!((heard.status, &heard.end), (200, &End::Silence));
        assert!(heard.body.contains("one two") && !heard.body.contains("thirteen"), "{}", heard.body);
    }
}

#[test]
fn broken_replies() {
    let check = |broken: fn(Turn) -> Turn, ends: [End; 4]| {
        for (heard, end) in heard(broken(turn().text(TEXT))).into_iter().zip(ends) {
            assert_eq!(heard.end, end, "{heard:?}");
            assert!(!heard.body.contains("[DONE]") && !heard.body.contains("message_stop"), "{}", heard.body);
        }
    };
    use End::{Reset, Short, Whole};
    check(Turn::truncate, [Whole, Whole, Short, Short]);
    check(Turn::invalid_json, [Whole, Whole, Whole, Whole]);
    check(Turn::reset, [Reset, Reset, Reset, Reset]);
}

#[test]
fn a_slow_reply_is_whole_in_the_end() {
    let start = Instant::now();
    let server = ModelServer::start(Script::new().turns([turn().text(TEXT).slow(5)]));
    let heard = Client::of(&server)
        .chat(&json!({"model": "m", "stream": true, "messages": [{"role": "user", "content": "go"}]}));
    assert_eq!(heard.end, End::Whole);
    assert!(start.elapsed() >= Duration::from_millis(5 * heard.body.matches("data: ").count() as u64));
    server.finish();
}
