//! Limits of money and time, policies, and fail-over.

use aios_protocol::{ErrorCode, PolicySpec, RunEvent, RunStart, RunStatus};
use aios_testkit::{Script, turn};
use aios_tests::objective;
use serde_json::json;

use crate::play::{CALC, done, world, write};

fn backend() -> RunStart {
    RunStart { tasks: vec!["backend".into()], ..objective("a calculator", "fullstack") }
}

#[tokio::test]
async fn the_cost_limit_is_passed_by_one_call_at_most() {
    // A million tokens a call: dollars at any price.
    let dear = || write("calc.py", CALC).usage(1_000_000, 0, 1_000);
    let mut world = world(Script::new().agent("backend", [dear()]));
    let run = world.run(RunStart { max_cost_usd: Some(0.01), ..backend() }).await;
    run.expect(RunStatus::Failed);
    assert_eq!(run.detail.failure.as_ref().map(|failure| failure.code), Some(ErrorCode::CostLimit));
    assert!(run.names().contains(&"cost_limit_exceeded".into()));
    assert_eq!(world.requests().len(), 1, "the call that passed the limit was the last");
    world.finish().await;
}

#[tokio::test]
async fn the_time_limit_ends_the_run() {
    let mut world = world(Script::new().agent("backend", [turn().hang_before_headers()]));
    let run = world.run(RunStart { max_minutes: Some(0.01), ..backend() }).await;
    run.expect(RunStatus::Failed);
    assert_eq!(run.detail.failure.as_ref().map(|failure| failure.code), Some(ErrorCode::TimeLimit));
    world.finish().await;
}

#[tokio::test]
async fn blocked_commands_and_tools_are_refused() {
    let script = Script::new().agent(
        "backend",
        [
            turn().call("run_command", json!({ "command": "sudo rm -rf /" })),
            turn().call("list_files", json!({})),
            done(),
        ],
    );
    let mut world = world(script);
    let policy = PolicySpec { allowed_tools: vec!["run_command".into()], ..PolicySpec::default() };
    let run = world.run(RunStart { policy: Some(policy), ..backend() }).await;
    run.expect(RunStatus::Completed);
    let refused: Vec<bool> = run
        .frames
        .iter()
        .filter_map(|frame| match &frame.event {
            RunEvent::ToolResult { ok, .. } => Some(*ok),
            _ => None,
        })
        .collect();
    assert_eq!(refused, [false, false], "{}", run.transcript());
    world.finish().await;
}

#[tokio::test]
async fn a_failing_provider_is_replaced_by_the_next() {
    let openai = Script::new().agent("backend", [turn().status(401)]);
    let anthropic = Script::new().agent("backend", [write("calc.py", CALC), done()]);
    let mut world = world(openai).with_anthropic(anthropic);
    let policy = PolicySpec { preferred_providers: vec!["anthropic".into()], ..PolicySpec::default() };
    let run = world.run(RunStart { policy: Some(policy), ..backend() }).await;
    run.expect(RunStatus::Completed);
    assert!(run.names().contains(&"model_failover backend".into()), "{}", run.transcript());
    world.finish().await;
}

#[tokio::test]
async fn a_run_fails_when_every_model_has_failed() {
    let mut world = world(Script::new().agent("backend", [turn().status(401)]));
    let run = world.run(backend()).await;
    run.expect(RunStatus::Failed);
    assert_eq!(run.detail.failure.as_ref().map(|failure| failure.code), Some(ErrorCode::NotConfigured));
    world.finish().await;
}
