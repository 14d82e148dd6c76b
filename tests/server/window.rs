//! A window: commands by name, and streams over one connection.

use std::time::Duration;

use aios_testkit::Script;
use aios_testkit::http::Ask;
use aios_tests::Served;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::{done, served, start_run, text, write};

const PATIENCE: Duration = Duration::from_secs(60);

/// A window's connection.
pub(crate) struct Window(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Window {
    pub(crate) async fn open(served: &Served) -> Self {
        let mut request = format!("ws://{}/rpc/streams", served.address).into_client_request().unwrap();
        request.headers_mut().insert("x-api-key", served.key.parse().unwrap());
        Self(connect_async(request).await.unwrap().0)
    }

    pub(crate) async fn say(&mut self, said: Value) {
        self.0.send(Message::text(said.to_string())).await.unwrap();
    }

    /// The next message; nothing when none comes for this long.
    pub(crate) async fn next_within(&mut self, patience: Duration) -> Option<Value> {
        loop {
            let message = tokio::time::timeout(patience, self.0.next()).await.ok()?;
            match message.expect("the connection is open").unwrap() {
                Message::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
                Message::Close(frame) => panic!("closed: {frame:?}"),
                _ => {}
            }
        }
    }

    pub(crate) async fn next(&mut self) -> Value {
        self.next_within(PATIENCE).await.expect("nothing came in a minute")
    }

    /// The items of a stream up to its end, taken as they come, and the end.
    pub(crate) async fn rest(&mut self, id: u64) -> (Vec<Value>, Value) {
        let mut all = Vec::new();
        loop {
            let message = self.next().await;
            assert_eq!(message["id"], id, "{message}");
            if let Some(end) = message.get("end") {
                return (all, end.clone());
            }
            let items = message["items"].as_array().unwrap();
            self.say(json!({ "ack": id, "items": items.len() })).await;
            all.extend(items.iter().cloned());
        }
    }
}

#[tokio::test]
async fn commands_are_asked_by_name() {
    let served = served(Script::new()).await;
    let made = served.json("POST", "/rpc/project_create", Some(json!({ "name": "My blog" }))).await;
    assert_eq!(made["name"], "My blog");
    let listed = served.json("POST", "/rpc/project_list", None).await;
    assert_eq!(listed["projects"][0]["project_id"], made["project_id"]);
    let check = async |key: &str, command: &str, body: Value, status: u16, code: &str| {
        let answer = served.ask_as(key, "POST", &format!("/rpc/{command}"), Some(body)).await;
        let problem = answer.json();
        assert_eq!((answer.status, problem["code"].as_str()), (status, Some(code)), "{command}: {problem:#}");
    };
    check(&served.key, "no_such_command", json!({}), 404, "not_found").await;
    check(&served.key, "project_show", json!({}), 422, "invalid_request").await;
    check(&served.key, "project_show", json!([1]), 422, "invalid_request").await;
    check("", "project_list", json!({}), 401, "unauthenticated").await;
    check("sk_wrong", "project_list", json!({}), 401, "unauthenticated").await;
    check(&served.key, "%ff", json!({}), 400, "invalid_request").await;

    // As at any other place, what is sent again is not done again.
    let create = async |key: &str| {
        let ask = Ask::new(served.address, "POST", "/rpc/policy_create").header("x-api-key", &served.key);
        let answer = ask.header("idempotency-key", key).json(json!({ "policy": {} })).send().await;
        text(&answer.json(), "policy_id")
    };
    assert_eq!(create("one").await, create("one").await);
    assert_ne!(create("one").await, create("two").await);
    served.stop().await.finish().await;
}

#[tokio::test]
async fn streams_share_one_connection() {
    let served = served(Script::new().agent("backend", [write("notes.md", "# Notes\n"), done()])).await;
    let mut window = Window::open(&served).await;
    window.say(json!({ "open": 1, "stream": "run_watch", "request": {} })).await;
    window.say(json!({ "open": 2, "stream": "no_such_stream", "request": {} })).await;
    assert_eq!(window.next().await["end"]["code"], "not_found");
    let run_id = start_run(&served).await;
    let mut events = Vec::new();
    while events.last() != Some(&json!("run_completed")) {
        let message = window.next().await;
        let items = message["items"].as_array().unwrap();
        window.say(json!({ "ack": 1, "items": items.len() })).await;
        events.extend(items.iter().map(|item| item["event"].clone()));
    }
    assert_eq!(events[0], "run_started");
    window.say(json!({ "close": 1 })).await;
    assert_eq!(window.next().await, json!({ "id": 1, "end": null }));
    let request = json!({ "run_id": run_id, "after": 1 });
    window.say(json!({ "open": 3, "stream": "run_watch", "request": request })).await;
    let (replayed, end) = window.rest(3).await;
    assert_eq!((replayed[0]["seq"].as_u64(), end), (Some(2), Value::Null));
    window.say(json!({ "open": 4, "stream": "run_watch", "request": { "run_id": 7 } })).await;
    assert_eq!(window.rest(4).await.1["code"], "invalid_request");
    served.stop().await.finish().await;
}
