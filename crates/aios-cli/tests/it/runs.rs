//! Whole runs with a scripted model: what is shown, and how the process ends.

use aios_testkit::{Script, Turn, stable, turn};
use serde_json::{Value, json};

use crate::Aios;
use crate::live::{Live, status, wait_until};
use crate::play::{ALONE, done, runs, text, write};

fn asks() -> Turn {
    turn().call("ask_human", json!({ "question": "Which name?\n- calc\n- \u{1b}[2Jmath" }))
}

fn with_backend(turns: impl IntoIterator<Item = Turn>) -> Aios {
    Aios::with_model(Script::new().agent("backend", turns))
}

/// A text without ids and without what the speed of the machine decides.
pub(crate) fn timeless(text: &str) -> String {
    let word = |word: &str| match word.split_once([':', '.']) {
        Some((left, right)) if is_number(left) && is_number(right) => "TIME".to_owned(),
        _ => word.to_owned(),
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    stable(text).lines().map(line).collect::<Vec<_>>().join("\n")
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_digit())
}

fn json_of(lines: &str) -> Vec<Value> {
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn a_completed_run_is_told_line_by_line() {
    let aios = with_backend([write("notes.md"), done()]);
    insta::assert_snapshot!("completed", timeless(&aios.says(&ALONE)));
    assert_eq!(std::fs::read_to_string(aios.work().join("notes.md")).unwrap(), text("notes.md"));
    insta::assert_snapshot!("completed_logs", timeless(&aios.says(&["logs", "last", "--follow"])));
    let list = aios.says(&["runs"]);
    assert!(list.contains("completed") && list.contains("1 file  a text"), "{list}");
    let shown = aios.says(&["runs", "show", "last"]);
    assert!(shown.contains("completed") && shown.contains("notes.md"), "{shown}");
}

#[test]
fn json_is_the_events_and_nothing_else() {
    let aios = with_backend([write("notes.md"), done()]);
    let said = aios.says(&[&ALONE[..], &["--json"]].concat());
    let events = json_of(said.strip_prefix("exit 0\n--- stdout\n").unwrap_or_else(|| panic!("{said}")));
    assert_eq!(events[0]["event"], "run_started");
    assert_eq!(events.last().unwrap()["event"], "run_completed");
    let stored: Vec<Value> = events.into_iter().filter(|event| event["event"] != "token_chunk").collect();
    assert!(stored.iter().zip(1..).all(|(event, seq)| event["seq"] == seq), "{said}");
    let log = aios.says(&["logs", "last", "--json"]);
    assert_eq!(json_of(log.strip_prefix("exit 0\n--- stdout\n").unwrap()), stored);
}

#[test]
fn a_question_stops_the_run_until_it_is_answered() {
    let aios = with_backend([asks(), write("notes.md"), done()]);
    let said = stable(&aios.says(&ALONE));
    assert!(said.starts_with("exit 3\n"), "{said}");
    insta::assert_snapshot!("question", said.split_once("--- stderr\n").unwrap().1);
    let list = aios.says(&["runs", "--status", "waiting"]);
    assert!(list.contains("a text"), "{list}");
    let again = aios.says(&["resume"]);
    assert!(again.starts_with("exit 3\n") && again.contains("Which name?"), "{again}");
    let answered = aios.says(&["respond", "last", "calc"]);
    assert!(answered.starts_with("exit 0\n") && answered.contains("✓ completed"), "{answered}");
    let refused = aios.says(&["respond", "last", "calc"]);
    assert!(refused.starts_with("exit 1\n") && refused.contains("waits for no answer"), "{refused}");
}

#[test]
fn a_failed_run_says_why() {
    let aios = Aios::with_model(Script::new().always(turn()));
    let said = aios.says(&ALONE);
    assert!(said.starts_with("exit 1\n") && said.contains("✗ failed"), "{said}");
    assert!(said.contains("aios logs "), "{said}");
    let none = aios.says(&["resume"]);
    assert!(none.starts_with("exit 2\n") && none.contains("there is no run to go on with"), "{none}");
}

#[test]
fn a_reader_that_leaves_is_no_error_to_show() {
    let aios = with_backend([runs("sleep 600")]);
    let mut live = Live::start(&aios, &ALONE);
    live.until("tool_call", "backend");
    live.stop_reading();
    live.signal("-TERM");
    assert_eq!(live.errors(), "");
    wait_until("it is put away", || status(&aios) == "interrupted");
}
