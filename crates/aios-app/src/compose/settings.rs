//! The user's settings file: `settings.toml` in the data folder.
#![expect(clippy::disallowed_methods, reason = "reads the product's own settings file")]

use std::path::Path;

use aios_protocol::{ErrorCode, Problem};
use serde::Deserialize;

/// What the user may set. Unknown keys are refused, with their line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Settings {
    /// The model of runs that name none, `provider/name`.
    pub(crate) default_model: Option<String>,
}

impl Settings {
    /// Reads the file; one that is not there sets nothing.
    pub(crate) fn read(path: &Path) -> Result<Self, Problem> {
        let unreadable = |why: String| {
            Problem::new(
                ErrorCode::InvalidRequest,
                format!("the settings in {} cannot be read: {why}", path.display()),
            )
            .with_hint("mend the file, or move it away to go back to the defaults")
        };
        match std::fs::read_to_string(path) {
            Ok(text) => {
                toml::from_str(&text).map_err(|error| unreadable(error.to_string().trim().to_owned()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(unreadable(error.to_string())),
        }
    }
}
