//! The sandbox's inner stage as a program of its own.

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    aios_workspace::sandbox_exec_main()
}

#[cfg(not(unix))]
fn main() {}
