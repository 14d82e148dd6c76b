//! Transcripts in, text out.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use aios_protocol::{EventFrame, NodeStatus, RunEvent, Timestamp};

use super::*;
use crate::text::Line;

const COMPLETED: &str = include_str!("transcripts/completed.jsonl");
const FAILED: &str = include_str!("transcripts/failed.jsonl");
const WAITING: &str = include_str!("transcripts/waiting.jsonl");
const RESUMED: &str = include_str!("transcripts/resumed.jsonl");

/// A transcript has one event per line: the second at which it happened, then the event.
fn frames(transcript: &str) -> Vec<EventFrame> {
    let mut seq = 0;
    let frame = |line: &str| {
        let (second, event) = line.split_once(' ').unwrap();
        let event: RunEvent = serde_json::from_str(event).unwrap();
        seq += u64::from(event.is_durable());
        let run_id = "0192f3a4-7c1e-7000-8000-000000000001".parse().unwrap();
        EventFrame { run_id, seq, at: at(second.parse().unwrap()), event }
    };
    transcript.lines().map(frame).collect()
}

fn at(second: f64) -> Timestamp {
    Timestamp::from_micros(1_700_000_000_000_000).plus(Duration::from_secs_f64(second))
}

fn state_until(transcript: &str, second: f64) -> State {
    let mut state = State::default();
    frames(transcript).iter().filter(|frame| frame.at <= at(second)).for_each(|frame| state.apply(frame));
    state
}

fn here(folder: &str) -> Reader<'_> {
    Reader { program: "aios", folder: Some(Path::new(folder)) }
}

fn text(lines: &[Line]) -> String {
    let mut text = String::new();
    lines.iter().for_each(|line| writeln!(text, "{}", line.paint(false)).unwrap());
    text
}

#[test]
fn the_picture_at_some_moments() {
    let mut album = String::new();
    for (name, transcript, seconds) in [
        ("completed", COMPLETED, &[0.2, 5.5, 9.3, 12.5, 30.5, 72.1][..]),
        ("resumed", RESUMED, &[10.0, 900.05, 900.3]),
    ] {
        for second in seconds {
            let picture = render(&state_until(transcript, *second), 100, at(*second));
            writeln!(album, "{name}, at {second} s\n{}", text(&picture)).unwrap();
        }
    }
    insta::assert_snapshot!(album);
}

#[test]
fn the_picture_fits_any_terminal() {
    let mut album = String::new();
    for (transcript, second) in [(COMPLETED, 12.5), (FAILED, 9.1), (WAITING, 1.0)] {
        let state = state_until(transcript, second);
        for width in 0..200 {
            for line in render(&state, width, at(second)) {
                assert!(line.width() <= width, "{} columns of {width}: {line:?}", line.width());
            }
        }
        writeln!(album, "{}", text(&render(&state, 50, at(second)))).unwrap();
    }
    insta::assert_snapshot!(album);
}

#[test]
fn plain_lines_tell_the_story() {
    for (name, transcript) in
        [("completed", COMPLETED), ("failed", FAILED), ("waiting", WAITING), ("resumed", RESUMED)]
    {
        let (mut state, mut story) = (State::default(), String::new());
        for frame in frames(transcript) {
            story.push_str(&text(&lines(&state, &frame)));
            state.apply(&frame);
        }
        insta::assert_snapshot!(format!("plain_{name}"), story);
    }
}

#[test]
fn the_card_at_the_end() {
    for (name, transcript, second) in [
        ("completed", COMPLETED, 72.1),
        ("failed", FAILED, 9.1),
        ("interrupted", RESUMED, 10.0),
        ("limit", RESUMED, 902.0),
    ] {
        let state = state_until(transcript, second);
        let card = card(&state, "/home/u/my runs/run_1", &here("/home/u"), at(2_000.0));
        insta::assert_snapshot!(format!("card_{name}"), text(&card));
    }
    assert!(card(&state_until(WAITING, 1.0), "/d", &here("/"), at(1.0)).is_empty(), "it has not ended");
}

#[test]
fn many_files_are_summed_up() {
    let mut state = state_until(FAILED, 9.1);
    state.files = (0..40).map(|number| (format!("src/file_{number:02}.py"), number)).collect();
    let card = text(&card(&state, "/d", &here("/"), at(9.1)));
    assert!(card.contains("file_11.py") && !card.contains("file_12.py"), "{card}");
    assert!(card.contains("and 28 more"), "{card}");
}

#[test]
fn the_clock_stands_still_while_nobody_works() {
    let check = |second: f64, expect: u64| {
        let elapsed = state_until(RESUMED, second).elapsed(at(second));
        assert_eq!(elapsed, Duration::from_millis(expect), "at {second} s");
    };
    check(9.0, 9_000);
    check(10.0, 10_000);
    check(500.0, 10_000);
    check(900.05, 10_050);
    check(900.4, 10_100);
    check(901.0, 10_600);
    check(5_000.0, 11_600);
}

#[test]
fn a_question_is_open_until_it_is_answered() {
    assert_eq!(state_until(WAITING, 1.0).questions.len(), 1);
    let mut twice = state_until(WAITING, 1.0);
    twice.apply(frames(WAITING).last().unwrap());
    assert_eq!(twice.questions.len(), 1, "the same question is not asked twice");
    assert_eq!(state_until(RESUMED, 1.0).questions.len(), 1);
    assert_eq!(state_until(RESUMED, 5.0).questions.len(), 0);
}

#[test]
fn an_agent_that_was_never_announced_is_shown() {
    let mut state = State::default();
    frames(COMPLETED).iter().skip(1).for_each(|frame| state.apply(frame));
    assert_eq!(state.nodes.len(), 4);
    assert!(state.nodes.iter().all(|node| node.status == NodeStatus::Completed));
}

#[test]
fn an_endless_reply_keeps_only_its_end() {
    let mut state = state_until(COMPLETED, 4.4);
    let chunk = &frames(COMPLETED)[2];
    let mut long = chunk.clone();
    long.event = RunEvent::TokenChunk { agent: "backend".parse().unwrap(), chunk: "é".repeat(50_000) };
    (0..20).for_each(|_| state.apply(&long));
    assert!(state.nodes.iter().all(|node| node.tail.len() < 1_000));
}
