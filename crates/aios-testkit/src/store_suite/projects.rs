//! Project memory.

use aios_core::ProjectStore;
use aios_protocol::{ProjectId, ProjectRun, ProjectState, RunId};

use super::Stores;
use super::samples::{at, scope};

/// The latest state counts, and using a project brings it to the front.
pub async fn projects_remember_and_are_listed_by_last_use(store: &impl Stores) {
    let scope = scope("acme");
    let state = |id: &str, total_runs| ProjectState {
        project_id: ProjectId::new(id).unwrap(),
        total_runs,
        files: vec!["a.py".into(), "ü b.py".into()],
        runs: vec![ProjectRun {
            run_id: RunId::generate(),
            objective: "build 🦀".into(),
            files: vec!["a.py".into()],
            ts: at(5),
        }],
    };
    let (old, middle, new) = (state("old", 1), state("middle", 1), state("new", 1));
    assert_eq!(ProjectStore::list(store, &scope).await.unwrap(), []);
    for (state, used_at) in [(&new, at(30)), (&old, at(10)), (&middle, at(20))] {
        store.put(&scope, state, used_at).await.unwrap();
        assert_eq!(ProjectStore::get(store, &scope, &state.project_id).await.unwrap().as_ref(), Some(state));
    }
    assert_eq!(ProjectStore::list(store, &scope).await.unwrap(), [new.clone(), middle.clone(), old]);

    let used_again = state("old", 2);
    store.put(&scope, &used_again, at(40)).await.unwrap();
    assert_eq!(
        ProjectStore::get(store, &scope, &used_again.project_id).await.unwrap().as_ref(),
        Some(&used_again)
    );
    assert_eq!(ProjectStore::list(store, &scope).await.unwrap(), [used_again, new, middle]);
}
