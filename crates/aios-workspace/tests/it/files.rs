//! The file port.

use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aios_core::{FileError, Workspace};
use aios_workspace::{DiskWorkspace, OpenError};

use crate::{CANARY, Place, at, link};

/// The error's name, which is what the cases compare.
fn name<T: std::fmt::Debug>(result: Result<T, FileError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(FileError::NotFound(_)) => "not found",
        Err(FileError::NotAFile(_)) => "not a file",
        Err(FileError::Escapes(_)) => "escapes",
        Err(FileError::Hidden(_)) => "hidden",
        Err(FileError::TooLarge { .. }) => "too large",
        Err(FileError::Pattern { .. }) => "pattern",
        Err(FileError::Io { .. }) => "io",
    }
}

#[tokio::test]
async fn files_are_written_read_and_removed() {
    let place = Place::new();
    let workspace = place.open();
    let first = workspace.write(&at("src/app/main.py"), b"print(1)\n").await.unwrap();
    assert_eq!(first.before, None);
    let second = workspace.write(&at("src/app/main.py"), b"print(2)\n").await.unwrap();
    assert_eq!(second.before, Some(first.after));
    // SHA-256 of the text.
    assert_eq!(second.after.0.len(), 64);
    assert_eq!(workspace.read(&at("src/app/main.py")).await.unwrap(), b"print(2)\n");
    let names: Vec<_> = std::fs::read_dir(place.root().join("src/app")).unwrap().collect();
    assert_eq!(names.len(), 1, "no temporary file remains");
    workspace.remove(&at("src/app/main.py")).await.unwrap();
    assert_eq!(name(workspace.read(&at("src/app/main.py")).await), "not found");
}

#[tokio::test]
async fn permissions_survive_a_write() {
    let place = Place::new();
    place.put("run.sh", "old");
    let mode = |bits| std::fs::set_permissions(place.root().join("run.sh"), PermissionsExt::from_mode(bits));
    mode(0o750).unwrap();
    let workspace = place.open();
    workspace.write(&at("run.sh"), b"new").await.unwrap();
    let metadata = std::fs::metadata(place.root().join("run.sh")).unwrap();
    assert_eq!(metadata.permissions().mode() & 0o777, 0o750);
    mode(0o444).unwrap();
    assert_eq!(name(workspace.write(&at("run.sh"), b"newer").await), "io");
    assert_eq!(place.text("run.sh"), "new");
}

#[tokio::test]
async fn what_is_no_file_is_refused() {
    let place = Place::new();
    place.put("folder/file", "text");
    std::process::Command::new("mkfifo").arg(place.root().join("pipe")).status().unwrap();
    std::fs::write(place.root().join("large"), vec![0; 10 * 1024 * 1024 + 1]).unwrap();
    let workspace = place.open();
    for (path, read, write, remove) in [
        ("folder", "not a file", "not a file", "not a file"),
        ("pipe", "not a file", "not a file", "ok"),
        ("missing", "not found", "ok", "ok"),
        ("folder/file/inner", "not found", "not found", "not found"),
        ("large", "too large", "ok", "ok"),
    ] {
        assert_eq!(name(workspace.read(&at(path)).await), read, "read {path}");
        assert_eq!(name(workspace.write(&at(path), b"x").await), write, "write {path}");
        assert_eq!(name(workspace.remove(&at(path)).await), remove, "remove {path}");
    }
    let huge = vec![0; 10 * 1024 * 1024 + 1];
    assert_eq!(name(workspace.write(&at("huge"), &huge).await), "too large");
    assert_eq!(place.text("folder/file"), "text");
}

#[tokio::test]
async fn links_do_not_lead_outside() {
    let place = Place::new();
    place.put("inner/real.txt", "inner");
    link(place.outside(), place.root().join("folder"));
    link(place.outside().join("canary.txt"), place.root().join("file"));
    link("../outside/canary.txt", place.root().join("relative"));
    link(place.outside().join("new.txt"), place.root().join("dangling"));
    link("loop", place.root().join("loop"));
    link("inner", place.root().join("inside"));
    let workspace = place.open();
    for path in ["folder/canary.txt", "folder/new.txt", "folder/new/deep.txt", "file", "relative", "loop"] {
        assert_eq!(name(workspace.read(&at(path)).await), "escapes", "read {path}");
        assert_eq!(name(workspace.write(&at(path), b"pwned").await), "escapes", "write {path}");
    }
    assert_eq!(name(workspace.write(&at("dangling"), b"pwned").await), "escapes");
    assert_eq!(name(workspace.remove(&at("folder/canary.txt")).await), "escapes");
    // A link itself may go; what it points to stays.
    workspace.remove(&at("file")).await.unwrap();
    // Links within the workspace are the user's own business.
    assert_eq!(workspace.read(&at("inside/real.txt")).await.unwrap(), b"inner");
    workspace.write(&at("inside/real.txt"), b"changed").await.unwrap();
    assert_eq!(place.text("inner/real.txt"), "changed");
    place.assert_outside_is_untouched("links");
}

#[tokio::test]
async fn a_hard_link_is_replaced_not_written_through() {
    let place = Place::new();
    std::fs::hard_link(place.outside().join("canary.txt"), place.root().join("hard.txt")).unwrap();
    place.open().write(&at("hard.txt"), b"pwned").await.unwrap();
    place.assert_outside_is_untouched("hard link");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_swapped_for_a_link_while_writing_leads_nowhere() {
    let place = Place::new();
    place.put("sub/file.txt", "start");
    let workspace = place.open();
    let (folder, bait) = (place.root().join("sub"), place.root().join("bait"));
    link(place.outside(), &bait);
    let swapping = Arc::new(AtomicBool::new(true));
    let swapper = std::thread::spawn({
        let swapping = swapping.clone();
        move || {
            while swapping.load(Ordering::Relaxed) {
                use rustix::fs::{CWD, RenameFlags, renameat_with};
                renameat_with(CWD, &folder, CWD, &bait, RenameFlags::EXCHANGE).unwrap();
            }
        }
    });
    for _ in 0..400 {
        // Some succeed, some meet the link, some meet nothing: none may arrive outside.
        let _ = workspace.write(&at("sub/canary.txt"), b"pwned").await;
        let read = workspace.read(&at("sub/canary.txt")).await.unwrap_or_default();
        assert_ne!(read, CANARY.as_bytes());
        let _ = workspace.remove(&at("sub/canary.txt")).await;
    }
    swapping.store(false, Ordering::Relaxed);
    swapper.join().unwrap();
    place.assert_outside_is_untouched("race");
}

#[tokio::test]
async fn hidden_files_are_hidden_from_every_call() {
    let place = Place::new();
    for path in [".env", "app/.env.local", "tls.pem", "private/notes.md", "open.md", ".env.example"] {
        place.put(path, "secret words");
    }
    place.put(".aiosignore", "private/\n");
    link(".env", place.root().join("innocent.txt"));
    link("private", place.root().join("innocent"));
    let workspace = place.open();
    for path in [
        ".env",
        "app/.env.local",
        "tls.pem",
        "private/notes.md",
        "private/new.md",
        ".aiosignore",
        "innocent.txt",
        "innocent/notes.md",
    ] {
        assert_eq!(name(workspace.read(&at(path)).await), "hidden", "read {path}");
        assert_eq!(name(workspace.write(&at(path), b"x").await), "hidden", "write {path}");
    }
    assert_eq!(name(workspace.remove(&at(".env")).await), "hidden");
    let listing = workspace.list(100).await.unwrap();
    let shown: Vec<_> = listing.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(shown, [".env.example", "open.md"]);
}

#[tokio::test]
async fn the_products_own_folder_is_written_by_the_harness_alone() {
    let place = Place::new();
    let agent = place.open();
    let harness = agent.for_harness();
    harness.write(&at(".aios/plan.md"), b"plan").await.unwrap();
    link(".aios", place.root().join("mine"));
    for path in [".aios/plan.md", ".AIOS/new.md", "mine/plan.md"] {
        assert_eq!(name(agent.write(&at(path), b"forged").await), "hidden", "{path}");
    }
    assert_eq!(name(agent.remove(&at(".aios/plan.md")).await), "hidden");
    assert_eq!(agent.read(&at(".aios/plan.md")).await.unwrap(), b"plan");
    assert!(agent.list(10).await.unwrap().files.is_empty());
}

#[tokio::test]
async fn listings_leave_out_what_is_generated_or_ignored() {
    let place = Place::new();
    for path in [
        "b.py",
        "a/z.py",
        "a-b.py",
        ".git/config",
        "node_modules/x/index.js",
        "__pycache__/b.pyc",
        "b.pyc",
        "target/debug/x",
        "venv/lib/x.py",
        "build/out.js",
        "deep/.gitignore",
        "deep/skip.log",
        "deep/keep.txt",
    ] {
        place.put(path, "12345");
    }
    place.put(".gitignore", "build/\n");
    place.put("deep/.gitignore", "*.log\n");
    let workspace = place.open();
    let check = async |limit, expect: &[&str], truncated| {
        let listing = workspace.list(limit).await.unwrap();
        assert_eq!(listing.files.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), expect);
        assert_eq!(listing.truncated, truncated);
    };
    let all = [".gitignore", "a-b.py", "a/z.py", "b.py", "deep/.gitignore", "deep/keep.txt"];
    check(100, &all, false).await;
    check(6, &all, false).await;
    check(2, &[".gitignore", "a/z.py"], true).await;
    assert_eq!(workspace.list(100).await.unwrap().files[2].bytes, 5);
}

#[test]
fn what_is_no_workspace_is_refused_clearly() {
    let place = Place::new();
    place.put("file", "");
    let check = |path: &str, expect: &str| {
        let error = DiskWorkspace::open(&place.root().join(path)).map(|_| ()).unwrap_err();
        assert!(error.to_string().contains(expect), "{path}: {error}");
    };
    check("missing", "does not exist");
    check("file", "is a file");
    place.put("broken/.aiosignore", "fine\n[z-a]\n");
    check("broken", "line 2");
    let create =
        |path: &str| DiskWorkspace::create(&place.root().join(path)).map(|made| made.path().to_owned());
    assert!(matches!(create("file/below"), Err(OpenError::NotMade { .. })));
    assert_eq!(create("new/deep").unwrap(), place.root().join("new/deep"));
    assert_eq!(create("new").unwrap(), place.root().join("new"));
    let read_only = DiskWorkspace::open(std::path::Path::new("/proc/self")).map(|_| ());
    assert!(matches!(read_only, Err(OpenError::NotWritable { .. })), "{read_only:?}");
}
