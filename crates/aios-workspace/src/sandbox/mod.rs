//! The runner port: commands confined by the kernel.
//!
//! A command is started in two stages. The runner (here) starts the product's own executable again, inside bubblewrap's
//! namespaces where that works; that inner stage (`exec`) confines itself further, starts the command, watches its tree and reports over
//! a socket. The strongest way that works is found out at the first command; when none works, nothing is run.

#[cfg(target_os = "linux")]
mod bubblewrap;
#[cfg(unix)]
mod exec;
#[cfg(unix)]
mod launch;
#[cfg(unix)]
mod output;
#[cfg(target_os = "linux")]
#[path = "linux.rs"]
mod platform;
#[cfg(all(unix, not(target_os = "linux")))]
#[path = "macos.rs"]
mod platform;
#[cfg(unix)]
mod process;
#[cfg(unix)]
mod protected;
#[cfg(unix)]
mod runner;
#[cfg(not(unix))]
#[path = "refused.rs"]
mod runner;
mod toolchains;
#[cfg(unix)]
mod wire;

use std::path::PathBuf;

#[cfg(unix)]
pub use exec::sandbox_exec_main;
#[cfg(unix)]
use platform::Mode;
pub use runner::SandboxRunner;
pub use toolchains::Toolchains;

/// The first argument that makes the product's executable the sandbox's inner stage.
pub const SANDBOX_EXEC: &str = "sandbox-exec";

/// The home folder inside bubblewrap.
#[cfg(target_os = "linux")]
const HOME: &str = "/tmp/home";

/// What a [`SandboxRunner`] needs from its host.
#[derive(Debug, Clone)]
pub struct SandboxSettings {
    /// The executable whose `main` calls `sandbox_exec_main` for the argument [`SANDBOX_EXEC`]: the product's own.
    pub helper: PathBuf,
    /// The bubblewrap program, such as `Toolchains::find("bwrap")`; without it the weaker way is tried.
    pub bubblewrap: Option<PathBuf>,
    /// The user's tools.
    pub toolchains: Toolchains,
    /// Folders that commands may read besides the toolchains', such as the toolbox's.
    pub read_only: Vec<PathBuf>,
    /// Folders that go before the user's own on the commands' `PATH`.
    pub path_first: Vec<PathBuf>,
    /// An existing folder for the commands' temporary files, where the sandbox has none of its own.
    pub scratch: PathBuf,
}
