//! A data folder without runs: what is said there, and requests that are refused.

use crate::Aios;

fn check(aios: &Aios, arguments: &[&str], expect: &str) {
    assert_eq!(aios.says(arguments), expect, "aios {}", arguments.join(" "));
}

#[test]
fn nothing_has_run_yet() {
    let aios = Aios::new();
    check(
        &aios,
        &["runs"],
        "exit 0\n--- stdout\nthere are no runs yet; start one: aios run \"what to build\"\n",
    );
    check(&aios, &["runs", "--json"], "exit 0\n--- stdout\n{\"runs\":[],\"next_cursor\":null}\n");
    check(&aios, &["runs", "--status", "failed"], "exit 0\n--- stdout\nno run matches\n");
    let none =
        "exit 2\n--- stderr\nerror: there are no runs yet\nhint: start one: aios run \"what to build\"\n";
    for arguments in
        [&["resume"][..], &["logs", "last"], &["runs", "show", "last"], &["respond", "last", "yes"]]
    {
        check(&aios, arguments, none);
    }
}

#[test]
fn a_run_that_cannot_be_meant() {
    let aios = Aios::new();
    check(
        &aios,
        &["logs", "012"],
        "exit 2\n--- stderr\nerror: \"012\" names no run\n\
         hint: give its id, at least the first 4 characters of it, or `last`; `aios runs` lists them\n",
    );
    check(
        &aios,
        &["runs", "cancel", "beef"],
        "exit 2\n--- stderr\nerror: no run's id starts with \"beef\"\nhint: `aios runs` lists them\n",
    );
    check(
        &aios,
        &["--json", "resume", "nobody"],
        "exit 2\n--- stderr\n{\"code\":\"invalid_request\",\"message\":\"\\\"nobody\\\" names no run\",\"hint\":\"give its \
         id, at least the first 4 characters of it, or `last`; `aios runs` lists them\",\"weights\":null,\"retry_after_s\":null}\n",
    );
}

#[test]
fn an_objective_that_is_no_text() {
    let said = Aios::new().says_to(&["run", "-"], b"\xff\xfe");
    assert_eq!(
        said,
        "exit 2\n--- stderr\nerror: the objective cannot be read from stdin: stream did not contain valid UTF-8\n"
    );
}

#[test]
fn a_log_filter_that_is_none() {
    let aios = Aios::new();
    let output = aios.command(&["runs"]).env("AIOS_LOG", "aios=loud").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.starts_with("error: AIOS_LOG is not a log filter: "), "{said}");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn the_log_is_a_file_and_only_when_asked_for() {
    let aios = Aios::new();
    assert!(aios.command(&["runs"]).status().unwrap().success());
    assert!(!aios.data().join("logs").exists());
    assert!(aios.command(&["runs"]).env("AIOS_LOG", "debug").status().unwrap().success());
    assert!(aios.data().join("logs/aios.log").exists());
}
