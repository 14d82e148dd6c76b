//! The parts that scripts are made of. Texts only: they need no program to be checked.

use aios_testkit::{Script, Turn, turn};
use serde_json::json;

/// Writes one file.
pub(crate) fn write(path: &str) -> Turn {
    turn().call("write_file", json!({ "path": path, "content": text(path) }))
}

/// What is in a file that was written.
pub(crate) fn text(path: &str) -> String {
    format!("# {path}\n\n{}", "A text needs no program to be checked.\n".repeat(50))
}

/// Runs a command.
pub(crate) fn runs(command: &str) -> Turn {
    turn().call("run_command", json!({ "command": command }))
}

/// Asks the human.
pub(crate) fn asks() -> Turn {
    turn().call("ask_human", json!({ "question": "Which name?" }))
}

/// Says that it is done.
pub(crate) fn done() -> Turn {
    turn().text("Done.")
}

/// A run of the whole team, in three waves. QA would have to write tests, which need programs.
pub(crate) const TEAM: [&str; 9] = [
    "run",
    "a small site",
    "--hierarchy",
    "with_devops",
    "--tasks",
    "planner,backend,frontend,devops",
    "--dir",
    ".",
    "--model=openai/gpt-4o",
];

/// A run of one agent.
pub(crate) const ALONE: [&str; 7] =
    ["run", "a text", "--tasks", "backend", "--dir", ".", "--model=openai/gpt-4o"];

/// The files of a whole team's work, each with its agent, in the order of the waves.
pub(crate) const WORK: [(&str, &str); 5] = [
    ("planner", "contract/plan.md"),
    ("planner", "contract/contract.md"),
    ("backend", "backend.md"),
    ("frontend", "frontend.md"),
    ("devops", "devops.md"),
];

/// A team in which every agent writes its files, but for these.
pub(crate) fn team_without(without: &[&str]) -> Script {
    let mut script = Script::new();
    for agent in ["planner", "backend", "frontend", "devops"].iter().filter(|agent| !without.contains(agent))
    {
        let files = WORK.iter().filter(|(who, _)| who == agent).map(|(_, path)| write(path));
        script = script.agent(agent, files).agent(agent, [done()]);
    }
    script
}
