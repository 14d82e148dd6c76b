//! The catalogue: what is known of models without asking their providers. Read on first use.
//!
//! The facts stand in `catalog.json`, each provider with the page and the day they were read from. A price that is not known
//! is null there, never a guess; where no discount for cached tokens is known, they cost what others do. The first model of a
//! provider is the one for agents.

use std::sync::LazyLock;

use aios_protocol::{ModelEntry, ModelPrice, Models, ProviderEntry};
use serde::Deserialize;

use crate::keys::Keys;
use crate::name::ModelRef;
use crate::provider::{PROVIDERS, Provider};

/// The models that we know, by provider.
#[derive(Debug, Default)]
pub struct Catalog {
    sections: Vec<Section>,
}

#[derive(Debug)]
struct Section {
    provider: &'static Provider,
    models: Vec<ModelEntry>,
}

/// A section as it is written: what holds for all its models is said once.
#[derive(Deserialize)]
struct Written {
    provider: String,
    source: String,
    as_of: String,
    rate_limit: String,
    #[serde(default)]
    free_tier: bool,
    models: Vec<WrittenModel>,
}

#[derive(Deserialize)]
struct WrittenModel {
    id: String,
    name: String,
    context: u32,
    max_output: u32,
    /// Input, cached, output.
    price: Option<[f64; 3]>,
    /// In words, where numbers do not say it.
    pricing: Option<String>,
    best_for: String,
}

/// The catalogue that is built in.
pub fn catalog() -> &'static Catalog {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
        // A test reads the file; a product without it would still run any model by its full name.
        serde_json::from_str(include_str!("catalog.json")).map(Catalog::new).unwrap_or_default()
    });
    &CATALOG
}

impl Catalog {
    fn new(written: Vec<Written>) -> Self {
        let section = |written: Written| {
            let provider = PROVIDERS.iter().find(|provider| provider.id == written.provider)?;
            let models = written.models.iter().map(|model| entry(model, &written)).collect();
            Some(Section { provider, models })
        };
        Self { sections: written.into_iter().filter_map(section).collect() }
    }

    /// A model by provider and name.
    pub fn find(&self, provider: &str, name: &str) -> Option<&ModelEntry> {
        let section = self.sections.iter().find(|section| section.provider.id == provider)?;
        section.models.iter().find(|model| model.id == name)
    }

    /// Every model with the short name of its provider.
    pub fn models(&self) -> impl Iterator<Item = (&'static str, &ModelEntry)> {
        self.sections
            .iter()
            .flat_map(|section| section.models.iter().map(|model| (section.provider.id, model)))
    }

    /// The providers with their models, or one of them; `keys` tells which are set up.
    pub fn list(&self, keys: &Keys, only: Option<&str>) -> Models {
        let wanted = |provider: &&Provider| only.is_none_or(|only| provider.id.eq_ignore_ascii_case(only));
        let providers: Vec<_> =
            PROVIDERS.iter().filter(wanted).map(|provider| self.listed(provider, keys)).collect();
        Models { total_models: providers.iter().map(|provider| provider.model_count).sum(), providers }
    }

    fn listed(&self, provider: &Provider, keys: &Keys) -> ProviderEntry {
        let section = self.sections.iter().find(|section| section.provider.id == provider.id);
        let models = section.map(|section| section.models.clone()).unwrap_or_default();
        ProviderEntry {
            id: provider.id.to_owned(),
            name: provider.name.to_owned(),
            model_count: models.len(),
            configured: keys.is_configured(provider),
            key_variable: provider.key_variables.first().map(|&variable| variable.to_owned()),
            models,
        }
    }

    /// The model to use when the user names none: of the first provider that is set up, the one that stands first.
    pub fn first_choice(&self, keys: &Keys) -> Option<ModelRef> {
        let provider = PROVIDERS.iter().find(|provider| keys.is_configured(provider))?;
        let section = self.sections.iter().find(|section| section.provider.id == provider.id)?;
        let name = section.models.first()?.id.clone();
        Some(ModelRef { provider: provider.id.to_owned(), name })
    }

    /// The provider's models most like a misspelt one.
    pub(crate) fn nearest_names(&self, provider: &str, name: &str) -> Vec<String> {
        let known = self.models().filter(|(owner, _)| *owner == provider).map(|(_, model)| model.id.as_str());
        aios_core::nearest(name, known)
    }
}

fn entry(model: &WrittenModel, section: &Written) -> ModelEntry {
    let price = model.price.map(|[input, cached, output]| ModelPrice { input, cached, output });
    let pricing = match (&model.pricing, price) {
        (Some(words), _) => words.clone(),
        (None, Some(ModelPrice { input, output, .. })) => format!("${input} in, ${output} out for 1M tokens"),
        (None, None) => "Not published here".to_owned(),
    };
    ModelEntry {
        id: model.id.clone(),
        name: model.name.clone(),
        context: model.context,
        max_output: model.max_output,
        rate_limit: section.rate_limit.clone(),
        pricing,
        price,
        free_tier: section.free_tier,
        best_for: model.best_for.clone(),
        source: section.source.clone(),
        as_of: section.as_of.clone(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_file_is_read_whole() {
        let written: Vec<Written> = serde_json::from_str(include_str!("catalog.json")).unwrap();
        assert_eq!(written.len(), catalog().sections.len(), "a section of an unknown provider");
        assert_eq!(written.len(), PROVIDERS.len(), "a provider without models");
        let models: Vec<_> = catalog().models().collect();
        assert!(models.len() >= 57);
        let names: HashSet<_> = models.iter().map(|(provider, model)| (provider, &model.id)).collect();
        assert_eq!(names.len(), models.len(), "a model twice");
        for (provider, model) in models {
            assert!(model.max_output > 0 && model.max_output <= model.context, "{provider}/{}", model.id);
            assert!(model.as_of.len() == 10 && !model.source.is_empty(), "{provider}/{}", model.id);
            let sane = |price: ModelPrice| price.cached <= price.input && price.input <= price.output;
            assert!(model.price.is_none_or(sane), "{provider}/{}", model.id);
        }
    }

    #[test]
    fn lists_show_what_is_set_up() {
        let keys = Keys::collect(|variable| (variable == "GROQ_API_KEY").then(|| "k".to_owned()));
        let all = catalog().list(&keys, None);
        assert_eq!(all.total_models, catalog().models().count());
        let set_up: Vec<_> = all.providers.iter().filter(|provider| provider.configured).collect();
        assert_eq!(set_up.len(), 1);
        assert_eq!(set_up[0].key_variable.as_deref(), Some("GROQ_API_KEY"));
        assert_eq!(catalog().list(&keys, Some("OpenAI")).providers.len(), 1);
        assert_eq!(catalog().list(&keys, Some("nobody")).total_models, 0);
        assert_eq!(catalog().first_choice(&keys).unwrap().provider, "groq");
        assert_eq!(catalog().first_choice(&Keys::default()), None);
    }
}
