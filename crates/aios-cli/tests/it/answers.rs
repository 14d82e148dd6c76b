//! Models that answer nonsense, or not at all: the run ends in words that a person can act on, and keeps what it has.

use aios_testkit::{Script, Turn, turn};
use serde_json::json;

use crate::Aios;
use crate::live::{detail, history};
use crate::play::{ALONE, text, write};

/// A run whose model writes a file and then goes on like this for ever. The retries of several are waited for side by
/// side.
fn check(rows: &[(Turn, &str)]) {
    std::thread::scope(|scope| {
        for (then, reason) in rows {
            scope.spawn(move || check_one(then.clone(), reason));
        }
    });
}

fn check_one(then: Turn, reason: &str) {
    let aios = Aios::with_model(Script::new().agent("backend", [write("a.md")]).always(then));
    let said = aios.says(&ALONE);
    assert!(said.starts_with("exit 1\n"), "{said}");
    let card = said.split_once("✗ failed  backend: ").unwrap_or_else(|| panic!("{said}")).1;
    assert!(card.contains(reason), "{reason:?} is missing: {said}");
    assert!(card.contains("a.md") && card.contains("  hint ") && card.contains("aios logs "), "{said}");
    assert_eq!(std::fs::read_to_string(aios.work().join("a.md")).unwrap(), text("a.md"));
    assert_eq!(detail(&aios)["failure"]["code"], "model_failed", "{said}");
    history(&aios);
}

/// Replies that are none, and what is said of them.
pub(crate) fn nonsense() -> Vec<(Turn, &'static str)> {
    let page = "<!doctype html><title>Log in to the hotel's network</title>";
    vec![
        (turn().body("text/html", page), "openai/gpt-4o: the reply broke off or was not valid"),
        (turn().body("application/json", "{\"choices\": ["), "was not valid"),
        (turn().body("text/event-stream", ""), "was not valid"),
        (turn().body("text/event-stream", "data: 42\n\ndata: [DONE]\n\n"), "was not valid"),
        (turn().text("I think that").invalid_json(), "was not valid"),
        (turn().text("I think that").truncate(), "was not valid"),
        (turn().text("I think that").reset(), "was not valid"),
        (turn().status(500), "openai/gpt-4o: not available (500: scripted fault)"),
        (turn().status(429), "openai/gpt-4o: rate limit or quota reached (429: scripted fault)"),
        (turn().status(400), "openai/gpt-4o: the request was refused (400: scripted fault)"),
        (turn().status(404), "openai/gpt-4o: the request was refused (404: scripted fault)"),
    ]
}

/// Replies that lead nowhere.
pub(crate) fn dead_ends() -> Vec<(Turn, &'static str)> {
    vec![
        (turn(), "the reply broke off or was not valid (it is empty)"),
        (turn().text("  \n "), "the model answered nothing, several times in a row"),
        (turn().call("list_files", json!({})), "the model kept repeating the same tool calls"),
        (turn().call("rite_file", json!({ "path": "b.md" })), "the model kept repeating the same tool calls"),
        (turn().call("write_file", json!({ "path": 5 })), "the model kept repeating the same tool calls"),
        (turn().call_as_written("write_file", "{\"path\": "), "the model kept repeating the same tool calls"),
        (
            turn().call("write_file", json!({ "path": "../../etc/passwd", "content": "x" })),
            "the model kept repeating the same tool calls",
        ),
    ]
}

#[test]
fn replies_that_are_none() {
    check(&nonsense());
}

#[test]
fn replies_that_lead_nowhere() {
    check(&dead_ends());
}

#[test]
fn a_key_that_is_refused() {
    let aios = Aios::with_model(Script::new().always(turn().status(401)));
    let said = aios.says(&ALONE);
    assert!(said.starts_with("exit 1\n") && said.contains("the key was refused (401"), "{said}");
    assert!(said.contains("  hint ") && said.contains("OPENAI_API_KEY"), "{said}");
}

#[test]
fn nobody_is_there() {
    let aios = Aios::new();
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let address = format!("http://127.0.0.1:{port}");
    let mut command = aios.command(&ALONE);
    command.env("OPENAI_BASE_URL", format!("{address}/v1"));
    let said = aios.hear(command, b"");
    let reason = format!("openai/gpt-4o: not available (no connection to {address}: Connection refused");
    assert!(said.starts_with("exit 1\n") && said.contains(&reason), "{said}");
    assert!(said.contains("  hint    check the network"), "{said}");
}
