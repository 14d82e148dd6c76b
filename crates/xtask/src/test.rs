//! `cargo xtask test`: every check and test, those that fail fast first.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::fuzz;
use crate::page;
use crate::program::{self, cargo};
use crate::run;
use crate::setup::{self, Consent};

/// The workspace with the test that the generated TypeScript is fresh.
const TESTED: &[&str] = &["--workspace", "--locked", "--features=aios-protocol/schema,aios-cli/ui"];
/// The same, and the tests that have a step of their own.
const LINTED: &[&str] = &[
    "--workspace",
    "--locked",
    "--features=aios-protocol/schema,aios-cli/ui,aios-tests/embedded,aios-tests/fuzz",
];
const LINTS: &[&str] = &["--", "--deny", "warnings"];
const LINT_ADVICE: &str = "mend the warnings above; an exception is an #[expect] with a reason";

struct Step {
    name: &'static str,
    command: Vec<String>,
    env: Option<(&'static str, String)>,
    advice: &'static str,
}

impl Step {
    fn new(name: &'static str, command: Vec<String>, advice: &'static str) -> Self {
        Self { name, command, env: None, advice }
    }
}

/// Runs everything; `fast` leaves out what needs the embedded model.
pub(crate) fn test(fast: bool, consent: Consent) -> Result<ExitCode, Failure> {
    setup::ensure(consent)?;
    page::install()?;
    let nextest = program::works(&["cargo", "nextest", "--version"], "");
    let deny = program::works(&["cargo", "deny", "--version"], "");
    let mut steps = checks(deny);
    steps.push(tests(nextest));
    steps.push(fuzz(nextest)?);
    if !fast {
        steps.extend(embedded(nextest)?);
    }
    let skipped = [
        (!deny).then_some("licences and banned crates (cargo-deny is not installed)"),
        fast.then_some("the embedded model (--fast)"),
    ];
    let start = Instant::now();
    for (index, step) in steps.iter().enumerate() {
        let elapsed = clock(start.elapsed());
        println!("\n== {}/{} {} · {elapsed} so far", index + 1, steps.len(), step.name);
        println!("$ {}", step.command.join(" "));
        let env: Vec<(&str, &str)> = step.env.iter().map(|(name, value)| (*name, value.as_str())).collect();
        program::perform(&step.command, &env, step.advice)?;
    }
    println!("\n== all {} steps passed in {}", steps.len(), clock(start.elapsed()));
    for what in skipped.into_iter().flatten() {
        println!("== NOT checked: {what}");
    }
    Ok(ExitCode::SUCCESS)
}

/// Writes the generated TypeScript anew.
pub(crate) fn write_bindings() -> Result<ExitCode, Failure> {
    const BINDINGS: &[&str] =
        &["test", "--locked", "--package", "aios-protocol", "--features", "schema", "--test", "it"];
    program::perform(&cargo(BINDINGS), &[("UPDATE_BINDINGS", "1")], "the compiler's last lines say why")?;
    Ok(ExitCode::SUCCESS)
}

fn checks(deny: bool) -> Vec<Step> {
    let mut steps =
        vec![Step::new("format", cargo(&["fmt", "--all", "--check"]), "`cargo fmt --all` mends it")];
    if deny {
        steps.push(Step::new(
            "licences and banned crates",
            cargo(&["deny", "--locked", "check", "licenses", "bans", "sources"]),
            "the rules and their reasons are in .cargo/deny.toml",
        ));
    }
    const PAGE_ADVICE: &str =
        "the file and line are above; `npm --prefix ui run format` mends what is only form";
    steps.push(Step::new("lints and types of the page", page::script("check"), PAGE_ADVICE));
    steps.push(Step::new(
        "tests of the page",
        page::script("test"),
        "the names of the failed tests are above",
    ));
    // The server and the window have it built in.
    steps.push(Step::new("build of the page", page::script("build"), "its last lines say why"));
    steps.push(Step::new(
        "lints",
        cargo(&[&["clippy", "--all-targets"], LINTED, LINTS].concat()),
        LINT_ADVICE,
    ));
    steps
}

fn tests(nextest: bool) -> Step {
    let runner: &[&str] = if nextest { &["nextest", "run"] } else { &["test"] };
    Step::new(
        "tests of the workspace",
        cargo(&[runner, TESTED, &["--no-fail-fast"]].concat()),
        "the names of the failed tests are above; run one with `cargo test NAME`",
    )
}

fn fuzz(nextest: bool) -> Result<Step, Failure> {
    Ok(Step {
        name: "random requests to the API",
        command: fuzz::command(nextest),
        env: Some((fuzz::PROGRAM, fuzz::install()?)),
        advice: fuzz::ADVICE,
    })
}

/// The real model in the release build that users run: its own tests, then an objective through the whole graph.
fn embedded(nextest: bool) -> Result<Vec<Step>, Failure> {
    // In the release profile, so that llama.cpp is compiled once for everything.
    const LLAMA: &[&str] =
        &["clippy", "--release", "--locked", "--package=aios-llama", "--all-targets", "--features=llama"];
    const FEATURES: &[&str] = &[
        "--release",
        "--locked",
        "--package=aios-llama",
        "--package=aios-tests",
        "--features=aios-llama/llama,aios-tests/embedded",
        "--test=it",
        "--test=embedded",
    ];
    let runner: &[&str] = if nextest { &["nextest", "run"] } else { &["test"] };
    let one_at_a_time: &[&str] = if nextest { &[] } else { &["--", "--test-threads=1"] };
    Ok(vec![
        Step::new("build with the embedded model", cargo(run::BUILD), run::BUILD_ADVICE),
        Step::new("lints of the embedded model", cargo(&[LLAMA, LINTS].concat()), LINT_ADVICE),
        Step::new("weights of the embedded model", run::pull_weights()?, run::PULL_ADVICE),
        Step::new(
            "tests with the embedded model",
            cargo(&[runner, FEATURES, one_at_a_time].concat()),
            "the names of the failed tests are above",
        ),
    ])
}

fn clock(elapsed: Duration) -> String {
    format!("{}m{:02}s", elapsed.as_secs() / 60, elapsed.as_secs() % 60)
}
