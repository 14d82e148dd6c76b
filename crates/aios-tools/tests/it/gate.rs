//! What passes the gate, and what the run's history tells of it.

use std::sync::atomic::Ordering;

use aios_protocol::{ErrorCode, PolicySpec, RunEvent};
use aios_tools::ToolFatal;
use serde_json::json;

use crate::Desk;

#[tokio::test]
async fn a_call_is_stored_before_it_changes_anything() {
    let desk = Desk::new();
    desk.ok("write_file", json!({"path": "a", "content": "b"})).await;
    assert_eq!(desk.history.take(), ["tool_call", "stored", "file_written", "tool_result true"]);
    desk.ok("read_file", json!({"path": "a"})).await;
    assert_eq!(desk.history.take(), ["tool_call", "tool_result true"]);
    desk.refused("read_file", json!({"path": "b"})).await;
    assert_eq!(desk.history.take(), ["tool_call", "tool_result false"]);
}

#[tokio::test]
async fn nothing_runs_once_the_run_is_over() {
    let desk = Desk::new();
    desk.history.closed.store(true, Ordering::SeqCst);
    let fatal = desk.try_call("write_file", "{\"path\": \"a\", \"content\": \"b\"}").await.unwrap_err();
    assert!(matches!(fatal, ToolFatal::RunOver(_)), "{fatal}");
    assert!(!desk.exists("a"));
    let desk = Desk::new();
    desk.cx.stop.cancel();
    let fatal = desk.try_call("write_file", "{\"path\": \"a\", \"content\": \"b\"}").await.unwrap_err();
    assert_eq!(fatal.code(), ErrorCode::Cancelled);
    assert!(desk.history.take().is_empty() && !desk.exists("a"));
}

#[tokio::test]
async fn unknown_and_forbidden_tools_are_refused_and_recorded() {
    let allowed_tools = vec!["read_file".into(), "write_file".into()];
    let desk = Desk::with_policy(PolicySpec { allowed_tools, ..PolicySpec::default() });
    for (tool, expect) in [
        ("write_fil", "there is no tool \"write_fil\"; did you mean write_file"),
        ("zzz", "there is no tool \"zzz\"; the tools are write_file, read_file"),
        ("", "there is no tool \"\"; the tools are"),
        ("run_command", "the policy of this run does not allow run_command"),
    ] {
        let answer = desk.try_call(tool, "{\"command\": \"touch x\"}").await.unwrap();
        assert!(!answer.ok && answer.content.starts_with(expect), "{tool}: {}", answer.content);
        assert_eq!(desk.history.take(), ["tool_call", "tool_result false"]);
    }
    assert!(!desk.exists("x"));
}

#[tokio::test]
async fn the_history_keeps_long_texts_short() {
    let desk = Desk::new();
    let content = "line\n".repeat(10_000);
    desk.ok("write_file", json!({"path": "a", "content": content})).await;
    desk.ok("read_file", json!({"path": "a"})).await;
    desk.try_call("write_file", &"x".repeat(100_000)).await.unwrap();
    desk.try_call(&"y".repeat(100_000), "{}").await.unwrap();
    for event in desk.history.events() {
        let bytes = serde_json::to_string(&event).unwrap().len();
        assert!(bytes <= 3000, "{bytes} bytes");
        if let RunEvent::ToolCall { arguments, .. } = &event
            && let Some(content) = arguments["content"].as_str()
        {
            assert!(content.starts_with("line\n") && content.ends_with("… (50000 characters)"), "{content}");
        }
    }
    assert_eq!(desk.text("a").len(), 50_000);
}

#[tokio::test]
async fn a_protected_file_needs_leave_for_exactly_this_once() {
    let desk = Desk::new();
    let arguments = json!({"path": ".vscode/tasks.json", "content": "{}"});
    *desk.person.leave.lock().unwrap() = Some(false);
    let said = desk.refused("write_file", arguments.clone()).await;
    assert_eq!(said, "the human did not allow write_file to write .vscode/tasks.json");
    assert!(!desk.exists(".vscode"));
    assert_eq!(desk.history.take(), ["tool_call", "tool_result false"]);

    *desk.person.leave.lock().unwrap() = Some(true);
    desk.ok("write_file", arguments.clone()).await;
    desk.ok("write_file", json!({"path": ".vscode/tasks.json", "content": "{ }"})).await;
    desk.ok("edit_file", json!({"path": ".vscode/tasks.json", "search": "{ }", "replace": "[]"})).await;
    assert_eq!(desk.text(".vscode/tasks.json"), "[]");
    let requests = desk.person.requests.lock().unwrap().clone();
    assert_eq!(requests.len(), 4);
    assert_eq!((requests[1].tool.as_str(), &requests[1].arguments), ("write_file", &arguments.to_string()));
    assert!(requests[1].reason.starts_with(".vscode/tasks.json steers the editor"), "{}", requests[1].reason);

    *desk.person.leave.lock().unwrap() = None;
    let fatal = desk.try_call("write_file", &arguments.to_string()).await.unwrap_err();
    assert!(matches!(fatal, ToolFatal::Stopped), "{fatal}");
}

#[tokio::test]
async fn a_blocked_command_is_not_run() {
    let desk =
        Desk::with_policy(PolicySpec { blocked_commands: vec!["touch".into()], ..PolicySpec::default() });
    for (command, pattern) in
        [("echo a && sudo ls", "sudo"), ("t\\ouch x", "touch"), ("bash -c \"$(printf 'touch x')\"", "touch")]
    {
        let said = desk.refused("run_command", json!({"command": command})).await;
        assert_eq!(said, format!("the policy of this run blocks `{pattern}`; the command was not run"));
    }
    assert!(!desk.exists("x"));
    assert_eq!(desk.ok("run_command", json!({"command": "echo touch x"})).await, "exit 0\ntouch x\n");
}
