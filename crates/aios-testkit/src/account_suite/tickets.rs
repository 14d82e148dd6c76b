//! Invitations and resets.

use aios_core::StoreError;
use aios_protocol::Role;
use futures::future::join_all;

use super::AccountStores;
use super::samples::{founded, hash, invite, key, person, scope};
use crate::store_suite::at;

/// Only in time, and only for the address that it names; a second one for the address replaces the first.
pub async fn an_invitation_serves_once(store: &impl AccountStores) {
    let (ada, _) = founded(store, "acme", "ada", 1).await;
    let (old, new) = (invite("bob@x.test", Role::Viewer), invite("bob@x.test", Role::Admin));
    store.add_invite(&ada, &hash(10), &old).await.unwrap();
    store.add_invite(&ada, &hash(11), &new).await.unwrap();
    assert_eq!(store.invitation(&hash(10)).await.unwrap(), None);
    let found = store.invitation(&hash(11)).await.unwrap().unwrap();
    assert_eq!((&found.org, found.organization_name.as_str()), (&ada.org, "acme"));
    assert_eq!(store.invites(&ada, at(99)).await.unwrap(), std::slice::from_ref(&new));
    assert_eq!(store.invites(&ada, at(100)).await.unwrap(), []);

    let bob = scope("acme", "bob");
    let mut late = person("bob@x.test");
    late.at = at(100);
    for (id, person) in
        [(old.invite_id, person("bob@x.test")), (new.invite_id, person("eve@x.test")), (new.invite_id, late)]
    {
        let error = store.accept_invite(&bob, id, &person, &key(2)).await.unwrap_err();
        assert!(matches!(error, StoreError::NotFound { what: "invitation", .. }), "{error}");
    }
    let taken = invite("ada@acme.test", Role::Member);
    store.add_invite(&ada, &hash(12), &taken).await.unwrap();
    let answer = store.accept_invite(&bob, taken.invite_id, &person("ada@acme.test"), &key(2)).await;
    assert!(matches!(answer, Err(StoreError::Exists { .. })), "{answer:?}");

    let people: Vec<_> = (0..5).map(|n| (scope("acme", &format!("bob{n}")), key(20 + n))).collect();
    let bobs = person("bob@x.test");
    let tries = people.iter().map(|(scope, key)| store.accept_invite(scope, new.invite_id, &bobs, key));
    let answers = join_all(tries).await;
    assert_eq!(answers.iter().flatten().collect::<Vec<_>>(), [&Role::Admin], "{answers:?}");
    let members = store.members(&ada).await.unwrap();
    assert_eq!(members.iter().map(|member| member.role).collect::<Vec<_>>(), [Role::Owner, Role::Admin]);
}

/// The old password is gone with the keys.
pub async fn resets_serve_once_and_end_all_keys(store: &impl AccountStores) {
    let (ada, first) = founded(store, "acme", "ada", 1).await;
    store.add_reset(&ada, &hash(10), at(50)).await.unwrap();
    store.add_reset(&ada, &hash(11), at(100)).await.unwrap();
    assert_eq!(store.reset_of(&hash(10), at(0)).await.unwrap(), None);
    assert_eq!(store.reset_of(&hash(11), at(100)).await.unwrap(), None);
    assert_eq!(store.reset_of(&hash(11), at(99)).await.unwrap(), Some(ada.clone()));

    let token = hash(11);
    let answers = join_all(["new a", "new b"].map(|password| store.use_reset(&ada, &token, password))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    let password = store.account_of("ada@acme.test").await.unwrap().unwrap().password;
    assert!(password.starts_with("new"), "{password}");
    assert_eq!(store.key_holder(&first.hash).await.unwrap(), None);
    assert_eq!(store.keys(&ada).await.unwrap(), []);
}
