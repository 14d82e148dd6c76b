//! What must never be linked, and what the engine must never reach.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree;

/// Never in the lock file, with the reason.
const BANNED: &[(&str, &str)] = &[
    ("aws-lc-sys", "ring is the one TLS provider"),
    ("openssl-sys", "ring is the one TLS provider"),
    ("native-tls", "ring is the one TLS provider"),
    ("sqlx", "it links a second sqlite3"),
];

/// The engine thinks; whatever does is behind a port.
const NOT_FOR_THE_ENGINE: &[&str] = &[
    "axum",
    "genai",
    "git2",
    "hyper",
    "libsqlite3-sys",
    "llama-cpp-2",
    "reqwest",
    "rusqlite",
    "sqlx",
    "tauri",
    "wry",
];

/// The packages of the lock file: name, and the names of what it is built from.
fn packages() -> Vec<(String, Vec<String>)> {
    let text = std::fs::read_to_string(tree::root().join("Cargo.lock")).unwrap();
    let lock: toml::Table = text.parse().unwrap();
    let text = |value: &toml::Value| value.as_str().unwrap_or_default().to_owned();
    let packages = lock["package"].as_array().unwrap().iter().map(|package| {
        let used = package.get("dependencies").and_then(|list| list.as_array()).into_iter().flatten();
        let first_word = |entry: &toml::Value| text(entry).split(' ').next().unwrap_or_default().to_owned();
        (text(&package["name"]), used.map(first_word).collect())
    });
    packages.collect()
}

#[test]
fn nothing_banned_is_locked() {
    let packages = packages();
    let wrong: Vec<String> = BANNED
        .iter()
        .filter(|(name, _)| packages.iter().any(|(known, _)| known == name))
        .map(|(name, why)| format!("{name}: {why}; `cargo tree -i {name}` shows who brings it"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sqlite_is_linked_once() {
    let copies = packages().iter().filter(|(name, _)| name == "libsqlite3-sys").count();
    assert_eq!(copies, 1, "only one crate may link sqlite3");
}

/// Walks the lock file, which names what any platform or feature may bring: too much rather than too little.
#[test]
fn the_engine_knows_no_disk_no_network_no_database() {
    let mut uses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, used) in packages() {
        uses.entry(name).or_default().extend(used);
    }
    // The lock file does not tell which dependencies of our own crates are for tests.
    uses.extend(tree::crates().into_iter().map(|member| (member.name, member.normal)));
    let mut reached = BTreeSet::from(["aios-engine".to_owned()]);
    let mut next = vec!["aios-engine".to_owned()];
    while let Some(name) = next.pop() {
        let used = uses.get(&name).cloned().unwrap_or_default();
        next.extend(used.into_iter().filter(|used| reached.insert(used.clone())));
    }
    assert!(reached.contains("tokio"), "the walk goes nowhere: {reached:?}");
    let wrong: Vec<&&str> = NOT_FOR_THE_ENGINE.iter().filter(|name| reached.contains(**name)).collect();
    assert!(wrong.is_empty(), "aios-engine reaches {wrong:?}; `cargo tree -p aios-engine -i NAME` shows how");
}
