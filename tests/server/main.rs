//! Whole runs through the API: real server, sockets, store, files and sandbox, with scripted models.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "tests look at files and may fail"
)]

mod documented;
mod download;
mod folders;
mod inline;
mod matrix;
mod payments;
mod resume;
mod sockets;
mod window;

use aios_protocol::RunStart;
use aios_testkit::{Script, Turn, turn};
use aios_tests::{Served, World, objective, options};
use serde_json::{Value, json};

/// Writes one file.
fn write(path: &str, content: &str) -> Turn {
    turn().call("write_file", json!({ "path": path, "content": content }))
}

fn done() -> Turn {
    turn().text("Done.")
}

fn asks() -> Turn {
    turn().call("ask_human", json!({ "question": "Which database?" }))
}

fn backend() -> RunStart {
    RunStart { tasks: vec!["backend".into()], ..objective("a calculator", "fullstack") }
}

async fn served(script: Script) -> Served {
    Served::over(World::new(env!("CARGO_BIN_EXE_aios-test-child"), script), options()).await
}

/// Starts a run of one agent; answers its id.
async fn start_run(served: &Served) -> String {
    let body = json!({ "objective": "a calculator", "tasks": ["backend"], "model": "openai/gpt-4o" });
    let started = served.json("POST", "/api/v1/runs", Some(body)).await;
    started["run_id"].as_str().unwrap().to_owned()
}

async fn post(served: &Served, key: &str, path: &str, body: Value) -> Value {
    let answer = served.ask_as(key, "POST", path, Some(body)).await;
    assert!(answer.status < 300, "{path}: {:#}", answer.json());
    answer.json()
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("{field}: {value:#}")).to_owned()
}

/// Registers an organisation; gives its owner's key.
async fn register(served: &Served, organisation: &str) -> String {
    let body = json!({
        "email": format!("owner@{organisation}.example"),
        "password": "correct horse",
        "organization_name": organisation,
    });
    text(&post(served, "", "/api/v1/auth/register", body).await, "api_key")
}
