//! Runs the checks of a node and forms the verdict.

use std::time::{Duration, Instant};

use aios_core::{CommandOutput, CommandSpec, Exit, Limits, WorkspacePath};
use aios_protocol::{DebugInfo, ErrorCode, Evidence};
use aios_tools::LastOutput;
use tokio_util::sync::CancellationToken;

use super::contract;
use super::plan::{Check, Found, Reading, is_node_test, is_python_test, plan, wants_node, wants_python};
use super::report::{self, Counts};
use crate::agent::RunPorts;
use crate::graph::Checks;
use crate::run::{NodeFault, Verdict};

/// The longest that the project's tests may take.
const TEST_TIME: Duration = Duration::from_secs(300);
/// Bytes of output that go into `debug_info`.
const OUTPUT_BYTES: usize = 12_000;
/// Files of a workspace that are looked at.
const MAX_FILES: usize = 5_000;

/// Whose work is checked.
pub(crate) struct Subject<'a> {
    pub(crate) agent: &'a str,
    pub(crate) checks: Checks,
    pub(crate) attempt: u32,
    /// Files that the agent wrote.
    pub(crate) files: &'a [String],
    /// Tests that passed when last counted.
    pub(crate) passed_before: Option<u32>,
    /// Where the agent finds what the checks said.
    pub(crate) last_output: &'a LastOutput,
}

/// Checks a node's work in the workspace.
pub(crate) async fn validate(ports: &RunPorts, subject: &Subject<'_>, stop: &CancellationToken) -> Verdict {
    let result = match subject.checks {
        Checks::Contract => check_contract(ports, subject).await,
        Checks::Text => Ok(check_text(subject)),
        Checks::Code | Checks::Tests => check_code(ports, subject, stop).await,
    };
    result.unwrap_or_else(Verdict::Impossible)
}

async fn check_contract(ports: &RunPorts, subject: &Subject<'_>) -> Result<Verdict, NodeFault> {
    let (plan, contract, openapi) = (
        read(ports, contract::PLAN).await,
        read(ports, contract::CONTRACT).await,
        read(ports, contract::OPENAPI).await,
    );
    let faults = contract::faults(plan.as_deref(), contract.as_deref(), openapi.as_deref());
    let shown = "check contract/";
    let evidence = evidence(shown, if faults.is_empty() { "0" } else { "1" }, subject);
    Ok(if faults.is_empty() {
        Verdict::Passed(evidence)
    } else {
        failed(evidence, faults.join("\n"), Vec::new(), subject)
    })
}

fn check_text(subject: &Subject<'_>) -> Verdict {
    if subject.files.is_empty() {
        let evidence = evidence("look for the agent's file", "1", subject);
        return failed(evidence, "you wrote no file".into(), Vec::new(), subject);
    }
    Verdict::Passed(evidence("look for the agent's file", "0", subject))
}

async fn check_code(
    ports: &RunPorts,
    subject: &Subject<'_>,
    stop: &CancellationToken,
) -> Result<Verdict, NodeFault> {
    let begun = Instant::now();
    let listing = ports.workspace.list(MAX_FILES).await.map_err(|error| NodeFault {
        reason: format!("the workspace could not be listed for the checks: {error}"),
        code: ErrorCode::Storage,
    })?;
    let files: Vec<String> = listing.files.into_iter().map(|file| file.path.as_str().to_owned()).collect();
    let own: &[String] = if subject.checks == Checks::Tests { &files } else { subject.files };
    if let Some(fault) = bad_json(ports, own).await {
        return Ok(failed(evidence("parse JSON files", "1", subject), fault, Vec::new(), subject));
    }
    let package = if files.iter().any(|path| path == "package.json") {
        read(ports, "package.json").await
    } else {
        None
    };
    let mut programs = Found::default();
    if wants_python(&files) {
        programs.python = ports.programs.python().await?;
    }
    if wants_node(&files) {
        programs.node = ports.programs.node().await?;
    }
    let checks = plan(&files, own, package.as_deref(), &programs, subject.agent);

    let mut total = evidence("look for files to check", "0", subject);
    let mut shown = Vec::new();
    let mut counts = Counts::default();
    for check in &checks {
        let output = run(ports, check, stop).await?;
        subject.last_output.record(&check.shown, output.clone());
        shown.push(check.shown.as_str());
        let (found, ok) = read_result(ports, check, &output, &mut total).await;
        let failed_tests = found.failed_tests.clone();
        counts.add(found);
        fill(&mut total, &counts, begun);
        if !ok {
            total.command.clone_from(&check.shown);
            total.exit = output.exit.to_string();
            return Ok(failed(total, output.output, failed_tests, subject));
        }
    }
    if !shown.is_empty() {
        // The tests are what people want to see; syntax checks are counted beside.
        total.command = shown
            .iter()
            .rfind(|line| !line.contains("py_compile") && !line.contains("--check"))
            .unwrap_or(&shown[0])
            .to_string();
    }
    fill(&mut total, &counts, begun);
    if subject.checks == Checks::Tests && counts.passed == 0 {
        let advice =
            "No test was found and passed. Write tests where the runner finds them (test_*.py, *.test.mjs).";
        return Ok(failed(total, advice.into(), Vec::new(), subject));
    }
    warn(&mut total, subject);
    Ok(Verdict::Passed(total))
}

async fn run(ports: &RunPorts, check: &Check, stop: &CancellationToken) -> Result<CommandOutput, NodeFault> {
    if let Reading::JUnit(report) = &check.reading {
        // A report of an earlier check must not be taken for this one's.
        if let Ok(path) = WorkspacePath::new(report) {
            let _ = ports.harness_workspace.remove(&path).await;
        }
    }
    let spec = CommandSpec {
        line: check.line.clone(),
        folder: None,
        env: Vec::new(),
        network: false,
        limits: Limits { wall: TEST_TIME, ..Limits::default() },
    };
    let output =
        ports.harness_runner.run(&spec, stop).await.map_err(|error| crate::agent::runner_fault(&error))?;
    if output.exit == Exit::Cancelled {
        return Err(NodeFault { reason: "the checks were stopped".into(), code: ErrorCode::Cancelled });
    }
    Ok(output)
}

/// The counts of a check and whether it is well.
async fn read_result(
    ports: &RunPorts,
    check: &Check,
    output: &CommandOutput,
    total: &mut Evidence,
) -> (Counts, bool) {
    let ok = output.exit.is_success();
    match &check.reading {
        Reading::Syntax(files) => {
            total.files_checked += u32::try_from(*files).unwrap_or(u32::MAX);
            (Counts::default(), ok)
        }
        Reading::JUnit(path) => {
            let counts = match read(ports, path).await.map(|xml| report::junit(&xml)) {
                Some(Ok(counts)) => counts,
                // Without a report nothing is counted, whatever the exit code says.
                Some(Err(_)) | None => Counts { failed: 1, ..Counts::default() },
            };
            // pytest exits with 5 when it collected nothing.
            let nothing =
                output.exit == Exit::Code(5) && counts.failed <= 1 && counts.failed_tests.is_empty();
            if nothing {
                return (Counts::default(), true);
            }
            let well = ok && counts.failed == 0;
            (counts, well)
        }
        Reading::Cargo => {
            let counts = report::cargo(&output.output);
            let well = ok && counts.failed == 0;
            (counts, well)
        }
        Reading::ExitCode => {
            let failed_tests = if ok { Vec::new() } else { vec![check.shown.clone()] };
            (Counts { passed: u32::from(ok), failed: u32::from(!ok), skipped: 0, failed_tests }, ok)
        }
    }
}

/// JSON files are parsed right here; nothing else is needed for them.
async fn bad_json(ports: &RunPorts, files: &[String]) -> Option<String> {
    // Configuration that allows comments is not JSON, whatever its name says.
    let commented = |path: &str| path.ends_with("tsconfig.json") || path.starts_with(".vscode/");
    for path in files.iter().filter(|path| path.ends_with(".json") && !commented(path)) {
        let text = read(ports, path).await?;
        if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&text) {
            return Some(format!("{path} is not valid JSON: {error}"));
        }
    }
    None
}

fn evidence(shown: &str, exit: &str, subject: &Subject<'_>) -> Evidence {
    Evidence {
        command: shown.to_owned(),
        exit: exit.to_owned(),
        passed: 0,
        failed: 0,
        skipped: 0,
        passed_before: subject.passed_before,
        files_checked: 0,
        duration_ms: 0,
        warnings: Vec::new(),
    }
}

fn fill(total: &mut Evidence, counts: &Counts, begun: Instant) {
    total.passed = counts.passed;
    total.failed = counts.failed;
    total.skipped = counts.skipped;
    total.duration_ms = begun.elapsed().as_millis().try_into().unwrap_or(u64::MAX);
}

/// What a reader should know before trusting the numbers.
fn warn(total: &mut Evidence, subject: &Subject<'_>) {
    if let Some(before) = subject.passed_before.filter(|before| *before > total.passed) {
        total.warnings.push(format!("{} tests passed, {before} did before", total.passed));
    }
    if total.skipped > 0 {
        total.warnings.push(format!("{} tests were skipped", total.skipped));
    }
    let edited: Vec<&str> = subject
        .files
        .iter()
        .map(String::as_str)
        .filter(|path| subject.checks != Checks::Tests && (is_python_test(path) || is_node_test(path)))
        .collect();
    if subject.attempt > 1 && !edited.is_empty() {
        total.warnings.push(format!("{} changed tests while mending: {}", subject.agent, edited.join(", ")));
    }
}

fn failed(evidence: Evidence, output: String, failed_tests: Vec<String>, subject: &Subject<'_>) -> Verdict {
    let debug = DebugInfo {
        error_type: "validation_failure".into(),
        failed_command: evidence.command.clone(),
        full_output: clip_middle(&output, OUTPUT_BYTES),
        failed_tests,
        attempt: subject.attempt + 1,
    };
    Verdict::Failed(evidence, debug)
}

fn clip_middle(text: &str, bytes: usize) -> String {
    if text.len() <= bytes {
        return text.to_owned();
    }
    let head = text.get(..text.floor_char_boundary(bytes / 3)).unwrap_or_default();
    let tail = text.get(text.ceil_char_boundary(text.len() - bytes * 2 / 3)..).unwrap_or_default();
    format!("{head}\n[{} bytes cut]\n{tail}", text.len() - head.len() - tail.len())
}

async fn read(ports: &RunPorts, path: &str) -> Option<String> {
    let bytes = ports.harness_workspace.read(&WorkspacePath::new(path).ok()?).await.ok()?;
    String::from_utf8(bytes).ok()
}
