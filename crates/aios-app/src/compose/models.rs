//! Which model a run gets: the one it names, else the user's default, else the first provider with a key, else the
//! embedded one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aios_core::{Model, Policy};
use aios_llama::weights::{Catalogue, Presence, Purpose, WeightStore, Weights};
use aios_llama::{LocalModel, LocalModelOptions};
use aios_llm::{
    Failover, Health, Http, HttpModel, Keys, ModelRef, PROVIDERS, RetryPolicy, Retrying, catalog, parse_model,
};
use aios_protocol::{ErrorCode, ModelEntry, Problem};

use super::home::Home;
use super::settings::Settings;
use crate::config::AppConfig;
use crate::problem;

/// The prefix of the embedded model's names.
const LOCAL: &str = "local/";

/// Everything that answers as a model.
pub(crate) struct Models {
    pub(crate) keys: Keys,
    /// Those of the host's keys and addresses that may be lent: of providers that it has a key of.
    pub(crate) lent: Keys,
    pub(crate) weights: Catalogue,
    pub(crate) weight_store: WeightStore,
    settings: Settings,
    settings_file: std::path::PathBuf,
    http: Http,
    health: Health,
    /// The embedded models that were asked for, by their names. One for the process, so that its worker stays warm and reads
    /// what requests have in common only once.
    embedded: Mutex<HashMap<String, LocalModel>>,
    exe: std::path::PathBuf,
    state: std::path::PathBuf,
}

impl Models {
    pub(crate) fn new(config: &AppConfig, home: &Home) -> Result<Self, Problem> {
        let keys = Keys::collect(|name| config.env.get(name).cloned());
        let with_key = PROVIDERS.iter().filter_map(|provider| Some((provider, keys.key(provider)?.clone())));
        Ok(Self {
            lent: keys.replaced(with_key),
            keys,
            weights: Catalogue::builtin(),
            weight_store: WeightStore::new(home.models()),
            settings: Settings::read(&home.settings())?,
            settings_file: home.settings(),
            http: Http::new(aios_llm::Timeouts::default()),
            health: Health::default(),
            embedded: Mutex::default(),
            exe: config.exe.clone(),
            state: home.state(),
        })
    }

    /// The model of a run on the host's keys, or on those given instead.
    pub(crate) fn choose(
        &self,
        named: Option<&str>,
        keys: Option<&Keys>,
        policy: &Policy,
    ) -> Result<Arc<dyn Model>, Problem> {
        let keys = keys.unwrap_or(&self.keys);
        match named.or(self.settings.default_model.as_deref()) {
            Some(name) => match Self::embedded_name(name) {
                Some(name) => self.embedded(name),
                None => {
                    let model = Self::parse(name).map_err(|problem| match named {
                        Some(_) => problem,
                        None => problem.with_hint(format!(
                            "it is the default_model in {}; `aios models` lists the models",
                            self.settings_file.display()
                        )),
                    })?;
                    self.remote(&model, keys, &self.health, policy)
                }
            },
            None => match first_configured(keys, &policy.spec().model_strategy) {
                Some(model) => self.remote(&model, keys, &self.health, policy),
                None => self.embedded(""),
            },
        }
    }

    /// A model on somebody's own keys. What fails with them says nothing about anybody else's.
    pub(crate) fn on_own_keys(
        &self,
        model: &ModelRef,
        keys: &Keys,
        policy: &Policy,
    ) -> Result<Arc<dyn Model>, Problem> {
        self.remote(model, keys, &Health::default(), policy)
    }

    /// Models that stand in for each other in this order, each with its own key.
    pub(crate) fn chain(&self, links: &[(ModelRef, Keys)]) -> Result<Arc<dyn Model>, Problem> {
        let made = links.iter().map(|(model, keys)| self.one(model, keys)).collect::<Result<Vec<_>, _>>()?;
        let mut made = made.into_iter();
        let first = made.next().ok_or_else(|| Problem::new(ErrorCode::Internal, "a chain without models"))?;
        Ok(retrying(Failover::new(first, made.collect(), Health::default())))
    }

    /// One model, asked once.
    pub(crate) fn one(&self, model: &ModelRef, keys: &Keys) -> Result<Arc<dyn Model>, Problem> {
        let made = HttpModel::new(model, keys, &self.http).map_err(|error| problem::model_setup(&error))?;
        Ok(Arc::new(made))
    }

    /// Whether the user's settings name a model.
    pub(crate) fn has_default(&self) -> bool {
        self.settings.default_model.is_some()
    }

    /// Whether the embedded model could answer at once.
    pub(crate) fn has_embedded(&self) -> bool {
        let present = |weights| self.weight_store.presence(weights) == Presence::Present;
        cfg!(feature = "llama") && self.find_weights("").is_ok_and(present)
    }

    /// What stands behind `local/`, if the name means the embedded model.
    pub(crate) fn embedded_name(name: &str) -> Option<&str> {
        name.strip_prefix(LOCAL)
    }

    /// A provider's model by its name.
    pub(crate) fn parse(name: &str) -> Result<ModelRef, Problem> {
        parse_model(name, catalog()).map_err(|error| problem::unknown_model(&error))
    }

    /// The model itself, and behind it those of the policy's preferred providers that are set up.
    fn remote(
        &self,
        first: &ModelRef,
        keys: &Keys,
        health: &Health,
        policy: &Policy,
    ) -> Result<Arc<dyn Model>, Problem> {
        let mut rest: Vec<Arc<dyn Model>> = Vec::new();
        if policy.spec().fallback_enabled {
            for id in policy.spec().preferred_providers.iter().filter(|id| **id != first.provider) {
                let strategy = &policy.spec().model_strategy;
                let next = PROVIDERS.iter().find(|provider| provider.id == id.as_str());
                if let Some(next) = next.filter(|next| keys.is_configured(next))
                    && let Some(model) = best_of(next.id, strategy)
                {
                    rest.push(self.one(&model, keys)?);
                }
            }
        }
        Ok(retrying(Failover::new(self.one(first, keys)?, rest, health.clone())))
    }

    /// The embedded model; an empty name means the default for runs.
    pub(crate) fn embedded(&self, name: &str) -> Result<Arc<dyn Model>, Problem> {
        let weights = self.find_weights(name)?;
        if !cfg!(feature = "llama") {
            return Err(Problem::new(
                ErrorCode::NotConfigured,
                format!("this build cannot run the embedded model {}", weights.alias),
            )
            .with_hint("name a provider's model with --model and set its key, such as OPENAI_API_KEY, or build with `cargo build -p aios-cli --features llama`"));
        }
        self.require(weights)?;
        let mut running = self.running();
        let model = running.entry(weights.alias.clone()).or_insert_with(|| {
            let file = self.weight_store.path(weights);
            LocalModel::new(LocalModelOptions::new(
                &weights.alias,
                file,
                self.exe.clone(),
                self.state.clone(),
            ))
        });
        Ok(Arc::new(model.clone()))
    }

    /// The embedded model that is made for completions while typing.
    pub(crate) fn embedded_for_completions(&self) -> Result<Arc<dyn Model>, Problem> {
        let weights = self.weights.default_for(Purpose::Tab);
        self.embedded(weights.map(|weights| weights.alias.as_str()).unwrap_or_default())
    }

    /// Forgets an embedded model whose weights go away. Its worker ends with the last request to it.
    pub(crate) fn forget(&self, weights: &Weights) {
        self.running().remove(&weights.alias);
    }

    fn running(&self) -> MutexGuard<'_, HashMap<String, LocalModel>> {
        self.embedded.lock().unwrap_or_else(PoisonError::into_inner)
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

fn retrying(chain: Failover) -> Arc<dyn Model> {
    Arc::new(Retrying::new(Arc::new(chain), RetryPolicy::default()))
}

fn first_configured(keys: &Keys, strategy: &str) -> Option<ModelRef> {
    PROVIDERS
        .iter()
        .filter(|provider| keys.is_configured(provider))
        .find_map(|provider| best_of(provider.id, strategy))
}

/// The model of a provider that suits a strategy; the catalogue lists a provider's best all-rounder first.
pub(crate) fn best_of(provider: &str, strategy: &str) -> Option<ModelRef> {
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
