//! What runs used.

use aios_core::{MicroUsd, ModelSpeed, Used};
use aios_protocol::{RunDetail, RunStatus, TokenUsage};

use super::AccountStores;
use super::samples::scope;
use crate::store_suite::{at, run};

/// To the moment itself; tokens, money and number.
pub async fn usage_counts_runs_since_a_moment(store: &impl AccountStores) {
    let ada = scope("acme", "ada");
    assert_eq!(store.used_since(&ada, at(0)).await.unwrap(), Used::default());
    for second in 0..4 {
        store.create(&ada, &RunDetail { created_at: at(second), ..run("x") }).await.unwrap();
    }
    let check = |since, runs: u64| {
        let ada = ada.clone();
        async move {
            let tokens = TokenUsage { input: 1200 * runs, cached: 800 * runs, output: 340 * runs };
            let expect = Used { runs, tokens, cost: MicroUsd(250_000 * runs) };
            assert_eq!(store.used_since(&ada, since).await.unwrap(), expect);
        }
    };
    check(at(0), 4).await;
    check(at(2), 2).await;
    check(at(4), 0).await;
}

/// By organisation, and by day.
pub async fn calls_beside_runs_are_added(store: &impl AccountStores) {
    const DAY: i64 = 24 * 60 * 60;
    let (ada, bob, eve) = (scope("acme", "ada"), scope("acme", "bob"), scope("globex", "eve"));
    let tokens = TokenUsage { input: 30, cached: 20, output: 10 };
    for (who, second) in [(&ada, 0), (&bob, 1), (&ada, DAY + 5), (&eve, 7)] {
        store.add_call(who, at(second), tokens, MicroUsd(7)).await.unwrap();
    }
    for (who, since, count) in
        [(&ada, 0, 3), (&bob, 0, 3), (&eve, 0, 1), (&ada, DAY, 1), (&ada, DAY + 9, 1), (&ada, 2 * DAY, 0)]
    {
        let tokens = TokenUsage { input: 30 * count, cached: 20 * count, output: 10 * count };
        let expect = Used { runs: 0, tokens, cost: MicroUsd(7 * count) };
        assert_eq!(store.used_since(who, at(since)).await.unwrap(), expect, "{who:?} {since}");
    }
    store.create(&ada, &RunDetail { created_at: at(DAY), ..run("x") }).await.unwrap();
    let both = store.used_since(&ada, at(DAY)).await.unwrap();
    assert_eq!((both.runs, both.cost), (1, MicroUsd(250_007)));
}

/// Only completed ones tell, and only what ran for a while.
pub async fn models_are_as_fast_as_their_runs(store: &impl AccountStores) {
    let ada = scope("acme", "ada");
    let done = |model: &str, status, seconds| RunDetail {
        model: model.into(),
        status,
        started_at: Some(at(0)),
        ended_at: Some(at(seconds)),
        ..run("x")
    };
    for run in [
        done("openai/gpt-4o", RunStatus::Completed, 10),
        done("openai/gpt-4o", RunStatus::Completed, 24),
        done("openai/gpt-4o", RunStatus::Failed, 1),
        done("groq/fast", RunStatus::Completed, 1),
        done("groq/instant", RunStatus::Completed, 0),
        RunDetail { started_at: None, ..done("groq/never", RunStatus::Completed, 1) },
    ] {
        store.create(&ada, &run).await.unwrap();
    }
    let expect = [("groq/fast", 340.0), ("openai/gpt-4o", 20.0)]
        .map(|(model, tokens_per_second)| ModelSpeed { model: model.into(), tokens_per_second });
    assert_eq!(store.model_speeds(&ada).await.unwrap(), expect);
}
