//! Organisations, people and keys.

use aios_core::{KeyHolder, PaidPlan, StoreError};
use aios_protocol::Role;
use futures::future::join_all;

use super::AccountStores;
use super::samples::{founded, joined, key, person, scope};
use crate::store_suite::at;

/// An address has one account, and one that is refused leaves nothing behind.
pub async fn an_organisation_is_created_whole_or_not_at_all(store: &impl AccountStores) {
    let (ours, first) = founded(store, "acme", "ada", 1).await;
    let taken = person("ada@acme.test");
    let other = scope("globex", "bob");
    let error = store.create_organisation(&other, "globex", &taken, &key(2)).await.unwrap_err();
    assert!(matches!(error, StoreError::Exists { .. }), "{error}");
    let error = store.organisation(&other).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { what: "organisation", .. }), "{error}");
    assert_eq!(store.key_holder(&key(2).hash).await.unwrap(), None);

    assert_eq!(store.organisation(&ours).await.unwrap().name, "acme");
    let account = store.account_of("ada@acme.test").await.unwrap().unwrap();
    assert_eq!((account.scope, account.role, account.password), (ours.clone(), Role::Owner, taken.password));
    assert_eq!(store.account_of("eve@acme.test").await.unwrap(), None);
    let holder = store.key_holder(&first.hash).await.unwrap().unwrap();
    assert_eq!(holder, KeyHolder { scope: ours, role: Role::Owner, key: first.entry });
}

/// And what is ended is found no more.
pub async fn keys_are_found_listed_and_ended(store: &impl AccountStores) {
    let (ada, first) = founded(store, "acme", "ada", 1).await;
    let second = key(2);
    store.add_key(&ada, &second).await.unwrap();
    store.touch_key(&ada, first.entry.key_id, at(60)).await.unwrap();
    let keys = store.keys(&ada).await.unwrap();
    let shown: Vec<_> = keys.iter().map(|key| (key.key_id, key.last_used_at)).collect();
    assert_eq!(shown, [(second.entry.key_id, None), (first.entry.key_id, Some(at(60)))]);

    store.remove_key(&ada, first.entry.key_id).await.unwrap();
    assert_eq!(store.key_holder(&first.hash).await.unwrap(), None);
    for answer in [
        store.remove_key(&ada, first.entry.key_id).await,
        store.touch_key(&ada, first.entry.key_id, at(61)).await,
        store.add_key(&scope("acme", "nobody"), &key(3)).await,
    ] {
        assert!(matches!(answer, Err(StoreError::NotFound { .. })), "{answer:?}");
    }
    assert_eq!(store.keys(&ada).await.unwrap(), [second.entry]);
}

/// Whoever wins, one owner is left; a person who leaves takes their keys along.
pub async fn the_last_owner_stays_however_many_try(store: &impl AccountStores) {
    let (ada, _) = founded(store, "acme", "ada", 1).await;
    for answer in [
        store.remove_member(&ada, &ada.user).await,
        store.set_role(&ada, &ada.user, Role::Admin).await.map(drop),
    ] {
        assert!(matches!(answer, Err(StoreError::LastOwner)), "{answer:?}");
    }
    store.set_role(&ada, &ada.user, Role::Owner).await.unwrap();

    let mut owners = vec![ada.clone()];
    for byte in 2..6 {
        owners.push(joined(store, &ada, &format!("owner{byte}"), Role::Owner, byte).await);
    }
    let removals = join_all(owners.iter().map(|owner| store.remove_member(&ada, &owner.user))).await;
    let refused = removals.iter().filter(|answer| matches!(answer, Err(StoreError::LastOwner))).count();
    assert_eq!((refused, removals.iter().filter(|answer| answer.is_ok()).count()), (1, 4), "{removals:?}");
    let left = store.members(&ada).await.unwrap();
    assert_eq!(left.iter().map(|member| member.role).collect::<Vec<_>>(), [Role::Owner]);
    for (byte, owner) in (1..).zip(&owners) {
        let is_left = owner.user == left[0].user_id;
        assert_eq!(store.key_holder(&key(byte).hash).await.unwrap().is_some(), is_left, "{owner:?}");
    }
}

/// Events of payment providers come twice and out of order.
pub async fn what_was_paid_is_not_replaced_by_older_news(store: &impl AccountStores) {
    let (ada, _) = founded(store, "acme", "ada", 1).await;
    assert_eq!(store.organisation(&ada).await.unwrap().paid, None);
    let paid = |status: &str, second| PaidPlan {
        plan: "pro".into(),
        status: status.into(),
        customer: "cus_1".into(),
        current_period_end: Some(at(1_000)),
        told_at: at(second),
    };
    for (told, expect) in [
        (paid("active", 10), "active"),
        (paid("incomplete", 9), "active"),
        (paid("canceled", 20), "canceled"),
        (paid("canceled", 20), "canceled"),
    ] {
        store.set_subscription(&ada, &told).await.unwrap();
        assert_eq!(store.organisation(&ada).await.unwrap().paid.unwrap().status, expect);
    }
}
