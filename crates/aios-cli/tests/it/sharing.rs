//! Several processes and one run: one works on it, the others watch, answer, hold, cancel, or are told why not.

use aios_testkit::{Script, Turn, turn};

use crate::Aios;
use crate::live::{Live, asked, history, is, status, wait_until};
use crate::play::{ALONE, asks, done, runs, write};

fn with_backend(turns: impl IntoIterator<Item = Turn>) -> Aios {
    Aios::with_model(Script::new().agent("backend", turns))
}

#[test]
fn a_run_at_work_is_not_taken_up_twice() {
    let aios = with_backend([turn().hang_before_headers()]);
    let live = Live::start(&aios, &ALONE);
    asked(&aios, "backend", 1);
    for arguments in [&["resume"][..], &["resume", "last"]] {
        let said = aios.says(arguments);
        assert!(said.starts_with("exit 1\n--- stderr\nerror: run "), "{said}");
        assert!(
            said.contains("is being worked on by process ") && said.contains("hint: watch it with"),
            "{said}"
        );
    }
    let said = aios.says(&["respond", "last", "yes"]);
    assert!(said.starts_with("exit 1\n") && said.contains("waits for no answer"), "{said}");
    assert_eq!(status(&aios), "running");
    live.signal("-TERM");
    assert_eq!(live.end().0, Some(130));
}

#[test]
fn another_process_holds_the_run_and_lets_it_go_on() {
    let aios = with_backend([runs("until test -e go; do sleep 0.02; done"), write("a.md"), done()]);
    let mut live = Live::start(&aios, &ALONE);
    live.until("tool_call", "backend");
    let said = aios.says(&["runs", "pause", "last"]);
    assert!(said.starts_with("exit 0\n--- stdout\npaused ") && said.contains("aios resume "), "{said}");
    live.until("run_paused", "");
    wait_until("it is paused", || status(&aios) == "paused");
    aios.file("go", "");
    // It does no more than what it was at.
    let resumed = Live::start(&aios, &["resume"]);
    live.until("run_resumed", "");
    live.until("run_completed", "");
    assert_eq!(live.end().0, Some(0));
    let (code, events) = resumed.end();
    assert_eq!(code, Some(0));
    assert!(is(events.last().unwrap(), "run_completed", ""), "{events:?}");
    history(&aios);
    aios.model.finish();
}

#[test]
fn a_run_that_is_held_may_be_stopped_and_go_on_later() {
    let aios = with_backend([runs("until test -e go; do sleep 0.02; done"), write("a.md"), done()]);
    let mut live = Live::start(&aios, &ALONE);
    live.until("tool_call", "backend");
    assert!(aios.says(&["runs", "pause", "last"]).starts_with("exit 0\n"));
    live.until("run_paused", "");
    live.signal("-TERM");
    assert_eq!(live.end().0, Some(130));
    assert_eq!(status(&aios), "interrupted");
    let said = aios.says(&["runs", "pause", "last"]);
    assert!(said.starts_with("exit 1\n") && said.contains("not at work"), "{said}");
    let (code, _) = Live::start(&aios, &["resume"]).end();
    assert_eq!(code, Some(0));
    history(&aios);
}

#[test]
fn another_process_cancels() {
    let aios = with_backend([turn().hang_before_headers()]);
    let live = Live::start(&aios, &ALONE);
    asked(&aios, "backend", 1);
    let mut follower = Live::start(&aios, &["logs", "last", "--follow"]);
    follower.until("node_started", "backend");
    let said = aios.says(&["runs", "cancel", "last"]);
    assert!(said.starts_with("exit 0\n--- stdout\ncancelled "), "{said}");
    assert_eq!(live.end().0, Some(130));
    let (code, told) = follower.end();
    assert_eq!(code, Some(0));
    assert!(is(told.last().unwrap(), "run_cancelled", ""), "{told:?}");
    assert_eq!(status(&aios), "cancelled");
    for (arguments, expect) in [
        (&["runs", "cancel", "last"][..], "is cancelled already"),
        (&["runs", "pause", "last"], "not at work"),
        (&["resume", "last"], "is cancelled and cannot go on"),
        (&["respond", "last", "yes"], "waits for no answer"),
    ] {
        let said = aios.says(arguments);
        assert!(said.starts_with("exit 1\n--- stderr\nerror: ") && said.contains(expect), "{said}");
        assert!(said.contains("\nhint: "), "{said}");
    }
    history(&aios);
}

#[test]
fn one_of_many_takes_a_waiting_run_up() {
    let aios = with_backend([asks(), write("a.md"), done()]);
    assert_eq!(Live::start(&aios, &ALONE).end().0, Some(3));
    assert!(aios.says(&["runs", "pause", "last"]).starts_with("exit 1\n"));
    let many: Vec<Live> = (0..4).map(|_| Live::start(&aios, &["respond", "last", "calc"])).collect();
    let codes: Vec<Option<i32>> = many.into_iter().map(|live| live.end().0).collect();
    assert!(codes.contains(&Some(0)), "{codes:?}");
    assert!(codes.iter().all(|code| matches!(code, Some(0 | 1))), "{codes:?}");
    wait_until("it is completed", || status(&aios) == "completed");
    history(&aios);
    aios.model.finish();
}
