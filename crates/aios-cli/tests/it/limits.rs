//! Limits, programs that are missing, and the codes with which a run ends.

use aios_testkit::{Script, Turn, turn};
use serde_json::json;

use crate::Aios;
use crate::live::{detail, history};
use crate::play::{ALONE, asks, done, write};

fn says(turns: impl IntoIterator<Item = Turn>, more: &[&str]) -> (Aios, String) {
    let aios = Aios::with_model(Script::new().agent("backend", turns));
    let said = aios.says(&[&ALONE, more].concat());
    (aios, said)
}

#[test]
fn a_limit_has_its_own_code() {
    let dear = || write("a.md").usage(1_000_000, 0, 1_000);
    let policy = "max_cost_usd = 0.01\n";
    for (turns, more, reason, hint) in [
        (vec![dear()], ["--max-cost", "0.01"], "the cost limit was reached", "raise --max-cost"),
        (vec![dear()], ["--policy", "tight.toml"], "the cost limit was reached", "max_cost_usd"),
        (vec![], ["--max-cost", "0"], "the cost limit was reached", "raise --max-cost"),
        (
            vec![turn().hang_before_headers()],
            ["--max-minutes", "0.005"],
            "the time limit was reached",
            "raise --max-minutes",
        ),
    ] {
        let aios = Aios::with_model(Script::new().agent("backend", turns));
        aios.file("tight.toml", policy);
        let said = aios.says(&[&ALONE[..], &more].concat());
        assert!(said.starts_with("exit 4\n"), "{more:?}: {said}");
        assert!(said.contains(&format!("✗ failed  {reason}")) && said.contains(hint), "{more:?}: {said}");
        history(&aios);
        aios.model.finish();
    }
}

/// Also with --json, and with what was typed beforehand on a stdin that is no terminal.
#[test]
fn an_answer_that_nobody_can_give_has_its_own_code() {
    for more in [&[][..], &["--json"], &["--yes"]] {
        let (aios, said) = says([asks()], more);
        assert!(said.starts_with("exit 3\n"), "{said}");
        assert!(said.contains("Which name?") && said.contains("aios respond "), "{said}");
        assert_eq!(detail(&aios)["status"], "waiting");
    }
}

/// The checks of a Python file want Python; what was written stays.
#[test]
fn no_python() {
    let aios = Aios::with_model(Script::new().agent(
        "backend",
        [turn().call("write_file", json!({ "path": "calc.py", "content": "x = 1\n" })), done()],
    ));
    let mut command = aios.command(&ALONE);
    command.env("PATH", aios.data());
    let said = aios.hear(command, b"");
    assert!(said.starts_with("exit 1\n"), "{said}");
    assert!(said.contains("Python is not available: no python3 is on the PATH; install Python 3"), "{said}");
    assert_eq!(detail(&aios)["failure"]["code"], "not_configured");
    assert_eq!(std::fs::read_to_string(aios.work().join("calc.py")).unwrap(), "x = 1\n");
}
