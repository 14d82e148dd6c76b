//! The git tools on a real repository.

use serde_json::json;

use crate::Desk;

#[tokio::test]
async fn a_repository_is_made_and_shown() {
    let desk = Desk::new();
    let said = desk.refused("git_status", json!({})).await;
    assert_eq!(said, "the workspace is not a git repository; git_init makes it one");
    desk.put("a.txt", "a\n");
    let said = desk.ok("git_init", json!({"message": "Begin"})).await;
    let commit = said.strip_prefix("committed ").unwrap();
    desk.put("b.txt", "b\n");
    let status = desk.ok("git_status", json!({})).await;
    assert!(status.starts_with("branch ") && status.contains("?? b.txt\n"), "{status}");
    assert!(status.ends_with(&format!("last commits:\n{commit} Begin\n")), "{status}");
    desk.ok("git_init", json!({})).await;
    let status = desk.ok("git_status", json!({})).await;
    assert!(status.contains("nothing changed since the last commit\n"), "{status}");
}
