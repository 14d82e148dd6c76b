//! Requests and answers about models: the catalogue of providers and the embedded model's weights.

use serde::{Deserialize, Serialize};

/// Asks for the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct ModelList {
    /// Only this provider.
    pub provider: Option<String>,
    /// `true`: only models that can be used without paying; `false`: only the others.
    pub free: Option<bool>,
}

/// The catalogue, by provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Models {
    /// How many models are listed.
    pub total_models: usize,
    /// The providers, each with its models.
    pub providers: Vec<ProviderEntry>,
}

/// A provider of the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ProviderEntry {
    /// Short name, the first half of `provider/name`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How many models it has here.
    pub model_count: usize,
    /// Whether a key (or, for local ones, an address) is configured.
    pub configured: bool,
    /// The environment variable that holds its key.
    pub key_variable: Option<String>,
    /// Its models.
    pub models: Vec<ModelEntry>,
}

/// A model of the catalogue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ModelEntry {
    /// The provider's name for it.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Context window, in tokens.
    pub context: u32,
    /// Longest reply, in tokens.
    pub max_output: u32,
    /// The provider's limits, in words.
    pub rate_limit: String,
    /// The price in words, `Free` included.
    pub pricing: String,
    /// The price in numbers; null where the provider publishes none.
    pub price: Option<ModelPrice>,
    /// Whether it can be used without paying.
    pub free_tier: bool,
    /// What it is good for.
    pub best_for: String,
    /// Where these facts come from.
    pub source: String,
    /// The day on which they were read, `YYYY-MM-DD`.
    pub as_of: String,
}

/// US dollars for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ModelPrice {
    /// Tokens sent.
    pub input: f64,
    /// Tokens sent that were cached.
    pub cached: f64,
    /// Tokens received.
    pub output: f64,
}

/// Lists the weights of the embedded model.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct WeightsList {}

/// Weights of an embedded model, on disk or to be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct WeightsEntry {
    /// Its name: the second half of `local/name`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it is for: `run` or `tab`.
    pub purpose: String,
    /// Size of the file.
    pub bytes: u64,
    /// Its licence.
    pub licence: String,
    /// Where the file is; null when it is not on disk.
    pub path: Option<String>,
}

/// The weights, those on disk first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct WeightsPage {
    /// The entries.
    pub weights: Vec<WeightsEntry>,
}

/// Deletes weights from disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct WeightsRemove {
    /// Which.
    pub id: String,
}

/// Compares models by cost and speed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct ModelCompare {
    /// `provider/name` each; all that are configured when missing.
    #[serde(default)]
    pub models: Option<Vec<String>>,
    /// Tokens to be sent; 10,000 when missing.
    #[serde(default)]
    pub input_tokens: Option<u64>,
    /// Tokens to be received; 2,000 when missing.
    #[serde(default)]
    pub output_tokens: Option<u64>,
}

/// Models side by side, cheapest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ModelComparison {
    /// The tokens sent that the costs are for.
    pub input_tokens: u64,
    /// The tokens received that the costs are for.
    pub output_tokens: u64,
    /// The models.
    pub models: Vec<ComparedModel>,
}

/// A model in a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct ComparedModel {
    /// `provider/name`.
    pub model: String,
    /// Context window, in tokens.
    pub context: u32,
    /// What the tokens would cost; null where no price is known.
    pub cost_usd: Option<f64>,
    /// Received tokens per second in this organisation's own runs; null before the first.
    pub tokens_per_second: Option<f64>,
    /// Whether it can be used without paying.
    pub free_tier: bool,
    /// What it is good for.
    pub best_for: String,
}
