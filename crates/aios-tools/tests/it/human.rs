//! Questions to the person.

use aios_tools::ToolFatal;
use serde_json::json;

use crate::Desk;

#[tokio::test]
async fn the_answer_comes_from_the_person_alone() {
    let desk = Desk::new();
    *desk.person.answer.lock().unwrap() = Some("SQLite".into());
    assert_eq!(desk.ok("ask_human", json!({"question": "Which database?"})).await, "SQLite");
    assert_eq!(desk.history.take(), ["tool_call", "stored", "tool_result true"]);
    assert_eq!(desk.refused("ask_human", json!({"question": " "})).await, "the question is empty");
}

#[tokio::test]
async fn a_run_that_stops_while_it_waits_ends_the_call() {
    let desk = Desk::new();
    let fatal = desk.try_call("ask_human", "{\"question\": \"Which database?\"}").await.unwrap_err();
    assert!(matches!(fatal, ToolFatal::Stopped), "{fatal}");
}
