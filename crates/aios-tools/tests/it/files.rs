//! The file tools on a real disk.

use std::io;

use aios_core::{FileError, Listing, SearchHits, SearchQuery, Workspace, WorkspacePath, Written};
use aios_protocol::{ErrorCode, RunEvent};
use async_trait::async_trait;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use crate::Desk;

#[tokio::test]
async fn a_file_is_created_changed_and_left_alone() {
    let desk = Desk::new();
    let write = async |content: &str| {
        let answer = desk.call("write_file", json!({"path": "./src/main.py", "content": content})).await;
        assert!(answer.ok, "{}", answer.content);
        (answer.content, answer.written.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    let (said, written) = write("print(1)\nprint(2)\n").await;
    assert_eq!((said.as_str(), written), ("created src/main.py (2 lines)", vec!["src/main.py".to_owned()]));
    let (said, written) = write("print(1)").await;
    assert_eq!((said.as_str(), written.len()), ("changed src/main.py (1 line)", 1));
    let (said, written) = write("print(1)").await;
    assert_eq!((said.as_str(), written.len()), ("src/main.py already has this content (1 line)", 1));
    write("a\r\nb\r\n").await;
    assert_eq!(desk.text("src/main.py"), "a\r\nb\r\n");
    let bytes: Vec<usize> = desk
        .history
        .events()
        .iter()
        .filter_map(|event| if let RunEvent::FileWritten { bytes, .. } = event { Some(*bytes) } else { None })
        .collect();
    assert_eq!(bytes, [18, 8, 8, 6]);
}

#[tokio::test]
async fn files_are_read_whole_or_in_part() {
    let desk = Desk::new();
    desk.put("a.txt", "one\r\ntwo\nthree");
    desk.put("empty.txt", "");
    assert_eq!(desk.ok("read_file", json!({"path": "a.txt"})).await, "one\r\ntwo\nthree");
    assert_eq!(desk.ok("read_file", json!({"path": "a.txt", "start_line": 2, "end_line": 2})).await, "two\n");
    assert_eq!(desk.ok("read_file", json!({"path": "empty.txt"})).await, "empty.txt is empty");
    std::fs::write(desk.folder.path().join("image.png"), b"\x89PNG\xff\xfe").unwrap();
    for (path, expect) in [
        ("nothing.txt", "nothing.txt does not exist"),
        ("image.png", "image.png is not a text file in UTF-8 (6 bytes)"),
    ] {
        assert_eq!(desk.refused("read_file", json!({"path": path})).await, expect);
    }
}

#[tokio::test]
async fn long_answers_keep_to_their_budget() {
    let desk = Desk::new();
    desk.put("long.txt", &"0123456789\n".repeat(20_000));
    let first = desk.ok("read_file", json!({"path": "long.txt"})).await;
    assert!(first.len() <= 32 * 1024, "{}", first.len());
    assert!(
        first.starts_with("[lines 1-2968 of 20000; read on with start_line 2969]\n0123456789\n"),
        "{}",
        &first[..80]
    );
    for number in 0..600 {
        desk.put(&format!("many/{number:03}-{}.txt", "x".repeat(60)), "");
    }
    let listed = desk.ok("list_files", json!({})).await;
    assert!(listed.len() <= 16 * 1024 && listed.contains("bytes cut"), "{}", listed.len());
}

#[tokio::test]
async fn files_are_listed_and_searched() {
    let desk = Desk::new();
    assert_eq!(desk.ok("list_files", json!({})).await, "the workspace has no files yet");
    desk.put("src/app.py", "import os\n\ndef total(items):\n    return sum(items)\n");
    desk.put("tests/test_app.py", "from app import total\n");
    desk.put(".env", "SECRET=1\n");
    assert_eq!(desk.ok("list_files", json!({})).await, "src/app.py\ntests/test_app.py\n");
    assert_eq!(
        desk.ok("search_files", json!({"pattern": "total"})).await,
        "src/app.py:3: def total(items):\ntests/test_app.py:1: from app import total\n"
    );
    assert_eq!(
        desk.ok("search_files", json!({"pattern": "^def (\\w+)", "glob": "src/**"})).await,
        "src/app.py:3: def total(items):\n"
    );
    assert_eq!(desk.ok("search_files", json!({"pattern": "SECRET"})).await, "no line matches");
    let said = desk.refused("search_files", json!({"pattern": "total("})).await;
    assert!(said.contains("the search pattern \"total(\" is not valid"), "{said}");
    assert!(desk.refused("search_files", json!({"pattern": ""})).await.contains("is empty"));
    assert!(desk.refused("read_file", json!({"path": ".env"})).await.contains("hidden"));
}

#[tokio::test]
async fn a_piece_of_a_file_is_replaced() {
    let desk = Desk::new();
    desk.put("app.py", "class A:\r\n    def f(self):\r\n        return 1\r\n");
    let said = desk
        .ok("edit_file", json!({"path": "app.py", "search": "def f(self):\n    return 1", "replace": "def f(self):\n    return 2"}))
        .await;
    assert_eq!(said, "changed app.py: lines 2-3 (the search text differed in white space)");
    assert_eq!(desk.text("app.py"), "class A:\r\n    def f(self):\r\n        return 2\r\n");
    let said =
        desk.refused("edit_file", json!({"path": "app.py", "search": "return 3", "replace": "x"})).await;
    assert!(said.starts_with("app.py was not changed: ") && said.contains("3:         return 2"), "{said}");
    let said = desk.refused("edit_file", json!({"path": "app.py", "search": "", "replace": "x"})).await;
    assert!(said.contains("the search text is empty"), "{said}");
    let said = desk.refused("edit_file", json!({"path": "new.py", "search": "a", "replace": "b"})).await;
    assert_eq!(said, "new.py does not exist");
    assert!(!desk.exists("new.py"));
}

/// A disk without room.
struct FullDisk;

#[async_trait]
impl Workspace for FullDisk {
    async fn read(&self, path: &WorkspacePath) -> Result<Vec<u8>, FileError> {
        Err(FileError::NotFound(path.clone()))
    }

    async fn write(&self, path: &WorkspacePath, _: &[u8]) -> Result<Written, FileError> {
        let source = io::Error::from(io::ErrorKind::StorageFull);
        Err(FileError::Io { attempted: "write", path: path.to_string(), source })
    }

    async fn remove(&self, path: &WorkspacePath) -> Result<(), FileError> {
        Err(FileError::NotFound(path.clone()))
    }

    async fn list(&self, _: usize) -> Result<Listing, FileError> {
        Ok(Listing::default())
    }

    async fn search(&self, _: &SearchQuery, _: &CancellationToken) -> Result<SearchHits, FileError> {
        Ok(SearchHits::default())
    }
}

#[tokio::test]
async fn a_full_disk_ends_the_run_and_is_recorded() {
    let desk = Desk::new().with_workspace(FullDisk);
    let fatal = desk.try_call("write_file", "{\"path\": \"a\", \"content\": \"b\"}").await.unwrap_err();
    assert_eq!(fatal.code(), ErrorCode::Storage);
    assert!(fatal.to_string().starts_with("could not write a: "), "{fatal}");
    assert_eq!(desk.history.take(), ["tool_call", "stored", "tool_result false"]);
}
