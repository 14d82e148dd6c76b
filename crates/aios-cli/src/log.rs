//! The program's own log, for those who look for a fault: a file, and only when `AIOS_LOG` asks for it. A server without
//! one tells on stderr what it answers.

use std::path::Path;
use std::sync::Mutex;

use aios_protocol::{ErrorCode, Problem};
use tracing_subscriber::EnvFilter;

/// Writes `<home>/logs/aios.log`, filtered as `AIOS_LOG` says, for example `debug` or `aios_llm=trace`.
#[expect(clippy::disallowed_methods, reason = "a host's own log, which belongs to no workspace")]
pub(crate) fn open(home: &Path, filter: &str) -> Result<(), Problem> {
    // One library would write whole requests, keys and all.
    let filter = EnvFilter::try_new(format!("{filter},genai=off")).map_err(|error| {
        Problem::new(ErrorCode::InvalidRequest, format!("AIOS_LOG is not a log filter: {error}"))
            .with_hint("for example AIOS_LOG=debug")
    })?;
    let folder = home.join("logs");
    let file = std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::OpenOptions::new().create(true).append(true).open(folder.join("aios.log")))
        .map_err(|error| {
            Problem::new(
                ErrorCode::Storage,
                format!("the log in {} cannot be written: {error}", folder.display()),
            )
        })?;
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(Mutex::new(file)).init();
    Ok(())
}

/// Writes what a server's operator wants to see to stderr.
pub(crate) fn to_stderr() {
    let filter = EnvFilter::new("info");
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(false).with_writer(std::io::stderr).init();
}
