//! What is said before anything is opened: version, help, usage errors, completions.

use crate::Aios;

#[test]
fn version() {
    assert_eq!(Aios::new().says(&["--version"]), "exit 0\n--- stdout\naios VERSION\n");
}

#[test]
fn help() {
    let aios = Aios::new();
    for words in [
        "",
        "run",
        "runs",
        "runs list",
        "runs show",
        "runs cancel",
        "runs pause",
        "resume",
        "respond",
        "logs",
        "models",
        "models list",
        "models pull",
        "models remove",
        "doctor",
        "completions",
    ] {
        let mut arguments: Vec<&str> = words.split_whitespace().collect();
        arguments.push("--help");
        insta::assert_snapshot!(format!("help_{}", words.replace(' ', "_")), aios.says(&arguments));
    }
}

#[test]
fn usage_errors() {
    let aios = Aios::new();
    let mut errors = String::new();
    for arguments in [
        &["rnu", "x"][..],
        &["run"],
        &["run", "x", "--presona", "y"],
        &["run", "x", "--max-cost", "cheap"],
        &["run", "x", "--max-minutes", "-1"],
        &["run", "x", "--max-cost", "inf"],
        &["run", "x", "--project", "../etc"],
        &["run", "x", "--project", "a", "--dir", "b"],
        &["run", "x", "--persona", "a", "--hierarchy", "b"],
        &["runs", "--status", "complete"],
        &["runs", "--limit", "0"],
        &["runs", "show"],
        &["respond", "last"],
        &["models", "pul"],
        &["completions", "bsh"],
    ] {
        let said = aios.says(arguments);
        assert!(said.starts_with("exit 2\n--- stderr\n"), "{arguments:?}: {said}");
        errors.push_str(&format!("$ aios {}\n{said}\n", arguments.join(" ")));
    }
    insta::assert_snapshot!(errors);
    assert!(!aios.data().exists(), "a usage error leaves nothing behind");
}

#[test]
fn nothing_at_all_shows_the_help() {
    let said = Aios::new().says(&[]);
    assert!(said.starts_with("exit 2\n--- stderr\nOne sentence becomes"), "{said}");
}

#[test]
fn completions() {
    let aios = Aios::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let said = aios.says(&["completions", shell]);
        assert!(said.starts_with("exit 0\n--- stdout\n") && said.contains("hierarchy"), "{shell}: {said}");
    }
}
