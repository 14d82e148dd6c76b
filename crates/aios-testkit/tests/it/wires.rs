//! What a well-behaved client hears.

use aios_testkit::{ModelServer, Script, turn};
use serde_json::{Value, json};

use crate::client::{Client, End};

fn script() -> Script {
    Script::new().turns([turn()
        .text("I shall write the file, größer als 24 Bytes.")
        .call("write_file", json!({"path": "main.py", "content": "print('hello, world')\n"}))
        .call("list_files", json!({}))
        .usage(120, 100, 30)])
}

fn joined<'a>(values: impl Iterator<Item = &'a Value>) -> String {
    values.filter_map(Value::as_str).collect()
}

#[test]
fn a_streamed_chat_completion() {
    let server = ModelServer::start(script());
    let heard = Client::of(&server)
        .chat(&json!({"model": "m", "stream": true, "stream_options": {"include_usage": true},
            "messages": [{"role": "user", "content": "go"}]}));
    assert_eq!((heard.status, &heard.end), (200, &End::Whole));
    assert!(heard.head.contains("text/event-stream"), "{}", heard.head);
    assert!(heard.body.ends_with("data: [DONE]\n\n"));
    let events = heard.events();
    let deltas: Vec<&Value> = events.iter().map(|event| &event["choices"][0]["delta"]).collect();
    let text = joined(deltas.iter().map(|delta| &delta["content"]));
    assert_eq!(text, "I shall write the file, größer als 24 Bytes.");
    let calls: Vec<&Value> =
        deltas.iter().map(|delta| &delta["tool_calls"][0]).filter(|call| !call.is_null()).collect();
    let starts: Vec<&Value> = calls.iter().map(|call| &call["id"]).filter(|id| !id.is_null()).collect();
    assert_eq!(starts, ["call_1", "call_2"]);
    let first =
        joined(calls.iter().filter(|call| call["index"] == 0).map(|call| &call["function"]["arguments"]));
    assert_eq!(
        serde_json::from_str::<Value>(&first).unwrap(),
        json!({"path": "main.py", "content": "print('hello, world')\n"})
    );
    assert!(events.iter().any(|event| event["choices"][0]["finish_reason"] == "tool_calls"));
    let usage = &events.last().unwrap()["usage"];
    assert_eq!((&usage["prompt_tokens"], &usage["completion_tokens"]), (&json!(120), &json!(30)));
    assert_eq!(usage["prompt_tokens_details"]["cached_tokens"], 100);
    server.finish();
}

#[test]
fn a_chat_completion_in_one_piece() {
    let server = ModelServer::start(script());
    let heard =
        Client::of(&server).chat(&json!({"model": "m", "messages": [{"role": "user", "content": "go"}]}));
    assert_eq!((heard.status, &heard.end), (200, &End::Whole));
    let reply: Value = serde_json::from_str(&heard.body).unwrap();
    assert_eq!(reply["choices"][0]["message"]["tool_calls"][1]["function"]["name"], "list_files");
    assert_eq!(reply["choices"][0]["finish_reason"], "tool_calls");
    server.finish();
}

#[test]
fn a_streamed_message() {
    let server = ModelServer::start(script());
    let ask = json!({"model": "m", "max_tokens": 100, "stream": true, "messages": [{"role": "user", "content": "go"}]});
    let heard = Client::of(&server).messages(&ask);
    assert_eq!((heard.status, &heard.end), (200, &End::Whole));
    let events = heard.events();
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    let named: Vec<&str> = heard.body.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    assert_eq!(kinds, named);
    assert_eq!((kinds[0], kinds[kinds.len() - 1]), ("message_start", "message_stop"));
    assert_eq!(
        joined(events.iter().map(|event| &event["delta"]["text"])),
        "I shall write the file, größer als 24 Bytes."
    );
    let of_second =
        events.iter().filter(|event| event["index"] == 1).map(|event| &event["delta"]["partial_json"]);
    assert!(joined(of_second).starts_with("{\"path\":\"main.py\""));
    let end = events.iter().find(|event| event["type"] == "message_delta").unwrap();
    assert_eq!(
        (&end["delta"]["stop_reason"], &end["usage"]["output_tokens"]),
        (&json!("tool_use"), &json!(30))
    );
    let usage = &events[0]["message"]["usage"];
    assert_eq!((&usage["input_tokens"], &usage["cache_read_input_tokens"]), (&json!(20), &json!(100)));
    server.finish();
}

#[test]
fn a_message_in_one_piece() {
    let server = ModelServer::start(script());
    let ask = json!({"model": "m", "max_tokens": 100, "messages": [{"role": "user", "content": "go"}]});
    let reply: Value = serde_json::from_str(&Client::of(&server).messages(&ask).body).unwrap();
    assert_eq!(reply["content"][1]["input"]["path"], "main.py");
    assert_eq!(reply["stop_reason"], "tool_use");
    server.finish();
}

#[test]
fn the_list_of_models() {
    let server = ModelServer::start(Script::new());
    let models: Value = serde_json::from_str(&Client::of(&server).get("/v1/models").body).unwrap();
    assert_eq!(models["data"][0]["id"], "scripted");
    server.finish();
}

#[test]
fn each_agent_hears_its_own_turns() {
    let server = ModelServer::start(
        Script::new()
            .agent("backend", [turn().text("first"), turn().text("second")])
            .agent("qa", [turn().text("checked")])
            .turns([turn().text("for anybody")]),
    );
    let ask = |agent: &str| {
        let system = format!("You are the {agent} agent of a team.");
        let heard = Client::of(&server).chat(&json!({"model": "m", "messages": [{"role": "system", "content": system}, {"role": "user", "content": "go"}]}),
        );
        let reply: Value = serde_json::from_str(&heard.body).unwrap();
        reply["choices"][0]["message"]["content"].as_str().unwrap().to_owned()
    };
    assert_eq!(
        ["QA", "backend", "planner", "backend"].map(ask),
        ["checked", "first", "for anybody", "second"]
    );
    let agents: Vec<Option<String>> = server.requests().into_iter().map(|request| request.agent).collect();
    assert_eq!(agents, ["qa", "backend", "planner", "backend"].map(|agent| Some(agent.to_owned())));
    assert!(server.requests()[0].prompt().contains("of a team"));
    server.finish();
}
