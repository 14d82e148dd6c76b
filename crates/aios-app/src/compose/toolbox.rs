//! The harness's own programs: a Python with pytest, and Node.

use std::path::PathBuf;

use aios_engine::{ProgramMissing, Programs};
use aios_workspace::Toolchains;
use aios_workspace::toolbox::ensure_pytest;
use async_trait::async_trait;
use tokio::sync::OnceCell;

use super::home::Home;
use crate::config::AppConfig;

/// Finds the programs of the harness, and installs pytest into the data folder where no Python has it.
pub(crate) struct Toolbox {
    toolchains: Toolchains,
    folder: PathBuf,
    python: OnceCell<PathBuf>,
}

impl Toolbox {
    pub(crate) fn new(config: &AppConfig, home: &Home) -> Self {
        let path =
            config.env.get("PATH").map(|path| std::env::split_paths(path).collect()).unwrap_or_default();
        let toolchains = Toolchains { path, home: config.user_home.clone() };
        Self { toolchains, folder: home.toolbox().join("python"), python: OnceCell::new() }
    }

    pub(crate) fn toolchains(&self) -> &Toolchains {
        &self.toolchains
    }

    /// Where `python3` is the one with pytest, once it is installed.
    pub(crate) fn bin(&self) -> PathBuf {
        self.folder.join("venv").join(if cfg!(windows) { "Scripts" } else { "bin" })
    }

    /// Any Python, for pip.
    pub(crate) fn any_python(&self) -> Option<PathBuf> {
        self.toolchains.find("python3").or_else(|| self.toolchains.find("python"))
    }
}

#[async_trait]
impl Programs for Toolbox {
    async fn python(&self) -> Result<PathBuf, ProgramMissing> {
        let install = || async {
            let python = self.any_python().ok_or_else(|| ProgramMissing {
                program: "Python",
                reason: "no python3 is on the PATH".into(),
                remedy: "install Python 3, for example `apt-get install python3 python3-venv`".into(),
            })?;
            let progress = |what: &str| tracing::info!(what, "setting up the harness's Python");
            let ready = ensure_pytest(&python, &self.folder, progress).await;
            ready.map(|ready| ready.python).map_err(|error| ProgramMissing {
                program: "pytest",
                reason: error.to_string(),
                remedy: "`aios doctor` tells more".into(),
            })
        };
        self.python.get_or_try_init(install).await.cloned()
    }

    async fn node(&self) -> Result<PathBuf, ProgramMissing> {
        self.toolchains.find("node").ok_or_else(|| ProgramMissing {
            program: "Node",
            reason: "no node is on the PATH".into(),
            remedy: "install Node 20 or newer".into(),
        })
    }
}
