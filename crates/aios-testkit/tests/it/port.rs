//! The scripted model behind the `Model` port.

use std::sync::Arc;

use aios_core::{Completion, Finish, Message, Model, ModelError, ModelEvent, ModelRequest};
use aios_testkit::{Script, ScriptedModel, turn};
use futures::StreamExt;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::strict::panic_of;

async fn reply(model: &Arc<ScriptedModel>, messages: Vec<Message>) -> Vec<Result<ModelEvent, ModelError>> {
    let request = ModelRequest { messages: messages.into(), ..ModelRequest::default() };
    model.stream(request, CancellationToken::new()).collect().await
}

fn go() -> Vec<Message> {
    vec![Message::system("You are the backend agent of a team."), Message::user("go")]
}

#[tokio::test]
async fn a_turn_comes_as_text_calls_and_an_end() {
    let script =
        Script::new().agent("backend", [turn().text("I write.").call("write_file", json!({"path": "a"}))]);
    let model = ScriptedModel::new(script);
    let events: Vec<ModelEvent> = reply(&model, go()).await.into_iter().map(Result::unwrap).collect();
    let [
        ModelEvent::Text(text),
        ModelEvent::ToolCall(call),
        ModelEvent::Done(Completion { finish, model: name, .. }),
    ] = &events[..]
    else {
        panic!("{events:?}")
    };
    assert_eq!(
        (text.as_str(), call.name.as_str(), call.arguments.as_str()),
        ("I write.", "write_file", r#"{"path":"a"}"#)
    );
    assert_eq!((*finish, name.as_str()), (Finish::ToolCalls, "scripted/model"));
    model.finish();
}

#[tokio::test]
async fn faults_are_the_errors_of_the_port() {
    let script = [
        turn().status(429).retry_after(2),
        turn().status(503),
        turn().status(401),
        turn().status(400),
        turn().text("half of it is lost on the way").truncate(),
        turn().reset(),
    ];
    let model = ScriptedModel::new(Script::new().turns(script));
    let mut said = Vec::new();
    for _ in 0..6 {
        said.push(reply(&model, go()).await.pop().unwrap().unwrap_err().to_string());
    }
    assert_eq!(
        said,
        [
            "scripted/model: rate limit or quota reached (scripted fault)",
            "scripted/model: not available (scripted fault)",
            "scripted/model: the key was refused (scripted fault)",
            "scripted/model: the request was refused (scripted fault)",
            "scripted/model: the reply broke off or was not valid (scripted fault)",
            "scripted/model: not available (scripted fault)",
        ]
    );
    model.finish();
}

#[tokio::test]
async fn a_hanging_reply_can_be_cancelled() {
    let model = ScriptedModel::new(
        Script::new().turns([turn().text("one two three four five six").hang_mid_stream()]),
    );
    let stop = CancellationToken::new();
    let mut events =
        model.stream(ModelRequest { messages: go().into(), ..ModelRequest::default() }, stop.clone());
    assert!(matches!(events.next().await, Some(Ok(ModelEvent::Text(_)))));
    stop.cancel();
    assert_eq!(events.next().await, Some(Err(ModelError::Cancelled)));
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn wrong_requests_fail_the_test() {
    let model = ScriptedModel::new(Script::new().secret("canary-1234").always(turn().text("fine")));
    let answer = Message::Tool { call_id: "c1".into(), name: "t".into(), content: "canary-1234".into() };
    let events = reply(&model, vec![Message::user("go"), answer]).await;
    assert!(matches!(events[..], [Err(ModelError::Refused { .. })]), "{events:?}");
    assert_eq!(
        panic_of(|| drop(model)),
        "the scripted model was not asked as it should be:\n  \
         request 1 (no agent): message 1 answers \"c1\", which the turn before did not call\n  \
         request 1 (no agent): the secret \"canary-1234\" is in a prompt"
    );
}
