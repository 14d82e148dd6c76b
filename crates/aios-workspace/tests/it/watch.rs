//! Watching.

use std::collections::BTreeSet;
use std::time::Duration;

use aios_core::Workspace;
use aios_workspace::Watcher;

use crate::{Place, at};

#[tokio::test]
async fn changes_are_told_whoever_makes_them() {
    let place = Place::new();
    place.put("src/old.py", "old");
    place.put("node_modules/x.js", "");
    let workspace = place.open();
    let (_watcher, mut batches) = Watcher::start(&workspace).unwrap();
    let mut seen = BTreeSet::new();
    let mut until = async |expect: &[&str]| {
        while !expect.iter().all(|path| seen.contains(*path)) {
            let batch = tokio::time::timeout(Duration::from_secs(10), batches.recv()).await;
            let batch = batch.unwrap_or_else(|_| panic!("{expect:?} not told, only {seen:?}"));
            seen.extend(batch.unwrap().iter().map(ToString::to_string));
        }
    };
    place.put("node_modules/y.js", "");
    place.put(".env", "");
    workspace.write(&at("src/own.py"), b"own").await.unwrap();
    until(&["src/own.py"]).await;
    std::fs::remove_file(place.root().join("src/old.py")).unwrap();
    until(&["src/old.py"]).await;
    place.put("new/deep/a.py", "in a new folder");
    until(&["new/deep/a.py"]).await;
    place.put("new/deep/b.py", "later");
    until(&["new/deep/b.py"]).await;
    assert_eq!(
        seen.iter().map(String::as_str).collect::<Vec<_>>(),
        ["new/deep/a.py", "new/deep/b.py", "src/old.py", "src/own.py"]
    );
}
