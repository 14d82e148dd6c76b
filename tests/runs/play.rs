//! The parts that scripts are made of.

use aios_testkit::{Script, Turn, turn};
use aios_tests::World;
use serde_json::json;

/// A world with this script.
pub(crate) fn world(script: Script) -> World {
    World::new(env!("CARGO_BIN_EXE_aios-test-child"), script)
}

/// Writes one file.
pub(crate) fn write(path: &str, content: &str) -> Turn {
    turn().call("write_file", json!({ "path": path, "content": content }))
}

/// Says that it is done.
pub(crate) fn done() -> Turn {
    turn().text("Done.")
}

/// A planner that writes what the harness wants to see.
pub(crate) fn planner() -> [Turn; 2] {
    let both = turn()
        .call("write_file", json!({ "path": "contract/plan.md", "content": "# Plan\nbackend: calc.py" }))
        .call(
            "write_file",
            json!({ "path": "contract/contract.md", "content": "# Contract\ncalc.add(a, b) -> a + b" }),
        );
    [both, done()]
}

pub(crate) const CALC: &str = "def add(a, b):\n    return a + b\n";
pub(crate) const BROKEN_CALC: &str = "def add(a, b):\n    return a - b\n";
pub(crate) const CALC_TEST: &str = "from calc import add\n\n\ndef test_add():\n    assert add(2, 3) == 5\n\n\ndef test_add_negative():\n    assert add(-1, 1) == 0\n";
