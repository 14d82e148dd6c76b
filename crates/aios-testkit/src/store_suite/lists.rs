//! Lists of runs.

use aios_core::{RunBatch, RunQuery, RunStore};
use aios_protocol::{ProjectId, RunDetail, RunStatus};

use super::Stores;
use super::samples::{claim, run, scope, stored};

/// Pages follow each other without loss or repeat, and the last says that it is the last.
pub async fn lists_come_newest_first_and_in_pages(store: &impl Stores) {
    let scope = scope("acme");
    let mut runs = Vec::new();
    for n in 0..7 {
        runs.insert(0, stored(store, &scope, &format!("run {n}")).await);
    }
    let check = async |before: Option<&RunDetail>, limit, expect: &[RunDetail], more| {
        let query = RunQuery { before: before.map(|run| run.run_id), limit, ..RunQuery::default() };
        let slice = RunStore::list(store, &scope, &query).await.unwrap();
        assert_eq!((slice.runs.as_slice(), slice.more), (expect, more), "{query:?}");
    };
    check(None, 3, &runs[..3], true).await;
    check(Some(&runs[2]), 3, &runs[3..6], true).await;
    check(Some(&runs[5]), 3, &runs[6..], false).await;
    check(Some(&runs[6]), 3, &[], false).await;
    check(None, 7, &runs, false).await;
    check(None, usize::MAX, &runs, false).await;
    check(None, 0, &[], true).await;
}

/// By state and by project, as they stand now.
pub async fn lists_are_filtered(store: &impl Stores) {
    let scope = scope("acme");
    let blog = ProjectId::new("my-blog").unwrap();
    let (mut first, mut second, third) = (run("first"), run("second"), run("third"));
    (first.project_id, second.project_id) = (Some(blog.clone()), Some(blog.clone()));
    for run in [&first, &second, &third] {
        store.create(&scope, run).await.unwrap();
    }
    let check = async |status, project_id: Option<&ProjectId>, expect: &[&RunDetail]| {
        let query = RunQuery { status, project_id: project_id.cloned(), ..RunQuery::default() };
        let slice = RunStore::list(store, &scope, &query).await.unwrap();
        assert_eq!(slice.runs.iter().collect::<Vec<_>>(), expect, "{query:?}");
    };
    check(Some(RunStatus::Running), None, &[&third, &second, &first]).await;
    check(Some(RunStatus::Completed), None, &[]).await;
    check(None, Some(&blog), &[&second, &first]).await;
    check(None, Some(&ProjectId::new("other").unwrap()), &[]).await;

    second.status = RunStatus::Completed;
    let lease = claim(store, &scope, second.run_id).await;
    let batch = RunBatch { run: Some(second.clone()), ..RunBatch::default() };
    store.commit(&scope, &lease, &batch).await.unwrap();
    check(Some(RunStatus::Running), Some(&blog), &[&first]).await;
    check(Some(RunStatus::Completed), Some(&blog), &[&second]).await;
    check(Some(RunStatus::Completed), None, &[&second]).await;
}
