//! Models side by side: what the same tokens would cost, and how fast each was in the organisation's own runs.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};

use aios_core::{CredentialStore, MicroUsd, UsageStore, VaultStore};
use aios_llama::weights::{Presence, Purpose, Weights};
use aios_llm::{Keys, ModelRef, PROVIDERS, catalog};
use aios_protocol::{
    ComparedModel, ErrorCode, ModelCompare, ModelComparison, ModelEntry, ModelPrice, Problem, TokenUsage,
};

use super::{Session, stored};
use crate::compose::Models;

/// What is compared when nobody says: an agent's step of middling size.
const INPUT: u64 = 10_000;
const OUTPUT: u64 = 2_000;
const MOST_TOKENS: u64 = 1_000_000_000;
const MOST_MODELS: usize = 100;

/// A model whose facts are known.
enum Known<'a> {
    Listed(&'static str, &'static ModelEntry),
    Embedded(&'a Weights),
}

pub(super) async fn compare(session: &Session, request: &ModelCompare) -> Result<ModelComparison, Problem> {
    let input_tokens = tokens("input_tokens", request.input_tokens, INPUT)?;
    let output_tokens = tokens("output_tokens", request.output_tokens, OUTPUT)?;
    let known = match &request.models {
        Some(names) => named(session, names)?,
        None => configured(session).await?,
    };
    let speeds = stored(session.app.store.model_speeds(&session.scope).await)?;
    let speeds: HashMap<String, f64> =
        speeds.into_iter().map(|speed| (speed.model, speed.tokens_per_second)).collect();
    let usage = TokenUsage { input: input_tokens, cached: 0, output: output_tokens };
    let mut models: Vec<ComparedModel> = known
        .iter()
        .map(|known| {
            let mut compared = known.compared(&usage);
            compared.tokens_per_second = speeds.get(&compared.model).copied();
            compared
        })
        .collect();
    models.sort_by(|a, b| by_cost(a, b).then_with(|| a.model.cmp(&b.model)));
    models.dedup_by(|a, b| a.model == b.model);
    Ok(ModelComparison { input_tokens, output_tokens, models })
}

fn tokens(what: &str, asked: Option<u64>, usual: u64) -> Result<u64, Problem> {
    match asked.unwrap_or(usual) {
        tokens if tokens <= MOST_TOKENS => Ok(tokens),
        tokens => {
            Err(invalid(format!("{what} is {tokens}; models are compared for at most {MOST_TOKENS} tokens")))
        }
    }
}

/// The cheapest first, those of unknown price last.
fn by_cost(a: &ComparedModel, b: &ComparedModel) -> Ordering {
    let cost = |model: &ComparedModel| model.cost_usd.unwrap_or(f64::INFINITY);
    cost(a).total_cmp(&cost(b))
}

fn named<'a>(session: &'a Session, names: &[String]) -> Result<Vec<Known<'a>>, Problem> {
    if names.len() > MOST_MODELS {
        return Err(invalid(format!("{} models are named; at most {MOST_MODELS} are compared", names.len())));
    }
    let known = names.iter().map(|name| match Models::embedded_name(name) {
        Some(name) => session.app.models.find_weights(name).map(Known::Embedded),
        None => listed(&Models::parse(name)?),
    });
    known.collect()
}

/// Of a model that the catalogue does not list nothing is known that could be compared.
fn listed(model: &ModelRef) -> Result<Known<'static>, Problem> {
    let mut all = catalog().models();
    let found = all.find(|(provider, entry)| *provider == model.provider && entry.id == model.name);
    found.map(|(provider, entry)| Known::Listed(provider, entry)).ok_or_else(|| {
        let names = catalog().models().filter(|(provider, _)| *provider == model.provider);
        let offer = aios_core::offer(&model.name, names.map(|(_, entry)| entry.id.as_str()));
        invalid(format!("nothing is known of {model}")).with_hint(offer)
    })
}

/// Those that the caller has keys for, and the embedded ones that are on the machine.
async fn configured(session: &Session) -> Result<Vec<Known<'_>>, Problem> {
    let (app, scope) = (&session.app, &session.scope);
    let own = stored(app.store.credentials(scope).await)?;
    let vault = stored(app.store.vault(scope).await)?;
    // Which keys the host has is nobody else's business.
    let nobodys = Keys::default();
    let keys = if session.tenant().is_some() { &nobodys } else { &app.models.keys };
    let hosts = PROVIDERS.iter().filter(|provider| keys.is_configured(provider)).map(|provider| provider.id);
    let providers: BTreeSet<&str> = own
        .iter()
        .map(|(credential, _)| credential.provider.as_str())
        .chain(vault.iter().map(|(entry, _)| entry.provider.as_str()))
        .chain(hosts)
        .collect();
    let listed = catalog().models().filter(|(provider, _)| providers.contains(provider));
    let models = &app.models;
    let present = models
        .weights
        .weights
        .iter()
        .filter(|weights| models.weight_store.presence(weights) == Presence::Present);
    Ok(listed
        .map(|(provider, entry)| Known::Listed(provider, entry))
        .chain(present.map(Known::Embedded))
        .collect())
}

impl Known<'_> {
    fn compared(&self, usage: &TokenUsage) -> ComparedModel {
        let cost = |price: ModelPrice| MicroUsd::of_call(&price, usage).as_usd();
        match self {
            Self::Listed(provider, entry) => ComparedModel {
                model: format!("{provider}/{}", entry.id),
                context: entry.context,
                cost_usd: entry.price.map(cost),
                tokens_per_second: None,
                free_tier: entry.free_tier,
                best_for: entry.best_for.clone(),
            },
            Self::Embedded(weights) => ComparedModel {
                model: format!("local/{}", weights.alias),
                context: aios_llama::CONTEXT,
                cost_usd: Some(0.0),
                tokens_per_second: None,
                free_tier: true,
                best_for: match weights.purpose {
                    Purpose::Run => "Runs, edits and chat without a key or a network".into(),
                    Purpose::Tab => "Completion while typing".into(),
                },
            },
        }
    }
}

fn invalid(message: String) -> Problem {
    Problem::new(ErrorCode::InvalidRequest, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cheapest_come_first_and_the_unknown_last() {
        let usage = TokenUsage { input: 1_000_000, cached: 0, output: 1_000_000 };
        let (provider, entry) = catalog().models().find(|(_, entry)| entry.price.is_some()).unwrap();
        let priced = Known::Listed(provider, entry).compared(&usage);
        let price = entry.price.unwrap();
        assert_eq!(priced.cost_usd, Some(price.input + price.output));
        let unknown = ComparedModel { cost_usd: None, ..priced.clone() };
        let free = ComparedModel { cost_usd: Some(0.0), ..priced.clone() };
        let mut all = [unknown, priced, free];
        all.sort_by(by_cost);
        assert_eq!(all.map(|model| model.cost_usd.map(|cost| cost > 0.0)), [Some(false), Some(true), None]);
    }

    #[test]
    fn what_is_not_listed_is_not_guessed() {
        let model = ModelRef { provider: "openai".into(), name: "gpt-4oo".into() };
        let problem = listed(&model).err().unwrap();
        assert_eq!(problem.code, ErrorCode::InvalidRequest);
        assert!(problem.hint.unwrap().contains("gpt-4o"));
    }

    #[test]
    fn as_many_tokens_as_anybody_needs() {
        assert_eq!(tokens("x", None, 7).unwrap(), 7);
        assert_eq!(tokens("x", Some(0), 7).unwrap(), 0);
        assert!(tokens("x", Some(u64::MAX), 7).unwrap_err().message.contains("at most 1000000000"));
    }
}
