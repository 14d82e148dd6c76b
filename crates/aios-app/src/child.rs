//! The jobs that this executable does for itself in a child process.

use std::ffi::OsString;
use std::process::ExitCode;

/// Does the job that a hidden first argument names: the embedded model's worker, or the inside of the sandbox. A host calls
/// this before anything else in its `main`; nothing means that it was started by a person.
pub fn maybe_child_main(arguments: &[OsString]) -> Option<ExitCode> {
    let name = arguments.get(1)?.to_str()?;
    #[cfg(unix)]
    if name == aios_workspace::SANDBOX_EXEC {
        return Some(aios_workspace::sandbox_exec_main());
    }
    #[cfg(feature = "llama")]
    if name == aios_llama::WORKER_ARGUMENT {
        return Some(aios_llama::worker_main());
    }
    None
}
