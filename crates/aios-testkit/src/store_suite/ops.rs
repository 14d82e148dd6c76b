//! Mail to whoever works on a run.

use aios_core::RunOp;
use futures::future::join_all;

use super::Stores;
use super::samples::{at, scope, stored};

fn answer(text: impl ToString) -> RunOp {
    RunOp::Respond { answer: text.to_string(), question_id: None }
}

/// In the order of arrival, whatever the senders' clocks say, and only to its own run.
pub async fn ops_come_out_once_and_in_order(store: &impl Stores) {
    let scope = scope("acme");
    let (one, two) = (stored(store, &scope, "one").await.run_id, stored(store, &scope, "two").await.run_id);
    let sent = [RunOp::Pause, answer("yes\0 🦀 'quoted'"), RunOp::Continue, RunOp::Pause, RunOp::Cancel];
    for (n, op) in (0..).zip(&sent) {
        store.post(&scope, one, op, at(100 - n)).await.unwrap();
        store.post(&scope, two, &answer(n), at(n)).await.unwrap();
    }
    assert_eq!(store.take(&scope, one).await.unwrap(), sent);
    assert_eq!(store.take(&scope, one).await.unwrap(), []);
    assert_eq!(store.take(&scope, two).await.unwrap(), (0..5).map(answer).collect::<Vec<_>>());
    store.post(&scope, one, &RunOp::Cancel, at(0)).await.unwrap();
    assert_eq!(store.take(&scope, one).await.unwrap(), [RunOp::Cancel]);
}

/// Nothing is lost and nothing delivered twice while posts and takes overlap.
pub async fn ops_are_taken_once_by_many_takers(store: &impl Stores) {
    let scope = scope("acme");
    let run_id = stored(store, &scope, "x").await.run_id;
    let posts =
        join_all((0..200).map(async |n| store.post(&scope, run_id, &answer(n), at(0)).await.unwrap()));
    let takes = join_all((0..8).map(async |_| {
        let mut taken = Vec::new();
        for _ in 0..25 {
            taken.extend(store.take(&scope, run_id).await.unwrap());
            tokio::task::yield_now().await;
        }
        taken
    }));
    let (_, taken) = tokio::join!(posts, takes);
    let mut taken: Vec<RunOp> = taken.into_iter().flatten().collect();
    taken.extend(store.take(&scope, run_id).await.unwrap());
    taken.sort_by_key(|op| match op {
        RunOp::Respond { answer, .. } => answer.parse::<u32>().unwrap(),
        _ => u32::MAX,
    });
    assert_eq!(taken, (0..200).map(answer).collect::<Vec<_>>());
}
