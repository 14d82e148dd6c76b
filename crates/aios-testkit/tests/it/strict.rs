//! What a careless client hears, and what its test fails with.

use aios_testkit::{ModelServer, Script, turn};
use serde_json::{Value, json};

use crate::client::Client;

/// What something panics with; empty when it does not.
pub(crate) fn panic_of(doing: impl FnOnce()) -> String {
    let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(doing)).err();
    panic.map(|panic| *panic.downcast::<String>().unwrap()).unwrap_or_default()
}

/// What the server complains about, without the request's number; empty when it is content.
fn complaint(ask: impl FnOnce(&ModelServer) -> u16) -> String {
    let server = ModelServer::start(Script::new().secret("canary-1234").always(turn().text("fine")));
    let status = ask(&server);
    let verdict = panic_of(|| drop(server));
    assert_eq!(status != 200, !verdict.is_empty(), "{status}: {verdict}");
    let lines = verdict.lines().skip(1).map(|line| line.split_once("): ").unwrap().1);
    lines.collect::<Vec<_>>().join("; ")
}

fn chat_with(edit: impl FnOnce(&mut Value)) -> String {
    let mut body = json!({"model": "m", "messages": [{"role": "user", "content": "go"}]});
    edit(&mut body);
    complaint(|server| Client::of(server).chat(&body).status)
}

fn message_with(edit: impl FnOnce(&mut Value)) -> String {
    let mut body = json!({"model": "m", "max_tokens": 10, "messages": [{"role": "user", "content": "go"}]});
    edit(&mut body);
    complaint(|server| Client::of(server).messages(&body).status)
}

fn tool(name: &str) -> Value {
    let schema = json!({"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]});
    json!({"type": "function", "function": {"name": name, "description": "Reads.", "parameters": schema}})
}

#[test]
fn legal_chats_pass() {
    assert_eq!(chat_with(|_| {}), "");
    assert_eq!(chat_with(|body| body["tools"] = json!([tool("read_file")])), "");
    let call =
        json!({"id": "c1", "type": "function", "function": {"name": "read_file", "arguments": "{not json"}});
    let turns = json!([{"role": "system", "content": "s"}, {"role": "user", "content": "go"},
        {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "not JSON"}]);
    assert_eq!(chat_with(|body| body["messages"] = turns), "");
}

#[test]
fn illegal_chats_do_not() {
    let check = |field: &str, value: Value, expect: &str| {
        assert_eq!(chat_with(|body| body[field] = value), expect);
    };
    check("modle", json!("m"), "request has the unknown field \"modle\"");
    check("temperature", json!("0"), "request.temperature is \"0\", not a number");
    check("stream_options", json!({}), "stream_options without stream");
    check("tools", json!([]), "tools is an empty list");
    check("tools", json!([tool("a"), tool("a")]), "the tool \"a\" is offered twice");
    check("messages", json!([]), "nobody said anything");
    check(
        "messages",
        json!([{"role": "robot", "content": "x"}]),
        "messages[0] has the role \"robot\"; nobody said anything",
    );
    check(
        "messages",
        json!([{"role": "user", "content": "x", "tool": 1}]),
        "messages[0] has the unknown field \"tool\"",
    );
    check(
        "messages",
        json!([{"role": "user", "content": "x"}, {"role": "tool", "tool_call_id": "c9", "content": "y"}]),
        "message 1 answers \"c9\", which the turn before did not call",
    );
    check(
        "messages",
        json!([{"role": "user", "content": "my key is canary-1234"}]),
        "the secret \"canary-1234\" is in a prompt",
    );
}

#[test]
fn legal_messages_pass() {
    assert_eq!(message_with(|_| {}), "");
    let tools = json!([{"name": "t", "description": "d", "input_schema": {"type": "object"},
        "cache_control": {"type": "ephemeral"}}]);
    let turns = json!([{"role": "user", "content": "go"},
        {"role": "assistant", "content": [{"type": "text", "text": "now"}, {"type": "tool_use", "id": "a", "name": "t", "input": {}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "a", "content": "done"}, {"type": "text", "text": "go on"}]}]);
    assert_eq!(
        message_with(|body| {
            body["tools"] = tools;
            body["messages"] = turns;
        }),
        ""
    );
}

#[test]
fn illegal_messages_do_not() {
    let check = |field: &str, value: Value, expect: &str| {
        assert_eq!(message_with(|body| body[field] = value), expect);
    };
    check("max_tokens", json!(0), "max_tokens is 0");
    check("stop", json!(["x"]), "request has the unknown field \"stop\"");
    check(
        "messages",
        json!([{"role": "system", "content": "s"}]),
        "messages[0] has the role \"system\"; nobody said anything",
    );
    let mark = json!({"type": "ephemeral"});
    let block = json!({"type": "text", "text": "s", "cache_control": mark});
    check(
        "system",
        json!([block, block, block, block, block]),
        "5 places are marked for the cache, 4 are allowed",
    );
    check("system", json!([{"type": "text", "text": ""}]), "system.content[0] is a text block without text");
    let call =
        json!({"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "t", "input": {}}]});
    let result = json!({"type": "tool_result", "tool_use_id": "a", "content": "y"});
    check(
        "messages",
        json!([{"role": "user", "content": "x"}, call, {"role": "user", "content": [result]}]),
        "the conversation has tool calls, and no tools are offered",
    );
}

#[test]
fn head_and_body_are_checked_too() {
    let raw = |headers: &str, body: &str| {
        complaint(|server| Client::of(server).post("/v1/chat/completions", headers, body).status)
    };
    let key = format!("authorization: Bearer {}\r\n", ModelServer::KEY);
    assert_eq!(raw("", "{}").split(';').next(), Some("the header authorization is missing"));
    assert_eq!(
        raw("authorization: Bearer sk-other\r\n", "{}").split(';').next(),
        Some("the header authorization is wrong")
    );
    assert_eq!(
        raw(&key, "{\"model\""),
        "the body is not JSON: EOF while parsing an object at line 1 column 8"
    );
    let elsewhere = complaint(|server| Client::of(server).post("/v1/completions", &key, "{}").status);
    assert_eq!(elsewhere.split(';').next(), Some("POST /v1/completions is not an endpoint"));
    let leaked = chat_with(|body| body["messages"][0]["content"] = ModelServer::KEY.into());
    assert_eq!(leaked, format!("the secret {:?} is in a prompt", ModelServer::KEY));
}

#[test]
fn a_script_must_be_asked_exactly() {
    let server = ModelServer::start(Script::new().agent("backend", [turn().text("never")]));
    let panic = panic_of(|| server.finish());
    assert!(panic.ends_with("1 replies for backend were not asked for"));
    let server = ModelServer::start(Script::new());
    let heard =
        Client::of(&server).chat(&json!({"model": "m", "messages": [{"role": "user", "content": "go"}]}));
    assert_eq!(heard.status, 400);
    let panic = panic_of(|| server.finish());
    assert!(panic.ends_with("request 1 (no agent): the script has no reply left for it"));
}
