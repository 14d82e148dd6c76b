//! Google's wire, which goes through genai, keeps the same promises.

use aios_core::{Finish, ToolCall};
use aios_protocol::TokenUsage;

use crate::ask::{Outcome, SHORT, ask, kind, model_with, request};
use crate::server::{Act, Answer, begun, chunk, events, head, status};

const TEXT: &str = concat!(
    r#"data: {"candidates":[{"content":{"parts":[{"text":"Grüße, "}],"role":"model"},"index":0}],"usageMetadata":{"promptTokenCount":5}}"#,
    "\r\n\r\n",
    r#"data: {"candidates":[{"content":{"parts":[{"text":"世界"}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":5,"cachedContentTokenCount":4,"candidatesTokenCount":3,"totalTokenCount":8}}"#,
    "\r\n\r\n",
);
const CALL: &str = concat!(
    r#"data: {"candidates":[{"content":{"parts":[{"functionCall":{"name":"write_file","args":{"path":"a"}},"thoughtSignature":"c2ln"}],"role":"model"},"index":0}]}"#,
    "\r\n\r\n",
    r#"data: {"candidates":[{"content":{"parts":[{"text":""}],"role":"model"},"finishReason":"STOP","index":0}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":3}}"#,
    "\r\n\r\n",
);

/// The strict server knows our own wires only; this one answers whatever comes.
async fn outcome(answer: Answer) -> Outcome {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1beta/", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = vec![0; 64 << 10];
        let length = stream.read(&mut request).await.unwrap();
        let path = b"POST /v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse ";
        assert!(request[..length].starts_with(path));
        for act in answer {
            match act {
                Act::Send(bytes) => {
                    let _ = stream.write_all(&bytes).await;
                }
                Act::Hang => {
                    let _ = stream.read(&mut request).await;
                }
                _ => return,
            }
        }
    });
    let outcome = ask(&model_with("gemini/gemini-2.5-flash", &url, SHORT), request()).await;
    server.await.unwrap();
    outcome
}

#[tokio::test]
async fn good_replies() {
    let text = outcome(events(TEXT)).await;
    assert_eq!(text.text, "Grüße, 世界", "{:?}", text.error);
    let done = text.done.unwrap();
    assert_eq!((done.finish, done.usage), (Finish::Stop, TokenUsage { input: 5, cached: 4, output: 3 }));

    let call = outcome(events(CALL)).await;
    let [ToolCall { name, arguments, id }] = call.calls.as_slice() else { panic!("{call:?}") };
    assert_eq!((name.as_str(), arguments.as_str()), ("write_file", r#"{"path":"a"}"#));
    assert!(!id.is_empty());
    assert_eq!(call.done.unwrap().finish, Finish::ToolCalls);
}

#[tokio::test]
async fn faults_have_the_same_outcomes_as_on_our_own_wires() {
    let check = async |what: &str, answer: Answer, expect: &str| {
        let outcome = outcome(answer).await;
        assert_eq!(kind(&outcome.error), expect, "{what}: {:?}", outcome.error);
    };
    check("wrong key", status(400, "", r#"{"error":{"message":"API key not valid."}}"#), "unauthorised")
        .await;
    check("quota", status(429, "retry-after: 3\r\n", "{}"), "rate limited").await;
    check("broken", status(503, "", "x"), "unavailable").await;
    check("cut after a call", events(&CALL[..CALL.find("\r\n\r\n").unwrap() + 4]), "bad reply").await;
    check("cut in a text", events(&TEXT[..40]), "bad reply").await;
    check("empty", events(""), "bad reply").await;
    check("closed", begun(TEXT, Act::Close), "none").await;
    check("closed in the middle", begun(&TEXT[..200], Act::Close), "bad reply").await;
    check("silence", vec![Act::Hang], "timed out").await;
    check("silence in the middle", begun(&TEXT[..200], Act::Hang), "timed out").await;
    let much = "x".repeat(1 << 20);
    let mut endless = vec![Act::Send(head())];
    endless.extend((0..12).map(|_| {
        chunk(
            format!("data: {{\"candidates\":[{{\"content\":{{\"parts\":[{{\"text\":\"{much}\"}}]}}}}]}}\n\n")
                .as_bytes(),
        )
    }));
    check("endless", endless, "bad reply").await;
}
