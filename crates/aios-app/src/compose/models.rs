//! Which model a run gets: the one it names, else the user's default, else the first provider with a key, else the
//! embedded one.

use std::sync::Arc;

use aios_core::{Model, Policy};
use aios_llama::weights::{Catalogue, Presence, Purpose, WeightStore, Weights};
use aios_llama::{LocalModel, LocalModelOptions};
use aios_llm::{
    Failover, Health, Http, HttpModel, Keys, ModelRef, PROVIDERS, RetryPolicy, Retrying, catalog, parse_model,
};
use aios_protocol::{ErrorCode, ModelEntry, Problem};

use super::home::Home;
use super::settings::Settings;
use crate::app::AppConfig;
use crate::problem;

/// The prefix of the embedded model's names.
const LOCAL: &str = "local/";

/// Everything that answers as a model.
pub(crate) struct Models {
    pub(crate) keys: Keys,
    pub(crate) weights: Catalogue,
    pub(crate) weight_store: WeightStore,
    settings: Settings,
    settings_file: std::path::PathBuf,
    http: Http,
    health: Health,
    exe: std::path::PathBuf,
    state: std::path::PathBuf,
}

impl Models {
    pub(crate) fn new(config: &AppConfig, home: &Home) -> Result<Self, Problem> {
        Ok(Self {
            keys: Keys::collect(|name| config.env.get(name).cloned()),
            weights: Catalogue::builtin(),
            weight_store: WeightStore::new(home.models()),
            settings: Settings::read(&home.settings())?,
            settings_file: home.settings(),
            http: Http::new(aios_llm::Timeouts::default()),
            health: Health::default(),
            exe: config.exe.clone(),
            state: home.state(),
        })
    }

    /// The model of a run, and its full name.
    pub(crate) fn choose(
        &self,
        named: Option<&str>,
        policy: &Policy,
    ) -> Result<(Arc<dyn Model>, String), Problem> {
        let model = match named.or(self.settings.default_model.as_deref()) {
            Some(name) if name.starts_with(LOCAL) => self.local(name.trim_start_matches(LOCAL))?,
            Some(name) => {
                let model = parse_model(name, catalog()).map_err(|error| {
                    let problem = problem::unknown_model(&error);
                    match named {
                        Some(_) => problem,
                        None => problem.with_hint(format!(
                            "it is the default_model in {}; `aios models` lists the models",
                            self.settings_file.display()
                        )),
                    }
                })?;
                self.remote(&model, policy)?
            }
            None => match self.first_configured(&policy.spec().model_strategy) {
                Some(model) => self.remote(&model, policy)?,
                None => self.local("")?,
            },
        };
        let name = model.info().full_name();
        Ok((model, name))
    }

    /// The model itself, and behind it those of the policy's preferred providers that are set up.
    fn remote(&self, first: &ModelRef, policy: &Policy) -> Result<Arc<dyn Model>, Problem> {
        let make = |model: &ModelRef| -> Result<Arc<dyn Model>, Problem> {
            let made = HttpModel::new(model, &self.keys, &self.http)
                .map_err(|error| problem::model_setup(&error))?;
            Ok(Arc::new(made))
        };
        let mut rest: Vec<Arc<dyn Model>> = Vec::new();
        if policy.spec().fallback_enabled {
            for id in policy.spec().preferred_providers.iter().filter(|id| **id != first.provider) {
                let strategy = &policy.spec().model_strategy;
                let next = PROVIDERS.iter().find(|provider| provider.id == id.as_str());
                if let Some(next) = next.filter(|next| self.keys.is_configured(next))
                    && let Some(model) = best_of(next.id, strategy)
                {
                    rest.push(make(&model)?);
                }
            }
        }
        let chain = Failover::new(make(first)?, rest, self.health.clone());
        Ok(Arc::new(Retrying::new(Arc::new(chain), RetryPolicy::default())))
    }

    fn first_configured(&self, strategy: &str) -> Option<ModelRef> {
        PROVIDERS
            .iter()
            .filter(|provider| self.keys.is_configured(provider))
            .find_map(|provider| best_of(provider.id, strategy))
    }

    /// The embedded model; an empty name means the default for runs.
    fn local(&self, name: &str) -> Result<Arc<dyn Model>, Problem> {
        let weights = self.find_weights(name)?;
        if !cfg!(feature = "llama") {
            return Err(Problem::new(
                ErrorCode::NotConfigured,
                format!("this build cannot run the embedded model {}", weights.alias),
            )
            .with_hint("name a provider's model with --model and set its key, such as OPENAI_API_KEY, or build with `cargo build -p aios-cli --features llama`"));
        }
        self.require(weights)?;
        let options = LocalModelOptions::new(
            &weights.alias,
            self.weight_store.path(weights),
            self.exe.clone(),
            self.state.clone(),
        );
        Ok(Arc::new(LocalModel::new(options)))
    }

    /// Weights by name; an empty name means the default for runs.
    pub(crate) fn find_weights(&self, name: &str) -> Result<&Weights, Problem> {
        let found =
            if name.is_empty() { self.weights.default_for(Purpose::Run) } else { self.weights.find(name) };
        found.ok_or_else(|| {
            let names = self.weights.weights.iter().map(|weights| weights.alias.as_str());
            Problem::new(ErrorCode::InvalidRequest, format!("there is no embedded model {name:?}"))
                .with_hint(aios_core::offer(name, names))
        })
    }

    fn require(&self, weights: &Weights) -> Result<(), Problem> {
        let pull = format!("aios models pull {}", weights.alias);
        match self.weight_store.presence(weights) {
            Presence::Present => Ok(()),
            Presence::Missing | Presence::Partial(_) => Err(Problem::new(
                ErrorCode::NotConfigured,
                format!(
                    "the embedded model {} is not on this machine yet ({} MB)",
                    weights.alias,
                    weights.bytes / 1_000_000
                ),
            )
            .with_hint(format!("get it with `{pull}`, or set a provider's key such as OPENAI_API_KEY"))
            .with_weights(&weights.alias)),
            Presence::Damaged(bytes) => Err(Problem::new(
                ErrorCode::NotConfigured,
                format!(
                    "the file of the embedded model {} is damaged: it has {bytes} bytes instead of {}",
                    weights.alias, weights.bytes
                ),
            )
            .with_hint(format!("get it again: `aios models remove {}`, then `{pull}`", weights.alias))),
        }
    }
}

/// The model of a provider that suits a strategy; the catalogue lists a provider's best all-rounder first.
fn best_of(provider: &str, strategy: &str) -> Option<ModelRef> {
    let all = || catalog().models().filter(|(owner, _)| *owner == provider).map(|(_, model)| model);
    let output_price = |model: &&ModelEntry| model.price.map_or(f64::INFINITY, |price| price.output);
    let by_price = |a: &&ModelEntry, b: &&ModelEntry| output_price(a).total_cmp(&output_price(b));
    let chosen = match strategy {
        "cheap" => all().min_by(by_price),
        "free" => all().find(|model| model.free_tier).or_else(|| all().min_by(by_price)),
        "quality" => all().filter(|model| model.price.is_some()).max_by(by_price).or_else(|| all().next()),
        _ => all().next(),
    };
    chosen.map(|model| ModelRef { provider: provider.to_owned(), name: model.id.clone() })
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests make the files that are looked at")]
mod tests {
    use super::*;

    #[test]
    fn weights_that_cannot_be_used_are_explained() {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().join("data");
        let config = AppConfig {
            home: home.clone(),
            models_dir: Some(folder.path().to_owned()),
            env: [("XDG_CACHE_HOME".to_owned(), home.display().to_string())].into(),
            exe: "aios".into(),
            user_home: None,
        };
        let models = Models::new(&config, &Home::open(&config).unwrap()).unwrap();
        let weights = models.find_weights("qwen2.5-coder-0.5b").unwrap();
        let check = |message: &str, hint: &str, pull: Option<&str>| {
            let problem = models.require(weights).unwrap_err();
            assert!(problem.message.contains(message), "{problem:?}");
            assert!(problem.hint.as_deref().is_some_and(|said| said.contains(hint)), "{problem:?}");
            assert_eq!((problem.code, problem.weights.as_deref()), (ErrorCode::NotConfigured, pull));
        };
        let id = Some("qwen2.5-coder-0.5b");
        check("is not on this machine yet", "`aios models pull qwen2.5-coder-0.5b`", id);
        std::fs::write(models.weight_store.path(weights), "GGUF, and cut").unwrap();
        check(
            "is damaged: it has 13 bytes instead of",
            "`aios models remove qwen2.5-coder-0.5b`, then",
            None,
        );
    }
}
