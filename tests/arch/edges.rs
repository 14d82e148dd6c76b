//! Which crate may use which.

use std::collections::HashSet;

use crate::tree;

struct Row {
    name: &'static str,
    /// 0 words, 1 ports, 2 engines and adapters, 3 use cases, 4 hosts.
    layer: u8,
    /// Our crates that it may use.
    uses: &'static [&'static str],
}

const fn row(name: &'static str, layer: u8, uses: &'static [&'static str]) -> Row {
    Row { name, layer, uses }
}

const TABLE: &[Row] = &[
    row("aios-protocol", 0, &[]),
    row("aios-core", 1, &["aios-protocol"]),
    row("aios-tools", 2, &["aios-protocol", "aios-core"]),
    row("aios-engine", 2, &["aios-protocol", "aios-core", "aios-tools"]),
    row("aios-inline", 2, &["aios-protocol", "aios-core"]),
    row("aios-llm", 2, &["aios-protocol", "aios-core"]),
    row("aios-llama", 2, &["aios-protocol", "aios-core"]),
    row("aios-workspace", 2, &["aios-protocol", "aios-core"]),
    row("aios-store", 2, &["aios-protocol", "aios-core"]),
    row("aios-accounts", 2, &["aios-protocol", "aios-core"]),
    row("aios-net", 2, &["aios-protocol", "aios-core"]),
    row("aios-remote", 2, &["aios-protocol", "aios-core"]),
    row("aios-testkit", 2, &["aios-protocol", "aios-core"]),
    row(
        "aios-app",
        3,
        &[
            "aios-protocol",
            "aios-core",
            "aios-tools",
            "aios-engine",
            "aios-inline",
            "aios-llm",
            "aios-llama",
            "aios-workspace",
            "aios-store",
            "aios-accounts",
            "aios-net",
        ],
    ),
    row("aios-server", 4, &["aios-protocol", "aios-app"]),
    row("aios-cli", 4, &["aios-protocol", "aios-app", "aios-remote", "aios-server"]),
];

/// The engine offers the tools to its agents, and the program starts the server.
const NEIGHBOURS: &[(&str, &str)] = &[("aios-engine", "aios-tools"), ("aios-cli", "aios-server")];

/// Not of the product: tests may use everything, tasks nothing.
const OUTSIDE: &[&str] = &["aios-tests", "xtask"];

/// Real parts that the tests of a crate may use besides: tools are tested on real files and processes, accounts on the real
/// store.
const IN_TESTS: &[(&str, &str)] = &[("aios-tools", "aios-workspace"), ("aios-accounts", "aios-store")];

fn find(name: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.name == name)
}

#[test]
fn crates_use_only_what_the_table_allows() {
    let mut wrong = Vec::new();
    let crates = tree::crates();
    for member in crates.iter().filter(|member| !OUTSIDE.contains(&member.name.as_str())) {
        let Some(row) = find(&member.name) else {
            wrong.push(format!("{} is not in the table", member.name));
            continue;
        };
        let ours = |name: &&String| crates.iter().any(|other| other.name == **name);
        for used in member.normal.iter().filter(ours).filter(|used| !row.uses.contains(&used.as_str())) {
            wrong.push(format!("{} must not use {used}", member.name));
        }
        let is_strange = |used: &&String| {
            let used = used.as_str();
            let known = row.uses.contains(&used) || IN_TESTS.contains(&(row.name, used));
            !known && used != "aios-testkit"
        };
        for used in member.dev.iter().filter(ours).filter(is_strange) {
            wrong.push(format!(
                "the tests of {} must not use {used}: cross-crate tests live in tests/",
                member.name
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_itself_points_downwards() {
    for row in TABLE {
        for used in row.uses {
            let lower = find(used).unwrap().layer < row.layer;
            assert!(lower || NEIGHBOURS.contains(&(row.name, used)), "{} uses {used}", row.name);
        }
    }
}

#[test]
fn tasks_depend_on_nothing() {
    let xtask = tree::crates().into_iter().find(|member| member.name == "xtask").unwrap();
    assert!(xtask.normal.is_empty(), "xtask must start at once on a bare machine: {:?}", xtask.normal);
}

#[test]
fn every_folder_of_crates_is_its_crate() {
    let names: HashSet<String> = tree::crates().into_iter().map(|member| member.folder).collect();
    for entry in std::fs::read_dir(tree::root().join("crates")).unwrap() {
        let path = entry.unwrap().path();
        let folder = tree::relative(&path);
        assert!(
            !path.is_dir() || folder == "crates/decisions" || names.contains(&folder),
            "{folder} is no crate"
        );
    }
    for member in tree::crates().iter().filter(|member| member.name != "aios-tests") {
        assert_eq!(member.folder, format!("crates/{}", member.name));
    }
}
