//! Whose keys runs use, and where they work.

use aios_protocol::{
    Api, CredentialList, CredentialRemove, ErrorCode, FreeRunsShow, RunCancel, RunEvent, RunPause,
    RunRespond, RunResume, RunShow, RunStart, RunStatus,
};
use aios_testkit::{Script, turn};
use futures::StreamExt;
use serde_json::json;

use crate::guests::{Person, backend, calculator, finished, own_key, owner, poor_world, run, start, world};

async fn free_runs(person: &Person) -> (u32, u32, bool, String) {
    let free = person.free_runs_show(FreeRunsShow {}).await.unwrap();
    (free.free_runs_remaining, free.free_runs_total, free.has_byom_key, free.status)
}

#[tokio::test]
async fn an_own_key_serves_every_run_and_none_is_counted() {
    let mut world = poor_world(Script::new().agent("backend", calculator()).agent("backend", calculator()));
    let ada = owner(&mut world, "ada@example.com").await;
    let problem = start(&ada, backend()).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::NotConfigured);
    assert!(problem.message.starts_with("Add your own key"), "{problem}");
    assert_eq!(free_runs(&ada).await, (3, 3, false, "local_only".into()));

    let stored = ada.credential_add(own_key()).await.unwrap();
    assert_eq!((stored.is_default, stored.key_hint.as_str()), (true, "cdef"));
    let done = run(&ada, backend()).await;
    assert_eq!(
        (done.status, done.model.as_str()),
        (RunStatus::Completed, "openai/gpt-4o"),
        "{:?}",
        done.failure
    );
    let me = ada.auth_me(aios_protocol::AuthMe {}).await.unwrap();
    let place = world.home().join("data/workspaces").join(me.org_id.as_str());
    // Where the server keeps it is not theirs to know.
    assert!(!done.dir.contains('/') && place.join(&done.dir).join("calc.py").is_file(), "{}", done.dir);
    run(&ada, RunStart { model: Some("openai/gpt-4o-mini".into()), ..backend() }).await;
    assert_eq!(free_runs(&ada).await, (3, 3, true, "byom".into()));

    let problem = start(&ada, RunStart { model: Some("groq/x".into()), ..backend() }).await.unwrap_err();
    assert!(problem.message.contains("none of groq"), "{problem}");
    let database = std::fs::read(world.home().join("data/aios.db")).unwrap();
    let log = std::fs::read(world.home().join("data/aios.db-wal")).unwrap_or_default();
    let key = aios_testkit::ModelServer::KEY.as_bytes();
    assert!([database, log].iter().all(|file| !file.windows(key.len()).any(|part| part == key)));
    world.finish().await;
}

#[tokio::test]
async fn the_hosts_keys_are_lent_for_so_many_runs() {
    let script = Script::new().agent("backend", calculator()).agent("backend", calculator());
    let mut world = world(script).with_env("AIOS_FREE_RUNS", "2");
    let ada = owner(&mut world, "ada@example.com").await;
    assert_eq!(free_runs(&ada).await, (2, 2, false, "free_runs_available".into()));
    let refused = [
        RunStart { dir: Some("/tmp".into()), ..backend() },
        RunStart { objective: " ".into(), ..backend() },
        RunStart { model: Some("anthropic/x".into()), ..backend() },
    ];
    for request in refused {
        start(&ada, request).await.unwrap_err();
    }
    assert_eq!(free_runs(&ada).await.0, 2, "runs that did not start are counted");
    for left in [1, 0] {
        assert_eq!(run(&ada, backend()).await.status, RunStatus::Completed);
        assert_eq!(free_runs(&ada).await.0, left);
    }
    assert_eq!(free_runs(&ada).await.3, "exhausted");
    for model in [None, Some("openai/gpt-4o".into())] {
        let problem = start(&ada, RunStart { model, ..backend() }).await.unwrap_err();
        assert_eq!(problem.code, ErrorCode::NotConfigured);
        assert!(problem.message.starts_with("Add your own key"), "{problem}");
    }
    let bob = owner(&mut world, "bob@example.com").await;
    assert_eq!(free_runs(&bob).await.0, 2);
    world.finish().await;
}

#[tokio::test]
async fn runs_that_start_at_once_share_what_is_left() {
    let script = Script::new().agent("backend", calculator());
    let mut world = world(script).with_env("AIOS_FREE_RUNS", "1");
    let ada = owner(&mut world, "ada@example.com").await;
    let (a, b) = tokio::join!(start(&ada, backend()), start(&ada, backend()));
    let (ok, refused) = match (a, b) {
        (Ok(run_id), Err(problem)) | (Err(problem), Ok(run_id)) => (run_id, problem),
        both => panic!("{both:?}"),
    };
    assert!(refused.message.starts_with("Add your own key"), "{refused}");
    assert_eq!(finished(&ada, ok).await.status, RunStatus::Completed);
    world.finish().await;
}

fn sleeper() -> Script {
    Script::new().agent("backend", [turn().call("run_command", json!({ "command": "sleep 600" }))])
}

async fn until_it_sleeps(person: &Person, run_id: aios_protocol::RunId) {
    let mut frames = person.inner().subscribe(run_id, 0);
    while let Some(frame) = frames.next().await {
        if matches!(frame.unwrap().event, RunEvent::ToolCall { .. }) {
            return;
        }
    }
    panic!("it ended");
}

#[tokio::test]
async fn a_free_run_goes_on_with_the_lent_key_and_is_counted_once() {
    let mut world = world(sleeper().agent("backend", calculator())).with_env("AIOS_FREE_RUNS", "1");
    let ada = owner(&mut world, "ada@example.com").await;
    let key = ada.key_create(aios_protocol::KeyCreate { name: "again".into() }).await.unwrap().api_key;
    let run_id = start(&ada, backend()).await.unwrap();
    until_it_sleeps(&ada, run_id).await;
    drop(ada);
    world.restart().await;

    let ada = world.app().await.authenticate(key.expose()).await.unwrap();
    ada.run_resume(RunResume { run_id }).await.unwrap();
    assert_eq!(finished(&ada, run_id).await.status, RunStatus::Completed);
    assert_eq!(free_runs(&ada).await.0, 0);
    world.finish().await;
}

#[tokio::test]
async fn a_run_does_not_go_on_without_the_key_that_it_had() {
    let mut world = world(sleeper());
    let ada = owner(&mut world, "ada@example.com").await;
    let key = ada.key_create(aios_protocol::KeyCreate { name: "again".into() }).await.unwrap().api_key;
    ada.credential_add(own_key()).await.unwrap();
    let run_id = start(&ada, backend()).await.unwrap();
    until_it_sleeps(&ada, run_id).await;
    drop(ada);
    world.restart().await;

    let ada = world.app().await.authenticate(key.expose()).await.unwrap();
    let credential_id = ada.credential_list(CredentialList {}).await.unwrap().credentials[0].credential_id;
    ada.credential_remove(CredentialRemove { credential_id }).await.unwrap();
    let problem = ada.run_resume(RunResume { run_id }).await.unwrap_err();
    assert!(problem.message.contains("none of openai"), "{problem}");
    assert_eq!(free_runs(&ada).await.0, 3, "the host's key took over");
    world.finish().await;
}

#[tokio::test]
async fn organisations_see_neither_runs_nor_keys_of_each_other() {
    let mut world = world(Script::new().agent("backend", calculator()));
    let (ada, eve) = (owner(&mut world, "ada@example.com").await, owner(&mut world, "eve@example.com").await);
    let credential = ada.credential_add(own_key()).await.unwrap();
    let done = run(&ada, RunStart { project_id: Some("blog".parse().unwrap()), ..backend() }).await;
    let run_id = done.run_id;
    let local = world.session().await;
    for problem in [
        eve.run_show(RunShow { run_id }).await.unwrap_err(),
        eve.run_cancel(RunCancel { run_id }).await.unwrap_err(),
        eve.run_resume(RunResume { run_id }).await.unwrap_err(),
        eve.credential_remove(CredentialRemove { credential_id: credential.credential_id })
            .await
            .unwrap_err(),
        local.run_show(RunShow { run_id }).await.unwrap_err(),
    ] {
        assert_eq!(problem.code, ErrorCode::NotFound, "{problem}");
    }
    assert_eq!(eve.credential_list(CredentialList {}).await.unwrap().credentials, []);
    assert!(eve.inner().subscribe(run_id, 0).next().await.is_some_and(|first| first.is_err()));
    world.finish().await;
}

#[tokio::test]
async fn a_plan_has_so_many_runs_at_work() {
    let script = sleeper().agent("backend", [turn().call("run_command", json!({ "command": "sleep 600" }))]);
    let mut world = world(script.agent("backend", calculator()));
    let ada = owner(&mut world, "ada@example.com").await;
    ada.credential_add(own_key()).await.unwrap();
    let first = start(&ada, backend()).await.unwrap();
    until_it_sleeps(&ada, first).await;
    let second = start(&ada, backend()).await.unwrap();
    until_it_sleeps(&ada, second).await;
    let problem = start(&ada, backend()).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::RateLimited);
    assert!(problem.message.contains("2 runs"), "{problem}");
    for run_id in [first, second] {
        ada.run_cancel(RunCancel { run_id }).await.unwrap();
        finished(&ada, run_id).await;
    }
    assert_eq!(run(&ada, backend()).await.status, RunStatus::Completed);
    world.finish().await;
}

#[tokio::test]
async fn a_run_at_work_obeys_its_own_organisation_alone() {
    let mut world = world(sleeper());
    let (ada, eve) = (owner(&mut world, "ada@example.com").await, owner(&mut world, "eve@example.com").await);
    let run_id = start(&ada, backend()).await.unwrap();
    until_it_sleeps(&ada, run_id).await;
    let answer = "x".to_owned();
    for problem in [
        eve.run_resume(RunResume { run_id }).await.unwrap_err(),
        eve.run_pause(RunPause { run_id }).await.unwrap_err(),
        eve.run_respond(RunRespond { run_id, question_id: None, answer }).await.unwrap_err(),
        eve.run_cancel(RunCancel { run_id }).await.unwrap_err(),
        eve.inner().subscribe(run_id, 0).next().await.unwrap().unwrap_err(),
    ] {
        assert_eq!(problem.code, ErrorCode::NotFound, "{problem}");
    }
    ada.run_cancel(RunCancel { run_id }).await.unwrap();
    assert_eq!(finished(&ada, run_id).await.status, RunStatus::Cancelled);
    world.finish().await;
}
