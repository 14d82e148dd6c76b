//! Keys of model providers, and runs on keys of others.

use aios_core::StoreError;
use aios_protocol::{CredentialId, RunId, VaultEntryId};
use futures::future::join_all;

use super::AccountStores;
use super::samples::{credential, scope, sealed, vault_entry};

/// The first one, then whichever says so; after it is gone, the newest that is left.
pub async fn one_credential_is_the_default(store: &impl AccountStores) {
    let ada = scope("acme", "ada");
    let (a, b, c) = (credential("openai", false), credential("groq", false), credential("mistral", true));
    let mut stored = Vec::new();
    for credential in [&a, &b, &c] {
        stored.push(store.add_credential(&ada, credential, &sealed(&credential.provider)).await.unwrap());
    }
    assert_eq!(stored.iter().map(|stored| stored.is_default).collect::<Vec<_>>(), [true, false, true]);
    let listed = |expect: &'static [&'static str]| {
        let ada = ada.clone();
        async move {
            let all = store.credentials(&ada).await.unwrap();
            let names: Vec<_> = all.iter().map(|(credential, _)| credential.provider.as_str()).collect();
            assert_eq!(names, expect);
            let defaults = all.iter().filter(|(credential, _)| credential.is_default).count();
            assert_eq!(
                (defaults, all.first().is_none_or(|(first, _)| first.is_default)),
                (all.len().min(1), true)
            );
            assert!(all.iter().all(|(credential, key)| *key == sealed(&credential.provider)));
        }
    };
    listed(&["mistral", "groq", "openai"]).await;
    assert!(store.set_default_credential(&ada, a.credential_id).await.unwrap().is_default);
    listed(&["openai", "mistral", "groq"]).await;
    let unknown = CredentialId::generate();
    for answer in [
        store.set_default_credential(&ada, unknown).await.map(drop),
        store.remove_credential(&ada, unknown).await,
    ] {
        assert!(matches!(answer, Err(StoreError::NotFound { .. })), "{answer:?}");
    }
    store.remove_credential(&ada, a.credential_id).await.unwrap();
    listed(&["mistral", "groq"]).await;
    store.remove_credential(&ada, b.credential_id).await.unwrap();
    store.remove_credential(&ada, c.credential_id).await.unwrap();
    listed(&[]).await;
}

/// The smallest number first, then the oldest.
pub async fn the_vault_is_tried_in_order(store: &impl AccountStores) {
    let ada = scope("acme", "ada");
    let entries = [vault_entry("openai", 30), vault_entry("groq", 10), vault_entry("gemini", 10)];
    for entry in &entries {
        store.add_vault_entry(&ada, entry, &sealed(&entry.provider)).await.unwrap();
    }
    let all = store.vault(&ada).await.unwrap();
    let expect =
        [&entries[1], &entries[2], &entries[0]].map(|entry| (entry.clone(), sealed(&entry.provider)));
    assert_eq!(all, expect);
    assert_eq!(store.credentials(&ada).await.unwrap(), [], "the two kinds are mixed");
    store.remove_vault_entry(&ada, entries[1].entry_id).await.unwrap();
    let error = store.remove_vault_entry(&ada, VaultEntryId::generate()).await.unwrap_err();
    assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    assert_eq!(store.vault(&ada).await.unwrap().len(), 2);
}

/// However many runs start at the same moment; one that did not start is given back.
pub async fn free_runs_are_never_more_than_allowed(store: &impl AccountStores) {
    let (ada, bob) = (scope("acme", "ada"), scope("acme", "bob"));
    let runs: Vec<RunId> = (0..20).map(|_| RunId::generate()).collect();
    let answers = join_all(runs.iter().map(|run| store.take_free_run(&ada, *run, 3))).await;
    let taken: Vec<RunId> = runs
        .iter()
        .zip(answers)
        .filter(|(_, answer)| *answer.as_ref().unwrap())
        .map(|(run, _)| *run)
        .collect();
    assert_eq!((taken.len(), store.free_runs_used(&ada).await.unwrap()), (3, 3));
    assert!(store.is_free_run(&bob, taken[0]).await.unwrap(), "a colleague may go on with the run");

    assert_eq!(store.free_runs_used(&bob).await.unwrap(), 0);
    store.give_back_free_run(&bob, taken[0]).await.unwrap();
    assert_eq!(store.free_runs_used(&ada).await.unwrap(), 3, "somebody else gave it back");
    store.give_back_free_run(&ada, taken[0]).await.unwrap();
    assert!(!store.is_free_run(&ada, taken[0]).await.unwrap());
    assert!(store.take_free_run(&ada, RunId::generate(), 3).await.unwrap());
    assert!(!store.take_free_run(&ada, RunId::generate(), 3).await.unwrap());
    assert!(!store.take_free_run(&bob, RunId::generate(), 0).await.unwrap());
}
