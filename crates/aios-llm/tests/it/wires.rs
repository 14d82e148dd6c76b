//! Good replies on both wires, and the ways in which compatible servers differ.

use aios_core::{Finish, ToolCall};
use aios_protocol::TokenUsage;

use crate::ask::{CHAT, MESSAGES, Outcome, ask, model, request};
use crate::server::{Server, events};

async fn reply(name: &str, body: &str) -> Outcome {
    let server = Server::start([events(body)]).await;
    ask(&model(name, &server.url()), request()).await
}

fn call(id: &str, name: &str, arguments: &str) -> ToolCall {
    ToolCall { id: id.into(), name: name.into(), arguments: arguments.into() }
}

#[tokio::test]
async fn text_with_usage_and_price() {
    let outcome = reply(CHAT, include_str!("fixtures/chat_text.sse")).await;
    assert_eq!(outcome.text, "Grüße, 世界 👋");
    let done = outcome.done.unwrap();
    assert_eq!(done.finish, Finish::Stop);
    assert_eq!(done.usage, TokenUsage { input: 1200, cached: 1024, output: 7 });
    assert_eq!(done.model, "openai/gpt-4o");
    assert!(done.price.is_some());

    let outcome = reply(MESSAGES, include_str!("fixtures/messages_text.sse")).await;
    assert_eq!((outcome.text.as_str(), outcome.reasoning.as_str()), ("Grüße, 世界 👋", "Hm."));
    let done = outcome.done.unwrap();
    assert_eq!(done.finish, Finish::Stop);
    assert_eq!(done.usage, TokenUsage { input: 1120, cached: 1000, output: 9 });
    assert!(done.price.is_some());
}

#[tokio::test]
async fn parallel_and_interleaved_tool_calls() {
    let outcome = reply(CHAT, include_str!("fixtures/chat_tools.sse")).await;
    assert_eq!(
        outcome.calls,
        [
            call("call_a", "write_file", r#"{"path":"calc.py","content":"def add"}"#),
            call("call_b", "read_file", r#"{"path":"é.md"}"#),
        ]
    );
    assert_eq!(outcome.done.unwrap().finish, Finish::ToolCalls);

    let outcome = reply(MESSAGES, include_str!("fixtures/messages_tools.sse")).await;
    assert_eq!(outcome.text, "On it.");
    assert_eq!(
        outcome.calls,
        [
            call("toolu_a", "write_file", r#"{"path":"calc.py","content":"def add"}"#),
            call("toolu_b", "list_files", "{}"),
        ]
    );
    assert_eq!(outcome.done.unwrap().finish, Finish::ToolCalls);
}

/// Each line is the JSON of one event.
fn chat_stream(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("data: {line}\n\n")).collect()
}

#[tokio::test]
async fn compatible_servers_may_differ() {
    let check = async |what: &str, lines: &[&str], text: &str, calls: &[(&str, &str, &str)]| {
        let outcome = reply(CHAT, &chat_stream(lines)).await;
        let expect: Vec<_> = calls.iter().map(|(id, name, arguments)| call(id, name, arguments)).collect();
        assert_eq!((outcome.text.as_str(), outcome.calls), (text, expect), "{what}: {:?}", outcome.error);
    };
    check("no reason, only done", &[r#"{"choices":[{"delta":{"content":"hi"}}]}"#, "[DONE]"], "hi", &[])
        .await;
    check("no done", &[r#"{"choices":[{"delta":{"content":"hi"},"finish_reason":"stop"}]}"#], "hi", &[])
        .await;
    check(
        "null choices, other choices, empty data",
        &[
            r#"{"choices":null}"#,
            "",
            r#"{"choices":[{"index":1,"delta":{"content":"no"}}]}"#,
            r#"{"choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":"eos"}]}"#,
            "[DONE]",
        ],
        "hi",
        &[],
    )
    .await;
    check(
        "text in parts",
        &[
            r#"{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"hi"}]}}]}"#,
            "[DONE]",
        ],
        "hi",
        &[],
    )
    .await;
    check(
        "calls without index and id, arguments in one piece or as an object",
        &[
            r#"{"choices":[{"delta":{"tool_calls":[{"function":{"name":"a","arguments":"{\"x\":1}"}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"function":{"name":"b","arguments":{"y":2}}}]},"finish_reason":"stop"}]}"#,
            "[DONE]",
        ],
        "",
        &[("call_0", "a", r#"{"x":1}"#), ("call_1", "b", r#"{"y":2}"#)],
    )
    .await;
    check(
        "calls without index, cut",
        &[
            r#"{"choices":[{"delta":{"tool_calls":[{"id":"p","function":{"name":"a","arguments":"{\"x\""}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":":1}"}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"id":"q","function":{"name":"b"}}]},"finish_reason":"tool_calls"}]}"#,
        ],
        "",
        &[("p", "a", r#"{"x":1}"#), ("q", "b", "{}")],
    )
    .await;
    check(
        "all calls under index 0",
        &[
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"p","function":{"name":"a","arguments":"{}"}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"q","function":{"name":"b","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}"#,
        ],
        "",
        &[("p", "a", "{}"), ("q", "b", "{}")],
    )
    .await;
    check(
        "name and id repeated with each piece",
        &[
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"p","function":{"name":"a","arguments":"{\"x\""}}]}}]}"#,
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"p","function":{"name":"a","arguments":":1}"}}]},"finish_reason":"tool_calls"}]}"#,
        ],
        "",
        &[("p", "a", r#"{"x":1}"#)],
    )
    .await;
    check(
        "two calls with one id",
        &[
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"p","function":{"name":"a"}},{"index":1,"id":"p","function":{"name":"b"}}]},"finish_reason":"tool_calls"}]}"#,
        ],
        "",
        &[("p", "a", "{}"), ("call_0", "b", "{}")],
    )
    .await;
    check(
        "arguments that are no JSON are the gate's business",
        &[
            r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"p","function":{"name":"a","arguments":"{oops"}}]},"finish_reason":"tool_calls"}]}"#,
        ],
        "",
        &[("p", "a", "{oops")],
    )
    .await;
}

#[tokio::test]
async fn usage_is_found_where_servers_put_it() {
    let check = async |usage: &str, input, cached, output| {
        let finish =
            format!(r#"{{"choices":[{{"delta":{{"content":"x"}},"finish_reason":"stop"}}],{usage}}}"#);
        let outcome = reply(CHAT, &chat_stream(&[&finish, "[DONE]"])).await;
        assert_eq!(outcome.done.unwrap().usage, TokenUsage { input, cached, output }, "{usage}");
    };
    check(r#""usage":null"#, 0, 0, 0).await;
    check(r#""usage":{"prompt_tokens":5,"completion_tokens":2}"#, 5, 0, 2).await;
    check(r#""x_groq":{"usage":{"prompt_tokens":5,"completion_tokens":2}}"#, 5, 0, 2).await;
    check(r#""usage":{"prompt_tokens":5,"completion_tokens":2,"prompt_cache_hit_tokens":4}"#, 5, 4, 2).await;
    check(r#""usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":17}"#, 5, 0, 12).await;
    check(r#""usage":{"prompt_tokens":-5,"completion_tokens":"x","total_tokens":[]}"#, 0, 0, 0).await;
}

#[tokio::test]
async fn a_cut_turn_has_no_calls() {
    let cut = include_str!("fixtures/chat_tools.sse").replace("\"tool_calls\"}", "\"length\"}");
    let outcome = reply(CHAT, &cut).await;
    assert_eq!((outcome.calls.len(), outcome.done.unwrap().finish), (0, Finish::Length));

    let cut =
        include_str!("fixtures/messages_tools.sse").replace("\"tool_use\",\"stop", "\"max_tokens\",\"stop");
    let outcome = reply(MESSAGES, &cut).await;
    assert_eq!((outcome.calls.len(), outcome.done.unwrap().finish), (0, Finish::Length));
}

#[tokio::test]
async fn connections_are_used_again() {
    for (name, body) in [
        (CHAT, include_str!("fixtures/chat_text.sse")),
        (MESSAGES, include_str!("fixtures/messages_text.sse")),
    ] {
        let server = Server::start((0..5).map(|_| events(body))).await;
        let model = model(name, &server.url());
        for _ in 0..5 {
            assert!(ask(&model, request()).await.done.is_some());
        }
        assert!(server.seen().iter().all(|seen| seen.connection == 0), "{name}");
    }
}
