//! What runs know besides their objective: the project's past, its rules files, the contract.
#![expect(clippy::disallowed_methods, reason = "a test is a host: it makes the user's files")]

use aios_protocol::{Api, ProjectId, ProjectShow, RunStart, RunStatus};
use aios_testkit::Script;
use aios_tests::objective;

use crate::play::{CALC, CALC_TEST, done, planner, world, write};

#[tokio::test]
async fn the_next_run_of_a_project_knows_the_last_one() {
    let script = Script::new()
        .agent("backend", [write("calc.py", CALC), done()])
        .agent("backend", [write("more.py", "X = 1\n"), done()]);
    let mut world = world(script);
    let project = ProjectId::new("my-calc").unwrap();
    let run = |text: &str| RunStart {
        project_id: Some(project.clone()),
        tasks: vec!["backend".into()],
        ..objective(text, "fullstack")
    };
    world.run(run("Build the first part")).await.expect(RunStatus::Completed);
    let second = world.run(run("Build the second part")).await;
    second.expect(RunStatus::Completed);
    assert!(second.file("calc.py").is_some(), "the workspace is the same");

    let told = world.requests()[2].prompt();
    assert!(told.contains("Build the first part") && told.contains("Do not rewrite"), "{told}");
    let state = world.session().await.project_show(ProjectShow { project_id: project }).await.unwrap();
    assert_eq!((state.total_runs, state.files), (2, vec!["calc.py".to_owned(), "more.py".to_owned()]));
    world.finish().await;
}

#[tokio::test]
async fn rules_files_reach_every_agent_verbatim() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("AGENTS.md"), "Always use tabs. Canary: heliotrope.").unwrap();
    let mut world = world(Script::new().agent("backend", [write("calc.py", CALC), done()]));
    let dir = folder.path().display().to_string();
    let request =
        RunStart { dir: Some(dir), tasks: vec!["backend".into()], ..objective("a calculator", "fullstack") };
    world.run(request).await.expect(RunStatus::Completed);
    for request in world.requests() {
        assert!(request.prompt().contains("Always use tabs. Canary: heliotrope."));
    }
    world.finish().await;
}

#[tokio::test]
async fn the_contract_reaches_those_who_build_to_it() {
    let script = Script::new()
        .agent("planner", planner())
        .agent("backend", [write("calc.py", CALC), done()])
        .agent("qa", [write("test_calc.py", CALC_TEST), done()]);
    let mut world = world(script);
    world.run(objective("a calculator", "api_only")).await.expect(RunStatus::Completed);
    let builders = world.requests().into_iter().filter(|request| request.agent.as_deref() != Some("planner"));
    for request in builders {
        assert!(request.prompt().contains("calc.add(a, b) -> a + b"), "{:?}", request.agent);
    }
    world.finish().await;
}
