//! The top of the tree and the documents in it.

use std::path::Path;

use crate::tree;

/// What one sees when one opens the repository.
const TOP: &[&str] = &[
    ".cargo",
    ".ci",
    ".clippy.toml",
    ".config",
    ".editorconfig",
    ".gitignore",
    ".rustfmt.toml",
    "CHANGELOG.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "crates",
    "tests",
    "ui",
];

#[test]
fn the_top_level_is_what_was_agreed() {
    let entries = std::fs::read_dir(tree::root()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter(|name| !tree::IGNORED.contains(&name.as_str())).collect();
    names.sort();
    assert_eq!(names, TOP);
}

#[test]
fn links_lead_to_files_of_the_tree() {
    let mut wrong = Vec::new();
    for file in tree::files(&[".md"]) {
        for link in file.text.split("](").skip(1).filter_map(|rest| rest.split([')', '#', ' ']).next()) {
            let is_path = !link.is_empty() && !link.contains("://");
            if is_path && !resolves(&file.path, link) {
                wrong.push(format!("{} links to {link}, which is not in the tree", file.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Whether a link of a document names something beneath the root.
fn resolves(document: &str, link: &str) -> bool {
    let mut path: Vec<&str> = document.split('/').collect();
    path.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." if path.pop().is_none() => return false,
            ".." => {}
            part => path.push(part),
        }
    }
    tree::root().join(Path::new(&path.join("/"))).exists()
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let folder = tree::root().join("crates/decisions");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    names.sort();
    for (index, name) in names.iter().enumerate() {
        assert!(
            name.starts_with(&format!("{:04}-", index + 1)) && name.ends_with(".md"),
            "{name} is out of order"
        );
    }
}
