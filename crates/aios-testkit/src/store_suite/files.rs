//! The files of runs.

use aios_core::{RunBatch, RunFile, RunQuery, RunSlice, RunStore, StoreError};
use aios_protocol::{AgentName, NodeView, RunDetail};

use super::Stores;
use super::samples::{claim, file, run, scope, stored};

/// Each batch brings what is new; the run lists everything, whatever the lists of the run in a batch say.
pub async fn files_are_gathered_from_all_batches(store: &impl Stores) {
    let (ours, theirs) = (scope("acme"), scope("globex"));
    let mut run = run("x");
    let frontend = NodeView { agent: AgentName::new("frontend").unwrap(), ..run.nodes[0].clone() };
    run.nodes.push(NodeView { files: vec![], ..frontend });
    store.create(&ours, &run).await.unwrap();
    let other = stored(store, &ours, "other").await;
    let foreign = stored(store, &theirs, "foreign").await;
    let lease = claim(store, &ours, run.run_id).await;

    let bare = |run: &RunDetail| {
        let mut bare = run.clone();
        aios_core::take_files(&mut bare);
        Some(bare)
    };
    let batches: [(Vec<RunFile>, Option<RunDetail>); 4] = [
        (
            vec![file("frontend", "würfel 🎲.css"), file("backend", "b.py"), file("backend", "a.py")],
            bare(&run),
        ),
        (vec![file("frontend", "a.py"), file("backend", "b.py"), file("backend", "'; --")], None),
        (vec![], bare(&run)),
        (vec![], Some(run.clone())),
    ];
    for (files, run) in batches {
        store.commit(&ours, &lease, &RunBatch { files, run, ..RunBatch::default() }).await.unwrap();
    }

    run.nodes[0].files = ["'; --", "a.py", "b.py", "main.py"].map(str::to_owned).into();
    run.nodes[1].files = ["a.py", "würfel 🎲.css"].map(str::to_owned).into();
    run.files = ["'; --", "a.py", "b.py", "main.py", "würfel 🎲.css"].map(str::to_owned).into();
    assert_eq!(RunStore::get(store, &ours, run.run_id).await.unwrap(), run);
    let list = async |scope| RunStore::list(store, scope, &RunQuery::default()).await.unwrap();
    assert_eq!(list(&ours).await, RunSlice { runs: vec![other, run.clone()], more: false });
    assert_eq!(list(&theirs).await, RunSlice { runs: vec![foreign], more: false });
    let answer = RunStore::get(store, &theirs, run.run_id).await;
    assert!(matches!(answer, Err(StoreError::NotFound { .. })), "{answer:?}");
}
