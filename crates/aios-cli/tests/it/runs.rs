//! Whole runs with a scripted model: what is shown, and how the process ends.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command};

use aios_testkit::{Script, Turn, stable, turn};
use serde_json::{Value, json};

use crate::Aios;

/// A run of one agent.
const RUN: [&str; 7] = ["run", "a calculator", "--tasks", "backend", "--dir", ".", "--model=openai/gpt-4o"];

const NOTES: &str = "# Notes\n\nA text needs no program to be checked.\n";

fn writes() -> Turn {
    turn().call("write_file", json!({ "path": "notes.md", "content": NOTES }))
}

fn done() -> Turn {
    turn().text("Done.")
}

fn asks() -> Turn {
    turn().call("ask_human", json!({ "question": "Which name?\n- calc\n- \u{1b}[2Jmath" }))
}

fn sleeps() -> Turn {
    turn().call("run_command", json!({ "command": "sleep 600" }))
}

fn with_backend(turns: impl IntoIterator<Item = Turn>) -> Aios {
    Aios::with_model(Script::new().agent("backend", turns))
}

/// A text without ids and without what the speed of the machine decides.
fn timeless(text: &str) -> String {
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

/// Starts a run and waits until it tells of this event.
fn start_until(aios: &Aios, event: &str) -> Child {
    let mut child = aios.command(&[&RUN[..], &["--json"]].concat()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    assert!(lines.any(|line| line.unwrap().contains(event)), "it ended before {event}");
    child
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

fn exit_code(child: &mut Child) -> Option<i32> {
    // A full pipe would hold it.
    child.stdout.take().unwrap().read_to_end(&mut Vec::new()).unwrap();
    child.wait().unwrap().code()
}

#[test]
fn a_completed_run_is_told_line_by_line() {
    let aios = with_backend([writes(), done()]);
    insta::assert_snapshot!("completed", timeless(&aios.says(&RUN)));
    assert_eq!(std::fs::read_to_string(aios.work().join("notes.md")).unwrap(), NOTES);
    insta::assert_snapshot!("completed_logs", timeless(&aios.says(&["logs", "last", "--follow"])));
    let list = aios.says(&["runs"]);
    assert!(list.contains("completed") && list.contains("1 file  a calculator"), "{list}");
    let shown = aios.says(&["runs", "show", "last"]);
    assert!(shown.contains("completed") && shown.contains("notes.md"), "{shown}");
}

#[test]
fn json_is_the_events_and_nothing_else() {
    let aios = with_backend([writes(), done()]);
    let said = aios.says(&[&RUN[..], &["--json"]].concat());
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
    let aios = with_backend([asks(), writes(), done()]);
    let said = stable(&aios.says(&RUN));
    assert!(said.starts_with("exit 3\n"), "{said}");
    insta::assert_snapshot!("question", said.split_once("--- stderr\n").unwrap().1);
    let list = aios.says(&["runs", "--status", "waiting"]);
    assert!(list.contains("a calculator"), "{list}");
    let again = aios.says(&["resume"]);
    assert!(again.starts_with("exit 3\n") && again.contains("Which name?"), "{again}");
    let answered = aios.says(&["respond", "last", "calc"]);
    assert!(answered.starts_with("exit 0\n") && answered.contains("✓ completed"), "{answered}");
    let refused = aios.says(&["respond", "last", "calc"]);
    assert!(refused.starts_with("exit 1\n") && refused.contains("waits for no answer"), "{refused}");
}

#[test]
fn a_limit_has_its_own_exit_code() {
    let costly = turn().call("list_files", json!({})).usage(100_000, 0, 1_000);
    let aios = with_backend([costly]);
    let said = aios.says(&[&RUN[..], &["--max-cost", "0.01"]].concat());
    assert!(said.starts_with("exit 4\n") && said.contains("the cost limit of $0.01 is reached"), "{said}");
}

#[test]
fn a_failed_run_says_why() {
    let aios = Aios::with_model(Script::new().always(turn()));
    let said = aios.says(&RUN);
    assert!(said.starts_with("exit 1\n") && said.contains("✗ failed"), "{said}");
    assert!(said.contains("aios logs "), "{said}");
    let none = aios.says(&["resume"]);
    assert!(none.starts_with("exit 2\n") && none.contains("there is no run to go on with"), "{none}");
}

#[test]
fn requests_that_cannot_be_met() {
    let aios = Aios::new();
    let check = |arguments: &[&str], message: &str, hint: &str| {
        let said = aios.says(arguments);
        assert!(said.starts_with("exit 2\n--- stderr\nerror: "), "{said}");
        assert!(said.contains(message) && said.contains(hint), "{said}");
    };
    check(&["run", " "], "the objective is empty", "hint: say what");
    check(&["run", "x", "--persona", "fulstack"], "fulstack", "did you mean fullstack?");
    check(&["run", "x", "--tasks", "bakend"], "bakend", "did you mean backend?");
    check(&["run", "x", "--model", "opnai/gpt-4o"], "opnai", "hint: ");
    check(&["run", "x", "--dir", "missing"], "missing", "--dir");
    aios.file("file.txt", "x");
    check(&["run", "x", "--dir", "file.txt"], "file.txt", "--dir");
    let long = aios.says_to(&["run", "-"], "x".repeat(100_000).as_bytes());
    assert!(long.starts_with("exit 2\n") && long.contains("100000 bytes"), "{long}");
}

#[test]
fn a_run_that_is_asked_to_stop_goes_on_later() {
    for name in ["-INT", "-TERM", "-HUP"] {
        let aios = with_backend([sleeps(), writes(), done()]);
        let mut child = start_until(&aios, "\"tool_call\"");
        signal(&child, name);
        assert_eq!(exit_code(&mut child), Some(130), "{name}");
        let list = aios.says(&["runs", "--status", "interrupted"]);
        assert!(list.contains("a calculator"), "{name}: {list}");
        let resumed = aios.says(&["resume"]);
        assert!(resumed.starts_with("exit 0\n") && resumed.contains("✓ completed"), "{name}: {resumed}");
    }
}

#[test]
fn another_process_may_watch_and_cancel() {
    let aios = with_backend([sleeps()]);
    let mut child = start_until(&aios, "\"tool_call\"");
    let taken = aios.says(&["resume"]);
    assert!(taken.starts_with("exit 1\n--- stderr\nerror: "), "{taken}");
    let cancelled = aios.says(&["runs", "cancel", "last"]);
    assert!(cancelled.starts_with("exit 0\n--- stdout\ncancelled "), "{cancelled}");
    assert_eq!(exit_code(&mut child), Some(130));
    let log = aios.says(&["logs", "last", "--follow"]);
    assert!(log.starts_with("exit 0\n") && log.contains("cancelled"), "{log}");
}

#[test]
fn a_reader_that_leaves_is_no_error_to_show() {
    let aios = with_backend([sleeps()]);
    let mut child = start_until(&aios, "\"tool_call\"");
    drop(child.stdout.take());
    signal(&child, "-TERM");
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    child.wait().unwrap();
    assert_eq!(errors, "");
    let list = aios.says(&["runs", "--status", "interrupted"]);
    assert!(list.contains("a calculator"), "{list}");
}
