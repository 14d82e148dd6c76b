//! Commands and their output.

use std::time::Duration;

use aios_core::{CommandOutput, CommandSpec, Exit, Runner, RunnerError, SandboxReport};
use aios_protocol::ErrorCode;
use aios_tools::ToolFatal;
use async_trait::async_trait;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::Desk;

#[tokio::test]
async fn the_answer_begins_with_the_exit() {
    let desk = Desk::new();
    assert_eq!(desk.ok("run_command", json!({"command": "echo hi"})).await, "exit 0\nhi\n");
    assert_eq!(desk.ok("run_command", json!({"command": "true"})).await, "exit 0\n(no output)");
    assert_eq!(desk.refused("run_command", json!({"command": "echo no; exit 3"})).await, "exit 3\nno\n");
    assert_eq!(desk.refused("run_command", json!({"command": "  "})).await, "the command is empty");
}

#[tokio::test]
async fn the_model_sees_the_start_and_end_of_a_long_output_and_can_read_it_again() {
    let desk = Desk::new();
    assert_eq!(
        desk.refused("read_test_output", json!({})).await,
        "no command has run yet; run the tests with run_command"
    );
    let said = desk.ok("run_command", json!({"command": "seq 1 8000"})).await;
    assert!(said.len() <= 16 * 1024, "{}", said.len());
    assert!(said.starts_with("exit 0\n1\n2\n") && said.ends_with("\n7999\n8000\n"), "{}", &said[..40]);
    assert!(said.contains("bytes cut"));
    let all = desk.ok("read_test_output", json!({})).await;
    assert!(all.starts_with("$ seq 1 8000\nexit 0\n1\n2\n") && all.contains("\n4000\n"), "{}", &all[..40]);
}

#[tokio::test]
async fn a_stopped_command_stops_the_run() {
    let desk = Desk::new();
    let stop = desk.cx.stop.clone();
    let call = desk.try_call("run_command", "{\"command\": \"sleep 60\"}");
    let (answer, ()) = tokio::join!(call, async { stop.cancel() });
    assert!(matches!(answer, Err(ToolFatal::Stopped)), "{answer:?}");
    assert_eq!(desk.history.take(), ["tool_call", "stored", "tool_result false"]);
}

/// Answers every command alike.
struct Always(fn() -> Result<CommandOutput, RunnerError>);

#[async_trait]
impl Runner for Always {
    async fn run(&self, _: &CommandSpec, _: &CancellationToken) -> Result<CommandOutput, RunnerError> {
        (self.0)()
    }

    fn sandbox(&self) -> SandboxReport {
        SandboxReport { kind: "none".into(), advice: None }
    }
}

#[tokio::test]
async fn what_the_runner_cannot_do_is_told_precisely() {
    let desk = Desk::new().with_runner(Always(|| Err(RunnerError::ProgramNotFound { program: "sh".into() })));
    let said = desk.refused("run_command", json!({"command": "ls"})).await;
    assert_eq!(said, "sh is not installed, or not on the sandbox's PATH");

    let desk = Desk::new().with_runner(Always(|| {
        Err(RunnerError::NoSandbox {
            reason: "the kernel has no Landlock".into(),
            remedy: "install bubblewrap".into(),
        })
    }));
    let fatal = desk.try_call("run_command", "{\"command\": \"ls\"}").await.unwrap_err();
    assert_eq!(fatal.code(), ErrorCode::NotConfigured);
    assert_eq!(
        fatal.to_string(),
        "no sandbox works on this machine: the kernel has no Landlock; install bubblewrap"
    );

    let timed_out = || {
        let (output, duration) = ("serving…\n".into(), Duration::from_secs(120));
        Ok(CommandOutput { exit: Exit::TimedOut, output, duration })
    };
    let desk = Desk::new().with_runner(Always(timed_out));
    let said = desk.refused("run_command", json!({"command": "python -m http.server"})).await;
    assert!(
        said.starts_with("exit timeout: stopped after 120 s") && said.ends_with("\nserving…\n"),
        "{said}"
    );
}
