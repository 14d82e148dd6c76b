//! The port that tells what was used.

use aios_protocol::{Timestamp, TokenUsage};
use async_trait::async_trait;

use crate::{MicroUsd, Scope, StoreError};

/// What an organisation used: its stored runs, and its calls beside them.
#[async_trait]
pub trait UsageStore: Send + Sync {
    /// Adds a model call that belongs to no run.
    async fn add_call(
        &self,
        scope: &Scope,
        at: Timestamp,
        tokens: TokenUsage,
        cost: MicroUsd,
    ) -> Result<(), StoreError>;

    /// The sums over all runs that were asked for since a moment, and all calls since the beginning of its day in UTC.
    async fn used_since(&self, scope: &Scope, since: Timestamp) -> Result<Used, StoreError>;

    /// How fast models were in the latest completed runs, by name; waiting for tools and tests included.
    async fn model_speeds(&self, scope: &Scope) -> Result<Vec<ModelSpeed>, StoreError>;
}

/// What was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Used {
    /// Runs.
    pub runs: u64,
    /// Tokens, of calls beside runs too.
    pub tokens: TokenUsage,
    /// What that cost.
    pub cost: MicroUsd,
}

/// How fast a model was.
#[derive(Debug, Clone, PartialEq)]
pub struct ModelSpeed {
    /// Its name, `provider/name`.
    pub model: String,
    /// Tokens received in a second of the run.
    pub tokens_per_second: f64,
}
