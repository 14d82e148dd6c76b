//! The ports of model providers' keys: an organisation's own, its vault, and the runs that the vault pays for.

use std::fmt;

use aios_protocol::{Credential, CredentialId, RunId, VaultEntry, VaultEntryId};
use async_trait::async_trait;

use crate::{Scope, StoreError};

/// A secret that was encrypted; only whoever has the master key can open it.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed(pub Vec<u8>);

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} bytes)", self.0.len())
    }
}

/// Keys that users brought for their own runs. Never mixed with the vault.
#[async_trait]
pub trait CredentialStore: Send + Sync {
    /// Stores a key. It becomes the default if it says so or is the first; says how it stands now.
    async fn add_credential(
        &self,
        scope: &Scope,
        credential: &Credential,
        sealed: &Sealed,
    ) -> Result<Credential, StoreError>;

    /// All keys, the default first, then newest first.
    async fn credentials(&self, scope: &Scope) -> Result<Vec<(Credential, Sealed)>, StoreError>;

    /// Deletes a key. After the default one, the newest that is left becomes the default.
    async fn remove_credential(&self, scope: &Scope, id: CredentialId) -> Result<(), StoreError>;

    /// Makes a key the default.
    async fn set_default_credential(&self, scope: &Scope, id: CredentialId)
    -> Result<Credential, StoreError>;
}

/// Keys that an organisation's admins provide. Never mixed with the users' own.
#[async_trait]
pub trait VaultStore: Send + Sync {
    /// Stores a key.
    async fn add_vault_entry(
        &self,
        scope: &Scope,
        entry: &VaultEntry,
        sealed: &Sealed,
    ) -> Result<(), StoreError>;

    /// All keys, in the order in which they are tried.
    async fn vault(&self, scope: &Scope) -> Result<Vec<(VaultEntry, Sealed)>, StoreError>;

    /// Deletes a key.
    async fn remove_vault_entry(&self, scope: &Scope, id: VaultEntryId) -> Result<(), StoreError>;
}

/// Runs that a person had on keys that are not their own. Each is remembered, so that it goes on with those keys after a
/// pause without counting again.
#[async_trait]
pub trait FreeRuns: Send + Sync {
    /// Counts the run if fewer than `most` were counted for the person; whether it may go ahead. However many ask at once,
    /// never more than `most` do.
    async fn take_free_run(&self, scope: &Scope, run_id: RunId, most: u32) -> Result<bool, StoreError>;

    /// Forgets a run that did not start.
    async fn give_back_free_run(&self, scope: &Scope, run_id: RunId) -> Result<(), StoreError>;

    /// Whether the run, of anybody in the organisation, was counted.
    async fn is_free_run(&self, scope: &Scope, run_id: RunId) -> Result<bool, StoreError>;

    /// How many were counted for the person.
    async fn free_runs_used(&self, scope: &Scope) -> Result<u32, StoreError>;
}
