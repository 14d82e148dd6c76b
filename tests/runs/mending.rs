//! Self-debugging: what the harness finds goes into the agent's next prompt, three attempts at most.

use aios_protocol::{ErrorCode, RunEvent, RunStart, RunStatus};
use aios_testkit::{Script, turn};
use aios_tests::objective;
use serde_json::json;

use crate::play::{BROKEN_CALC, CALC, CALC_TEST, done, world, write};

fn backend_and_qa() -> RunStart {
    RunStart { tasks: vec!["backend".into(), "qa".into()], ..objective("a calculator", "fullstack") }
}

#[tokio::test]
async fn a_failing_test_is_fed_back_and_mended() {
    let script = Script::new()
        .agent("backend", [write("calc.py", BROKEN_CALC), done()])
        .agent("qa", [write("test_calc.py", CALC_TEST), done(), write("calc.py", CALC), done()]);
    let mut world = world(script);
    let run = world.run(backend_and_qa()).await;
    run.expect(RunStatus::Completed);
    let debug = run.frames.iter().find_map(|frame| match &frame.event {
        RunEvent::ValidationFailed { debug_info, .. } => Some(debug_info.clone()),
        _ => None,
    });
    let debug = debug.expect("the first check failed");
    assert_eq!(debug.error_type, "validation_failure");
    assert_eq!(debug.failed_command, "python3 -m pytest -q");
    assert_eq!(debug.failed_tests, ["test_calc::test_add", "test_calc::test_add_negative"]);
    assert_eq!(debug.attempt, 2);
    assert!(debug.full_output.contains("assert"), "{}", debug.full_output);

    let told = world
        .requests()
        .iter()
        .filter(|request| request.agent.as_deref() == Some("qa"))
        .nth(2)
        .map(|r| r.prompt());
    let told = told.expect("qa was asked a third time");
    assert!(
        told.contains("\"error_type\":\"validation_failure\"") && told.contains("test_calc::test_add"),
        "{told}"
    );
    assert_eq!(run.detail.evidence.map(|evidence| evidence.passed), Some(2));
    world.finish().await;
}

#[tokio::test]
async fn an_agent_reads_again_what_the_check_said() {
    let looks = turn().call("read_test_output", json!({}));
    let script = Script::new()
        .agent("backend", [write("calc.py", BROKEN_CALC), done()])
        .agent("qa", [write("test_calc.py", CALC_TEST), done(), looks, write("calc.py", CALC), done()]);
    let mut world = world(script);
    let run = world.run(backend_and_qa()).await;
    run.expect(RunStatus::Completed);
    let read = run.frames.iter().find_map(|frame| match &frame.event {
        RunEvent::ToolResult { tool, output, .. } if tool == "read_test_output" => Some(output.clone()),
        _ => None,
    });
    let read = read.expect("it looked");
    assert!(read.starts_with("$ python3 -m pytest -q\n") && read.contains("test_add_negative"), "{read}");
    world.finish().await;
}

#[tokio::test]
async fn three_attempts_and_no_more() {
    let script = Script::new()
        .agent("backend", [write("calc.py", BROKEN_CALC), done()])
        .agent("qa", [write("test_calc.py", CALC_TEST), done(), done(), done()]);
    let mut world = world(script);
    let run = world.run(backend_and_qa()).await;
    run.expect(RunStatus::Failed);
    let failed = run.names().iter().filter(|name| *name == "validation_failed qa").count();
    assert_eq!(failed, 3);
    assert_eq!(run.detail.failure.as_ref().map(|failure| failure.code), Some(ErrorCode::ValidationFailed));
    // The verdict is the harness's: that the model said "Done." changes nothing.
    assert_eq!(run.detail.nodes[1].evidence.as_ref().map(|evidence| evidence.failed), Some(2));
    world.finish().await;
}

#[tokio::test]
async fn a_syntax_error_is_found_without_any_test() {
    let script = Script::new().agent(
        "backend",
        [write("calc.py", "def add(a, b:\n    return a\n"), done(), write("calc.py", CALC), done()],
    );
    let mut world = world(script);
    let run =
        world.run(RunStart { tasks: vec!["backend".into()], ..objective("a calculator", "fullstack") }).await;
    run.expect(RunStatus::Completed);
    assert!(run.names().contains(&"validation_failed backend".into()));
    world.finish().await;
}

#[tokio::test]
async fn qa_without_a_test_is_not_done() {
    let script = Script::new()
        .agent("backend", [write("calc.py", CALC), done()])
        .agent("qa", [done(), write("test_calc.py", CALC_TEST), done()]);
    let mut world = world(script);
    let run = world.run(backend_and_qa()).await;
    run.expect(RunStatus::Completed);
    assert!(run.names().contains(&"validation_failed qa".into()));
    world.finish().await;
}

#[tokio::test]
async fn the_exit_of_a_command_is_told() {
    let script = Script::new().agent(
        "backend",
        [aios_testkit::turn().call("run_command", serde_json::json!({ "command": "exit 3" })), done()],
    );
    let mut world = world(script);
    let run = world.run(RunStart { tasks: vec!["backend".into()], ..objective("x", "fullstack") }).await;
    run.expect(RunStatus::Completed);
    let output = run.frames.iter().find_map(|frame| match &frame.event {
        RunEvent::ToolResult { output, .. } => Some(output.clone()),
        _ => None,
    });
    assert!(output.expect("the command answered").contains("exit 3"));
    world.finish().await;
}
