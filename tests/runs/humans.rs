//! Questions to the human: in one process, and over the end of one.

use aios_protocol::{Api, ErrorCode, RunEvent, RunRespond, RunResume, RunStart, RunStatus, RunWaiting};
use aios_testkit::{Script, turn};
use aios_tests::objective;
use serde_json::json;

use crate::play::{CALC, done, world, write};

fn asking() -> Script {
    Script::new().agent(
        "backend",
        [turn().call("ask_human", json!({ "question": "Which name?" })), write("calc.py", CALC), done()],
    )
}

fn backend() -> RunStart {
    RunStart { tasks: vec!["backend".into()], ..objective("a calculator", "fullstack") }
}

fn asks(event: &RunEvent) -> bool {
    matches!(event, RunEvent::HumanInputRequired { .. })
}

#[tokio::test]
async fn an_answer_goes_to_the_agent_that_asked() {
    let mut world = world(asking());
    let run_id = world.start(backend()).await;
    let waiting = world.follow_until(run_id, asks).await;
    waiting.expect(RunStatus::Waiting);
    let session = world.session().await;
    let questions = session.run_waiting(RunWaiting { run_id }).await.unwrap().questions;
    assert_eq!(questions.len(), 1);
    assert_eq!((questions[0].agent.as_str(), questions[0].question.as_str()), ("backend", "Which name?"));
    session.run_respond(RunRespond { run_id, question_id: None, answer: "calc".into() }).await.unwrap();
    world.follow(run_id).await.expect(RunStatus::Completed);
    let last = world.requests().last().map(|request| request.prompt()).unwrap_or_default();
    assert!(last.contains("calc"), "{last}");
    world.finish().await;
}

#[tokio::test]
async fn a_question_survives_the_end_of_the_process() {
    let mut world = world(asking());
    let run_id = world.start(backend()).await;
    world.follow_until(run_id, asks).await;
    world.restart().await;

    let session = world.session().await;
    assert!(session.run_waiting(RunWaiting { run_id }).await.unwrap().waiting);
    session.run_respond(RunRespond { run_id, question_id: None, answer: "calc".into() }).await.unwrap();
    session.run_resume(RunResume { run_id }).await.unwrap();
    let run = world.follow(run_id).await;
    run.expect(RunStatus::Completed);
    // The conversation went on: the first request was not made again.
    assert_eq!(world.requests().len(), 3);
    world.finish().await;
}

#[tokio::test]
async fn an_answer_that_nobody_waits_for_is_refused() {
    let mut world = world(Script::new().agent("backend", [write("calc.py", CALC), done()]));
    let run = world.run(backend()).await;
    let respond = RunRespond { run_id: run.detail.run_id, question_id: None, answer: "yes".into() };
    let problem = world.session().await.run_respond(respond).await.unwrap_err();
    assert!(problem.message.contains("waits for no answer"), "{problem:?}");
    world.finish().await;
}

/// Sent twice because the first reply was lost, it must not answer what is asked next.
#[tokio::test]
async fn an_answer_that_is_sent_again_answers_no_other_question() {
    let ask = |question: &str| turn().call("ask_human", json!({ "question": question }));
    let turns = [ask("Which name?"), ask("Delete the old files?"), write("calc.py", CALC), done()];
    let mut world = world(Script::new().agent("backend", turns));
    let run_id = world.start(backend()).await;
    world.follow_until(run_id, asks).await;
    let session = world.session().await;
    let question = session.run_waiting(RunWaiting { run_id }).await.unwrap().questions.remove(0);
    let respond = RunRespond { run_id, question_id: Some(question.question_id), answer: "calc".into() };
    session.run_respond(respond.clone()).await.unwrap();
    let seen = std::cell::Cell::new(false);
    world.follow_until(run_id, |event| asks(event) && seen.replace(true)).await;
    let again = session.run_respond(respond).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::Conflict, "{again}");
    assert_eq!(session.run_waiting(RunWaiting { run_id }).await.unwrap().questions.len(), 1);
    session.run_respond(RunRespond { run_id, question_id: None, answer: "no".into() }).await.unwrap();
    world.follow(run_id).await.expect(RunStatus::Completed);
    world.finish().await;
}

#[tokio::test]
async fn an_answer_is_not_asked_for_again_at_the_next_attempt() {
    let broken = write("calc.py", "def add(a, b:\n    return a + b\n");
    let turns = [turn().call("ask_human", json!({ "question": "Which name?" })), broken, done()];
    let script = Script::new().agent("backend", turns).agent("backend", [write("calc.py", CALC), done()]);
    let mut world = world(script);
    let run_id = world.start(backend()).await;
    world.follow_until(run_id, asks).await;
    let session = world.session().await;
    session.run_respond(RunRespond { run_id, question_id: None, answer: "calc".into() }).await.unwrap();
    let run = world.follow(run_id).await;
    run.expect(RunStatus::Completed);
    let names = run.names();
    assert_eq!(names.iter().filter(|name| *name == "human_input_required backend").count(), 1, "{names:#?}");
    world.finish().await;
}
