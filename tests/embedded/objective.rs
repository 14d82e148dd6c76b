//! From an objective to a harness-verified workspace.

use std::path::{Path, PathBuf};

use aios_protocol::{EventFrame, RunEvent};

use crate::aios;

/// The README's objective.
const OBJECTIVE: &str = "Create a calculator module with add, subtract, multiply, divide and pytest tests";
/// A small model fails now and then; what is measured is in the README. Here it must succeed once in this many tries.
const TRIES: usize = 3;

struct Try {
    code: Option<i32>,
    events: Vec<RunEvent>,
    folder: PathBuf,
    said: String,
}

fn run(home: &Path) -> Try {
    let folder = home.join("work");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let output = aios(home)
        .args(["run", OBJECTIVE, "--json", "--yes", "--dir"])
        .arg(&folder)
        .output()
        .expect("aios is built beside this test");
    let text = String::from_utf8_lossy(&output.stdout);
    let frames =
        text.lines().map(|line| serde_json::from_str::<EventFrame>(line).expect("each line is an event"));
    Try {
        code: output.status.code(),
        events: frames.map(|frame| frame.event).collect(),
        folder,
        said: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn one_sentence_becomes_a_tested_project() {
    let mut failures = Vec::new();
    for _ in 0..TRIES {
        let home = tempfile::tempdir().expect("a temporary folder");
        let attempt = run(home.path());
        let completed = attempt.events.iter().find_map(|event| match event {
            RunEvent::RunCompleted { files, evidence, .. } => Some((files.clone(), evidence.clone())),
            _ => None,
        });
        let Some((files, evidence)) = completed else {
            assert_ne!(attempt.code, Some(0), "it said success without completing");
            failures.push(format!("exit {:?}\n{}\n{:?}", attempt.code, attempt.said, attempt.events.last()));
            continue;
        };
        assert_eq!(attempt.code, Some(0));
        let evidence = evidence.expect("the harness counted tests");
        assert!(evidence.passed > 0 && evidence.failed == 0, "{evidence:?}");
        assert!(evidence.command.contains("pytest"), "{evidence:?}");
        for file in &files {
            assert!(attempt.folder.join(file).is_file(), "{file} is not on disk");
        }
        assert!(files.iter().any(|file| file == "contract/contract.md"), "{files:?}");
        let started = |agent: &str| {
            attempt.events.iter().any(
                |event| matches!(event, RunEvent::NodeStarted { agent: who, .. } if who.as_str() == agent),
            )
        };
        for agent in ["planner", "backend", "frontend", "qa"] {
            assert!(started(agent), "{agent} took no part");
        }
        return;
    }
    panic!("no try of {TRIES} succeeded:\n{}", failures.join("\n---\n"));
}
