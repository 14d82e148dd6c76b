//! An editor's folders, files, searches and terminals through the door that its window uses.

use std::time::{Duration, Instant};

use aios_testkit::Script;
use aios_tests::Served;
use serde_json::{Value, json};

use crate::served;
use crate::window::Window;

/// A folder that was opened, and trusted.
async fn opened(served: &Served, files: &[(&str, &str)]) -> (tempfile::TempDir, Value) {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let shown = rpc(served, "folder_open", json!({ "path": folder.path() })).await;
    assert_eq!(shown["trusted"], false);
    rpc(served, "folder_trust", json!({ "folder": shown["folder"], "trusted": true })).await;
    (folder, shown["folder"].clone())
}

async fn rpc(served: &Served, command: &str, request: Value) -> Value {
    served.json("POST", &format!("/rpc/{command}"), Some(request)).await
}

#[tokio::test]
async fn a_folder_is_opened_edited_and_watched() {
    let served = served(Script::new()).await;
    let (folder, id) = opened(&served, &[("src/main.py", "print(1)\n")]).await;
    let mut window = Window::open(&served).await;
    window.say(json!({ "open": 1, "stream": "folder_watch", "request": { "folder": id } })).await;
    let open = json!({ "folder": id, "path": "src/main.py" });
    let file = rpc(&served, "file_open", open).await;
    assert_eq!((&file["kind"], &file["text"]), (&json!("text"), &json!("print(1)\n")));
    let save = |text: &str, base: &Value| {
        let written =
            json!({ "encoding": file["encoding"], "line_ending": file["line_ending"], "text": text });
        let mut request = json!({ "folder": id, "path": "src/main.py", "base_version": base });
        request.as_object_mut().unwrap().extend(written.as_object().unwrap().clone());
        rpc(&served, "file_save", request)
    };
    let large = "x = 1\n".repeat(500_000);
    let saved = loop {
        // The watch begins a moment after it was asked for.
        let saved = save(&large, &file["version"]).await;
        if let Some(change) = window.next_within(Duration::from_secs(2)).await {
            assert_eq!(change["items"][0]["changes"][0]["path"], "src/main.py", "{change}");
            break saved;
        }
        std::fs::write(folder.path().join("src/main.py"), "print(1)\n").unwrap();
    };
    assert_eq!(saved["bytes"], large.len());
    assert_eq!(save("mine", &file["version"]).await["kind"], "conflict");
    for (path, status) in [("../x", 422), ("/etc/passwd", 422), ("none.py", 404)] {
        let request = json!({ "folder": id, "path": path });
        let answer = served.ask("POST", "/rpc/file_open", Some(request)).await;
        assert_eq!(answer.0, status, "{path}");
    }
    let listed = rpc(&served, "folder_list", json!({})).await;
    assert_eq!((&listed["folders"][0]["folder"], &listed["folders"][0]["trusted"]), (&id, &json!(true)));
    let draft = json!({ "draft": "a", "folder": id, "path": "src/main.py", "text": "unsaved" });
    rpc(&served, "draft_save", draft).await;
    rpc(&served, "window_state_save", json!({ "window": "main", "state": "{\"tabs\":[]}" })).await;

    // All of that is there after a restart, without opening the folder again.
    let world = served.stop().await;
    let served = Served::over(world, aios_tests::options()).await;
    let drafts = rpc(&served, "draft_list", json!({ "folder": id })).await;
    assert_eq!(drafts["drafts"][0]["text"], "unsaved");
    rpc(&served, "draft_remove", json!({ "draft": "a" })).await;
    assert_eq!(rpc(&served, "draft_list", json!({})).await["drafts"], json!([]));
    let state = rpc(&served, "window_state_load", json!({ "window": "main" })).await;
    assert_eq!(state["state"], "{\"tabs\":[]}");
    let level = rpc(&served, "dir_list", json!({ "folder": id })).await;
    assert_eq!(level["entries"][0]["path"], "src");
    served.stop().await.finish().await;
}

#[tokio::test]
async fn files_and_text_are_found() {
    let served = served(Script::new()).await;
    let files =
        [("src/user.py", "user = 1\n"), ("src/main.py", "import user\n"), ("README.md", "No such word\n")];
    let (_folder, id) = opened(&served, &files).await;
    let find = json!({ "folder": id, "query": "main" });
    let found = loop {
        let found = rpc(&served, "files_find", find.clone()).await;
        if found["complete"] == true {
            break found;
        }
    };
    assert_eq!((&found["files"][0]["path"], &found["total"]), (&json!("src/main.py"), &json!(3)));
    let mut window = Window::open(&served).await;
    let query = json!({ "pattern": "user", "replacement": "person" });
    window
        .say(json!({ "open": 1, "stream": "text_search", "request": { "folder": id, "query": query } }))
        .await;
    let (items, end) = window.rest(1).await;
    assert_eq!((items.len(), &end), (3, &Value::Null));
    assert_eq!(items.last().unwrap()["matches"], 2);
    let files: Vec<Value> = items[..2].to_vec();
    let done = rpc(&served, "text_replace", json!({ "folder": id, "query": query, "files": files })).await;
    assert_eq!(done["files"][0]["replaced"], 1);
    let bad = json!({ "folder": id, "query": { "pattern": "(", "regex": true } });
    window.say(json!({ "open": 2, "stream": "text_search", "request": bad })).await;
    assert_eq!(window.rest(2).await.1["code"], "invalid_request");
    served.stop().await.finish().await;
}

#[tokio::test]
async fn a_busy_terminal_waits_for_its_window_and_starves_no_other() {
    let served = served(Script::new()).await;
    let (_folder, id) = opened(&served, &[("a.txt", "word\n")]).await;
    let mut window = Window::open(&served).await;
    let open = json!({ "folder": id, "columns": 80, "rows": 24, "shell": "/bin/sh" });
    window.say(json!({ "open": 1, "stream": "terminal_open", "request": open })).await;
    let terminal = window.next().await["items"][0]["terminal"].clone();
    let typed = json!({ "terminal": terminal, "text": "seq 1 2000000; exit 3\n" });
    rpc(&served, "terminal_write", typed).await;
    // Nothing is taken: no more than the credit comes.
    let mut items = 1;
    while let Some(message) = window.next_within(Duration::from_millis(500)).await {
        items += message["items"].as_array().unwrap().len();
    }
    assert!(items <= 64, "{items}");
    let begun = Instant::now();
    let query = json!({ "folder": id, "query": { "pattern": "word" } });
    window.say(json!({ "open": 2, "stream": "text_search", "request": query })).await;
    assert_eq!(window.rest(2).await.0.len(), 2);
    let alone = begun.elapsed();
    window.say(json!({ "ack": 1, "items": items })).await;
    let (output, end) = window.rest(1).await;
    let bytes: usize = output.iter().filter_map(|item| item["text"].as_str()).map(str::len).sum();
    assert!(bytes > 10_000_000, "{bytes}");
    assert_eq!((&output.last().unwrap()["code"], end), (&json!(3), Value::Null));
    assert!(alone < Duration::from_secs(5), "{alone:?}");
    let answer =
        served.ask("POST", "/rpc/terminal_write", Some(json!({ "terminal": terminal, "text": "x" }))).await;
    assert_eq!(answer.0, 404);
    served.stop().await.finish().await;
}

#[tokio::test]
async fn an_untrusted_folder_starts_nothing() {
    let served = served(Script::new()).await;
    let (_folder, id) = opened(&served, &[]).await;
    rpc(&served, "folder_trust", json!({ "folder": id, "trusted": false })).await;
    let mut window = Window::open(&served).await;
    let open = json!({ "folder": id, "columns": 80, "rows": 24 });
    window.say(json!({ "open": 1, "stream": "terminal_open", "request": open })).await;
    assert_eq!(window.rest(1).await.1["code"], "denied");
    served.stop().await.finish().await;
}

/// Says back what it hears, in the frames of language servers.
const ECHO: &str = r#"#!/bin/sh
while read -r name length; do
  length=$(printf %s "$length" | tr -d '\r')
  read -r empty
  body=$(dd bs=1 count="$length" 2>/dev/null)
  [ "$body" = '"end"' ] && exit 3
  printf 'Content-Length: %s\r\n\r\n%s' "$length" "$body"
done
"#;

#[tokio::test]
async fn a_language_server_of_the_settings_is_talked_to() {
    let served = served(Script::new()).await;
    let (folder, id) = opened(&served, &[("server.sh", ECHO)]).await;
    let program = folder.path().join("server.sh");
    std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let wanted = json!({ "program": program });
    let set = json!({ "key": "language_servers.rust-analyzer", "value": wanted });
    let view = rpc(&served, "settings_set", set).await;
    assert_eq!(view["settings"]["language_servers"]["rust-analyzer"]["enabled"], true);
    let project = json!({ "folder": id, "key": "language_servers.gopls", "value": wanted });
    assert_eq!(served.ask("POST", "/rpc/settings_set", Some(project)).await.0, 200);
    let view = rpc(&served, "settings_show", json!({ "folder": id })).await;
    assert_eq!(
        (&view["project"]["applied"], &view["settings"]["language_servers"]["gopls"]),
        (&json!(false), &Value::Null)
    );
    let listed = rpc(&served, "language_server_list", json!({ "folder": id })).await;
    assert_eq!(listed["servers"][0]["program"], json!(program));

    let mut window = Window::open(&served).await;
    let open = json!({ "folder": id, "language": "rust" });
    window.say(json!({ "open": 1, "stream": "language_server_open", "request": open })).await;
    let server = window.next().await["items"][0]["server"].clone();
    for (sent, heard) in [("{\"id\":1}", true), ("\"end\"", false)] {
        rpc(&served, "language_server_send", json!({ "server": server, "json": sent })).await;
        if heard {
            assert_eq!(window.next().await["items"], json!([{ "kind": "message", "json": sent }]));
        }
    }
    let (_, end) = window.rest(1).await;
    assert!(end["message"].as_str().unwrap().contains("exit status: 3"), "{end}");
    let request = json!({ "server": server, "json": "1" });
    assert_eq!(served.ask("POST", "/rpc/language_server_send", Some(request)).await.0, 404);
    served.stop().await.finish().await;
}

#[tokio::test]
async fn a_repository_is_looked_at_in_any_folder_and_changed_in_trusted_ones() {
    let served = served(Script::new()).await;
    let (_folder, id) = opened(&served, &[("a.txt", "one\n")]).await;
    let here = json!({ "folder": id });
    assert_eq!(rpc(&served, "git_status", here.clone()).await["repository"], false);
    rpc(&served, "git_init", here.clone()).await;
    assert_eq!(rpc(&served, "git_status", here.clone()).await["files"][0]["unstaged"], "untracked");
    let diff = rpc(&served, "git_diff", json!({ "folder": id, "path": "a.txt", "side": "unstaged" })).await;
    assert_eq!((&diff["before"], &diff["after"]), (&Value::Null, &json!("one\n")));
    rpc(&served, "git_stage", json!({ "folder": id, "paths": ["a.txt"] })).await;
    assert_eq!(rpc(&served, "git_status", here).await["files"][0]["staged"], "added");
    rpc(&served, "folder_trust", json!({ "folder": id, "trusted": false })).await;
    let unstage = json!({ "folder": id, "paths": [] });
    assert_eq!(served.ask("POST", "/rpc/git_unstage", Some(unstage)).await.0, 403);
    assert_eq!(rpc(&served, "git_log", json!({ "folder": id })).await["commits"], json!([]));
    let mut window = Window::open(&served).await;
    let fetch = json!({ "folder": id, "act": "fetch" });
    window.say(json!({ "open": 1, "stream": "git_sync", "request": fetch })).await;
    assert_eq!(window.rest(1).await.1["code"], "denied");
    served.stop().await.finish().await;
}
