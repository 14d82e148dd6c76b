//! The right to work on a run. Time is what the caller says it is.

use std::time::Duration;

use aios_core::{RunBatch, StoreError};
use futures::future::join_all;

use super::Stores;
use super::samples::{at, batch, claim, claimed, frame, log, scope, stored};

const TTL: Duration = Duration::from_secs(10);

/// And taken over afterwards; each claim counts one more.
pub async fn a_held_run_is_refused_until_its_time_is_over(store: &impl Stores) {
    let scope = scope("acme");
    let run_id = stored(store, &scope, "x").await.run_id;
    assert_eq!(store.holder(&scope, run_id, at(0)).await.unwrap(), None);

    let first = store.claim(&scope, run_id, "one", at(0), TTL).await.unwrap();
    assert_eq!((first.run_id, first.holder.as_str(), first.generation), (run_id, "one", 1));
    for now in [at(0), at(9)] {
        let error = store.claim(&scope, run_id, "two", now, TTL).await.unwrap_err();
        assert!(matches!(&error, StoreError::Held { holder, .. } if holder == "one"), "{error}");
        assert_eq!(store.holder(&scope, run_id, now).await.unwrap().as_deref(), Some("one"));
    }
    assert_eq!(store.holder(&scope, run_id, at(10)).await.unwrap(), None);
    let second = store.claim(&scope, run_id, "two", at(10), TTL).await.unwrap();
    assert_eq!((second.holder.as_str(), second.generation), ("two", 2));
    assert_eq!(store.holder(&scope, run_id, at(10)).await.unwrap().as_deref(), Some("two"));

    let again = store.claim(&scope, run_id, "two", at(11), TTL).await.unwrap();
    assert_eq!(again.generation, 3);
    let error = store.renew(&scope, &second, at(11), TTL).await.unwrap_err();
    assert!(matches!(error, StoreError::LeaseLost { .. }), "{error}");
}

/// Also when its time was over and nobody came.
pub async fn a_renewed_lease_lasts_longer(store: &impl Stores) {
    let scope = scope("acme");
    let run_id = stored(store, &scope, "x").await.run_id;
    let lease = store.claim(&scope, run_id, "one", at(0), TTL).await.unwrap();
    for now in [at(8), at(30)] {
        store.renew(&scope, &lease, now, TTL).await.unwrap();
        let later = now.plus(Duration::from_secs(9));
        assert_eq!(store.holder(&scope, run_id, later).await.unwrap().as_deref(), Some("one"));
        let error = store.claim(&scope, run_id, "two", later, TTL).await.unwrap_err();
        assert!(matches!(error, StoreError::Held { .. }), "{error}");
    }
    store.commit(&scope, &lease, &batch([frame(run_id, 1, log("late, but still ours"))])).await.unwrap();
    store.renew(&scope, &lease, at(50), Duration::MAX).await.unwrap();
    assert_eq!(store.holder(&scope, run_id, at(1_000_000)).await.unwrap().as_deref(), Some("one"));
}

/// At once, and the one who gave it back holds it no more.
pub async fn a_released_run_is_free(store: &impl Stores) {
    let scope = scope("acme");
    let (run, first) = claimed(store, &scope, "x").await;
    store.release(&scope, &first).await.unwrap();
    assert_eq!(store.holder(&scope, run.run_id, at(0)).await.unwrap(), None);
    for answer in [
        store.release(&scope, &first).await,
        store.renew(&scope, &first, at(0), TTL).await,
        store.commit(&scope, &first, &RunBatch::default()).await,
    ] {
        assert!(matches!(answer, Err(StoreError::LeaseLost { .. })), "{answer:?}");
    }
    let second = store.claim(&scope, run.run_id, "two", at(0), TTL).await.unwrap();
    assert_eq!(second.generation, first.generation + 1);
}

/// The run is free at once; whoever took it since keeps it.
pub async fn an_evicted_holder_holds_nothing(store: &impl Stores) {
    let scope = scope("acme");
    let (run, gone) = claimed(store, &scope, "x").await;
    let missing = store.evict(&scope, run.run_id, "somebody else").await;
    assert!(missing.is_ok(), "{missing:?}");
    assert_eq!(store.holder(&scope, run.run_id, at(0)).await.unwrap(), Some(gone.holder.clone()));

    store.evict(&scope, run.run_id, &gone.holder).await.unwrap();
    assert_eq!(store.holder(&scope, run.run_id, at(0)).await.unwrap(), None);
    let lost = store.commit(&scope, &gone, &RunBatch::default()).await;
    assert!(matches!(lost, Err(StoreError::LeaseLost { .. })), "{lost:?}");

    let next = store.claim(&scope, run.run_id, "two", at(0), TTL).await.unwrap();
    store.evict(&scope, run.run_id, &gone.holder).await.unwrap();
    assert_eq!(store.holder(&scope, run.run_id, at(0)).await.unwrap(), Some("two".into()));
    store.commit(&scope, &next, &RunBatch::default()).await.unwrap();
}

/// Neither write nor renew nor release what belongs to another now.
pub async fn a_lost_lease_can_do_nothing(store: &impl Stores) {
    let scope = scope("acme");
    let run = stored(store, &scope, "x").await;
    let old = store.claim(&scope, run.run_id, "one", at(0), TTL).await.unwrap();
    let new = store.claim(&scope, run.run_id, "two", at(20), TTL).await.unwrap();
    let mut forged = new.clone();
    forged.holder = "one".into();
    for lease in [&old, &forged] {
        for answer in [
            store.commit(&scope, lease, &batch([frame(run.run_id, 1, log("stale"))])).await,
            store.commit(&scope, lease, &RunBatch { run: Some(run.clone()), ..RunBatch::default() }).await,
            store.renew(&scope, lease, at(20), TTL).await,
            store.release(&scope, lease).await,
        ] {
            assert!(
                matches!(answer, Err(StoreError::LeaseLost { run_id }) if run_id == run.run_id),
                "{answer:?}"
            );
        }
    }
    assert_eq!(store.holder(&scope, run.run_id, at(20)).await.unwrap().as_deref(), Some("two"));
    assert_eq!(store.after(&scope, run.run_id, 0, 9).await.unwrap(), []);
    store.commit(&scope, &new, &batch([frame(run.run_id, 1, log("fresh"))])).await.unwrap();
}

/// However many come at the same moment.
pub async fn only_one_of_many_claims_wins(store: &impl Stores) {
    let scope = scope("acme");
    let run_id = stored(store, &scope, "x").await.run_id;
    let names: Vec<String> = (0..20).map(|n| format!("process {n}")).collect();
    let answers = join_all(names.iter().map(|name| store.claim(&scope, run_id, name, at(0), TTL))).await;
    let winners: Vec<_> = answers.iter().flatten().collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    assert_eq!(store.holder(&scope, run_id, at(0)).await.unwrap(), Some(winners[0].holder.clone()));
}

/// So that a new holder can count on.
pub async fn the_lease_tells_where_the_history_ends(store: &impl Stores) {
    let scope = scope("acme");
    let (run, lease) = claimed(store, &scope, "x").await;
    assert_eq!(lease.last_seq, 0);
    store.commit(&scope, &lease, &batch((1..=3).map(|seq| frame(run.run_id, seq, log("x"))))).await.unwrap();
    assert_eq!(claim(store, &scope, run.run_id).await.last_seq, 3);
}
