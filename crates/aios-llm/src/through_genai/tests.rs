//! OpenAI's responses, which no address given by a user leads to; Google's wire is tested from outside.

use aios_core::ModelStyle;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;

const REPLY: &str = r#"data: {"type":"response.created","response":{"id":"r"}}

data: {"type":"response.output_item.added","output_index":0,"item":{"type":"function_call","call_id":"c","name":"write_file","arguments":""}}

data: {"type":"response.function_call_arguments.delta","output_index":0,"delta":"{\"path\":"}

data: {"type":"response.function_call_arguments.delta","output_index":0,"delta":"\"a\"}"}

data: {"type":"response.output_text.delta","output_index":1,"delta":"hi"}

data: {"type":"response.completed","response":{"id":"r","model":"gpt-5-codex","status":"completed","output":[],"usage":{"input_tokens":5,"input_tokens_details":{"cached_tokens":4},"output_tokens":3,"output_tokens_details":{"reasoning_tokens":0},"total_tokens":8}}}

"#;

/// Sends one request, answered by `body`; what was sent, the events, and the turn or the fault.
async fn exchange(body: &str) -> (String, Vec<ModelEvent>, Result<crate::turn::Finished, Fault>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base: Url = format!("http://{}/v1", listener.local_addr().unwrap()).parse().unwrap();
    let reply = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 64 << 10];
        let length = stream.read(&mut request).await.unwrap();
        stream.write_all(reply.as_bytes()).await.unwrap();
        String::from_utf8(request[..length].to_vec()).unwrap()
    });
    let model = ModelInfo {
        provider: "openai".to_owned(),
        name: "gpt-5-codex".to_owned(),
        context: 400_000,
        max_output: 128_000,
        price: None,
        style: ModelStyle::Tools,
        infill: false,
    };
    let request =
        ModelRequest { messages: vec![Message::user("Write a.")].into(), ..ModelRequest::default() };
    let target = Target::new(Adapter::Responses, &base, Some(&Secret::new("k".to_owned())));
    let mut reply = target.open(&request, &model, &Http::default()).await.unwrap();
    let mut events = Vec::new();
    let end = loop {
        match reply.next(&mut events).await {
            Ok(true) => break reply.finish().finish(&request),
            Ok(false) => {}
            Err(fault) => break Err(fault),
        }
    };
    (server.await.unwrap(), events, end)
}

#[tokio::test]
async fn a_good_reply() {
    let (request, events, end) = exchange(REPLY).await;
    assert!(request.starts_with("POST /v1/responses HTTP/1.1"), "{request}");
    assert!(request.contains(r#""model":"gpt-5-codex""#), "{request}");
    assert_eq!(events, [ModelEvent::Text("hi".to_owned())]);
    let end = end.unwrap();
    assert_eq!(
        (end.calls[0].name.as_str(), end.calls[0].arguments.as_str()),
        ("write_file", r#"{"path":"a"}"#)
    );
    assert_eq!((end.finish, end.usage.input, end.usage.cached), (Finish::ToolCalls, 5, 4));
}

#[tokio::test]
async fn a_reply_that_broke_off() {
    let (_, _, end) = exchange(&REPLY[..REPLY.find("data: {\"type\":\"response.completed").unwrap()]).await;
    assert!(matches!(end, Err(Fault::BadReply(_))), "{end:?}");
    let (_, _, end) =
        exchange("data: {\"type\":\"error\",\"message\":\"overloaded\",\"code\":\"server_error\"}\n\n").await;
    assert!(matches!(end, Err(Fault::Unavailable(_))), "{end:?}");
}
