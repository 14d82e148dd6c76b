//! Watching.

use std::collections::BTreeMap;
use std::time::Duration;

use aios_protocol::FolderChange;
use aios_workspace::Watcher;
use tokio::sync::mpsc::Receiver;

use crate::Place;

const PATIENCE: Duration = Duration::from_secs(20);

/// Takes changes until all of these paths were told, with whether they exist.
async fn until(changes: &mut Receiver<FolderChange>, expect: &[(&str, bool)]) -> BTreeMap<String, bool> {
    let mut seen = BTreeMap::new();
    while !expect.iter().all(|(path, exists)| seen.get(*path) == Some(exists)) {
        let change = tokio::time::timeout(PATIENCE, changes.recv()).await;
        let change = change.unwrap_or_else(|_| panic!("{expect:?} not told, only {seen:?}"));
        if let Some(FolderChange::Changed { changes }) = change {
            seen.extend(changes.into_iter().map(|change| (change.path, change.exists)));
        }
    }
    seen
}

#[tokio::test]
async fn changes_are_told_whoever_makes_them() {
    let place = Place::new();
    place.put("src/old.py", "old");
    place.put("node_modules/x.js", "");
    place.put(".gitignore", "*.log\nbuild/\n");
    place.put("build/x.o", "");
    let (_watcher, mut changes) = Watcher::start(&place.folder()).unwrap();
    for quiet in ["node_modules/y.js", "build/y.o"] {
        place.put(quiet, "");
    }
    place.put(".env", "KEY=1");
    let seen = until(&mut changes, &[(".env", true)]).await;
    assert_eq!(seen.len(), 1, "{seen:?}");
    std::fs::remove_file(place.root().join("src/old.py")).unwrap();
    until(&mut changes, &[("src/old.py", false)]).await;
    place.put("new/deep/a.py", "in a new folder");
    until(&mut changes, &[("new/deep/a.py", true)]).await;
    place.put("new/deep/b.py", "later");
    until(&mut changes, &[("new/deep/b.py", true)]).await;
    std::fs::rename(place.root().join("new"), place.root().join("moved")).unwrap();
    until(&mut changes, &[("new", false), ("moved/deep/a.py", true)]).await;
}

#[tokio::test]
async fn a_checkout_of_thousands_of_files_is_survived() {
    let place = Place::new();
    let git = |arguments: &[&str]| crate::git::git(&place, arguments);
    git(&["init", "--quiet", "--initial-branch=main"]);
    place.put("a.txt", "a");
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message=one"]);
    git(&["checkout", "--quiet", "-b", "many"]);
    for number in 0..5_000 {
        place.put(&format!("d{}/f{number}.txt", number % 50), "text");
    }
    git(&["add", "."]);
    git(&["commit", "--quiet", "--message=many"]);
    git(&["checkout", "--quiet", "main"]);
    let (_watcher, mut changes) = Watcher::start(&place.folder()).unwrap();
    git(&["checkout", "--quiet", "many"]);
    let (mut told, mut branch) = (false, false);
    while !(told && branch) {
        let change = tokio::time::timeout(PATIENCE, changes.recv()).await.unwrap().unwrap();
        told |= !matches!(change, FolderChange::Git {});
        branch |= matches!(change, FolderChange::Git {});
    }
    // What comes later is told as before, in the new folders too.
    place.put("d7/later.txt", "");
    let mut seen = false;
    while !seen {
        let change = tokio::time::timeout(PATIENCE, changes.recv()).await.unwrap().unwrap();
        seen = match change {
            FolderChange::Changed { changes } => changes.iter().any(|change| change.path == "d7/later.txt"),
            FolderChange::Rescan {} => place.root().join("d7/later.txt").exists(),
            FolderChange::Git {} => false,
        };
    }
}
