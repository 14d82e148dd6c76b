//! Requests and answers about keys of model providers: the user's own, the organisation's vault, and free runs.

use serde::{Deserialize, Serialize};

use crate::{CredentialId, SecretText, Timestamp, VaultEntryId};

/// Stores the caller's own key of a provider, encrypted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct CredentialAdd {
    /// The provider's id, such as `openai`.
    pub provider: String,
    /// The key.
    pub api_key: SecretText,
    /// What to call it; the provider's name when missing.
    #[serde(default)]
    pub label: Option<String>,
    /// The model that runs get by default; the provider's first when missing.
    #[serde(default)]
    pub model: Option<String>,
    /// Whether runs without a model use it; the first one stored does anyway.
    #[serde(default)]
    pub is_default: bool,
}

/// Lists the organisation's stored keys.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CredentialList {}

/// Stored keys, the default first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Credentials {
    /// The keys.
    pub credentials: Vec<Credential>,
}

/// A stored key; the key itself is never shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Credential {
    /// Its id.
    pub credential_id: CredentialId,
    /// The provider's id.
    pub provider: String,
    /// What its owner calls it.
    pub label: String,
    /// The model that runs get by default.
    pub model: Option<String>,
    /// The last four characters of the key.
    pub key_hint: String,
    /// Whether runs without a model use it.
    pub is_default: bool,
    /// When it was stored.
    pub created_at: Timestamp,
}

/// Deletes a stored key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CredentialRemove {
    /// Which.
    pub credential_id: CredentialId,
}

/// Makes a stored key the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct CredentialSetDefault {
    /// Which.
    pub credential_id: CredentialId,
}

/// What a key of the vault may be used for. Agents that build are not in the list: they need the user's own key.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// Chat beside the editor.
    Chat,
    /// The planner of a run.
    Planner,
    /// Talking an objective over.
    Discussion,
    /// Edits and completions in the editor.
    Inline,
    /// Reviews of changes.
    Review,
    /// Estimates before a run.
    Estimate,
}

/// Lists the vault.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct VaultList {}

/// The vault, in the order in which its keys are tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Vault {
    /// The entries.
    pub entries: Vec<VaultEntry>,
}

/// A key that the organisation's admins provide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct VaultEntry {
    /// Its id.
    pub entry_id: VaultEntryId,
    /// The provider's id.
    pub provider: String,
    /// The model to use; the provider's first when missing.
    pub model: Option<String>,
    /// Smaller is tried first.
    pub priority: u32,
    /// What it may be used for.
    pub purposes: Vec<Purpose>,
    /// The last four characters of the key.
    pub key_hint: String,
    /// When it was stored.
    pub created_at: Timestamp,
}

/// Adds a key to the vault, encrypted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct VaultAdd {
    /// The provider's id.
    pub provider: String,
    /// The key.
    pub api_key: SecretText,
    /// The model to use; the provider's first when missing.
    #[serde(default)]
    pub model: Option<String>,
    /// Smaller is tried first; behind the last one when missing.
    #[serde(default)]
    pub priority: Option<u32>,
    /// What it may be used for; everything when missing.
    #[serde(default)]
    pub purposes: Option<Vec<Purpose>>,
}

/// Deletes a key of the vault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct VaultRemove {
    /// Which.
    pub entry_id: VaultEntryId,
}

/// Asks the provider whether it accepts the key, with one very short question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct VaultTest {
    /// Which.
    pub entry_id: VaultEntryId,
}

/// What the provider said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct VaultTested {
    /// Whether it answered.
    pub ok: bool,
    /// The model that was asked, `provider/name`.
    pub model: String,
    /// How long it took.
    pub latency_ms: u64,
    /// Why it did not answer.
    pub error: Option<String>,
}

/// Asks how many runs on the vault's keys are left.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FreeRunsShow {}

/// Runs that a new user has on the vault's keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct FreeRuns {
    /// How many are left.
    pub free_runs_remaining: u32,
    /// How many there were.
    pub free_runs_total: u32,
    /// Whether an own key is stored, so that none is needed.
    pub has_byom_key: bool,
    /// `free_runs_available`, `byom`, `exhausted`, or `local_only` where the vault is empty.
    pub status: String,
}
