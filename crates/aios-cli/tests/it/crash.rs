//! `kill -9` at any moment: `aios resume` goes on at once, and does nothing again that was finished.

use std::collections::BTreeSet;

use aios_testkit::{Script, Turn, turn};

use crate::Aios;
use crate::live::{Live, asked, detail, history, is, mark, processes, status, tree, wait_until};
use crate::play::{ALONE, TEAM, WORK, asks, done, runs, team_without, text, write};

/// What must hold once a run has been taken up and completed, whatever happened before.
fn check_whole(aios: &Aios, resumed: &Resumed, what: &str) {
    let Resumed { code, requested } = resumed;
    assert_eq!(*code, Some(0), "{what}");
    let events = history(aios);
    for (agent, path) in WORK {
        let file = std::fs::read_to_string(aios.work().join(path));
        assert_eq!(file.ok(), Some(text(path)), "{what}: {path}");
        let completed = events.iter().filter(|event| is(event, "node_completed", agent)).count();
        assert_eq!(completed, 1, "{what}: {agent}");
    }
    let finished =
        events.iter().rfind(|event| event["event"] == "run_resumed").map(|event| event["finished"].clone());
    for agent in finished.unwrap().as_array().unwrap() {
        assert!(!requested.contains(agent.as_str().unwrap()), "{what}: {agent} was asked again");
    }
    let run = detail(aios);
    assert_eq!(run["status"], "completed", "{what}");
    let files: BTreeSet<&str> =
        run["files"].as_array().unwrap().iter().filter_map(|file| file.as_str()).collect();
    assert_eq!(files, WORK.iter().map(|(_, path)| *path).collect(), "{what}");
    // What was used before the crash was used, whoever remembers it.
    let called = events.iter().filter(|event| event["event"] == "model_called");
    let used: u64 = called.map(|event| event["usage"]["output"].as_u64().unwrap()).sum();
    assert_eq!(run["usage"]["output"], used, "{what}");
}

/// A run that was taken up: how it ended, and which agents asked a model.
struct Resumed {
    code: Option<i32>,
    requested: BTreeSet<String>,
}

fn resume(aios: &Aios) -> Resumed {
    let before = aios.model.requests().len();
    let (code, _) = Live::start(aios, &["resume"]).end();
    let requested =
        aios.model.requests().into_iter().skip(before).filter_map(|request| request.agent).collect();
    Resumed { code, requested }
}

/// Nothing of a run that was killed may be found when it is taken up but what was stored.
#[test]
fn a_crash_in_the_second_wave() {
    let check = |what: &str, cut: Vec<Turn>, crash: &dyn Fn(&Aios, Live)| {
        let frontend = cut.into_iter().chain([write("frontend.md"), done()]);
        let aios = Aios::with_model(team_without(&["frontend"]).agent("frontend", frontend));
        let mut live = Live::start(&aios, &TEAM);
        live.until("node_completed", "backend");
        crash(&aios, live);
        assert_eq!(status(&aios), "interrupted", "{what}");
        let resumed = resume(&aios);
        assert_eq!(resumed.requested, ["frontend", "devops"].map(String::from).into(), "{what}");
        check_whole(&aios, &resumed, what);
    };
    check("before the first word", vec![turn().hang_before_headers()], &|aios, live| {
        asked(aios, "frontend", 1);
        live.kill();
    });
    check(
        "amid an answer",
        vec![write("frontend.md"), write("x").text("I think").hang_mid_stream()],
        &|aios, live| {
            asked(aios, "frontend", 2);
            live.kill();
        },
    );
    let mark = mark();
    check("in a command", vec![runs(&tree(&mark))], &|_, live| {
        wait_until("the command runs", || processes(&mark) >= 4);
        live.kill();
        wait_until("the command's processes are gone", || processes(&mark) == 0);
    });
}

#[test]
fn a_crash_after_each_event() {
    let play = || team_without(&[]);
    let mut aios = Aios::with_model(play());
    let (code, events) = Live::start(&aios, &TEAM).end();
    assert_eq!(code, Some(0));
    for crash in (0..events.len()).step_by(4) {
        aios = Aios::with_model(play());
        let mut live = Live::start(&aios, &TEAM);
        for _ in 0..=crash {
            live.next();
        }
        live.kill();
        if status(&aios) == "completed" {
            continue;
        }
        aios.play(play());
        let resumed = resume(&aios);
        check_whole(&aios, &resumed, &format!("after event {crash}, {}", events[crash]["event"]));
    }
}

#[test]
fn a_crash_of_the_one_that_went_on() {
    let hangs = || turn().hang_before_headers();
    let frontend = [hangs(), hangs(), hangs(), write("frontend.md"), done()];
    let aios = Aios::with_model(team_without(&["frontend"]).agent("frontend", frontend));
    let mut live = Live::start(&aios, &TEAM);
    live.until("node_completed", "backend");
    asked(&aios, "frontend", 1);
    live.kill();
    for times in 2..=3 {
        let again = Live::start(&aios, &["resume"]);
        asked(&aios, "frontend", times);
        again.kill();
    }
    let resumed = resume(&aios);
    check_whole(&aios, &resumed, "killed three times");
    let events = history(&aios);
    assert_eq!(events.iter().filter(|event| event["event"] == "run_resumed").count(), 3);
}

/// The human is not asked again, and the agent goes on with what it was told.
#[test]
fn a_crash_after_an_answer() {
    let aios = Aios::with_model(
        Script::new().agent("backend", [asks(), turn().hang_before_headers(), write("a.md"), done()]),
    );
    assert_eq!(Live::start(&aios, &ALONE).end().0, Some(3));
    let answered = Live::start(&aios, &["respond", "last", "The blue one"]);
    asked(&aios, "backend", 2);
    answered.kill();
    assert_eq!(status(&aios), "interrupted");
    assert_eq!(resume(&aios).code, Some(0));
    for request in &aios.model.requests()[2..] {
        assert!(request.prompt().contains("The blue one"), "{}", request.prompt());
    }
    history(&aios);
    aios.model.finish();
}

#[test]
fn a_crash_before_anything_happened() {
    let aios = Aios::with_model(Script::new().always(turn().hang_before_headers()));
    let mut live = Live::start(&aios, &TEAM);
    drop(live.next());
    live.kill();
    let said = aios.says(&["runs"]);
    assert!(said.contains("interrupted"), "{said}");
    let cancelled = aios.says(&["runs", "cancel", "last"]);
    assert!(cancelled.starts_with("exit 0\n"), "{cancelled}");
    assert_eq!(status(&aios), "cancelled");
}
