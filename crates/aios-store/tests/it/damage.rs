//! Files that are not what they should be: a clear error that names the file and what to do.

use std::path::Path;
use std::time::Duration;

use aios_core::{EventStore, RunBatch, RunQuery, RunStore, StoreError};
use aios_protocol::RunId;
use aios_store::SqliteStore;
use aios_testkit::store_suite::{at, frame, log, run, scope};
use rusqlite::Connection;

/// A closed database of some hundred pages.
async fn filled(path: &Path) -> RunId {
    let (scope, run) = (scope("acme"), run("x"));
    let store = SqliteStore::open(path).unwrap();
    store.create(&scope, &run).await.unwrap();
    let lease = store.claim(&scope, run.run_id, "desk", at(0), Duration::from_secs(9)).await.unwrap();
    let frames = (1..=500).map(|seq| frame(run.run_id, seq, log(&"some words ".repeat(90)))).collect();
    store.commit(&scope, &lease, &RunBatch { frames, ..RunBatch::default() }).await.unwrap();
    run.run_id
}

fn check_message(error: &StoreError, parts: &[&str]) {
    let message = error.to_string();
    for part in parts {
        assert!(message.contains(part), "{part:?} is missing: {message}");
    }
}

#[tokio::test]
async fn a_truncated_file_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    filled(&path).await;
    let whole = std::fs::read(&path).unwrap();
    for length in [50, 100, 1_024, 4_095, 4_096, whole.len() / 2, whole.len() - 4_096] {
        std::fs::write(&path, &whole[..length]).unwrap();
        let error = SqliteStore::open(&path).map(drop).unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { what: "database", .. }), "{length}: {error}");
        check_message(&error, &[path.to_str().unwrap(), "elsewhere", "recover"]);
        assert_eq!(std::fs::read(&path).unwrap(), whole[..length], "the damaged file was changed");
    }
}

#[tokio::test]
async fn damage_inside_is_reported_when_it_is_met() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let run_id = filled(&path).await;
    let mut bytes = std::fs::read(&path).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0xa5);
    std::fs::write(&path, &bytes).unwrap();
    let store = SqliteStore::open(&path).unwrap();
    let error = store.after(&scope("acme"), run_id, 0, usize::MAX).await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error}");
}

#[tokio::test]
async fn a_row_that_makes_no_sense_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let run_id = filled(&path).await;
    Connection::open(&path).unwrap().execute("UPDATE events SET event = '{}' WHERE seq = 7", []).unwrap();
    let store = SqliteStore::open(&path).unwrap();
    let error = store.after(&scope("acme"), run_id, 0, 9).await.unwrap_err();
    check_message(&error, &["event 7", &run_id.to_string()]);
    assert_eq!(store.after(&scope("acme"), run_id, 0, 6).await.unwrap().len(), 6);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let text = "a letter to my aunt ".repeat(500);
    std::fs::write(&path, &text).unwrap();
    let error = SqliteStore::open(&path).map(drop).unwrap_err();
    check_message(&error, &[path.to_str().unwrap(), "not a database"]);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let run_id = filled(&path).await;
    let set =
        |version: i64| Connection::open(&path).unwrap().pragma_update(None, "user_version", version).unwrap();
    let ours: i64 =
        Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    for version in [ours + 1, 999, -1] {
        set(version);
        let error = SqliteStore::open(&path).map(drop).unwrap_err();
        assert!(
            matches!(error, StoreError::TooNew { found, known, .. } if (found, known) == (version, ours)),
            "{error}"
        );
        check_message(&error, &[path.to_str().unwrap(), "update CesaFlow"]);
    }
    set(ours);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(store.after(&scope("acme"), run_id, 0, 999).await.unwrap().len(), 500);
}

#[test]
fn a_place_that_cannot_be_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let check = |path: &Path, advice| {
        let error = SqliteStore::open(path).map(drop).unwrap_err();
        check_message(&error, &["could not open the database", path.to_str().unwrap(), advice]);
    };
    check(folder.path(), "It is a folder");
    check(&folder.path().join("absent").join("test.db"), "folder does not exist");
    std::fs::write(folder.path().join("file"), "").unwrap();
    check(&folder.path().join("file").join("test.db"), "writable");
}

#[cfg(unix)]
#[tokio::test]
async fn a_read_only_place_is_explained() {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("test.db");
    let mode = |path: &Path, mode| set_permissions(path, Permissions::from_mode(mode)).unwrap();
    mode(folder.path(), 0o555);
    if std::fs::write(folder.path().join("probe"), "").is_ok() {
        return as_nobody("damage::a_read_only_place_is_explained");
    }
    let advice = ["could not open the database", path.to_str().unwrap(), "writable", "AIOS_HOME"];
    check_message(&SqliteStore::open(&path).map(drop).unwrap_err(), &advice);

    mode(folder.path(), 0o755);
    filled(&path).await;
    mode(folder.path(), 0o555);
    check_message(&SqliteStore::open(&path).map(drop).unwrap_err(), &advice);

    mode(folder.path(), 0o755);
    mode(&path, 0o444);
    check_message(&SqliteStore::open(&path).map(drop).unwrap_err(), &advice);

    mode(&path, 0o644);
    let store = SqliteStore::open(&path).unwrap();
    assert_eq!(RunStore::list(&store, &scope("acme"), &RunQuery::default()).await.unwrap().runs.len(), 1);
}

/// Permissions mean nothing to root, so the test is run again without its powers: from a copy, because the build's
/// own folder may be root's alone.
#[cfg(unix)]
fn as_nobody(test: &str) {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    let folder = tempfile::tempdir().unwrap();
    set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    let copy = folder.path().join("it");
    std::fs::copy(std::env::current_exe().unwrap(), &copy).unwrap();
    let again = std::process::Command::new(copy)
        .args([test, "--exact"])
        .current_dir("/")
        .uid(65_534)
        .gid(65_534)
        .output()
        .unwrap();
    assert!(again.status.success(), "{}", String::from_utf8_lossy(&again.stdout));
}
