//! What must and must not stand in source files.

use crate::tree::{self, File};

const MAX_LINES: usize = 800;

/// Files that are longer for the time being, with their length. The list may only shrink.
const RATCHET: &[(&str, usize)] = &[];

/// Who may touch files, processes, environment and clock. Everything else asks a port.
const OWNERS: &[&str] = &[
    "crates/aios-workspace/",
    "crates/aios-llama/",
    "crates/aios-store/",
    "crates/aios-app/src/compose/",
    "crates/aios-cli/",
    "crates/aios-testkit/",
    "crates/xtask/",
    "tests/",
];

/// Where memory safety is promised by hand.
const UNSAFE: &[&str] = &["crates/aios-llama/src/", "crates/aios-workspace/src/"];

fn sources() -> Vec<File> {
    tree::files(&[".rs"])
}

/// Unit tests in a file of their own are named after what they test.
fn holds_unit_tests(file: &File) -> bool {
    file.path.ends_with("/tests.rs") || file.path.ends_with("_tests.rs")
}

/// The part of a file that is built into the product.
fn product(file: &File) -> &str {
    let is_test = file.path.contains("/tests/") || holds_unit_tests(file);
    let product = file.text.split("#[cfg(test)]").next().unwrap_or_default();
    if is_test { "" } else { product }
}

fn report(wrong: Vec<String>) {
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_small() {
    let limit =
        |path: &str| RATCHET.iter().find(|(known, _)| *known == path).map_or(MAX_LINES, |(_, lines)| *lines);
    let long = sources().into_iter().map(|file| (file.text.lines().count(), file.path));
    let long = long.filter(|(lines, path)| *lines > limit(path));
    report(long.map(|(lines, path)| format!("{path} has {lines} lines, at most {}", limit(&path))).collect());
}

#[test]
fn every_module_says_what_it_owns() {
    let silent =
        sources().into_iter().filter(|file| !file.text.starts_with("//! ") && !holds_unit_tests(file));
    report(silent.map(|file| format!("{} does not open with //!", file.path)).collect());
}

#[test]
fn banned_calls_stay_with_their_owners() {
    let strangers =
        sources().into_iter().filter(|file| !OWNERS.iter().any(|owner| file.path.starts_with(owner)));
    let excused = strangers.filter(|file| product(file).contains(concat!("clippy::", "disallowed_methods")));
    report(excused.map(|file| format!("{} excuses itself from .clippy.toml", file.path)).collect());
}

#[test]
fn unsafe_code_stays_in_its_crates() {
    let strangers =
        sources().into_iter().filter(|file| !UNSAFE.iter().any(|owner| file.path.starts_with(owner)));
    let excused = strangers.filter(|file| file.text.contains(concat!("(", "unsafe_code")));
    report(excused.map(|file| format!("{} excuses itself from the ban on unsafe code", file.path)).collect());
    let workspace = sources().into_iter().filter(|file| file.path.starts_with("crates/aios-workspace/"));
    let outside = workspace
        .filter(|file| file.text.contains(concat!("(", "unsafe_code")) && !file.path.contains("/sandbox"));
    report(outside.map(|file| format!("{} is not the sandbox", file.path)).collect());
}

/// `expect` complains when its reason is gone, `allow` stays for ever.
#[test]
fn exceptions_are_expected_not_allowed() {
    let attributes = [concat!("#[", "allow("), concat!("#![", "allow(")];
    let lasting = sources().into_iter().filter(|file| attributes.iter().any(|text| file.text.contains(text)));
    report(lasting.map(|file| format!("{}: use #[expect(…, reason = \"…\")]", file.path)).collect());
}

#[test]
fn every_crate_obeys_the_lints_of_the_workspace() {
    let manifests = tree::files(&["Cargo.toml"]).into_iter().filter(|file| file.path != "Cargo.toml");
    let free = manifests.filter(|file| !file.text.contains("[lints]\nworkspace = true"));
    report(free.map(|file| format!("{} has no [lints] workspace = true", file.path)).collect());
}

#[test]
fn nothing_is_left_for_later() {
    let words =
        [concat!("TO", "DO:"), concat!("FIX", "ME"), concat!("todo", "!("), concat!("unimplemented", "!(")];
    let unfinished = sources().into_iter().filter(|file| words.iter().any(|word| file.text.contains(word)));
    report(unfinished.map(|file| format!("{} has something left for later", file.path)).collect());
}
