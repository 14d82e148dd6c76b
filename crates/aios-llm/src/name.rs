//! Names of models as users write them.

use crate::catalog::Catalog;
use crate::provider::{nearest_providers, provider};

/// A model by provider and name; it need not be in the catalogue, which ages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ModelRef {
    /// Short name of the provider.
    pub provider: String,
    /// The provider's name for the model.
    pub name: String,
}

impl std::fmt::Display for ModelRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.provider, self.name)
    }
}

/// A text names no model, or more than one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownModel {
    /// Nothing has this name.
    #[error("unknown model `{text}`{}", did_you_mean(nearest))]
    Unknown {
        /// As given.
        text: String,
        /// Names like it.
        nearest: Vec<String>,
    },
    /// Several providers have it.
    #[error("several providers have `{text}`: say one of {}", candidates.join(", "))]
    Ambiguous {
        /// As given.
        text: String,
        /// Each as `provider/name`.
        candidates: Vec<String>,
    },
}

/// Reads `provider/name`, or a bare name that one provider of the catalogue has. Names of a known provider are taken as they
/// are: the provider itself says whether it has the model. `local/…` is for the caller to handle before.
pub fn parse_model(text: &str, catalog: &Catalog) -> Result<ModelRef, UnknownModel> {
    let text = text.trim();
    if let Some((id, name)) = text.split_once('/')
        && let Some(provider) = provider(id)
        && !name.trim().is_empty()
    {
        return Ok(ModelRef { provider: provider.id.to_owned(), name: name.trim().to_owned() });
    }
    let found: Vec<_> = catalog.models().filter(|(_, model)| model.id.eq_ignore_ascii_case(text)).collect();
    match found.as_slice() {
        [(provider, model)] => Ok(ModelRef { provider: (*provider).to_owned(), name: model.id.clone() }),
        [] => Err(UnknownModel::Unknown { text: text.to_owned(), nearest: nearest(text, catalog) }),
        several => Err(UnknownModel::Ambiguous {
            text: text.to_owned(),
            candidates: several.iter().map(|(provider, model)| format!("{provider}/{}", model.id)).collect(),
        }),
    }
}

/// Models that are named to somebody who wrote a provider alone.
const OFFERED: usize = 3;

/// A wrong provider is corrected first: its name may be right.
fn nearest(text: &str, catalog: &Catalog) -> Vec<String> {
    if let Some(provider) = provider(text.trim_end_matches('/')) {
        let own = catalog.models().filter(|(owner, _)| *owner == provider.id).take(OFFERED);
        return own.map(|(owner, model)| format!("{owner}/{}", model.id)).collect();
    }
    if let Some((id, name)) = text.split_once('/') {
        let providers = nearest_providers(id);
        if !providers.is_empty() {
            return providers.into_iter().map(|provider| format!("{provider}/{name}")).collect();
        }
    }
    let full: Vec<_> = catalog.models().map(|(provider, model)| format!("{provider}/{}", model.id)).collect();
    let bare = text.rsplit('/').next().unwrap_or(text);
    let near_bare = aios_core::nearest(bare, catalog.models().map(|(_, model)| model.id.as_str()));
    let owners =
        near_bare.iter().filter_map(|near| full.iter().find(|full| full.ends_with(&format!("/{near}"))));
    owners.cloned().collect()
}

/// Words for the end of a message.
pub(crate) fn did_you_mean(nearest: &[String]) -> String {
    if nearest.is_empty() { String::new() } else { format!("; did you mean {}?", nearest.join(" or ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::catalog;

    #[test]
    fn names_are_read_or_corrected() {
        let check = |text: &str, expect: Result<&str, &str>| match (parse_model(text, catalog()), expect) {
            (Ok(model), Ok(expect)) => assert_eq!(model.to_string(), expect, "{text}"),
            (Err(error), Err(begins)) => assert!(error.to_string().starts_with(begins), "{text}: {error}"),
            (found, _) => panic!("{text}: {found:?}"),
        };
        check("openai/gpt-4o", Ok("openai/gpt-4o"));
        check(" OpenAI/gpt-4o ", Ok("openai/gpt-4o"));
        check("gpt-4o", Ok("openai/gpt-4o"));
        check("GPT-4o", Ok("openai/gpt-4o"));
        check("openai/brand-new", Ok("openai/brand-new"));
        check("openrouter/anthropic/claude-sonnet-4.5", Ok("openrouter/anthropic/claude-sonnet-4.5"));
        check("openai/gpt-oss-20b", Ok("openai/gpt-oss-20b"));
        check("gpt-4p", Err("unknown model `gpt-4p`; did you mean openai/gpt-4o"));
        check("opnai/gpt-4o", Err("unknown model `opnai/gpt-4o`; did you mean openai/gpt-4o"));
        check(
            "gpt-oss-120b",
            Err(
                "several providers have `gpt-oss-120b`: say one of cerebras/gpt-oss-120b, sambanova/gpt-oss-120b",
            ),
        );
        check("zzz", Err("unknown model `zzz`"));
        check("", Err("unknown model ``"));
        check("openai/", Err("unknown model `openai/`; did you mean openai/gpt-"));
        check("openai", Err("unknown model `openai`; did you mean openai/gpt-"));
    }
}
