//! Storing and reading runs.

use aios_core::{ProjectStore, RunOp, RunStore, StoreError};
use aios_protocol::ProjectId;

use super::Stores;
use super::samples::{at, batch, claim, frame, log, run, scope, stored};

/// Nothing of a run is lost or changed, whatever text is in it.
pub async fn a_run_comes_back_as_stored(store: &impl Stores) {
    let scope = scope("acme");
    let long = "long ".repeat(20_000);
    for objective in [
        "Build a todo API",
        "",
        "a\0b\u{feff}\r\n\t",
        "🦀 日本語 é e\u{301}",
        "'; DROP TABLE runs; --",
        &long,
    ] {
        let run = stored(store, &scope, objective).await;
        assert_eq!(RunStore::get(store, &scope, run.run_id).await.unwrap(), run);
        assert_eq!(store.checkpoint(&scope, run.run_id).await.unwrap(), None);
    }
}

/// To the last digit: sums of money are compared.
pub async fn amounts_come_back_as_stored(store: &impl Stores) {
    let scope = scope("acme");
    for millionths in [1, 7, 300_001, 2_700_003, 123_456_789] {
        for part in [1.0, 3.0, 7.0, 1e9] {
            let mut run = run("x");
            run.cost_usd = f64::from(millionths) / 1e6 / part;
            store.create(&scope, &run).await.unwrap();
            assert_eq!(RunStore::get(store, &scope, run.run_id).await.unwrap().cost_usd, run.cost_usd);
        }
    }
}

/// An id is used once, also across organisations.
pub async fn the_same_run_cannot_be_stored_twice(store: &impl Stores) {
    let first = stored(store, &scope("acme"), "first").await;
    let mut second = run("second");
    second.run_id = first.run_id;
    for org in ["acme", "globex"] {
        let error = store.create(&scope(org), &second).await.unwrap_err();
        assert!(
            matches!(&error, StoreError::Exists { what: "run", id } if *id == first.run_id.to_string()),
            "{error}"
        );
    }
    assert_eq!(RunStore::get(store, &scope("acme"), first.run_id).await.unwrap(), first);
}

/// Every method says so.
pub async fn an_unknown_run_is_not_found(store: &impl Stores) {
    let scope = scope("acme");
    let (known, unknown) = (stored(store, &scope, "known").await, run("unknown"));
    let mut lease = claim(store, &scope, known.run_id).await;
    lease.run_id = unknown.run_id;
    let ttl = std::time::Duration::from_secs(9);
    let answers = [
        RunStore::get(store, &scope, unknown.run_id).await.map(drop),
        store.claim(&scope, unknown.run_id, "desk", at(0), ttl).await.map(drop),
        store.renew(&scope, &lease, at(0), ttl).await,
        store.release(&scope, &lease).await,
        store.holder(&scope, unknown.run_id, at(0)).await.map(drop),
        store.commit(&scope, &lease, &batch([frame(unknown.run_id, 1, log("x"))])).await,
        store.checkpoint(&scope, unknown.run_id).await.map(drop),
        store.after(&scope, unknown.run_id, 0, 9).await.map(drop),
        store.post(&scope, unknown.run_id, &RunOp::Pause, at(0)).await,
        store.take(&scope, unknown.run_id).await.map(drop),
    ];
    for (method, answer) in answers.into_iter().enumerate() {
        assert!(
            matches!(answer, Err(StoreError::NotFound { what: "run", .. })),
            "method {method}: {answer:?}"
        );
    }
    let project = ProjectId::new("nothing").unwrap();
    assert_eq!(ProjectStore::get(store, &scope, &project).await.unwrap(), None);
}
