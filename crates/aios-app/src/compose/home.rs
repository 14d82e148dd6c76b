//! The data folder: what lies where.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use aios_protocol::{ErrorCode, OrgId, Problem, ProjectId, RunId};

use crate::config::AppConfig;

/// The data folder, and the folders that every data folder of the user shares.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    root: PathBuf,
    models: PathBuf,
    toolbox: PathBuf,
}

impl Home {
    /// Makes the data folder if it is not there.
    pub(crate) fn open(config: &AppConfig) -> Result<Self, Problem> {
        let cache = cache(config);
        let models = config.models_dir.clone().unwrap_or_else(|| cache.join("models"));
        let home = Self { root: config.home.clone(), models, toolbox: cache.join("toolbox") };
        let all = [home.root.clone(), home.toolbox.clone(), home.scratch(), home.state()];
        all.iter().try_for_each(|folder| make(folder)).map_err(|error| {
            let why = match error.kind() {
                ErrorKind::AlreadyExists | ErrorKind::NotADirectory => {
                    "it is a file, or a folder above it is".to_owned()
                }
                _ => error.to_string(),
            };
            let folder = home.root.display();
            Problem::new(ErrorCode::Storage, format!("could not make the data folder {folder}: {why}"))
                .with_hint("set AIOS_HOME to a folder that can be written")
        })?;
        let root = home.root.canonicalize().unwrap_or_else(|_| home.root.clone());
        Ok(Self { root, ..home })
    }

    /// The folder itself, links resolved.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.root.join("aios.db")
    }

    pub(crate) fn models(&self) -> &Path {
        &self.models
    }

    /// Where the embedded model remembers its self-test.
    pub(crate) fn state(&self) -> PathBuf {
        self.root.join("state")
    }

    /// Locks of the processes that work on runs.
    pub(crate) fn holders(&self) -> PathBuf {
        self.state().join("holders")
    }

    /// Programs that the product installs for its own checks.
    pub(crate) fn toolbox(&self) -> &Path {
        &self.toolbox
    }

    /// Temporary files of commands, where the sandbox has no place of its own for them.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.root.join("scratch")
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.root.join("settings.toml")
    }

    /// Where records of this kind are kept.
    pub(crate) fn records(&self, kind: &str) -> PathBuf {
        self.state().join(kind)
    }

    /// Where removed files go: where the desktop looks for them, or into the data folder.
    pub(crate) fn trash(&self, config: &AppConfig) -> PathBuf {
        let data = config.env.get("XDG_DATA_HOME").filter(|value| Path::new(value).is_absolute());
        let data = data.map(PathBuf::from).or_else(|| Some(config.user_home.as_ref()?.join(".local/share")));
        match data {
            Some(data) if cfg!(target_os = "linux") => data.join("Trash"),
            _ => self.root.join("trash"),
        }
    }

    /// Encrypts stored keys.
    pub(crate) fn master_key(&self) -> PathBuf {
        self.root.join("master.key")
    }

    /// What was in the files of a run before it.
    pub(crate) fn originals(&self, run_id: RunId) -> PathBuf {
        self.root.join("originals").join(run_id.to_string())
    }

    /// The workspace of a run without a folder of its own: the project's, or one for this run alone. Those of a
    /// tenant lie apart from all others.
    pub(crate) fn workspace(
        &self,
        tenant: Option<&OrgId>,
        project: Option<&ProjectId>,
        run_id: RunId,
    ) -> PathBuf {
        let name = project.map_or_else(|| format!("run_{run_id}"), |project| format!("project_{project}"));
        let mut folder = self.root.join("workspaces");
        folder.extend(tenant.map(OrgId::as_str));
        folder.push(name);
        folder
    }

    /// Makes that folder.
    pub(crate) fn make_workspace(&self, folder: &Path) -> Result<(), Problem> {
        make(folder).map_err(|error| {
            Problem::new(
                ErrorCode::Storage,
                format!("could not make the workspace {}: {error}", folder.display()),
            )
            .with_hint("check the disk and the permissions of the data folder (AIOS_HOME)")
        })
    }
}

/// Weights and tools are large and the same for every data folder, so they lie in the user's cache.
fn cache(config: &AppConfig) -> PathBuf {
    let set =
        |name: &str| config.env.get(name).filter(|value| Path::new(value).is_absolute()).map(PathBuf::from);
    let cache = if cfg!(windows) {
        set("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        config.user_home.as_ref().map(|home| home.join("Library/Caches"))
    } else {
        set("XDG_CACHE_HOME").or_else(|| config.user_home.as_ref().map(|home| home.join(".cache")))
    };
    cache.map_or_else(|| config.home.join("cache"), |cache| cache.join("cesaflow"))
}

/// Makes a folder that only its owner may look into: it will hold prompts and code.
fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}
