//! Language servers: a real process that speaks frames, and how its end is told.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use aios_workspace::{LanguageServer, ServerError, ServerSpec};
use tokio::sync::mpsc::Receiver;

use crate::Place;

/// A server that says back what it hears, starts a child of its own, and ends at `"end"`.
const ECHO: &str = r#"#!/bin/sh
sleep 1000 &
while read -r name length; do
  length=$(printf %s "$length" | tr -d '\r')
  read -r empty
  body=$(dd bs=1 count="$length" 2>/dev/null)
  [ "$body" = '"end"' ] && { echo 'it hurts' >&2; exit 3; }
  printf 'Content-Length: %s\r\n\r\n%s' "$length" "$body"
done
"#;

fn start(place: &Place) -> (LanguageServer, Receiver<Result<String, ServerError>>) {
    place.put("server.sh", ECHO);
    let program = place.root().join("server.sh");
    std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
    LanguageServer::start(&ServerSpec { program, arguments: Vec::new(), root: place.root() }).unwrap()
}

async fn next(told: &mut Receiver<Result<String, ServerError>>) -> Result<String, ServerError> {
    tokio::time::timeout(Duration::from_secs(20), told.recv()).await.unwrap().unwrap()
}

#[tokio::test]
async fn messages_are_framed_and_a_crash_is_told_with_its_reason() {
    let place = Place::new();
    let (server, mut told) = start(&place);
    for message in ["{\"id\":1}", "{\"id\":2,\"text\":\"größe\"}"] {
        server.send(message.into()).unwrap();
        assert_eq!(next(&mut told).await.unwrap(), message);
    }
    server.send("\"end\"".into()).unwrap();
    let error = next(&mut told).await.unwrap_err().to_string();
    assert!(error.contains("exit status: 3") && error.contains("it hurts"), "{error}");
    drop(server);
    let missing = ServerSpec { program: "/none".into(), arguments: Vec::new(), root: place.root() };
    assert!(matches!(LanguageServer::start(&missing), Err(ServerError::Start { .. })));
}

#[tokio::test]
async fn dropping_ends_what_it_started() {
    let place = Place::new();
    let (server, mut told) = start(&place);
    server.send("1".into()).unwrap();
    next(&mut told).await.unwrap();
    let mine = || {
        let processes = std::fs::read_dir("/proc").unwrap();
        let at = |path: std::path::PathBuf| std::fs::read_link(path.join("cwd")).ok();
        processes.filter(|entry| at(entry.as_ref().unwrap().path()) == Some(place.root())).count()
    };
    assert_eq!(mine(), 2);
    drop((server, told));
    let gone = async {
        while mine() > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(20), gone).await.is_ok());
}
