//! Cancel, interruption and resume; requests that cannot be met.

use aios_protocol::{Api, ErrorCode, RunCancel, RunEvent, RunResume, RunShow, RunStart, RunStatus};
use aios_testkit::{Script, turn};
use aios_tests::objective;
use serde_json::json;

use crate::play::{CALC, CALC_TEST, done, planner, world, write};

fn backend() -> RunStart {
    RunStart { tasks: vec!["backend".into()], ..objective("a calculator", "fullstack") }
}

#[tokio::test]
async fn a_cancelled_run_stops_its_command_and_stays_cancelled() {
    let script =
        Script::new().agent("backend", [turn().call("run_command", json!({ "command": "sleep 600" }))]);
    let mut world = world(script);
    let run_id = world.start(backend()).await;
    world.follow_until(run_id, |event| matches!(event, RunEvent::ToolCall { .. })).await;
    let session = world.session().await;
    session.run_cancel(RunCancel { run_id }).await.unwrap();
    world.follow(run_id).await.expect(RunStatus::Cancelled);
    let problem = session.run_resume(RunResume { run_id }).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::Conflict);
    world.finish().await;
}

/// Its row and its holder are looked at one after the other, and it ends in between.
#[tokio::test]
async fn a_run_that_just_ends_is_not_taken_for_one_that_was_left() {
    let turns = (0..20).map(|_| turn().text("Nothing to do."));
    let mut world = world(Script::new().agent("backend", turns));
    let session = world.session().await;
    for _ in 0..20 {
        let run_id = world.start(backend()).await;
        loop {
            let status = session.run_show(RunShow { run_id }).await.unwrap().status;
            assert_ne!(status, RunStatus::Interrupted);
            if status.is_over() {
                break;
            }
        }
    }
    world.finish().await;
}

#[tokio::test]
async fn an_interrupted_run_goes_on_without_doing_things_twice() {
    let script = Script::new()
        .agent("planner", planner())
        .agent("backend", [turn().call("run_command", json!({ "command": "sleep 600" }))])
        // After the restart it begins anew; the planner does not.
        .agent("backend", [write("calc.py", CALC), done()])
        .agent("qa", [write("test_calc.py", CALC_TEST), done()]);
    let mut world = world(script);
    let run_id = world.start(objective("a calculator", "api_only")).await;
    let slept = |event: &RunEvent| matches!(event, RunEvent::ToolCall { tool, .. } if tool == "run_command");
    world.follow_until(run_id, slept).await;
    world.restart().await;
    world.session().await.run_resume(RunResume { run_id }).await.unwrap();
    let run = world.follow(run_id).await;
    run.expect(RunStatus::Completed);
    let names = run.names();
    assert_eq!(names.iter().filter(|name| *name == "node_started planner").count(), 1, "{names:#?}");
    assert!(names.contains(&"run_interrupted".into()) && names.contains(&"run_resumed".into()), "{names:#?}");
    world.finish().await;
}

#[tokio::test]
async fn files_from_before_an_interruption_still_count() {
    let script = Script::new()
        .agent(
            "backend",
            [write("calc.py", CALC), turn().call("run_command", json!({ "command": "sleep 600" }))],
        )
        .agent("backend", [write("more.py", "MORE = 1\n"), done()]);
    let mut world = world(script);
    let run_id = world.start(backend()).await;
    let slept = |event: &RunEvent| matches!(event, RunEvent::ToolCall { tool, .. } if tool == "run_command");
    assert_eq!(world.follow_until(run_id, slept).await.detail.files, ["calc.py"]);
    world.restart().await;
    world.session().await.run_resume(RunResume { run_id }).await.unwrap();
    let run = world.follow(run_id).await;
    run.expect(RunStatus::Completed);
    let both = ["calc.py", "more.py"];
    assert_eq!(run.detail.files, both);
    assert_eq!(run.detail.nodes[0].files, both);
    for frame in &run.frames {
        if let RunEvent::NodeCompleted { files, .. } | RunEvent::RunCompleted { files, .. } = &frame.event {
            assert_eq!(*files, both);
        }
    }
    world.finish().await;
}

#[tokio::test]
async fn requests_that_cannot_be_met_say_what_to_do() {
    let mut world = world(Script::new());
    let session = world.session().await;
    let check = async |request: RunStart, message: &str, hint: &str| {
        let problem = session.run_start(request).await.unwrap_err();
        assert!(problem.message.contains(message), "{problem:?}");
        assert!(problem.hint.clone().unwrap_or_default().contains(hint), "{problem:?}");
    };
    let good = || objective("a calculator", "fullstack");
    check(RunStart { objective: "  ".into(), ..good() }, "objective is empty", "say what").await;
    check(RunStart { objective: "x".repeat(100_000), ..good() }, "100000 bytes", "file").await;
    check(objective("x", "fulstack"), "no persona \"fulstack\"", "fullstack").await;
    check(RunStart { tasks: vec!["bakend".into()], ..good() }, "no agent \"bakend\"", "backend").await;
    check(RunStart { hierarchy: Some("standard".into()), ..good() }, "not both", "--persona").await;
    check(RunStart { model: Some("opnai/gpt-4o".into()), ..good() }, "unknown model", "aios models").await;
    check(RunStart { dir: Some("/dev/null/x".into()), ..good() }, "/dev/null/x is a file", "--dir").await;
    check(RunStart { max_cost_usd: Some(-1.0), ..good() }, "--max-cost", "").await;
    world.finish().await;
}

#[tokio::test]
async fn a_model_that_answers_nonsense_ends_in_words() {
    let script = Script::new().agent(
        "backend",
        [
            turn().call_as_written("write_file", "{\"path\": \"a.py\", \"content\": "),
            turn().call("no_such_tool", json!({})),
            turn().call("write_file", json!({ "path": "../../etc/passwd", "content": "x" })),
            // Nothing at all, however often it is asked again.
            turn(),
            turn(),
            turn(),
            turn(),
        ],
    );
    let mut world = world(script);
    let run = world.run(backend()).await;
    run.expect(RunStatus::Failed);
    assert_eq!(run.detail.failure.as_ref().map(|failure| failure.code), Some(ErrorCode::ModelFailed));
    assert!(run.detail.files.is_empty());
    world.finish().await;
}

#[tokio::test]
async fn agents_are_kept_out_of_the_data_folder() {
    let mut world = world(Script::new());
    let session = world.session().await;
    let dir = world.home().display().to_string();
    let problem = session.run_start(RunStart { dir: Some(dir), ..backend() }).await.unwrap_err();
    assert!(problem.message.contains("own data folder"), "{problem:?}");
    world.finish().await;
}
