//! Whose keys typing-time AI uses, and who pays for it.

use std::time::Duration;

use aios_protocol::{
    Api, BillingUsage, ErrorCode, FreeRunsShow, InlineChat, InlineComplete, InlineEdit, Purpose, VaultAdd,
};
use aios_testkit::{ModelServer, Script, turn};

use crate::guests::{Person, own_key, owner, poor_world, secret, world};

fn question() -> InlineChat {
    InlineChat { file_context: "x = 1".into(), message: "What is x?".into(), ..InlineChat::default() }
}

fn edit() -> InlineEdit {
    InlineEdit { code: "x = 1".into(), instruction: "Rename x to y".into(), ..InlineEdit::default() }
}

/// Waits until so many tokens are counted; the count comes beside the answer.
async fn tokens(person: &Person, input: u64) -> aios_protocol::Usage {
    loop {
        let usage = person.billing_usage(BillingUsage {}).await.unwrap();
        assert!(usage.tokens.input <= input, "{usage:?}");
        if usage.tokens.input == input {
            return usage;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn the_vault_serves_the_purposes_that_it_is_for() {
    let mut world = poor_world(Script::new().turns([turn().text("1."), turn().text("```\ny = 1\n```")]));
    let ada = owner(&mut world, "ada@example.com").await;
    let problem = ada.inline_chat(question()).await.unwrap_err();
    assert!(problem.message.starts_with("Add your own key"), "{problem}");
    ada.vault_add(VaultAdd {
        provider: "openai".into(),
        api_key: secret(ModelServer::KEY),
        model: Some("gpt-4o".into()),
        priority: None,
        purposes: Some(vec![Purpose::Chat]),
    })
    .await
    .unwrap();
    assert_eq!(ada.inline_chat(question()).await.unwrap().reply, "1.");
    for problem in [
        ada.inline_edit(edit()).await.unwrap_err(),
        ada.inline_complete(InlineComplete { prefix: "x = ".into(), ..InlineComplete::default() })
            .await
            .unwrap_err(),
    ] {
        assert_eq!(problem.code, ErrorCode::NotConfigured);
        assert!(problem.message.starts_with("Add your own key"), "{problem}");
    }
    ada.credential_add(own_key()).await.unwrap();
    let edited = ada.inline_edit(edit()).await.unwrap();
    assert_eq!((edited.edited_code.as_str(), edited.summary.as_str()), ("y = 1", "Changed 1 line"));
    assert_eq!(ada.free_runs_show(FreeRunsShow {}).await.unwrap().free_runs_remaining, 3);
    world.finish().await;
}

#[tokio::test]
async fn calls_are_counted_and_end_with_the_budget() {
    // The second one costs 30 dollars, of 25 that the plan has.
    let turns = [turn().text("1.").usage(1_000, 0, 10), turn().text("1.").usage(12_000_000, 0, 10)];
    let mut world = world(Script::new().turns(turns));
    let (ada, eve) = (owner(&mut world, "ada@example.com").await, owner(&mut world, "eve@example.com").await);
    for person in [&ada, &eve] {
        person.credential_add(own_key()).await.unwrap();
    }
    ada.inline_chat(question()).await.unwrap();
    let usage = tokens(&ada, 1_000).await;
    assert!(usage.runs == 0 && usage.cost_usd > 0.0, "{usage:?}");
    ada.inline_chat(question()).await.unwrap();
    assert_eq!(tokens(&ada, 12_001_000).await.remaining_usd, Some(0.0));
    let problem = ada.inline_chat(question()).await.unwrap_err();
    assert_eq!(problem.code, ErrorCode::CostLimit, "{problem}");
    tokens(&eve, 0).await;
    world.finish().await;
}
