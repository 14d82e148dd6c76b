//! Search.

use aios_core::{FileError, SearchQuery, Workspace};
use tokio_util::sync::CancellationToken;

use crate::{CANARY, Place, link};

fn query(pattern: &str) -> SearchQuery {
    SearchQuery { pattern: pattern.to_owned(), regex: false, case_sensitive: true, glob: None, limit: 100 }
}

async fn hits(place: &Place, query: SearchQuery) -> Vec<String> {
    let found = place.open().search(&query, &CancellationToken::new()).await.unwrap();
    found.hits.iter().map(|hit| format!("{}:{}:{}", hit.path, hit.line, hit.text)).collect()
}

#[tokio::test]
async fn lines_are_found_by_text_regex_case_and_glob() {
    let place = Place::new();
    place.put("src/a.py", "def add(a, b):\n    return a + b\n");
    place.put("src/deep/b.py", "DEF = 1\n");
    place.put("notes.md", "define\n");
    place.put(".env", "define=secret\n");
    place.put("node_modules/x.js", "define\n");
    std::fs::write(place.root().join("binary"), b"\0\0define\n").unwrap();
    let check = async |query: SearchQuery, expect: &[&str]| {
        assert_eq!(hits(&place, query.clone()).await, expect, "{query:?}");
    };
    check(query("a + b"), &["src/a.py:2:    return a + b"]).await;
    check(query("def"), &["notes.md:1:define", "src/a.py:1:def add(a, b):"]).await;
    check(SearchQuery { glob: Some("*.md".into()), ..query("def") }, &["notes.md:1:define"]).await;
    let python = SearchQuery { glob: Some("src/**/*.py".into()), case_sensitive: false, ..query("def") };
    check(python, &["src/a.py:1:def add(a, b):", "src/deep/b.py:1:DEF = 1"]).await;
    check(SearchQuery { regex: true, ..query(r"^def \w+\(") }, &["src/a.py:1:def add(a, b):"]).await;
    check(SearchQuery { regex: true, ..query("secret") }, &[]).await;
}

#[tokio::test]
async fn a_search_is_bounded_and_can_be_stopped() {
    let place = Place::new();
    place.put("many.txt", &"hit\n".repeat(1000));
    place.put("long.txt", &"ä".repeat(5000));
    let workspace = place.open();
    let run =
        async |query: SearchQuery, stop: &CancellationToken| workspace.search(&query, stop).await.unwrap();
    let go = CancellationToken::new();
    let found = run(SearchQuery { limit: 10, ..query("hit") }, &go).await;
    assert_eq!((found.hits.len(), found.truncated), (10, true));
    let found = run(SearchQuery { limit: 1000, ..query("hit") }, &go).await;
    assert_eq!((found.hits.len(), found.truncated), (1000, false));
    assert_eq!(run(query("ä"), &go).await.hits[0].text.chars().count(), 301);
    let stopped = CancellationToken::new();
    stopped.cancel();
    let found = run(query("hit"), &stopped).await;
    assert_eq!((found.hits.len(), found.truncated), (0, true));
}

#[tokio::test]
async fn broken_patterns_are_explained() {
    let place = Place::new();
    for (pattern, glob) in [("(", None), ("", None), ("a\nb", None), ("x", Some("[z-a]")), ("[z-a]", None)] {
        let query = SearchQuery { regex: true, glob: glob.map(str::to_owned), ..query(pattern) };
        let error = place.open().search(&query, &CancellationToken::new()).await.unwrap_err();
        assert!(matches!(error, FileError::Pattern { .. }), "{pattern:?}: {error}");
    }
}

#[tokio::test]
async fn links_are_not_searched() {
    let place = Place::new();
    link(place.outside(), place.root().join("folder"));
    link(place.outside().join("canary.txt"), place.root().join("file"));
    assert!(hits(&place, query(CANARY)).await.is_empty());
}
