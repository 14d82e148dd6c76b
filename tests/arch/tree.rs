//! The files of the tree, as a fresh clone has them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// A file of the tree.
#[derive(Debug)]
pub(crate) struct File {
    /// Relative to the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// All files with one of these endings, sorted.
pub(crate) fn files(endings: &[&str]) -> Vec<File> {
    let mut found = Vec::new();
    collect(root(), endings, &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no file ends with any of {endings:?}");
    found
}

/// What git would never keep.
pub(crate) const IGNORED: &[&str] = &[".git", "target", "gen", "node_modules", "dist"];

fn collect(folder: &Path, endings: &[&str], found: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && !IGNORED.contains(&name.as_str()) {
            collect(&path, endings, found);
        } else if path.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
            found.push(File { path: relative(&path), text: std::fs::read_to_string(&path).unwrap() });
        }
    }
}

/// A path of the tree relative to its root.
pub(crate) fn relative(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap();
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// A crate of the workspace, as cargo describes it.
pub(crate) struct Crate {
    pub(crate) name: String,
    /// Folder, relative to the root.
    pub(crate) folder: String,
    /// Root files of its library, programs and tests.
    pub(crate) targets: Vec<PathBuf>,
    /// Names of what it is built from.
    pub(crate) normal: Vec<String>,
    /// Names of what only its tests use.
    pub(crate) dev: Vec<String>,
}

/// The crates of the workspace. Asks for no package from outside, so that it works without network.
pub(crate) fn crates() -> Vec<Crate> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version=1", "--locked", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let named = |package: &serde_json::Value, dev: bool| {
        let edges = list(&package["dependencies"]).into_iter().filter(|edge| (edge["kind"] == "dev") == dev);
        edges.map(|edge| text(&edge["name"])).collect()
    };
    let packages = list(&metadata["packages"]).into_iter().map(|package| Crate {
        name: text(&package["name"]),
        folder: relative(Path::new(&text(&package["manifest_path"])).parent().unwrap()),
        targets: list(&package["targets"]).iter().map(|target| text(&target["src_path"]).into()).collect(),
        normal: named(&package, false),
        dev: named(&package, true),
    });
    packages.collect()
}
