//! What can be asked of a run once it is over, and the files that a person sees of it.
#![expect(clippy::disallowed_methods, reason = "files that no agent would write")]

use aios_protocol::{
    Api, ErrorCode, PersonaList, RunFileSave, RunFileShow, RunGraph, RunLogs, RunStatus, RunTokens,
    RunWorkspace,
};
use aios_testkit::Script;
use aios_tests::objective;

use crate::play::{CALC, CALC_TEST, done, planner, world, write};

fn script() -> Script {
    Script::new()
        .agent("planner", planner())
        .agent("backend", [write("calc.py", CALC), done()])
        .agent("qa", [write("test_calc.py", CALC_TEST), done()])
}

#[tokio::test]
async fn tokens_graph_and_logs_are_the_runs_own() {
    let mut world = world(script());
    let run = world.run(objective("a calculator", "api_only")).await;
    let run_id = run.expect(RunStatus::Completed).detail.run_id;
    let session = world.session().await;

    let tokens = session.run_tokens(RunTokens { run_id }).await.unwrap();
    assert_eq!(tokens.total, run.detail.usage);
    assert_eq!(tokens.total_tokens, tokens.total.input + tokens.total.output);
    let agents: Vec<&str> = tokens.agents.iter().map(|part| part.agent.as_str()).collect();
    assert_eq!(agents, ["planner", "backend", "qa"]);
    assert_eq!(tokens.agents.iter().map(|part| part.usage.output).sum::<u64>(), tokens.total.output);

    let graph = session.run_graph(RunGraph { run_id }).await.unwrap();
    assert_eq!((graph.progress, graph.waves.len()), (1.0, 3));
    let edges: Vec<String> = graph.edges.iter().map(|edge| format!("{}-{}", edge.from, edge.to)).collect();
    assert_eq!(edges, ["planner-backend", "planner-qa", "backend-qa"]);

    let logs = session.run_logs(RunLogs { run_id, after: 0, limit: None }).await.unwrap().logs;
    assert!(logs.windows(2).all(|pair| pair[0].seq < pair[1].seq));
    assert_eq!(logs.iter().filter(|entry| entry.message == "Done.").count(), 3);
    world.finish().await;
}

#[tokio::test]
async fn files_are_listed_shown_and_saved_without_losing_a_change() {
    let mut world = world(script());
    let run = world.run(objective("a calculator", "api_only")).await;
    let run_id = run.expect(RunStatus::Completed).detail.run_id;
    let session = world.session().await;

    let listed = session.run_workspace(RunWorkspace { run_id }).await.unwrap();
    let paths: Vec<&str> = listed.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["calc.py", "contract/contract.md", "contract/plan.md", "test_calc.py"]);
    assert_eq!(listed.total_bytes, listed.files.iter().map(|file| file.bytes).sum::<u64>());

    let show = |path: &str| session.run_file_show(RunFileShow { run_id, path: path.into() });
    let first = show("calc.py").await.unwrap();
    assert_eq!((first.content.as_str(), first.truncated, first.binary), (CALC, false, false));
    let save = |content: &str, expected_hash: Option<String>| {
        let content = content.to_owned();
        session.run_file_save(RunFileSave { run_id, path: "calc.py".into(), content, expected_hash })
    };
    let saved = save("x = 1\n", first.hash.clone()).await.unwrap();
    assert_eq!(show("calc.py").await.unwrap().hash, Some(saved.hash));
    let refused = save("x = 2\n", first.hash).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Conflict);
    assert_eq!(show("calc.py").await.unwrap().content, "x = 1\n");

    // Of those who read the same and save at the same time, one is told.
    for _ in 0..10 {
        let read = show("calc.py").await.unwrap().hash;
        let saves = (10..14).map(|number| save(&format!("x = {number}\n"), read.clone()));
        let saved = futures::future::join_all(saves).await;
        assert_eq!(saved.iter().filter(|saved| saved.is_ok()).count(), 1, "{saved:?}");
        save("x = 9\n", None).await.unwrap();
    }

    for (path, code) in [
        ("missing.py", ErrorCode::NotFound),
        (".env", ErrorCode::NotFound),
        ("../x", ErrorCode::InvalidRequest),
        ("/etc/passwd", ErrorCode::InvalidRequest),
        ("contract", ErrorCode::InvalidRequest),
        ("", ErrorCode::InvalidRequest),
    ] {
        assert_eq!(show(path).await.unwrap_err().code, code, "{path}");
    }
    let large = save(&"x".repeat(500_001), None).await.unwrap_err();
    assert_eq!(large.code, ErrorCode::TooLarge);
    world.finish().await;
}

#[tokio::test]
async fn long_and_binary_files_are_previewed() {
    let mut world = world(script());
    let run = world.run(objective("a calculator", "api_only")).await;
    let (run_id, dir) = (run.expect(RunStatus::Completed).detail.run_id, &run.detail.dir);
    let folder = std::path::Path::new(dir);
    std::fs::write(folder.join("long.txt"), "é".repeat(300_000)).unwrap();
    std::fs::write(folder.join("picture.bin"), [0xff, 0xd8, 0, 1]).unwrap();
    let session = world.session().await;
    let show = |path: &str| session.run_file_show(RunFileShow { run_id, path: path.into() });

    let long = show("long.txt").await.unwrap();
    assert_eq!((long.bytes, long.content.len(), long.truncated, long.hash), (600_000, 500_000, true, None));
    std::fs::File::create(folder.join("log.txt")).unwrap().set_len(3 << 30).unwrap();
    let log = show("log.txt").await.unwrap();
    assert_eq!((log.bytes, log.truncated, log.binary), (3 << 30, true, true));
    let binary = show("picture.bin").await.unwrap();
    assert_eq!((binary.content.as_str(), binary.binary, binary.bytes), ("", true, 4));
    world.finish().await;
}

#[tokio::test]
async fn personas_and_roles_are_told() {
    let mut world = world(Script::new());
    let told = world.session().await.persona_list(PersonaList {}).await.unwrap();
    let waves = |id: &str| told.personas.iter().find(|entry| entry.id == id).map(|entry| entry.waves.clone());
    let names = |wave: &[&str]| wave.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        waves("standard"),
        Some(vec![names(&["planner"]), names(&["backend", "frontend"]), names(&["qa"])])
    );
    let levels: Vec<_> = told.roles.iter().map(|role| (role.level, role.id.as_str())).collect();
    assert_eq!(levels[..2], [(0, "ceo"), (1, "cto")]);
    assert_eq!(levels.len(), 7);
    world.finish().await;
}
