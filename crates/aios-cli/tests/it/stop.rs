//! Asked to stop by a signal: soon, without leaving anything behind, and so that the run goes on later.

use std::time::{Duration, Instant};

use aios_testkit::{Script, Turn, turn};

use crate::Aios;
use crate::live::{Live, asked, history, is, mark, processes, status, tree, wait_until};
use crate::play::{ALONE, asks, done, runs, write};

/// Far below the 25 s that are allowed.
const SOON: Duration = Duration::from_secs(3);

const SIGNALS: [&str; 3] = ["-INT", "-TERM", "-HUP"];

/// Starts a run whose agent does this first, waits for `busy`, stops it, and takes it up again.
fn check(first: Turn, name: &str, busy: impl Fn(&Aios, &mut Live), idle: impl Fn()) {
    let turns = [first, write("a.md"), done()];
    let aios = Aios::with_model(Script::new().agent("backend", turns));
    let mut live = Live::start(&aios, &ALONE);
    busy(&aios, &mut live);
    live.signal(name);
    let start = Instant::now();
    let (code, events) = live.end();
    assert!(start.elapsed() < SOON, "{name} took {:?}", start.elapsed());
    assert_eq!(code, Some(130), "{name}");
    assert!(is(events.last().unwrap(), "run_interrupted", ""), "{name}: {events:?}");
    idle();
    assert_eq!(status(&aios), "interrupted", "{name}");
    let (code, _) = Live::start(&aios, &["resume"]).end();
    assert_eq!(code, Some(0), "{name}");
    history(&aios);
    aios.model.finish();
}

#[test]
fn while_the_model_thinks() {
    for name in SIGNALS {
        check(turn().hang_before_headers(), name, |aios, _| asked(aios, "backend", 1), || {});
    }
}

#[test]
fn while_the_model_speaks() {
    let speaks = |_: &Aios, live: &mut Live| drop(live.until("token_chunk", "backend"));
    for name in SIGNALS {
        check(turn().text("I think, ".repeat(50)).hang_mid_stream(), name, speaks, || {});
    }
}

#[test]
fn while_a_command_runs() {
    for name in SIGNALS {
        let mark = mark();
        let busy = |_: &Aios, _: &mut Live| wait_until("the command runs", || processes(&mark) >= 4);
        check(runs(&tree(&mark)), name, busy, || assert_eq!(processes(&mark), 0, "left behind"));
    }
}

#[test]
fn while_a_command_that_will_not_end_runs() {
    let mark = mark();
    let stubborn = format!("trap '' TERM INT HUP; while true; do sleep {mark}; done");
    let busy = |_: &Aios, _: &mut Live| wait_until("the command runs", || processes(&mark) >= 2);
    check(runs(&stubborn), "-TERM", busy, || assert_eq!(processes(&mark), 0, "left behind"));
}

#[test]
fn while_another_agent_waits_for_an_answer() {
    let script = Script::new()
        .agent("backend", [asks(), write("a.md"), done()])
        .agent("frontend", [turn().hang_before_headers(), write("b.md"), done()]);
    let aios = Aios::with_model(script);
    // The program itself ends for want of an answer, and the other agent's work with it.
    let run = ["run", "texts", "--tasks", "backend,frontend", "--dir", ".", "--model=openai/gpt-4o"];
    let start = Instant::now();
    let (code, _) = Live::start(&aios, &run).end();
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
    assert_eq!((code, status(&aios).as_str()), (Some(3), "waiting"));
    let answered = aios.says(&["respond", "last", "calc"]);
    assert!(answered.starts_with("exit 0\n"), "{answered}");
    history(&aios);
    aios.model.finish();
}

#[test]
fn twice_by_somebody_in_a_hurry() {
    let aios = Aios::with_model(
        Script::new().agent("backend", [turn().hang_before_headers(), write("a.md"), done()]),
    );
    let live = Live::start(&aios, &ALONE);
    asked(&aios, "backend", 1);
    live.signal("-INT");
    live.signal("-INT");
    assert_eq!(live.end().0, Some(130));
    let (code, _) = Live::start(&aios, &["resume"]).end();
    assert_eq!(code, Some(0));
    history(&aios);
    aios.model.finish();
}
