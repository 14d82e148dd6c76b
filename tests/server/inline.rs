//! Typing-time AI and the comparison of models over the socket: whole, piece by piece, and broken off.

use std::time::Duration;

use aios_testkit::http::{Answer, Ask};
use aios_testkit::{Script, turn};
use aios_tests::{Served, World, options};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::served;

const PATIENCE: Duration = Duration::from_secs(20);
const MODEL: &str = "openai/gpt-4o";
const EDIT: &str = "/api/v1/inline/edit";
const CHAT: &str = "/api/v1/inline/chat";
const COMPLETE: &str = "/api/v1/inline/complete";

fn hello() -> Value {
    json!({
        "code": "def hello():\n  print('hi')",
        "instruction": "Add type hints and docstring",
        "model": MODEL,
    })
}

const GREETED: &str = "def hello() -> None:\n  \"\"\"Greet the user.\"\"\"\n  print('hi')";

fn greeting() -> String {
    format!("Summary: Added return type and docstring\n\n```python\n{GREETED}\n```\n")
}

fn tax() -> Value {
    json!({ "prefix": "def calculate_tax(amount: float, ", "suffix": "):\n  return", "model": MODEL })
}

fn question() -> Value {
    json!({ "file_context": "def verify(token): ...", "message": "What does this function do?", "model": MODEL })
}

/// Asks for events; gives the answer and the events in it.
async fn ask_for_events(served: &Served, path: &str, body: Value) -> (Answer, Vec<(String, Value)>) {
    let answer = Ask::new(served.address, "POST", path)
        .header("x-api-key", &served.key)
        .header("accept", "text/event-stream")
        .json(body)
        .send()
        .await;
    let text = String::from_utf8(answer.body.clone()).unwrap();
    let events = text.split_terminator("\n\n").filter_map(|event| {
        let (name, data) = event.strip_prefix("event: ")?.split_once("\ndata: ")?;
        Some((name.to_owned(), serde_json::from_str(data).unwrap()))
    });
    let events = events.collect();
    (answer, events)
}

fn told(events: &[(String, Value)]) -> String {
    let deltas = events.iter().filter(|(name, _)| name == "delta");
    deltas.map(|(_, data)| data["text"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_documented_examples() {
    let script = Script::new().turns([
        turn().text(greeting()),
        turn().text("This function validates JWT tokens."),
        turn().text("```python\nrate: float = 0.2\n```"),
    ]);
    let served = served(script).await;
    let edited = served.json("POST", EDIT, Some(hello())).await;
    assert_eq!(edited, json!({ "edited_code": GREETED, "summary": "Added return type and docstring" }));
    let replied = served.json("POST", CHAT, Some(question())).await;
    assert_eq!(replied, json!({ "reply": "This function validates JWT tokens." }));
    let completed = served.json("POST", COMPLETE, Some(tax())).await;
    assert_eq!(completed, json!({ "completion": "rate: float = 0.2" }));
    served.stop().await.finish().await;
}

#[tokio::test]
async fn answers_come_piece_by_piece_to_whoever_asks() {
    let reply = "It validates the token's signature, then when it was issued, then for whom.";
    let script = Script::new().turns([
        turn().text(greeting()),
        turn().text(reply),
        turn().text("```python\nrate: float = 0.2):\n  return amount\n```"),
    ]);
    let served = served(script).await;
    let check = async |path: &str, body: Value, field: &str, expect: &str| {
        let (answer, events) = ask_for_events(&served, path, body).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/event-stream"));
        let (last, deltas) = events.split_last().unwrap();
        assert_eq!((last.0.as_str(), &last.1[field]), ("done", &json!(expect)), "{events:?}");
        assert_eq!(told(deltas), expect);
        deltas.len()
    };
    assert!(check(EDIT, hello(), "edited_code", GREETED).await > 1);
    assert!(check(CHAT, question(), "reply", reply).await > 1);
    check(COMPLETE, tax(), "completion", "rate: float = 0.2").await;
    // Typed along: nobody is asked.
    let mut along = tax();
    along["prefix"] = json!("def calculate_tax(amount: float, rate: fl");
    check(COMPLETE, along, "completion", "oat = 0.2").await;
    served.stop().await.finish().await;
}

#[tokio::test]
async fn what_fails_is_told_by_status_or_in_its_place() {
    let script = Script::new().turns([
        turn().status(401),
        turn().status(401),
        turn().text("I cannot edit this."),
        turn().text("A first half that comes, and a second one that never does.").reset(),
        turn().text("A first half that comes, and a second one that never does.").reset(),
    ]);
    let served = served(script).await;
    let ask = async |path: &str, body: Value| served.ask_as(&served.key, "POST", path, Some(body)).await;
    let said = ask(EDIT, hello()).await.problem(409, "not_configured");
    assert!(said.contains("the key was refused") && said.contains("/model-credentials"), "{said}");
    let (answer, events) = ask_for_events(&served, EDIT, hello()).await;
    answer.problem(409, "not_configured");
    assert_eq!(events, []);
    let said = ask(EDIT, hello()).await.problem(502, "model_failed");
    assert!(said.contains("there is no code in it"), "{said}");
    ask(CHAT, question()).await.problem(502, "model_failed");
    let (answer, events) = ask_for_events(&served, CHAT, question()).await;
    assert_eq!(answer.status, 200);
    assert!(told(&events).starts_with("A first half"), "{events:?}");
    let (name, problem) = events.last().unwrap();
    assert_eq!((name.as_str(), &problem["code"]), ("error", &json!("model_failed")), "{problem:#}");
    assert_eq!(problem["request_id"], answer.header("x-request-id"));
    served.stop().await.finish().await;
}

#[tokio::test]
async fn careless_requests() {
    let served = served(Script::new()).await;
    let check = async |path: &str, field: &str, value: Value, says: &str| {
        let mut body = if path == EDIT {
            hello()
        } else if path == CHAT {
            question()
        } else {
            tax()
        };
        body[field] = value;
        let answer = served.ask_as(&served.key, "POST", path, Some(body.clone())).await;
        let said = answer.problem(422, "invalid_request");
        assert!(said.contains(says), "{path} {field}: {said}");
        let (answer, _) = ask_for_events(&served, path, body).await;
        assert_eq!(answer.problem(422, "invalid_request"), said);
    };
    check(EDIT, "instruction", json!(" \n"), "the instruction is empty").await;
    check(EDIT, "instruction", json!("x".repeat(8_001)), "at most 8000").await;
    check(EDIT, "code", json!("x".repeat(60_001)), "at most 60000").await;
    check(EDIT, "code", json!(7), "code: invalid type").await;
    check(EDIT, "path", json!("a\nb"), "line breaks").await;
    check(EDIT, "model", json!("opnai/gpt-4o"), "did you mean openai/gpt-4o").await;
    check(EDIT, "model", json!("local/nothing"), "there is no embedded model").await;
    check(CHAT, "message", json!(""), "the message is empty").await;
    check(CHAT, "file_context", json!("x".repeat(500_001)), "at most 500000").await;
    check(CHAT, "history", json!([{ "message": "x".repeat(500_001), "reply": "" }]), "the history has").await;
    check(COMPLETE, "prefix", json!("ä".repeat(500_001)), "at most 500000").await;
    check(COMPLETE, "suffix", json!([]), "suffix: invalid type").await;
    let nothing = json!({ "model": MODEL });
    assert_eq!(served.json("POST", COMPLETE, Some(nothing)).await, json!({ "completion": "" }));
    served.stop().await.finish().await;
}

/// A provider that begins to answer and never ends. Tells when it is asked, and when its client is gone.
async fn endless_provider() -> (String, oneshot::Receiver<()>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/v1", listener.local_addr().unwrap());
    let (ask, asked) = oneshot::channel();
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        ask.send(()).unwrap();
        let chunk = json!({ "choices": [{ "index": 0, "delta": { "content": "So far so good. " } }] });
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
        stream.write_all(format!("{head}data: {chunk}\n\n").as_bytes()).await.unwrap();
        let mut bytes = [0; 4096];
        // The request, and then the end of the connection.
        while !matches!(stream.read(&mut bytes).await, Ok(0) | Err(_)) {}
    });
    (address, asked, task)
}

#[tokio::test]
async fn a_client_that_leaves_stops_the_model() {
    for accept in ["application/json", "text/event-stream"] {
        let (address, asked, gone) = endless_provider().await;
        let world = World::new(env!("CARGO_BIN_EXE_aios-test-child"), Script::new())
            .with_env("OPENAI_BASE_URL", &address);
        let served = Served::over(world, options()).await;
        let ask = Ask::new(served.address, "POST", CHAT)
            .header("x-api-key", &served.key)
            .header("accept", accept)
            .json(question());
        let mut client = TcpStream::connect(served.address).await.unwrap();
        client.write_all(&ask.bytes()).await.unwrap();
        asked.await.unwrap();
        if accept == "text/event-stream" {
            let (mut seen, mut bytes) = (String::new(), [0; 1024]);
            while !seen.contains("So far so good.") {
                let count = client.read(&mut bytes).await.unwrap();
                assert!(count > 0, "{seen}");
                seen.push_str(&String::from_utf8_lossy(&bytes[..count]));
            }
        }
        drop(client);
        tokio::time::timeout(PATIENCE, gone).await.expect(accept).unwrap();
        // What was sent is counted.
        while served.json("GET", "/api/v1/billing/usage", None).await["tokens"]["input"] == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        served.stop().await.finish().await;
    }
}

#[tokio::test]
async fn models_side_by_side() {
    let served = served(Script::new()).await;
    let compare = async |body: Value| served.json("POST", "/api/v1/models/compare", Some(body)).await;
    let names = json!(["openai/gpt-5", "local/qwen2.5-coder-0.5b", "openai/gpt-5-nano", "openai/gpt-5"]);
    let body = json!({ "models": names, "input_tokens": 2_000_000, "output_tokens": 1_000_000 });
    let compared = compare(body).await;
    let found: Vec<(&str, f64)> = compared["models"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| (model["model"].as_str().unwrap(), model["cost_usd"].as_f64().unwrap()))
        .collect();
    assert_eq!(
        found,
        [("local/qwen2.5-coder-0.5b", 0.0), ("openai/gpt-5-nano", 0.5), ("openai/gpt-5", 12.5)]
    );
    assert_eq!(compared["models"][1]["tokens_per_second"], Value::Null, "nothing ran yet");
    let all = compare(json!({})).await;
    let models = all["models"].as_array().unwrap();
    assert!(
        models.len() > 5
            && models.iter().all(|model| model["model"].as_str().unwrap().starts_with("openai/"))
    );
    assert_eq!((&all["input_tokens"], &all["output_tokens"]), (&json!(10_000), &json!(2_000)));
    let wrong = json!({ "models": ["openai/gpt-55"] });
    let answer = served.ask_as(&served.key, "POST", "/api/v1/models/compare", Some(wrong)).await;
    assert!(answer.problem(422, "invalid_request").contains("did you mean"));
    served.stop().await.finish().await;
}
