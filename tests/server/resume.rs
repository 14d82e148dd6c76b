//! Runs that were left go on when a server starts.

use std::sync::Arc;

use aios_protocol::{Api, EventFrame, Problem, RunEvent, RunRespond, RunShow, RunStatus};
use aios_testkit::{Script, turn};
use aios_tests::{Served, World, options};
use futures::StreamExt;
use futures::stream::BoxStream;
use serde_json::json;

use crate::{asks, backend, done, write};

#[tokio::test]
async fn interrupted_and_waiting_runs_go_on_by_themselves() {
    let script = Script::new()
        .agent("backend", [turn().call("run_command", json!({ "command": "sleep 600" }))])
        .agent("backend", [write("notes.md", "# Notes\n"), done()]);
    let mut served = Served::over(World::new(env!("CARGO_BIN_EXE_aios-test-child"), script), options()).await;
    let run_id = served.world.start(backend()).await;
    served.world.follow_until(run_id, |event| matches!(event, RunEvent::ToolCall { .. })).await;
    let mut world = served.stop().await;
    world.restart().await;

    let mut events = world.session().await.feed();
    let served = Served::over(world, options()).await;
    assert!(matches!(events.next().await.unwrap().unwrap().event, RunEvent::RunResumed { .. }));
    until_completed(&mut events).await;
    served.stop().await.finish().await;
}

async fn until_completed(events: &mut BoxStream<'static, Result<Arc<EventFrame>, Problem>>) {
    while !matches!(events.next().await.unwrap().unwrap().event, RunEvent::RunCompleted { .. }) {}
}

#[tokio::test]
async fn an_answer_reaches_a_run_that_a_new_server_took_up() {
    let script = Script::new().agent("backend", [asks(), write("notes.md", "# Notes\n"), done()]);
    let mut served = Served::over(World::new(env!("CARGO_BIN_EXE_aios-test-child"), script), options()).await;
    let run_id = served.world.start(backend()).await;
    served.world.follow_until(run_id, |event| matches!(event, RunEvent::HumanInputRequired { .. })).await;
    let mut world = served.stop().await;
    world.restart().await;

    let session = world.session().await;
    let mut events = session.feed();
    let served = Served::over(world, options()).await;
    session.run_respond(RunRespond { run_id, question_id: None, answer: "SQLite".into() }).await.unwrap();
    until_completed(&mut events).await;
    served.stop().await.finish().await;
}

/// What a person ran in a terminal and stopped there is theirs to go on with.
#[tokio::test]
async fn a_run_that_no_server_had_taken_up_stays_as_it_is() {
    let script =
        Script::new().agent("backend", [turn().call("run_command", json!({ "command": "sleep 600" }))]);
    let mut world = World::new(env!("CARGO_BIN_EXE_aios-test-child"), script);
    let run_id = world.start(backend()).await;
    world.follow_until(run_id, |event| matches!(event, RunEvent::ToolCall { .. })).await;
    world.restart().await;

    world.app().await.go_on().await.unwrap();
    let run = world.session().await.run_show(RunShow { run_id }).await.unwrap();
    assert_eq!(run.status, RunStatus::Interrupted);
    world.finish().await;
}
