//! Does the jobs of the product's executable in a child process: the inside of the sandbox.

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    aios_app::maybe_child_main(&arguments).unwrap_or(ExitCode::from(2))
}
