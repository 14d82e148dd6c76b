//! Full-text search over runs.

use aios_core::{RunQuery, RunStore, Scope};
use aios_protocol::{AgentName, ErrorCode, RunDetail, RunEvent, RunId, RunStatus};

use super::Stores;
use super::samples::{batch, claimed, frame, log, scope, stored};

async fn found(store: &impl Stores, scope: &Scope, text: &str) -> Vec<RunId> {
    let query = RunQuery { search: Some(text.to_owned()), ..RunQuery::default() };
    let slice =
        RunStore::list(store, scope, &query).await.unwrap_or_else(|error| panic!("{text:?}: {error}"));
    slice.runs.iter().map(|run| run.run_id).collect()
}

async fn check(store: &impl Stores, scope: &Scope, text: &str, expect: &[&RunDetail]) {
    let expect: Vec<RunId> = expect.iter().map(|run| run.run_id).collect();
    assert_eq!(found(store, scope, text).await, expect, "{text:?}");
}

/// In any of the run's texts, in any order and case, the last as the beginning of a word.
pub async fn search_wants_all_words(store: &impl Stores) {
    let scope = scope("acme");
    let (todo, lease) = claimed(store, &scope, "Build a TODO API in Python").await;
    let blog = stored(store, &scope, "build a blog, not a todo list").await;
    store
        .commit(&scope, &lease, &batch([frame(todo.run_id, 1, log("chose a file-based cache"))]))
        .await
        .unwrap();
    for (text, expect) in [
        ("todo", [&blog, &todo].as_slice()),
        ("python todo", &[&todo]),
        ("PYTH", &[&todo]),
        ("pyth todo", &[]),
        ("todo cache", &[&todo]),
        ("file-based", &[&todo]),
        ("based-file", &[]),
        ("build b", &[&blog, &todo]),
        ("build bl", &[&blog]),
        ("", &[&blog, &todo]),
        (" \t\n ", &[&blog, &todo]),
        ("absent", &[]),
    ] {
        check(store, &scope, text, expect).await;
    }
    let query = RunQuery { search: Some("build".into()), limit: 1, ..RunQuery::default() };
    let first = RunStore::list(store, &scope, &query).await.unwrap();
    assert_eq!((first.runs.as_slice(), first.more), ([blog.clone()].as_slice(), true));
    let rest = RunStore::list(store, &scope, &RunQuery { before: Some(blog.run_id), ..query.clone() })
        .await
        .unwrap();
    assert_eq!((rest.runs.as_slice(), rest.more), ([todo].as_slice(), false));
    let over = RunQuery { status: Some(RunStatus::Completed), ..query };
    assert_eq!(RunStore::list(store, &scope, &over).await.unwrap().runs, []);
}

/// Logs, summaries and reasons are found; tool output and the like would only drown them.
pub async fn search_covers_texts_only(store: &impl Stores) {
    let scope = scope("acme");
    let agent = AgentName::new("backend").unwrap();
    let (run, lease) = claimed(store, &scope, "objectiveword").await;
    let (call_id, tool) = ("c1".to_owned(), "run_command".to_owned());
    let events = [
        log("logword"),
        RunEvent::NodeCompleted {
            agent: agent.clone(),
            summary: "summaryword".into(),
            files: vec!["fileword".into()],
            duration_ms: 1,
        },
        RunEvent::NodeFailed { agent: agent.clone(), reason: "nodeword".into(), code: ErrorCode::Denied },
        RunEvent::ToolResult { agent, call_id, tool, ok: true, output: "toolword".into(), duration_ms: 1 },
        RunEvent::RunFailed {
            reason: "runword".into(),
            code: ErrorCode::ValidationFailed,
            hint: Some("hintword".into()),
        },
    ];
    let frames = (1..).zip(events).map(|(seq, event)| frame(run.run_id, seq, event));
    store.commit(&scope, &lease, &batch(frames)).await.unwrap();
    for text in ["objectiveword", "logword", "summaryword", "nodeword", "runword", "runword logword"] {
        check(store, &scope, text, &[&run]).await;
    }
    for text in ["toolword", "fileword", "hintword", "logword toolword"] {
        check(store, &scope, text, &[]).await;
    }
}

/// A search is a person's text, never syntax: it cannot fail, and words between signs are still words.
pub async fn search_is_safe_from_its_text(store: &impl Stores) {
    let scope = scope("acme");
    let run = stored(store, &scope, "near the edge: a \"quoted\" word, 100% done 🦀 café").await;
    for text in [
        "\"quoted\"",
        "quoted\"",
        "\"\"quoted",
        "'quoted'",
        "quoted*",
        "NEAR(the",
        "(near",
        "text:the",
        "near -the",
        "^near",
        "{near}",
        "near + the",
        "🦀 near",
        "100%",
        "word,",
        "near\0edge",
        "café",
        "'; DROP TABLE runs; --",
        "* \" ( ) : ^ - + { } \\ ; 🦀",
        "near AND edge",
        "near OR edge",
        "NOT",
        "\u{feff}near",
        "nea\u{301}r",
    ] {
        found(store, &scope, text).await;
    }
    for text in
        ["\"quoted\"", "quoted*", "(near", "word,", "🦀 near", "100%", "* \" near ( )", "CAFÉ", "near\nedge"]
    {
        check(store, &scope, text, &[&run]).await;
    }
    for text in ["near OR nothing", "text:near", "quoted AND nothing"] {
        check(store, &scope, text, &[]).await;
    }
    found(store, &scope, &"\"".repeat(10_000)).await;
    found(store, &scope, &"x".repeat(10_000)).await;
    check(store, &scope, &"near ".repeat(2_000), &[&run]).await;
}
