//! The product's own tools for checking what agents build: a Python with pytest.
//!
//! Runs the user's `python3` outside the sandbox with fixed arguments; nothing of a workspace takes part.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

/// The pytest that is installed where there is none.
const PYTEST: &str = "pytest==8.4.2";

/// What a complete toolbox folder holds, written last.
const MARKER: &str = "toolbox.json";

/// A Python that can run pytest, and what the sandbox must show for it to work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolboxPython {
    /// The interpreter.
    pub python: PathBuf,
    /// The folder for `PATH` in which `python3` is this interpreter.
    pub bin: PathBuf,
    /// Folders that must be readable.
    pub read_only: Vec<PathBuf>,
    /// Where pytest lies: proof that it is still there.
    pytest: PathBuf,
}

/// Why there is no Python with pytest.
#[derive(Debug, thiserror::Error)]
pub enum ToolboxError {
    /// The interpreter does not run, or is too old.
    #[error("{} does not work ({said}); install Python 3.9 or newer", .python.display())]
    Python {
        /// The interpreter.
        python: PathBuf,
        /// What it said.
        said: String,
    },
    /// Python cannot make virtual environments.
    #[error("{} cannot make a virtual environment ({said}); install it, for example `sudo apt install python3-venv`", .python.display())]
    Venv {
        /// The interpreter.
        python: PathBuf,
        /// What it said.
        said: String,
    },
    /// pip could not install pytest.
    #[error("pip could not install {PYTEST} ({said}); check the network, or install pytest yourself")]
    Pip {
        /// The last line of what it said.
        said: String,
    },
    /// The folder cannot be used.
    #[error("could not {attempted} {}: {source}", .path.display())]
    Io {
        /// `lock`, `write`, …
        attempted: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

/// Finds or makes a Python with pytest.
///
/// The user's own is taken when it has pytest; otherwise a virtual environment is made in `folder`, once. Two processes may
/// ask at the same time; the second waits. `progress` is told what takes long.
pub async fn ensure_pytest(
    python: &Path,
    folder: &Path,
    progress: impl Fn(&str) + Send + 'static,
) -> Result<ToolboxPython, ToolboxError> {
    let (python, folder) = (python.to_owned(), folder.to_owned());
    let path = folder.clone();
    match tokio::task::spawn_blocking(move || ensure(&python, &folder, &progress)).await {
        Ok(done) => done,
        Err(panicked) => {
            Err(ToolboxError::Io { attempted: "set up", path, source: io::Error::other(panicked) })
        }
    }
}

fn ensure(python: &Path, folder: &Path, progress: &dyn Fn(&str)) -> Result<ToolboxPython, ToolboxError> {
    if let Some(ready) = ready(folder) {
        return Ok(ready);
    }
    let io = |attempted, path: &Path| {
        let path = path.to_owned();
        move |source| ToolboxError::Io { attempted, path, source }
    };
    std::fs::create_dir_all(folder).map_err(io("make the folder", folder))?;
    let lock = folder.join("lock");
    let lock_file = File::create(&lock).map_err(io("make", &lock))?;
    lock_file.lock().map_err(io("lock", &lock))?;
    // Another process may have done it while this one waited.
    if let Some(ready) = ready(folder) {
        return Ok(ready);
    }
    let mut found = Interpreter::ask(python)?;
    let mut read_only = found.roots();
    if found.pytest.is_none() {
        let venv = folder.join("venv");
        install(&found.executable, &venv, progress)?;
        found =
            Interpreter::ask(&venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python3" }))?;
        read_only.push(venv);
    }
    let (Some(pytest), Some(bin)) = (found.pytest, found.executable.parent()) else {
        return Err(ToolboxError::Pip { said: "pytest is missing after its installation".to_owned() });
    };
    let ready = ToolboxPython { bin: bin.to_owned(), python: found.executable, read_only, pytest };
    let marker = folder.join(MARKER);
    let text = serde_json::to_vec(&ready).map_err(|error| io("write", &marker)(error.into()))?;
    // Renamed into place, so that a crash leaves no half-written marker.
    let half = marker.with_extension("tmp");
    std::fs::write(&half, text)
        .and_then(|()| std::fs::rename(&half, &marker))
        .map_err(io("write", &marker))?;
    Ok(ready)
}

/// What was set up before, if all of it is still there.
fn ready(folder: &Path) -> Option<ToolboxPython> {
    let marker = std::fs::read(folder.join(MARKER)).ok()?;
    let ready: ToolboxPython = serde_json::from_slice(&marker).ok()?;
    (ready.python.exists() && ready.pytest.exists()).then_some(ready)
}

/// Makes the environment. Its scripts name its own path, so it is made where it stays; the marker tells whether it is whole.
fn install(python: &Path, venv: &Path, progress: &dyn Fn(&str)) -> Result<(), ToolboxError> {
    progress("making a Python environment for tests");
    let made = run(Command::new(python).args(["-m", "venv", "--clear"]).arg(venv));
    made.map_err(|said| ToolboxError::Venv { python: python.to_owned(), said })?;
    progress("installing pytest");
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", PYTEST];
    let installer = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python3" });
    run(Command::new(installer).args(pip)).map_err(|said| ToolboxError::Pip { said })?;
    Ok(())
}

/// What an interpreter says about itself.
#[derive(Deserialize)]
struct Interpreter {
    /// The real program; what was asked may be a shim that looks it up anew each time.
    executable: PathBuf,
    prefix: PathBuf,
    base_prefix: PathBuf,
    pytest: Option<PathBuf>,
}

const QUESTION: &str = "\
import importlib.util, json, sys
assert sys.version_info >= (3, 9), 'it is Python %d.%d' % sys.version_info[:2]
spec = importlib.util.find_spec('pytest')
print(json.dumps({
    'executable': sys.executable,
    'prefix': sys.prefix,
    'base_prefix': sys.base_prefix,
    'pytest': spec.origin if spec else None,
}))";

impl Interpreter {
    fn ask(python: &Path) -> Result<Self, ToolboxError> {
        // Isolated: neither the current folder nor the user's own packages, which the sandbox does not show, count.
        let answer = run(Command::new(python).args(["-I", "-c", QUESTION]));
        answer
            .and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()))
            .map_err(|said| ToolboxError::Python { python: python.to_owned(), said })
    }

    fn roots(&self) -> Vec<PathBuf> {
        let mut roots = vec![self.prefix.clone(), self.base_prefix.clone()];
        roots.dedup();
        // The system's own are shown anyway.
        roots.retain(|root| !root.starts_with("/usr"));
        roots
    }
}

/// Runs a program to its end and answers what it printed, or the last line of its complaint.
fn run(command: &mut Command) -> Result<String, String> {
    let done = command.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
    }
    let said = [done.stderr, done.stdout].map(|text| String::from_utf8_lossy(&text).into_owned());
    let last = said.iter().find_map(|text| text.lines().rev().find(|line| !line.trim().is_empty()));
    Err(last.unwrap_or("it said nothing").trim().to_owned())
}
