//! Developer tasks, run as `cargo xtask <task>`: install what is missing, build, run, test, measure.
//!
//! Standard library only, so that the first command on a bare machine starts at once. Must not know: how anything is
//! done inside the product; it starts cargo, package managers and the `aios` program, and passes their results on.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool: it reads the environment, starts programs and talks to a terminal"
)]

mod bench;
mod failure;
mod fuzz;
mod needs;
mod page;
mod program;
mod run;
mod setup;
mod test;

use std::process::ExitCode;

use failure::Failure;
use setup::Consent;

const USAGE: &str = "\
Developer tasks of CesaFlow.

  cargo xtask run [\"OBJECTIVE\"] [--yes] [options of `aios run`]
                        install what is missing, build, and let the agents do it; without an objective,
                        serve the page to a browser
  cargo xtask test [--fast] [--yes]
                        every check and test; --fast leaves out the embedded model
  cargo xtask fuzz [--long] [--yes]
                        random requests to the API server; --long goes on for half an hour
  cargo xtask bench [--embedded | --api] [--yes]
                        what the product costs in time and memory; --embedded adds the embedded model's speed, --api
                        measures the server and its clients instead
  cargo xtask setup [--yes]
                        only install what is missing
  cargo xtask codegen   write the TypeScript of the protocol anew

--yes (or CI=true) agrees beforehand to installing system packages and downloading model weights.

Example:
  cargo xtask run \"Create a calculator module with add, subtract, multiply, divide and pytest tests\"
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match perform(&arguments) {
        Ok(code) => code,
        Err(Failure::Usage { wrong }) => {
            eprintln!("{wrong}\n\n{USAGE}");
            ExitCode::from(2)
        }
        Err(failure) => {
            eprintln!("\nerror: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn perform(arguments: &[String]) -> Result<ExitCode, Failure> {
    let Some((task, rest)) = arguments.split_first() else {
        return Err(Failure::Usage { wrong: "no task was named".into() });
    };
    let consent = Consent::from(rest);
    match task.as_str() {
        "run" => run::run(rest, consent),
        "test" => {
            only(rest, &["--fast", "--yes"])?;
            test::test(rest.iter().any(|argument| argument == "--fast"), consent)
        }
        "fuzz" => {
            only(rest, &["--long", "--yes"])?;
            fuzz::fuzz(rest.iter().any(|argument| argument == "--long"), consent)
        }
        "bench" => {
            only(rest, &["--embedded", "--api", "--yes"])?;
            let asked = |option: &str| rest.iter().any(|argument| argument == option);
            let what = match (asked("--embedded"), asked("--api")) {
                (false, false) => bench::What::Runs,
                (true, false) => bench::What::Embedded,
                (false, true) => bench::What::Api,
                (true, true) => {
                    return Err(Failure::Usage { wrong: "--embedded and --api are two measurements".into() });
                }
            };
            bench::bench(what, consent)
        }
        "setup" => {
            only(rest, &["--yes"])?;
            setup::ensure(consent)?;
            println!("Everything that is needed to build, run and test is installed.");
            Ok(ExitCode::SUCCESS)
        }
        "codegen" => {
            only(rest, &[])?;
            test::write_bindings()
        }
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => Err(Failure::Usage { wrong: format!("there is no task {other:?}") }),
    }
}

fn only(arguments: &[String], known: &[&str]) -> Result<(), Failure> {
    match arguments.iter().find(|argument| !known.contains(&argument.as_str())) {
        Some(stranger) => {
            Err(Failure::Usage { wrong: format!("{stranger:?} is not an option of this task") })
        }
        None => Ok(()),
    }
}
