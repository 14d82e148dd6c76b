//! The repository of a folder, with real repositories and the real git.

use std::path::Path;

use aios_protocol::{GitChange, GitSide, HunkAct, SyncAct};
use aios_workspace::{GitError, GitProgram, Repo};
use tokio_util::sync::CancellationToken;

use crate::git::git;
use crate::{Place, at};

fn program() -> GitProgram {
    let paths = std::env::var_os("PATH").unwrap();
    let found = std::env::split_paths(&paths).map(|folder| folder.join("git")).find(|path| path.is_file());
    GitProgram::new(found).unwrap()
}

/// A repository with one commit, whose author is known to it.
fn repository() -> Place {
    let place = Place::new();
    git(&place, &["init", "--quiet", "--initial-branch=main"]);
    git(&place, &["config", "user.name", "Ada"]);
    git(&place, &["config", "user.email", "ada@example.org"]);
    let lines: String = (1..=40).map(|number| format!("line {number}\n")).collect();
    place.put("a.txt", &lines);
    place.put("sub/b.txt", "b\n");
    git(&place, &["add", "."]);
    git(&place, &["commit", "--quiet", "--message=First\n\nWith a body."]);
    place
}

fn repo(place: &Place) -> Repo {
    Repo::of(&place.root()).unwrap()
}

/// `path staged unstaged` of each changed file.
fn changed(repo: &Repo) -> Vec<String> {
    let change = |change: Option<GitChange>| change.map_or("-".to_owned(), |change| format!("{change:?}"));
    let files = repo.status().unwrap().files.into_iter();
    files.map(|file| format!("{} {} {}", file.path, change(file.staged), change(file.unstaged))).collect()
}

#[test]
fn hunks_are_staged_unstaged_and_discarded_one_by_one() {
    let place = repository();
    let (repo, git_program, path) = (repo(&place), program(), at("a.txt"));
    let text = place.text("a.txt").replace("line 3\n", "three\n").replace("line 40\n", "forty");
    place.put("a.txt", &text);
    let diff = repo.diff(&path, GitSide::Unstaged, None).unwrap();
    assert_eq!((diff.hunks.len(), diff.after.as_deref()), (2, Some(text.as_str())));
    repo.hunk(&git_program, &path, &diff.hunks[1].id, HunkAct::Stage).unwrap();
    assert_eq!(changed(&repo), ["a.txt Modified Modified"]);
    let staged = repo.diff(&path, GitSide::Staged, None).unwrap();
    assert!(staged.after.unwrap().ends_with("line 39\nforty"));
    let rest = repo.diff(&path, GitSide::Unstaged, None).unwrap();
    assert_eq!(rest.hunks.iter().map(|hunk| &hunk.id).collect::<Vec<_>>(), [&diff.hunks[0].id]);
    repo.hunk(&git_program, &path, &rest.hunks[0].id, HunkAct::Discard).unwrap();
    assert!(place.text("a.txt").contains("line 3\n"));
    repo.hunk(&git_program, &path, &staged.hunks[0].id, HunkAct::Unstage).unwrap();
    assert_eq!(changed(&repo), ["a.txt - Modified"]);
    let stale = repo.hunk(&git_program, &path, &diff.hunks[0].id, HunkAct::Stage);
    assert!(matches!(stale, Err(GitError::Stale { .. })), "{stale:?}");
}

#[test]
fn files_are_staged_committed_and_discarded() {
    let place = repository();
    let (repo, git_program) = (repo(&place), program());
    place.put("new [1].txt", "new\n");
    place.put("a.txt", "changed\n");
    std::fs::remove_file(place.root().join("sub/b.txt")).unwrap();
    assert_eq!(changed(&repo), ["a.txt - Modified", "new [1].txt - Untracked", "sub/b.txt - Removed"]);
    repo.stage(&git_program, &[at("new [1].txt"), at("sub")]).unwrap();
    assert_eq!(changed(&repo), ["a.txt - Modified", "new [1].txt Added -", "sub/b.txt Removed -"]);
    repo.unstage(&git_program, &[at("sub/b.txt")]).unwrap();
    let committed = repo.commit_staged(&git_program, "Add new\n\nBecause.", false).unwrap();
    assert_eq!(committed.summary, "Add new");
    place.put("other.txt", "");
    repo.discard(&git_program, &place.folder(), &[at("sub"), at("other.txt")]).unwrap();
    assert_eq!(
        (changed(&repo), place.text("sub/b.txt")),
        (vec!["a.txt - Modified".to_owned()], "b\n".into())
    );
    assert!(place.trash().join("files/other.txt").is_file());
    let log = repo.log(None, None, 0, 1).unwrap();
    assert_eq!((log.commits[0].body.as_str(), log.next.as_deref()), ("Because.", Some("1")));
    assert_eq!(repo.log(None, None, 1, 5).unwrap().commits[0].summary, "First");
    assert_eq!(repo.log(Some(&at("a.txt")), None, 0, 5).unwrap().commits.len(), 1);
    let detail = repo.commit_detail(&committed.id).unwrap();
    assert_eq!((detail.files[0].path.as_str(), detail.files[0].added), ("new [1].txt", 1));
    let shown = repo.diff(&at("new [1].txt"), GitSide::Commit, Some(&committed.id)).unwrap();
    assert_eq!((shown.before, shown.after.as_deref()), (None, Some("new\n")));
    let blame = repo.blame(&at("a.txt"), &place.text("a.txt")).unwrap();
    assert_eq!((blame.spans.len(), &blame.spans[0].commit), (1, &None));
}

#[test]
fn branches_stashes_and_conflicts() {
    let place = repository();
    let (mut repo, git_program) = (repo(&place), program());
    repo.create_branch(&git_program, "topic", None, true).unwrap();
    place.put("a.txt", "theirs\n");
    repo.stage(&git_program, &[]).unwrap();
    repo.commit_staged(&git_program, "Theirs", false).unwrap();
    repo.checkout(&git_program, "main").unwrap();
    assert_eq!(repo.status().unwrap().branch.as_deref(), Some("main"));
    place.put("a.txt", "ours\n");
    repo.stash(&git_program, Some("for later"), false).unwrap();
    let stashes = repo.stashes().unwrap().stashes;
    assert_eq!((stashes.len(), place.text("a.txt").lines().count()), (1, 40));
    assert!(stashes[0].message.contains("for later"));
    repo.unstash(&git_program, "pop", 0).unwrap();
    repo.stage(&git_program, &[]).unwrap();
    repo.commit_staged(&git_program, "Ours", false).unwrap();
    let merge = std::process::Command::new("git")
        .current_dir(place.root())
        .args(["merge", "--quiet", "topic"])
        .output();
    assert!(!merge.unwrap().status.success());
    let state = repo.status().unwrap();
    assert_eq!((state.doing.as_deref(), state.files[0].conflicted), (Some("merge"), true));
    let conflict = repo.conflict(&at("a.txt")).unwrap();
    assert_eq!((conflict.ours.as_deref(), conflict.theirs.as_deref()), (Some("ours\n"), Some("theirs\n")));
    assert_eq!(conflict.base.unwrap().lines().count(), 40);
    let names: Vec<String> =
        repo.branches().unwrap().branches.into_iter().map(|branch| branch.name).collect();
    assert_eq!(names.len(), 2);
    assert!(matches!(repo.delete_branch(&git_program, "topic", false), Err(GitError::Refused { .. })));
    repo.delete_branch(&git_program, "topic", true).unwrap();
    for bad in ["--upload-pack=x", "", "a b"] {
        assert!(matches!(repo.checkout(&git_program, bad), Err(GitError::BadName(_))), "{bad}");
    }
}

#[test]
fn a_folder_in_a_repository_sees_its_own_part() {
    let place = repository();
    place.put("a.txt", "changed\n");
    place.put("sub/b.txt", "changed\n");
    let repo = Repo::of(&place.root().join("sub")).unwrap();
    assert_eq!(changed(&repo), ["b.txt - Modified"]);
    repo.stage(&program(), &[]).unwrap();
    assert_eq!(git(&place, &["diff", "--cached", "--name-only"]), "sub/b.txt\n");
}

#[tokio::test]
async fn commits_travel_to_a_remote_and_back() {
    let place = repository();
    let (repo, git_program) = (repo(&place), program());
    let remote = place.outside().join("remote.git");
    let bare = |folder: &Path| {
        let done = std::process::Command::new("git").args(["init", "--quiet", "--bare"]).arg(folder).output();
        assert!(done.unwrap().status.success());
    };
    bare(&remote);
    git(&place, &["remote", "add", "origin", remote.to_str().unwrap()]);
    let stop = CancellationToken::new();
    let (tell, mut lines) = tokio::sync::mpsc::channel(1_000);
    let sync = async |act| git_program.sync(&place.root(), act, None, &tell, &stop).await;
    sync(SyncAct::Push).await.unwrap();
    assert!(lines.try_recv().is_ok(), "git says what it does");
    let state = repo.status().unwrap();
    assert_eq!((state.upstream.as_deref(), state.ahead), (Some("origin/main"), 0));
    place.put("a.txt", "changed\n");
    repo.stage(&git_program, &[]).unwrap();
    repo.commit_staged(&git_program, "Second", false).unwrap();
    assert_eq!(repo.status().unwrap().ahead, 1);
    sync(SyncAct::Pull).await.unwrap();
    sync(SyncAct::Fetch).await.unwrap();
    std::fs::remove_dir_all(&remote).unwrap();
    let error = sync(SyncAct::Push).await.unwrap_err();
    assert!(matches!(error, GitError::Refused { .. }), "{error}");
}
