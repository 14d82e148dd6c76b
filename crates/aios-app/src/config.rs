//! What a host read of its surroundings; nothing below reads them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aios_protocol::{ErrorCode, Problem};

/// What the application needs to know of the machine and its user.
// No `Debug` of the variables: they hold keys.
#[derive(Clone)]
pub struct AppConfig {
    /// The data folder: `AIOS_HOME`, or the platform's place for it.
    pub home: PathBuf,
    /// Where the embedded model's weights are; a folder of the user's cache when missing.
    pub models_dir: Option<PathBuf>,
    /// The environment.
    pub env: BTreeMap<String, String>,
    /// The file of this program, which is also its own sandbox helper and model worker.
    pub exe: PathBuf,
    /// The user's home folder.
    pub user_home: Option<PathBuf>,
}

impl AppConfig {
    /// From the environment, the current folder and the program's own file; `data` is a data folder that the user named.
    pub fn read(
        data: Option<&Path>,
        env: BTreeMap<String, String>,
        current_dir: &Path,
        exe: PathBuf,
    ) -> Result<Self, Problem> {
        let home = match data {
            Some(data) => current_dir.join(data),
            None => data_folder(&env, current_dir)?,
        };
        Ok(Self {
            home,
            models_dir: variable(&env, "AIOS_MODELS_DIR").map(PathBuf::from),
            user_home: user_home(&env),
            env,
            exe,
        })
    }
}

/// A variable that is set and not empty.
fn variable<'a>(env: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    env.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

fn user_home(env: &BTreeMap<String, String>) -> Option<PathBuf> {
    variable(env, if cfg!(windows) { "USERPROFILE" } else { "HOME" }).map(PathBuf::from)
}

/// Where the product keeps its data: `AIOS_HOME`, or the platform's place for it.
fn data_folder(env: &BTreeMap<String, String>, current_dir: &Path) -> Result<PathBuf, Problem> {
    if let Some(home) = variable(env, "AIOS_HOME") {
        return Ok(current_dir.join(home));
    }
    let absolute = |name| variable(env, name).map(PathBuf::from).filter(|path| path.is_absolute());
    let data = if cfg!(windows) {
        absolute("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        user_home(env).map(|home| home.join("Library/Application Support"))
    } else {
        absolute("XDG_DATA_HOME").or_else(|| user_home(env).map(|home| home.join(".local/share")))
    };
    data.map(|data| data.join("aios")).ok_or_else(|| {
        Problem::new(ErrorCode::NotConfigured, "there is no home folder to keep data in")
            .with_hint("set AIOS_HOME to a folder that can be written")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_os = "linux")]
    #[test]
    fn the_data_folder() {
        let check = |variables: &[(&str, &str)], expect: &str| {
            let env = variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
            let home = data_folder(&env, Path::new("/work"));
            assert_eq!(
                home.map_or_else(|problem| problem.message, |path| path.display().to_string()),
                expect
            );
        };
        check(&[("AIOS_HOME", "/data"), ("HOME", "/home/u")], "/data");
        check(&[("AIOS_HOME", "data")], "/work/data");
        check(&[("AIOS_HOME", ""), ("HOME", "/home/u")], "/home/u/.local/share/aios");
        check(&[("XDG_DATA_HOME", "/xdg"), ("HOME", "/home/u")], "/xdg/aios");
        check(&[("XDG_DATA_HOME", "relative"), ("HOME", "/home/u")], "/home/u/.local/share/aios");
        check(&[], "there is no home folder to keep data in");
    }
}
