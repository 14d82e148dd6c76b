//! The boundary between organisations.

use aios_core::{PaidPlan, StoreError, Used};
use aios_protocol::{Role, RunId};

use super::AccountStores;
use super::samples::{credential, founded, hash, invite, joined, key, person, scope, sealed, vault_entry};
use crate::store_suite::{at, run};

/// Whoever knows an id of another organisation learns nothing by it and changes nothing, in any method.
pub async fn organisations_know_nothing_of_each_other(store: &impl AccountStores) {
    let (ada, first) = founded(store, "acme", "ada", 1).await;
    let bob = joined(store, &ada, "bob", Role::Member, 2).await;
    let (eve, _) = founded(store, "globex", "eve", 3).await;
    let invited = invite("carl@acme.test", Role::Owner);
    store.add_invite(&ada, &hash(10), &invited).await.unwrap();
    store.add_reset(&ada, &hash(11), at(100)).await.unwrap();
    let own = store.add_credential(&ada, &credential("openai", true), &sealed("own")).await.unwrap();
    let entry = vault_entry("groq", 10);
    store.add_vault_entry(&ada, &entry, &sealed("vault")).await.unwrap();
    let counted = RunId::generate();
    store.take_free_run(&ada, counted, 3).await.unwrap();
    store.create(&ada, &run("secret")).await.unwrap();

    let mallory = scope("globex", "mallory");
    let answers = [
        store.set_role(&eve, &ada.user, Role::Viewer).await.map(drop),
        store.remove_member(&eve, &bob.user).await,
        store.remove_key(&eve, first.entry.key_id).await,
        store.touch_key(&eve, first.entry.key_id, at(9)).await,
        store.accept_invite(&mallory, invited.invite_id, &person("carl@acme.test"), &key(4)).await.map(drop),
        store.use_reset(&eve, &hash(11), "eve's").await,
        store.remove_credential(&eve, own.credential_id).await,
        store.set_default_credential(&eve, own.credential_id).await.map(drop),
        store.remove_vault_entry(&eve, entry.entry_id).await,
        // A person of one organisation in another: a scope that nobody should ever have made.
        store.add_key(&scope("globex", "bob"), &key(5)).await,
        store.add_invite(&scope("globex", "bob"), &hash(12), &invite("x@x.test", Role::Owner)).await,
        store.add_reset(&scope("globex", "bob"), &hash(13), at(100)).await,
        store.organisation(&scope("initech", "ada")).await.map(drop),
        store.set_subscription(&scope("initech", "ada"), &paid()).await,
    ];
    for (method, answer) in answers.into_iter().enumerate() {
        assert!(matches!(answer, Err(StoreError::NotFound { .. })), "method {method}: {answer:?}");
    }
    store.set_subscription(&eve, &paid()).await.unwrap();
    store.give_back_free_run(&eve, counted).await.unwrap();
    assert!(!store.is_free_run(&eve, counted).await.unwrap());
    assert_eq!(store.free_runs_used(&eve).await.unwrap(), 0);
    assert_eq!(store.members(&eve).await.unwrap().len(), 1);
    assert_eq!(store.keys(&scope("globex", "ada")).await.unwrap(), []);
    assert_eq!(store.invites(&eve, at(0)).await.unwrap(), []);
    assert_eq!(store.credentials(&eve).await.unwrap(), []);
    assert_eq!(store.vault(&eve).await.unwrap(), []);
    assert_eq!(store.used_since(&eve, at(0)).await.unwrap(), Used::default());
    assert_eq!(store.model_speeds(&eve).await.unwrap(), []);

    assert_eq!(store.organisation(&ada).await.unwrap().paid, None);
    assert_eq!(store.members(&ada).await.unwrap().len(), 2);
    assert_eq!(store.keys(&ada).await.unwrap(), [first.entry]);
    assert_eq!(store.invites(&ada, at(0)).await.unwrap(), [invited]);
    assert_eq!(store.reset_of(&hash(11), at(0)).await.unwrap(), Some(ada.clone()));
    assert_eq!(store.credentials(&ada).await.unwrap(), [(own, sealed("own"))]);
    assert_eq!(store.vault(&ada).await.unwrap(), [(entry, sealed("vault"))]);
    assert_eq!(store.free_runs_used(&ada).await.unwrap(), 1);
}

fn paid() -> PaidPlan {
    PaidPlan {
        plan: "pro".into(),
        status: "active".into(),
        customer: "cus_9".into(),
        current_period_end: None,
        told_at: at(1),
    }
}
