//! The version-control port, on repositories as git itself makes them.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use aios_core::{Vcs, VcsError};
use aios_workspace::Git;

use crate::Place;

pub(crate) fn git(place: &Place, arguments: &[&str]) -> String {
    let done = Command::new("git")
        .current_dir(place.root())
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org"])
        .args(arguments)
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    String::from_utf8(done.stdout).unwrap()
}

#[tokio::test]
async fn a_workspace_becomes_a_repository() {
    let place = Place::new();
    for path in ["main.py", ".env", "node_modules/x.js", ".aios/plan.md", "ignored.log"] {
        place.put(path, "text");
    }
    place.put(".gitignore", "*.log\n");
    let vcs = Git::new(&place.open());
    assert!(matches!(vcs.status().await, Err(VcsError::NoRepository)));
    let id = vcs.init("Start").await.unwrap();
    assert_eq!(git(&place, &["ls-files"]), ".gitignore\nmain.py\n");
    assert_eq!(git(&place, &["branch", "--show-current"]).trim(), "main");
    assert!(git(&place, &["log", "--format=%H %s %an"]).starts_with(&id));
    // Nothing has changed: the same commit is the answer.
    assert_eq!(vcs.init("Again").await.unwrap(), id);
    place.put("main.py", "changed");
    place.put("new.py", "new");
    let status = vcs.status().await.unwrap();
    assert_eq!(status.branch.as_deref(), Some("main"));
    assert_eq!(status.changes, [" M main.py", "?? new.py"]);
    for number in 0..6 {
        place.put("main.py", &number.to_string());
        vcs.init(&format!("Change {number}\n\nbody")).await.unwrap();
    }
    let status = vcs.status().await.unwrap();
    assert_eq!(status.commits.len(), 5);
    assert_eq!(status.commits[0].subject, "Change 5");
    assert!(status.changes.is_empty(), "{:?}", status.changes);
}

#[tokio::test]
async fn a_hostile_repository_starts_nothing() {
    let place = Place::new();
    git(&place, &["init", "--quiet"]);
    let trap = place.root().join("trap.sh");
    let sprung = place.outside().join("sprung");
    std::fs::write(&trap, format!("#!/bin/sh\ntouch {}\ncat\n", sprung.display())).unwrap();
    std::fs::set_permissions(&trap, PermissionsExt::from_mode(0o755)).unwrap();
    for hook in ["pre-commit", "commit-msg", "post-commit", "post-index-change", "prepare-commit-msg"] {
        std::fs::create_dir_all(place.root().join(".git/hooks")).unwrap();
        std::fs::copy(&trap, place.root().join(".git/hooks").join(hook)).unwrap();
    }
    let command = trap.to_str().unwrap();
    for key in [
        "core.fsmonitor",
        "core.sshCommand",
        "diff.external",
        "filter.x.clean",
        "filter.x.smudge",
        "gpg.program",
    ] {
        git(&place, &["config", key, command]);
    }
    git(&place, &["config", "commit.gpgSign", "true"]);
    place.put(".gitattributes", "*.py filter=x diff=x\n");
    place.put("main.py", "text");
    let vcs = Git::new(&place.open());
    vcs.init("Start").await.unwrap();
    place.put("main.py", "changed");
    vcs.status().await.unwrap();
    place.assert_outside_is_untouched("hooks");
}

#[tokio::test]
async fn a_repository_elsewhere_is_not_touched() {
    let place = Place::new();
    let other = Place::new();
    other.put("theirs.txt", "text");
    git(&other, &["init", "--quiet"]);
    let folder = other.root().join(".git");
    let check = async |how: &str| {
        let vcs = Git::new(&place.open());
        let error = vcs.status().await.unwrap_err();
        assert!(error.to_string().contains("outside the workspace"), "{how}: {error}");
        assert!(vcs.init("x").await.is_err(), "{how}");
    };
    place.put(".git", &format!("gitdir: {}\n", folder.display()));
    check("a file that points elsewhere").await;
    std::fs::remove_file(place.root().join(".git")).unwrap();
    crate::link(&folder, place.root().join(".git"));
    check("a link").await;
    std::fs::remove_file(place.root().join(".git")).unwrap();
    git(&place, &["init", "--quiet"]);
    git(&place, &["config", "core.worktree", other.root().to_str().unwrap()]);
    check("another work tree").await;
}
