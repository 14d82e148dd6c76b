//! `aios doctor`: looks at what runs need, and says what is missing and how to get it.

use aios_engine::Programs;
use aios_llama::weights::Presence;
use aios_llm::PROVIDERS;

use crate::App;
use crate::compose::Workplace;

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What.
    pub name: &'static str,
    /// How it is.
    pub state: CheckState,
    /// What was found.
    pub detail: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckState {
    /// Well.
    Ok,
    /// Works, but not at its best.
    Warn,
    /// Something will not work.
    Fail,
}

impl App {
    /// Looks at everything that runs need. Takes a moment: it tries the sandbox and may set up the harness's Python.
    pub async fn doctor(&self) -> Vec<Check> {
        vec![
            check("data folder", CheckState::Ok, self.config.home.display().to_string(), None),
            self.sandbox(),
            program("python", self.toolbox.python().await),
            program("node", self.toolbox.node().await),
            self.providers(),
            self.embedded(),
        ]
    }

    fn sandbox(&self) -> Check {
        let place = Workplace::open(&self.home.scratch(), &self.config.exe, &self.home, &self.toolbox);
        match place.map(|place| place.sandbox()) {
            Ok(report) if report.kind == "none" => {
                check("sandbox", CheckState::Fail, report.kind, report.advice)
            }
            Ok(report) if report.advice.is_some() => {
                check("sandbox", CheckState::Warn, report.kind, report.advice)
            }
            Ok(report) => check("sandbox", CheckState::Ok, report.kind, None),
            Err(problem) => check("sandbox", CheckState::Fail, problem.message, problem.hint),
        }
    }

    fn providers(&self) -> Check {
        let keys = &self.models.keys;
        let set: Vec<&str> = PROVIDERS
            .iter()
            .filter(|provider| keys.is_configured(provider))
            .map(|provider| provider.id)
            .collect();
        if set.is_empty() {
            let hint = "not needed; a key such as ANTHROPIC_API_KEY or OPENAI_API_KEY adds stronger models";
            return check("providers", CheckState::Ok, "none is set up".into(), Some(hint.into()));
        }
        check("providers", CheckState::Ok, set.join(", "), None)
    }

    fn embedded(&self) -> Check {
        let name = "embedded model";
        if !cfg!(feature = "llama") {
            let hint = "build with `--features llama` to have it".to_owned();
            return check(name, CheckState::Warn, "this build has none".into(), Some(hint));
        }
        match self.models.find_weights("") {
            Ok(weights) => match self.models.weight_store.presence(weights) {
                Presence::Present => {
                    let path = self.models.weight_store.path(weights);
                    check(name, CheckState::Ok, format!("{} at {}", weights.alias, path.display()), None)
                }
                Presence::Missing | Presence::Partial(_) => check(
                    name,
                    CheckState::Warn,
                    format!("{} is not on this machine", weights.alias),
                    Some(format!("get it with `aios models pull {}`", weights.alias)),
                ),
                Presence::Damaged(bytes) => check(
                    name,
                    CheckState::Fail,
                    format!("{} is damaged: {bytes} bytes instead of {}", weights.alias, weights.bytes),
                    Some(format!("`aios models remove {0}`, then `aios models pull {0}`", weights.alias)),
                ),
            },
            Err(problem) => check(name, CheckState::Fail, problem.message, problem.hint),
        }
    }
}

fn check(name: &'static str, state: CheckState, detail: String, hint: Option<String>) -> Check {
    Check { name, state, detail, hint }
}

fn program(name: &'static str, found: Result<std::path::PathBuf, aios_engine::ProgramMissing>) -> Check {
    match found {
        Ok(path) => check(name, CheckState::Ok, path.display().to_string(), None),
        Err(missing) => check(name, CheckState::Warn, missing.reason, Some(missing.remedy)),
    }
}
