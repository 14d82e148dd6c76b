//! What a run changed, and what a person decides about it.

use std::path::Path;

use aios_protocol::{
    Api, Decision, ErrorCode, Problem, RunChangeDecide, RunChanges, RunId, RunReview, RunStart, RunStatus,
};
use aios_testkit::{Script, turn};
use aios_tests::{World, objective};
use serde_json::json;

use crate::play::{done, world};

const BEFORE: &str = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\neleven\n";
const AFTER: &str = "ONE\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\nten\nELEVEN\n";

/// A run that changes two places of `numbers.md` and makes `new.md`, in a folder of the user's.
async fn changed(folder: &Path) -> (World, RunId) {
    std::fs::write(folder.join("numbers.md"), BEFORE).unwrap();
    std::fs::write(folder.join("other.md"), "untouched\n").unwrap();
    let write =
        |path: &str, content: &str| turn().call("write_file", json!({ "path": path, "content": content }));
    // Written twice: what counts is what was there before the first time.
    let turns =
        [write("numbers.md", "draft\n"), write("numbers.md", AFTER), write("new.md", "new\n"), done()];
    let mut world = world(Script::new().agent("backend", turns));
    let dir = folder.canonicalize().unwrap().display().to_string();
    let request = RunStart {
        tasks: vec!["backend".into()],
        dir: Some(dir),
        ..objective("louder numbers", "fullstack")
    };
    let run = world.run(request).await;
    (world, run.expect(RunStatus::Completed).detail.run_id)
}

async fn look(world: &mut World, run_id: RunId) -> RunReview {
    world.session().await.run_changes(RunChanges { run_id }).await.unwrap()
}

async fn decide(
    world: &mut World,
    run_id: RunId,
    decision: Decision,
    path: Option<&str>,
    hunk: Option<&str>,
) -> Result<RunReview, Problem> {
    let (path, hunk) = (path.map(str::to_owned), hunk.map(str::to_owned));
    world.session().await.run_change_decide(RunChangeDecide { run_id, path, hunk, decision }).await
}

/// The paths with the first line of each hunk's new text.
fn places(review: &RunReview) -> Vec<(&str, usize)> {
    review.files.iter().map(|file| (file.path.as_str(), file.hunks.len())).collect()
}

#[tokio::test]
async fn hunks_and_files_are_kept_or_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let (mut world, run_id) = changed(folder.path()).await;
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).ok();
    let review = look(&mut world, run_id).await;
    assert_eq!(places(&review), [("new.md", 1), ("numbers.md", 2)]);
    assert_eq!((review.added, review.removed, review.can_undo), (3, 2, false));
    let numbers = &review.files[1];
    assert_eq!((numbers.before.as_deref(), numbers.after.as_deref()), (Some(BEFORE), Some(AFTER)));

    // The first place is undone, the second one stays.
    let [first, second] = &numbers.hunks[..] else { panic!("{numbers:?}") };
    let path = Some("numbers.md");
    decide(&mut world, run_id, Decision::Reject, path, Some(&first.id)).await.unwrap();
    assert_eq!(text("numbers.md").unwrap(), AFTER.replace("ONE\n", "one\n"));
    // What is pending survives the end of the process.
    world.restart().await;
    let left = decide(&mut world, run_id, Decision::Keep, path, Some(&second.id)).await.unwrap();
    assert_eq!(places(&left), [("new.md", 1)]);
    let again = decide(&mut world, run_id, Decision::Keep, path, Some(&second.id)).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::Conflict, "{again}");

    // A new file goes when it is rejected, and comes back.
    let left = decide(&mut world, run_id, Decision::Reject, Some("new.md"), None).await.unwrap();
    assert_eq!((places(&left), left.can_undo, text("new.md")), (Vec::new(), true, None));
    let back = decide(&mut world, run_id, Decision::Undo, None, None).await.unwrap();
    assert_eq!(
        (places(&back), back.can_undo, text("new.md")),
        (vec![("new.md", 1)], false, Some("new\n".into()))
    );
    let twice = decide(&mut world, run_id, Decision::Undo, None, None).await.unwrap_err();
    assert_eq!(twice.code, ErrorCode::Conflict, "{twice}");
    assert_eq!(text("other.md").unwrap(), "untouched\n");
    world.finish().await;
}

#[tokio::test]
async fn all_is_rejected_and_that_is_undone() {
    let folder = tempfile::tempdir().unwrap();
    let (mut world, run_id) = changed(folder.path()).await;
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).ok();
    decide(&mut world, run_id, Decision::Reject, None, None).await.unwrap();
    assert_eq!((text("numbers.md").as_deref(), text("new.md")), (Some(BEFORE), None));
    let back = decide(&mut world, run_id, Decision::Undo, None, None).await.unwrap();
    assert_eq!(places(&back), [("new.md", 1), ("numbers.md", 2)]);
    assert_eq!(text("numbers.md").as_deref(), Some(AFTER));

    // What the person edits meanwhile is never thrown away.
    decide(&mut world, run_id, Decision::Reject, None, None).await.unwrap();
    std::fs::write(folder.path().join("numbers.md"), "mine\n").unwrap();
    let refused = decide(&mut world, run_id, Decision::Undo, None, None).await.unwrap_err();
    assert!(refused.message.contains("edited since"), "{refused}");
    assert_eq!(text("numbers.md").as_deref(), Some("mine\n"));
    let kept = decide(&mut world, run_id, Decision::Keep, None, None).await.unwrap();
    assert_eq!(places(&kept), []);
    assert_eq!(text("numbers.md").as_deref(), Some("mine\n"));
    world.finish().await;
}

#[tokio::test]
async fn what_makes_no_sense_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (mut world, run_id) = changed(folder.path()).await;
    for (decision, path, hunk, code) in [
        (Decision::Keep, None, Some("abc"), ErrorCode::InvalidRequest),
        (Decision::Undo, Some("new.md"), None, ErrorCode::InvalidRequest),
        (Decision::Reject, Some("other.md"), None, ErrorCode::Conflict),
        (Decision::Reject, Some("../etc/passwd"), None, ErrorCode::Conflict),
        (Decision::Reject, Some("numbers.md"), Some("abc"), ErrorCode::Conflict),
    ] {
        let refused = decide(&mut world, run_id, decision, path, hunk).await.unwrap_err();
        assert_eq!(refused.code, code, "{decision:?} {path:?} {hunk:?}: {refused}");
    }
    assert_eq!(places(&look(&mut world, run_id).await).len(), 2);
    world.finish().await;
}
