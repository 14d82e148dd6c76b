//! What cannot be done as asked. The snapshot is to be read aloud: what was attempted, on what, why, what to do next.

use std::fmt::Write;

use crate::Aios;

/// What is said to each of these, which must end with this code and say what to do.
fn album(aios: &Aios, code: i32, rows: &[&[&str]]) -> String {
    let mut album = String::new();
    for row in rows {
        let said = aios.says(row);
        let words: Vec<String> = row.iter().map(|word| word.chars().take(40).collect()).collect();
        assert!(said.starts_with(&format!("exit {code}\n--- stderr\nerror: ")), "{words:?}: {said}");
        assert!(said.contains("\nhint: "), "nothing to do about it: {words:?}: {said}");
        writeln!(album, "$ aios {}\n{said}", words.join(" ")).unwrap();
    }
    album
}

#[test]
fn requests_that_cannot_be_met() {
    let aios = Aios::new();
    let long = "x".repeat(100_000);
    aios.file("file.txt", "x");
    let rows: &[&[&str]] = &[
        &["run", ""],
        &["run", " \t\n "],
        &["run", &long],
        &["run", "x", "--persona", "fulstack"],
        &["run", "x", "--persona", "zzz"],
        &["run", "x", "--persona", "standard"],
        &["run", "x", "--hierarchy", "standrad"],
        &["run", "x", "--tasks", "bakend,qa"],
        &["run", "x", "--tasks", ""],
        &["run", "x", "--model", "opnai/gpt-4o"],
        &["run", "x", "--model", "gpt-4p"],
        &["run", "x", "--model", "openai"],
        &["run", "x", "--model", "zzz"],
        &["run", "x", "--model", "local/zzz"],
        &["run", "x", "--dir", "file.txt/below"],
        &["run", "x", "--dir", "file.txt"],
        &["run", "x", "--dir", "/"],
        &["models", "--provider", "opnai"],
        &["models", "--provider", "zzz"],
        &["models", "pull", "zzz"],
        &["models", "remove", "qwen2.5-coder-0.5b"],
    ];
    insta::assert_snapshot!(album(&aios, 2, rows));
    assert_eq!(std::fs::read_dir(aios.data().join("workspaces")).map_or(0, Iterator::count), 0);
    let runs = aios.says(&["runs", "--json"]);
    assert!(runs.contains("\"runs\":[]"), "{runs}");
}

#[test]
fn an_endless_objective_is_not_read_to_its_end() {
    let said = Aios::new().says_to(&["run", "-"], "x".repeat(3 << 20).as_bytes());
    assert!(said.starts_with("exit 2\n--- stderr\nerror: the objective has 1048576 bytes"), "{said}");
}

#[test]
fn policies_that_cannot_be_obeyed() {
    let aios = Aios::new();
    let mut rows = Vec::new();
    for (name, text) in [
        ("unknown.toml", "name = \"tight\"\nmax_cots_usd = 1\n"),
        ("strange.toml", "zzz = 1\n"),
        ("unquoted.toml", "max_cost_usd = 1\nmodel_strategy = cheap\n"),
        ("type.toml", "max_cost_usd = \"a lot\"\n"),
        ("negative.toml", "max_cost_usd = -3\n"),
        ("strategy.toml", "model_strategy = \"cheep\"\n"),
        ("tool.toml", "allowed_tools = [\"write_file\", \"wirte_file\"]\n"),
        ("provider.toml", "preferred_providers = [\"zzz\"]\n"),
        ("torn.json", "{\"max_cost_usd\": 1,\n \"network\": tru}\n"),
        ("short.json", "{\"max_cost_usd\": 1,\n"),
        ("empty.json", ""),
        ("policy.yaml", "max_cost_usd: 1\n"),
    ] {
        aios.file(name, text);
        rows.push(name);
    }
    std::fs::create_dir(aios.work().join("folder.toml")).unwrap();
    rows.extend(["folder.toml", "missing.toml"]);
    let rows: Vec<[&str; 4]> = rows.into_iter().map(|name| ["run", "x", "--policy", name]).collect();
    let rows: Vec<&[&str]> = rows.iter().map(<[&str; 4]>::as_slice).collect();
    insta::assert_snapshot!(album(&aios, 2, &rows));
}

#[test]
fn what_is_not_set_up() {
    let aios = Aios::new();
    insta::assert_snapshot!(album(&aios, 1, &[&["run", "x", "--model", "anthropic/claude-sonnet-4-5"]]));
    let settings = |text: &str| std::fs::write(aios.data().join("settings.toml"), text).unwrap();
    let run: &[&str] = &["run", "x"];
    let mut said = String::new();
    for text in ["default_model = \"opnai/gpt-4o\"\n", "default_model = 3\n", "defaultmodel = \"x\"\n"] {
        settings(text);
        said.push_str(&album(&aios, 2, &[run]));
    }
    insta::assert_snapshot!("settings", said);
}
