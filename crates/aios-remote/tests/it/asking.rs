//! Commands and their answers; what is sent again, and what is not.

use aios_protocol::{
    Api, AuthLogin, ErrorCode, RunId, RunList, RunShow, RunStart, RunStarted, RunStatus, SecretText,
};
use aios_remote::{Address, Client};
use serde_json::{Value, json};

use crate::peer::{KEY, Peer, Say, header, json as answer, problem};

fn started() -> Say {
    answer(
        201,
        &json!({ "run_id": RunId::generate(), "status": "pending", "dir": "/d", "model": "openai/gpt-4o" }),
    )
}

fn page() -> Say {
    answer(200, &json!({ "runs": [], "next_cursor": null }))
}

fn start() -> RunStart {
    RunStart { objective: "a text".into(), tasks: vec!["backend".into()], ..RunStart::default() }
}

#[tokio::test]
async fn a_command_becomes_a_request_and_its_answer() {
    let peer = Peer::start([started()]).await;
    let RunStarted { status, dir, .. } = peer.client().run_start(start()).await.unwrap();
    assert_eq!((status, dir.as_str()), (RunStatus::Pending, "/d"));
    let asked = peer.asked().remove(0);
    assert!(asked.starts_with("POST /api/v1/runs HTTP/1.1\r\n"), "{asked}");
    assert_eq!(header(&asked, "x-api-key"), Some(KEY));
    assert_eq!(header(&asked, "content-type"), Some("application/json"));
    assert!(header(&asked, "idempotency-key").is_some_and(|key| key.len() == 36), "{asked}");
    assert!(header(&asked, "user-agent").is_some_and(|agent| agent.starts_with("aios/")), "{asked}");
    let body: Value = serde_json::from_str(asked.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(body, json!({ "objective": "a text", "tasks": ["backend"] }));
}

#[tokio::test]
async fn problems_arrive_as_they_were_sent() {
    let peer = Peer::start([problem(404, "not_found", "there is no run")]).await;
    let refused = peer.client().run_show(RunShow { run_id: RunId::generate() }).await.unwrap_err();
    assert_eq!((refused.code, refused.message.as_str()), (ErrorCode::NotFound, "there is no run"));
    assert_eq!(refused.hint.as_deref(), Some("do this"));
    assert_eq!(peer.asked().len(), 1, "what is refused is not tried again");
}

#[tokio::test]
async fn a_look_is_repeated() {
    let peer = Peer::start([Say::Hang, Say::Hang, page()]).await;
    assert!(peer.client().run_list(RunList::default()).await.is_ok());
    assert_eq!(peer.asked().len(), 3);
    let peer = Peer::start([]).await;
    let lost = peer.client().run_list(RunList::default()).await.unwrap_err();
    assert_eq!((lost.code, lost.hint.as_deref()), (ErrorCode::Unavailable, Some("try it again")));
    assert!(
        lost.message.starts_with(&format!("the connection to {} broke before run_list", peer.url)),
        "{lost}"
    );
    assert_eq!(peer.asked().len(), 4);
}

#[tokio::test]
async fn a_deed_is_repeated_once_under_its_own_key() {
    let peer = Peer::start([Say::Hang, started()]).await;
    assert!(peer.client().run_start(start()).await.is_ok());
    let keys: Vec<_> =
        peer.asked().iter().map(|asked| header(asked, "idempotency-key").map(str::to_owned)).collect();
    assert!(keys.len() == 2 && keys[0].is_some() && keys[0] == keys[1], "{keys:?}");

    let peer = Peer::start([Say::Hang, Say::Hang, started()]).await;
    let lost = peer.client().run_start(start()).await.unwrap_err();
    assert!(lost.hint.unwrap().contains("whether it was done is not known"));
    assert_eq!(peer.asked().len(), 2);
}

/// Without a key of an account nobody remembers an idempotency key.
#[tokio::test]
async fn a_login_is_sent_once() {
    let peer = Peer::start([Say::Hang, page()]).await;
    let client = Client::new(Address::parse(&peer.url, false).unwrap(), None).unwrap();
    let password = SecretText::new("correct horse");
    let request = AuthLogin { email: "me@example.org".into(), password, key_name: None };
    let lost = client.auth_login(request).await.unwrap_err();
    assert!(!format!("{lost:?}").contains("correct horse"));
    let asked = peer.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!((header(&asked[0], "x-api-key"), header(&asked[0], "idempotency-key")), (None, None));
}

#[test]
fn a_key_that_no_header_can_carry() {
    let address = Address::parse("http://127.0.0.1:1", false).unwrap();
    let refused = Client::new(address, Some(&SecretText::new("sk_\nx: y"))).err().unwrap();
    assert_eq!(refused.code, ErrorCode::Unauthenticated);
    assert!(!refused.message.contains("sk_"), "{refused}");
}
