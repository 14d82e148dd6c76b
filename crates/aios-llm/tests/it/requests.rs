//! What is sent, as a strict server sees it.

use std::sync::Arc;

use aios_core::{Message, ModelRequest, ToolCall};
use serde_json::{Value, json};

use crate::ask::{CHAT, KEY, MESSAGES, ask, model, request};
use crate::server::{Seen, Server, events};

async fn sent(name: &str, request: ModelRequest) -> Seen {
    let body = match name.split('/').next() {
        Some("anthropic") => include_str!("fixtures/messages_text.sse"),
        _ => include_str!("fixtures/chat_text.sse"),
    };
    let server = Server::start([events(body)]).await;
    let outcome = ask(&model(name, &server.url()), request).await;
    assert_eq!(outcome.error, None, "{name}");
    server.seen().remove(0)
}

/// Two calls with their answers, and more talk.
fn conversation() -> ModelRequest {
    let call = |id: &str, arguments: &str| ToolCall {
        id: id.into(),
        name: "write_file".into(),
        arguments: arguments.into(),
    };
    let answer = |id: &str, content: &str| Message::Tool {
        call_id: id.into(),
        name: "write_file".into(),
        content: content.into(),
    };
    ModelRequest {
        messages: vec![
            Message::system("Be brief."),
            Message::user("Write calc.py."),
            Message::Assistant {
                text: "".into(),
                tool_calls: [call("call_0", r#"{"path":"a"}"#), call("functions.write_file:1", "oops")]
                    .into(),
            },
            answer("call_0", "written"),
            answer("functions.write_file:1", ""),
            Message::user(""),
            Message::assistant("Done."),
            Message::user("Thanks. Now tests."),
        ]
        .into(),
        max_tokens: Some(100),
        temperature: Some(0.5),
        seed: Some(7),
        stop: vec!["END".into()],
        ..request()
    }
}

#[tokio::test]
async fn chat_completions_in_each_dialect() {
    let seen = sent(CHAT, conversation()).await;
    assert_eq!(seen.headers["authorization"], format!("Bearer {KEY}"));
    let body = &seen.body;
    assert_eq!(body["max_completion_tokens"], 100);
    assert_eq!(body["max_tokens"], Value::Null);
    assert_eq!(
        (&body["temperature"], &body["seed"], &body["stop"]),
        (&json!(0.5), &json!(7), &json!(["END"]))
    );
    assert_eq!(body["stream_options"], json!({"include_usage": true}));
    assert_eq!(
        body["tools"][0],
        json!({"type": "function", "function": {"name": "write_file", "description": "Writes a file.",
            "parameters": {"type": "object", "properties": {"path": {"type": "string"}}}}})
    );
    assert_eq!(body["messages"][2]["content"], Value::Null);
    assert_eq!(body["messages"][2]["tool_calls"][0]["id"], "call_0");
    assert_eq!(
        body["messages"][2]["tool_calls"][1]["id"], body["messages"][4]["tool_call_id"],
        "an id that had to be fitted is the same in its answer"
    );

    let body = sent("openai/gpt-5-mini", conversation()).await.body;
    assert_eq!((&body["temperature"], &body["stop"]), (&Value::Null, &Value::Null));

    let body = sent("groq/llama-3.3-70b-versatile", conversation()).await.body;
    assert_eq!((&body["max_tokens"], &body["seed"]), (&json!(100), &json!(7)));

    let body = sent("mistral/codestral-latest", conversation()).await.body;
    assert_eq!((&body["random_seed"], &body["stream_options"]), (&json!(7), &Value::Null));
    assert_eq!(body["messages"][3]["tool_call_id"].as_str().unwrap().len(), 9);
}

#[tokio::test]
async fn messages_with_cache_marks() {
    let seen = sent(MESSAGES, conversation()).await;
    assert_eq!((seen.headers["x-api-key"].as_str(), seen.headers.get("authorization")), (KEY, None));
    let body = seen.body;
    let mark = json!({"type": "ephemeral"});
    assert_eq!(body["system"], json!([{"type": "text", "text": "Be brief.", "cache_control": mark}]));
    assert_eq!(body["tools"][0]["cache_control"], mark);
    assert_eq!(body["max_tokens"], 100);
    assert_eq!(body["stop_sequences"], json!(["END"]));
    assert_eq!(
        body["messages"],
        json!([
            {"role": "user", "content": [{"type": "text", "text": "Write calc.py."}]},
            {"role": "assistant", "content": [
                {"type": "tool_use", "id": "call_0", "name": "write_file", "input": {"path": "a"}},
                {"type": "tool_use", "id": body["messages"][1]["content"][1]["id"], "name": "write_file",
                    "input": {"not_an_object": "oops"}},
            ]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "call_0", "content": "written"},
                {"type": "tool_result", "tool_use_id": body["messages"][1]["content"][1]["id"], "content": "",
                    "cache_control": mark},
            ]},
            {"role": "assistant", "content": [{"type": "text", "text": "Done."}]},
            {"role": "user", "content": [{"type": "text", "text": "Thanks. Now tests.", "cache_control": mark}]},
        ])
    );
    let plain = ModelRequest { tools: Arc::new([]), ..request() };
    let body = sent(MESSAGES, plain).await.body;
    assert_eq!((&body["tools"], &body["max_tokens"]), (&Value::Null, &json!(64_000)));
}
