//! Watching runs over the WebSocket.

use std::time::Duration;

use aios_server::Options;
use aios_testkit::{Script, turn};
use aios_tests::{Served, World, options};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message, client::IntoClientRequest};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::{asks, done, post, register, served, start_run, text, write};

const PATIENCE: Duration = Duration::from_secs(60);

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    async fn open(served: &Served, query: &str) -> Self {
        let url = format!("ws://{}/ws/runs{query}", served.address);
        Self(connect_async(url).await.unwrap().0)
    }

    /// The next event, or the code and reason of the end.
    async fn next(&mut self) -> Result<Value, (u16, String)> {
        loop {
            match tokio::time::timeout(PATIENCE, self.0.next()).await.unwrap().unwrap().unwrap() {
                Message::Text(text) => return Ok(serde_json::from_str(&text).unwrap()),
                Message::Close(Some(frame)) => return Err((frame.code.into(), frame.reason.to_string())),
                Message::Close(None) => return Err((1005, String::new())),
                _ => {}
            }
        }
    }

    /// Everything up to an event of this name.
    async fn until(&mut self, event: &str) -> Vec<Value> {
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.unwrap();
            let found = frame["event"] == event;
            frames.push(frame);
            if found {
                return frames;
            }
        }
    }

    /// Everything up to the end.
    async fn rest(&mut self) -> (Vec<Value>, (u16, String)) {
        let mut frames = Vec::new();
        loop {
            match self.next().await {
                Ok(frame) => frames.push(frame),
                Err(end) => return (frames, end),
            }
        }
    }
}

/// The places of stored events.
fn seqs(frames: &[Value]) -> Vec<u64> {
    let stored = frames.iter().filter(|frame| frame["event"] != "token_chunk");
    stored.map(|frame| frame["seq"].as_u64().unwrap()).collect()
}

fn script() -> Script {
    Script::new().agent("backend", [asks(), write("notes.md", "# Notes\n"), done()])
}

#[tokio::test]
async fn a_run_is_watched_answered_and_replayed() {
    let served = served(script()).await;
    let mut all = Socket::open(&served, &format!("?api_key={}", served.key)).await;
    let run_id = start_run(&served).await;
    let first = all.until("human_input_required").await;
    assert_eq!((&first[0]["event"], &first[0]["run_id"]), (&json!("run_started"), &json!(run_id)));
    assert_eq!(first[0]["node_count"], 1);
    assert_eq!(first.last().unwrap()["question"], "Which database?");
    let waiting = served.json("GET", &format!("/api/v1/runs/{run_id}/waiting"), None).await;
    assert_eq!(waiting["questions"][0]["question"], "Which database?");
    served.json("POST", &format!("/api/v1/runs/{run_id}/respond"), Some(json!({ "answer": "SQLite" }))).await;
    let rest = all.until("run_completed").await;
    assert_eq!(rest.last().unwrap()["files"], json!(["notes.md"]));
    let written = rest.iter().find(|frame| frame["event"] == "file_written").unwrap();
    assert_eq!((&written["agent"], &written["bytes"]), (&json!("backend"), &json!(8)));
    let mut seen = seqs(&first);
    seen.extend(seqs(&rest));
    assert_eq!(seen, (1..=seen.len() as u64).collect::<Vec<_>>(), "no gap, nothing twice");

    let query = format!("?api_key={}&run_id={run_id}", served.key);
    let (replayed, end) = Socket::open(&served, &query).await.rest().await;
    assert_eq!(seqs(&replayed), seen);
    assert_eq!(end, (1000, "nothing more happens in this run".into()));
    let (tail, _) = Socket::open(&served, &format!("{query}&after=3")).await.rest().await;
    assert_eq!(seqs(&tail), &seen[3..]);
    served.stop().await.finish().await;
}

#[tokio::test]
async fn keys_of_a_socket() {
    let served = served(Script::new()).await;
    let refused = async |query: &str, status: u16| {
        let url = format!("ws://{}/ws/runs{query}", served.address);
        match connect_async(url).await {
            Err(Error::Http(answer)) => assert_eq!(answer.status(), status, "{query}"),
            other => panic!("{query}: {other:?}"),
        }
    };
    refused("?api_key=sk_wrong", 401).await;
    refused(&format!("?api_key={}&run_id=nonsense", served.key), 404).await;
    refused(&format!("?api_key={}&run_id=0192f3a4-0000-7000-8000-000000000000", served.key), 404).await;
    refused(&format!("?api_key={}&after=2", served.key), 422).await;

    let mut request = format!("ws://{}/ws/runs", served.address).into_client_request().unwrap();
    request.headers_mut().insert("x-api-key", served.key.parse().unwrap());
    assert!(connect_async(request).await.is_ok());
    let mut foreign =
        format!("ws://{}/ws/runs?api_key={}", served.address, served.key).into_client_request().unwrap();
    foreign.headers_mut().insert("origin", "http://evil.example".parse().unwrap());
    assert!(matches!(connect_async(foreign).await, Err(Error::Http(answer)) if answer.status() == 403));

    let greet = async |message: Message| {
        let mut socket = Socket::open(&served, "").await;
        socket.0.send(message).await.unwrap();
        socket
    };
    let good = json!({ "api_key": served.key }).to_string();
    let mut greeted = greet(Message::text(good)).await;
    greeted.0.send(Message::Ping("still there".into())).await.unwrap();
    assert!(matches!(greeted.0.next().await, Some(Ok(Message::Pong(_)))));
    for bad in ["{\"api_key\": \"sk_wrong\"}", "{}", "hello"] {
        let (code, reason) = greet(Message::text(bad)).await.next().await.unwrap_err();
        assert_eq!(code, 1008, "{bad}: {reason}");
    }
    served.stop().await.finish().await;
}

#[tokio::test]
async fn who_answers_no_ping_is_let_go_and_who_does_stays() {
    let world = World::new(env!("CARGO_BIN_EXE_aios-test-child"), Script::new());
    let served = Served::over(world, Options { ping: Duration::from_millis(50), ..options() }).await;
    let mut there = Socket::open(&served, &format!("?api_key={}", served.key)).await;
    let mut away = Socket::open(&served, &format!("?api_key={}", served.key)).await;
    // Reading is what answers pings.
    let reading = async {
        while let Some(Ok(message)) = there.0.next().await {
            assert!(message.is_ping(), "{message:?}");
        }
    };
    assert!(tokio::time::timeout(Duration::from_millis(600), reading).await.is_err(), "it was let go");
    let end = loop {
        match away.0.next().await {
            Some(Ok(Message::Close(frame))) => break frame.map(|frame| u16::from(frame.code)),
            Some(Ok(_)) => {}
            _ => break None,
        }
    };
    assert_eq!(end, Some(1008));
    drop(there);
    served.stop().await.finish().await;
}

#[tokio::test]
async fn a_revoked_key_ends_its_sockets() {
    let world = World::new(env!("CARGO_BIN_EXE_aios-test-child"), Script::new());
    let served = Served::over(world, Options { ping: Duration::from_millis(50), ..options() }).await;
    let owner = register(&served, "acme").await;
    let laptop = post(&served, &owner, "/api/v1/auth/keys", json!({ "name": "laptop" })).await;

    let mut stays = Socket::open(&served, &format!("?api_key={owner}")).await;
    let mut ends = Socket::open(&served, &format!("?api_key={}", text(&laptop, "api_key"))).await;
    let mut window = format!("ws://{}/rpc/streams", served.address).into_client_request().unwrap();
    window.headers_mut().insert("x-api-key", text(&laptop, "api_key").parse().unwrap());
    let mut window = Socket(connect_async(window).await.unwrap().0);
    let path = format!("/api/v1/auth/keys/{}", text(&laptop["key"], "key_id"));
    assert_eq!(served.ask_as(&owner, "DELETE", &path, None).await.status, 200);
    for socket in [&mut ends, &mut window] {
        assert_eq!(socket.next().await.unwrap_err(), (1008, "the key is no longer valid".into()));
    }
    let quiet = tokio::time::timeout(Duration::from_millis(300), stays.next());
    assert!(quiet.await.is_err(), "a valid key was refused");
    served.stop().await.finish().await;
}

#[tokio::test]
async fn a_changed_role_reaches_open_sockets() {
    let world = World::new(env!("CARGO_BIN_EXE_aios-test-child"), Script::new());
    let served = Served::over(world, Options { ping: Duration::from_millis(50), ..options() }).await;
    let owner = register(&served, "acme").await;
    let invite = json!({ "email": "colleague@acme.example", "role": "admin" });
    let token = text(&post(&served, &owner, "/api/v1/team/invite", invite).await, "token");
    let accept = json!({ "token": token, "password": "correct horse" });
    let colleague = post(&served, "", "/api/v1/team/invite/accept", accept).await;
    let mut socket = Socket::open(&served, &format!("?api_key={}", text(&colleague, "api_key"))).await;
    let path = format!("/api/v1/team/members/{}/role", text(&colleague, "user_id"));
    let demoted = served.ask_as(&owner, "PATCH", &path, Some(json!({ "role": "viewer" }))).await;
    assert_eq!(demoted.status, 200);
    assert_eq!(socket.next().await.unwrap_err(), (1008, "the role has changed; connect again".into()));
    served.stop().await.finish().await;
}

/// The reader is asleep while more happens than any buffer holds.
#[tokio::test]
async fn a_slow_reader_misses_nothing() {
    let turns = (0..40).map(|number| write(&format!("notes{number}.md"), &"line of text\n".repeat(4_000)));
    let served = served(Script::new().agent("backend", turns.chain([done()]))).await;
    let query = format!("?api_key={}", served.key);
    let mut slow = Socket::open(&served, &query).await;
    let run_id = start_run(&served).await;
    let (all, _) = Socket::open(&served, &format!("{query}&run_id={run_id}")).await.rest().await;
    let caught_up = slow.until("run_completed").await;
    assert_eq!(seqs(&caught_up), seqs(&all));
    served.stop().await.finish().await;
}

#[tokio::test]
async fn watchers_see_their_run_stop_with_the_server() {
    let script =
        Script::new().agent("backend", [turn().call("run_command", json!({ "command": "sleep 600" }))]);
    let served = served(script).await;
    let mut socket = Socket::open(&served, &format!("?api_key={}", served.key)).await;
    start_run(&served).await;
    socket.until("tool_call").await;
    let (rest, world) = tokio::join!(socket.rest(), served.stop());
    let (frames, (code, _)) = rest;
    assert_eq!(frames.last().unwrap()["event"], "run_interrupted");
    assert_eq!(code, 1001);
    world.finish().await;
}
