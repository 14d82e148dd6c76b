//! People who come in with keys.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use aios_app::Session;
use aios_protocol::{
    Api, AuthRegister, CredentialAdd, Guarded, Problem, RunDetail, RunId, RunShow, RunStart, SecretText,
};
use aios_testkit::{ModelServer, Script, Turn, turn};
use aios_tests::{World, objective};
use futures::StreamExt;
use serde_json::json;

pub(crate) const HERE: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody with rights.
pub(crate) type Person = Guarded<Session>;

pub(crate) fn world(script: Script) -> World {
    World::new(env!("CARGO_BIN_EXE_aios-test-child"), script)
}

/// A server that has no keys of its own.
pub(crate) fn poor_world(script: Script) -> World {
    world(script).with_env("OPENAI_API_KEY", "")
}

pub(crate) fn secret(text: &str) -> SecretText {
    SecretText::new(text)
}

/// A new organisation's owner.
pub(crate) async fn owner(world: &mut World, email: &str) -> Person {
    let app = world.app().await;
    let request = AuthRegister { email: email.into(), password: secret("secret"), organization_name: None };
    let registered = app.anonymous(HERE).auth_register(request).await.unwrap();
    app.authenticate(registered.api_key.expose()).await.unwrap()
}

pub(crate) fn own_key() -> CredentialAdd {
    CredentialAdd {
        provider: "openai".into(),
        api_key: secret(ModelServer::KEY),
        label: None,
        model: Some("gpt-4o".into()),
        is_default: false,
    }
}

/// One agent's work.
pub(crate) fn backend() -> RunStart {
    RunStart { tasks: vec!["backend".into()], ..objective("a calculator", "fullstack") }
}

/// What that agent says.
pub(crate) fn calculator() -> [Turn; 2] {
    let content = "def add(a, b):\n    return a + b\n";
    [turn().call("write_file", json!({ "path": "calc.py", "content": content })), turn().text("Done.")]
}

pub(crate) async fn start(person: &Person, request: RunStart) -> Result<RunId, Problem> {
    Ok(person.run_start(request).await?.run_id)
}

/// Waits until nothing more happens in a run.
pub(crate) async fn finished(person: &Person, run_id: RunId) -> RunDetail {
    let mut frames = person.inner().subscribe(run_id, 0);
    let end = async { while frames.next().await.is_some() {} };
    if tokio::time::timeout(PATIENCE, end).await.is_err() {
        panic!("run {run_id} does not end");
    }
    person.run_show(RunShow { run_id }).await.unwrap()
}

pub(crate) async fn run(person: &Person, request: RunStart) -> RunDetail {
    let run_id = start(person, request).await.unwrap();
    finished(person, run_id).await
}
