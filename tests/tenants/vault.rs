//! The vault: what it lends, and asking whether its keys are good.

use aios_protocol::{Api, ErrorCode, Purpose, RunStatus, VaultAdd, VaultList, VaultTest};
use aios_testkit::{ModelServer, Script, turn};

use crate::guests::{backend, calculator, owner, poor_world, run, secret};

fn entry(key: &str, priority: Option<u32>) -> VaultAdd {
    VaultAdd {
        provider: "openai".into(),
        api_key: secret(key),
        model: Some("openai/gpt-4o".into()),
        priority,
        purposes: None,
    }
}

#[tokio::test]
async fn a_good_key_answers_and_a_bad_one_says_why() {
    let mut world = poor_world(Script::new().turns([turn().text("ok"), turn().status(401)]));
    let ada = owner(&mut world, "ada@example.com").await;
    let good = ada.vault_add(entry(ModelServer::KEY, None)).await.unwrap();
    assert_eq!((good.priority, good.purposes.len(), good.key_hint.as_str()), (10, 6, "cdef"));
    let tested = ada.vault_test(VaultTest { entry_id: good.entry_id }).await.unwrap();
    assert_eq!((tested.ok, tested.model.as_str(), &tested.error), (true, "openai/gpt-4o", &None));
    let tested = ada.vault_test(VaultTest { entry_id: good.entry_id }).await.unwrap();
    assert!(
        !tested.ok && tested.error.as_ref().is_some_and(|error| error.contains("key was refused")),
        "{tested:?}"
    );

    let eve = owner(&mut world, "eve@example.com").await;
    let problem = eve.vault_test(VaultTest { entry_id: good.entry_id }).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::NotFound);
    world.finish().await;
}

#[tokio::test]
async fn free_runs_try_the_vault_in_order() {
    let mut world =
        poor_world(Script::new().agent("backend", [turn().status(401)]).agent("backend", calculator()));
    let ada = owner(&mut world, "ada@example.com").await;
    ada.vault_add(entry(ModelServer::KEY, Some(20))).await.unwrap();
    ada.vault_add(VaultAdd { purposes: Some(vec![Purpose::Chat]), ..entry(ModelServer::KEY, Some(10)) })
        .await
        .unwrap();
    let order: Vec<u32> =
        ada.vault_list(VaultList {}).await.unwrap().entries.iter().map(|entry| entry.priority).collect();
    assert_eq!(order, [10, 20]);
    let done = run(&ada, backend()).await;
    assert_eq!(done.status, RunStatus::Completed, "{:?}", done.failure);
    world.finish().await;
}
