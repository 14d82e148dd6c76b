//! Every persona and hierarchy, waves, parallel work, selected agents.

use aios_protocol::{RunEvent, RunStart, RunStatus};
use aios_testkit::Script;
use aios_tests::objective;

use crate::play::{CALC, CALC_TEST, done, planner, world, write};

async fn check(request: RunStart, waves: &[&[&str]]) {
    let name = format!("{:?}{:?}", request.persona, request.hierarchy);
    // Replies of agents that do not take part are never asked for, so the script holds only those that do.
    let script = waves.iter().flat_map(|wave| wave.iter()).fold(Script::new(), |script, agent| {
        let turns = match *agent {
            "planner" => planner().to_vec(),
            "ceo" => vec![write("contract/strategy.md", "Small and right."), done()],
            "cto" => planner().to_vec(),
            "backend" => vec![write("calc.py", CALC), done()],
            "frontend" => vec![write("index.html", "<h1>Calculator</h1>"), done()],
            "qa" => vec![write("test_calc.py", CALC_TEST), done()],
            "devops" => vec![write("Dockerfile", "FROM python:3.12-slim\n"), done()],
            _ => Vec::new(),
        };
        script.agent(agent, turns)
    });
    let mut world = world(script);
    let run = world.run(request).await;
    run.expect(RunStatus::Completed);
    let planned = run.frames.iter().find_map(|frame| match &frame.event {
        RunEvent::RunStarted { nodes, .. } => Some(nodes.clone()),
        _ => None,
    });
    for (index, wave) in waves.iter().enumerate() {
        let agents: Vec<String> = planned
            .iter()
            .flatten()
            .filter(|node| node.wave == index + 1)
            .map(|node| node.agent.to_string())
            .collect();
        assert_eq!(agents, *wave, "{name}");
    }
    assert_eq!(run.detail.nodes.len(), waves.iter().map(|wave| wave.len()).sum::<usize>(), "{name}");
    let counted = run.detail.evidence.as_ref().map(|evidence| (evidence.passed, evidence.failed));
    assert_eq!(counted, Some((2, 0)), "{name}");
    world.finish().await;
}

#[tokio::test]
async fn every_persona_runs_to_a_verified_end() {
    let full: &[&[&str]] = &[&["planner"], &["backend", "frontend"], &["qa"]];
    let api: &[&[&str]] = &[&["planner"], &["backend"], &["qa"]];
    check(objective("a calculator", "fullstack"), full).await;
    check(objective("a calculator", "api_only"), api).await;
    check(objective("a calculator", "data_pipeline"), api).await;
    check(objective("a calculator", "saas_starter"), full).await;
    check(objective("a calculator", "microservice"), &[&["planner"], &["backend"], &["qa"], &["devops"]])
        .await;
}

#[tokio::test]
async fn every_hierarchy_runs_to_a_verified_end() {
    let hierarchy = |name: &str| RunStart {
        objective: "a calculator".into(),
        hierarchy: Some(name.into()),
        ..RunStart::default()
    };
    check(hierarchy("standard"), &[&["planner"], &["backend", "frontend"], &["qa"]]).await;
    check(hierarchy("enterprise"), &[&["ceo"], &["cto"], &["backend", "frontend"], &["qa"]]).await;
    check(hierarchy("with_devops"), &[&["planner"], &["backend", "frontend"], &["qa"], &["devops"]]).await;
}

#[tokio::test]
async fn backend_and_frontend_work_at_the_same_time() {
    let script = Script::new()
        .agent("planner", planner())
        .agent("backend", [write("calc.py", CALC).slow(40), done()])
        .agent("frontend", [write("index.html", "<h1>hi</h1>").slow(40), done()])
        .agent("qa", [write("test_calc.py", CALC_TEST), done()]);
    let mut world = world(script);
    let run = world.run(objective("a calculator", "fullstack")).await;
    run.expect(RunStatus::Completed);
    let names = run.names();
    let at = |name: &str| names.iter().position(|line| line == name).unwrap();
    assert!(at("node_started frontend") < at("node_completed backend"), "{names:#?}");
    assert!(at("node_started backend") < at("node_completed frontend"), "{names:#?}");
    assert!(at("node_started qa") > at("node_completed backend").max(at("node_completed frontend")));
    world.finish().await;
}

#[tokio::test]
async fn tasks_select_agents() {
    let script = Script::new()
        .agent("backend", [write("calc.py", CALC), done()])
        .agent("qa", [write("test_calc.py", CALC_TEST), done()]);
    let mut world = world(script);
    let tasks = vec!["backend".into(), "qa".into()];
    let run = world.run(RunStart { tasks, ..objective("a calculator", "fullstack") }).await;
    run.expect(RunStatus::Completed);
    assert_eq!(run.detail.nodes.len(), 2);
    world.finish().await;
}

#[tokio::test]
async fn a_failed_agent_is_never_hidden() {
    let script = Script::new()
        .agent("planner", planner())
        .agent("backend", [write("calc.py", CALC), done()])
        // Three attempts, each of which leaves broken JSON behind.
        .agent("frontend", [write("app.json", "{"), done(), done(), done()]);
    let mut world = world(script);
    let run = world.run(objective("a calculator", "fullstack")).await;
    run.expect(RunStatus::Failed);
    let names = run.names();
    assert!(names.contains(&"node_completed backend".into()), "{names:#?}");
    assert!(names.contains(&"node_failed frontend".into()), "{names:#?}");
    assert!(names.contains(&"node_skipped qa".into()), "{names:#?}");
    world.finish().await;
}

#[tokio::test]
async fn the_first_request_of_a_build_agent_is_small() {
    let mut world = world(Script::new().agent("backend", [write("calc.py", CALC), done()]));
    let tasks = vec!["backend".into()];
    world
        .run(RunStart { tasks, ..objective("Build a calculator", "fullstack") })
        .await
        .expect(RunStatus::Completed);
    let first = world.requests()[0].bytes;
    assert!(first <= 6_000, "the first request has {first} bytes");
    world.finish().await;
}
