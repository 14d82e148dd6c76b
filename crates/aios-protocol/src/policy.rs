//! Policies as they are written and sent; what they allow is decided in `aios-core`.

use serde::{Deserialize, Serialize};

/// Commands that every policy blocks, documented as the defaults.
pub const DEFAULT_BLOCKED_COMMANDS: [&str; 3] = ["rm -rf /", "sudo", "shutdown"];

/// Limits and permissions of a run. Unknown keys are refused, so that a typing error never loosens a limit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(default, deny_unknown_fields)]
pub struct PolicySpec {
    /// What people call it.
    pub name: String,
    /// How models are chosen where the user named none: `quality`, `balanced`, `cheap` or `free`.
    pub model_strategy: String,
    /// The run stops before the call that would pass this, in US dollars.
    pub max_cost_usd: Option<f64>,
    /// The run stops after this many minutes.
    pub max_runtime_minutes: Option<f64>,
    /// Providers in the order of the fail-over chain.
    pub preferred_providers: Vec<String>,
    /// Whether the next provider is tried when one fails.
    pub fallback_enabled: bool,
    /// Shell commands that are refused before execution, besides the defaults.
    pub blocked_commands: Vec<String>,
    /// The only tools that agents are offered; empty means all.
    pub allowed_tools: Vec<String>,
    /// Whether protected actions wait for the human's approval.
    pub require_approval: bool,
    /// Whether commands of agents may use the network.
    pub network: bool,
}

impl Default for PolicySpec {
    fn default() -> Self {
        Self {
            name: "default".into(),
            model_strategy: "balanced".into(),
            max_cost_usd: None,
            max_runtime_minutes: None,
            preferred_providers: Vec::new(),
            fallback_enabled: true,
            blocked_commands: Vec::new(),
            allowed_tools: Vec::new(),
            require_approval: false,
            network: false,
        }
    }
}
