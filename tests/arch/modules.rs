//! No file is forgotten: each is reached from the root of a library, program or test by `mod` lines.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::tree;

#[test]
fn every_source_file_is_compiled() {
    let mut reached = BTreeSet::new();
    for target in tree::crates().iter().flat_map(|member| &member.targets) {
        let folder = target.parent().unwrap().to_owned();
        follow(target, &folder, &mut reached);
    }
    let lost = tree::files(&[".rs"]).into_iter().map(|file| file.path).filter(|path| !reached.contains(path));
    let lost: Vec<String> = lost.collect();
    assert!(lost.is_empty(), "no `mod` line leads to:\n{}", lost.join("\n"));
}

/// Follows the modules of a file; `folder` is where its child modules are.
fn follow(file: &Path, folder: &Path, reached: &mut BTreeSet<String>) {
    reached.insert(tree::relative(file));
    let text = std::fs::read_to_string(file).unwrap();
    for line in text.lines() {
        if let Some(elsewhere) = path_attribute(line) {
            follow(&file.with_file_name(elsewhere), folder, reached);
        }
        let Some(name) = module(line) else { continue };
        let candidates = [folder.join(format!("{name}.rs")), folder.join(name).join("mod.rs")];
        if let Some(child) = candidates.iter().find(|path| path.is_file()) {
            follow(child, &folder.join(name), reached);
        }
    }
}

/// The file in a line such as `#[cfg_attr(unix, path = "unix.rs")]`.
fn path_attribute(line: &str) -> Option<&str> {
    let (_, path) = line.trim().strip_prefix("#[")?.split_once("path = \"")?;
    path.split('"').next()
}

/// The name in a line such as `pub(crate) mod name;`.
fn module(line: &str) -> Option<&str> {
    let declared = line.trim().strip_suffix(';')?;
    let (visibility, name) = declared.rsplit_once("mod ")?;
    let is_visibility = visibility.is_empty() || visibility.starts_with("pub");
    (is_visibility && name.chars().all(|c| c.is_alphanumeric() || c == '_')).then_some(name)
}

#[test]
fn every_folder_of_tests_is_a_target() {
    let targets: BTreeSet<PathBuf> = tree::crates().into_iter().flat_map(|member| member.targets).collect();
    for file in tree::files(&["main.rs"]).iter().filter(|file| file.path.contains("tests/")) {
        let path = tree::root().join(&file.path);
        assert!(targets.contains(&path), "{} is no target of its Cargo.toml", file.path);
    }
}

#[test]
fn module_lines() {
    let check = |line, expect| assert_eq!(module(line), expect, "{line}");
    check("mod a;", Some("a"));
    check("    pub(crate) mod a_b;", Some("a_b"));
    check("pub mod a;", Some("a"));
    check("mod tests {", None);
    check("// no mod here;", None);
    check("use crate::a;", None);
    assert_eq!(path_attribute(r#"#[cfg_attr(unix, path = "unix.rs")]"#), Some("unix.rs"));
    assert_eq!(path_attribute(r#"let path = "unix.rs";"#), None);
}
