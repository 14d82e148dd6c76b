//! `CredentialStore`, `VaultStore` and `FreeRuns`: keys of model providers, each kind in its own table.

use aios_core::{CredentialStore, FreeRuns, Scope, Sealed, StoreError, VaultStore};
use aios_protocol::{Credential, CredentialId, RunId, VaultEntry, VaultEntryId};
use async_trait::async_trait;
use rusqlite::{Connection, Row};

use super::columns::{all, column, first, moment, word};
use super::failure::Failure;
use super::{SqliteStore, decode, encode};

#[async_trait]
impl CredentialStore for SqliteStore {
    async fn add_credential(
        &self,
        scope: &Scope,
        credential: &Credential,
        sealed: &Sealed,
    ) -> Result<Credential, StoreError> {
        let (scope, credential, sealed) = (scope.clone(), credential.clone(), sealed.clone());
        self.writer
            .run("store the key", move |connection| {
                connection
                    .prepare_cached(
                        "INSERT INTO credentials
                         (credential_id, org_id, provider, label, model, key_hint, is_default, created_at, sealed)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8)",
                    )?
                    .execute((
                        credential.credential_id.to_string(),
                        scope.org.as_str(),
                        &credential.provider,
                        &credential.label,
                        &credential.model,
                        &credential.key_hint,
                        credential.created_at.as_micros(),
                        sealed.0,
                    ))?;
                let first = !connection
                    .prepare_cached("SELECT 1 FROM credentials WHERE org_id = ?1 AND is_default")?
                    .exists([scope.org.as_str()])?;
                if credential.is_default || first {
                    make_default(connection, &scope, credential.credential_id)?;
                }
                Ok(Credential { is_default: credential.is_default || first, ..credential })
            })
            .await
    }

    async fn credentials(&self, scope: &Scope) -> Result<Vec<(Credential, Sealed)>, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("list the keys", move |connection| {
                let sql = "SELECT * FROM credentials WHERE org_id = ?1
                           ORDER BY is_default DESC, credential_id DESC";
                all(connection, sql, [scope.org.as_str()], |row| Ok((credential(row)?, sealed(row)?)))
            })
            .await
    }

    async fn remove_credential(&self, scope: &Scope, id: CredentialId) -> Result<(), StoreError> {
        let scope = scope.clone();
        self.writer
            .run("delete the key", move |connection| {
                let org = scope.org.as_str();
                let sql =
                    "DELETE FROM credentials WHERE org_id = ?1 AND credential_id = ?2 RETURNING is_default";
                let was_default =
                    first(connection, sql, (org, id.to_string()), |row| column::<bool>(row, "is_default"))?
                        .ok_or_else(|| no_credential(id))?;
                if was_default {
                    connection
                        .prepare_cached(
                            "UPDATE credentials SET is_default = 1 WHERE credential_id =
                             (SELECT max(credential_id) FROM credentials WHERE org_id = ?1)",
                        )?
                        .execute([org])?;
                }
                Ok(())
            })
            .await
    }

    async fn set_default_credential(
        &self,
        scope: &Scope,
        id: CredentialId,
    ) -> Result<Credential, StoreError> {
        let scope = scope.clone();
        self.writer
            .run("change the default key", move |connection| make_default(connection, &scope, id))
            .await
    }
}

fn make_default(connection: &Connection, scope: &Scope, id: CredentialId) -> Result<Credential, Failure> {
    let org = scope.org.as_str();
    connection
        .prepare_cached("UPDATE credentials SET is_default = 0 WHERE org_id = ?1 AND is_default")?
        .execute([org])?;
    let sql = "UPDATE credentials SET is_default = 1 WHERE org_id = ?1 AND credential_id = ?2 RETURNING *";
    first(connection, sql, (org, id.to_string()), credential)?.ok_or_else(|| no_credential(id).into())
}

fn credential(row: &Row<'_>) -> Result<Credential, Failure> {
    Ok(Credential {
        credential_id: word(row, "credential_id")?,
        provider: column(row, "provider")?,
        label: column(row, "label")?,
        model: column(row, "model")?,
        key_hint: column(row, "key_hint")?,
        is_default: column(row, "is_default")?,
        created_at: moment(row, "created_at")?,
    })
}

fn sealed(row: &Row<'_>) -> Result<Sealed, Failure> {
    Ok(Sealed(column(row, "sealed")?))
}

fn no_credential(id: CredentialId) -> StoreError {
    StoreError::NotFound { what: "stored key", id: id.to_string() }
}

#[async_trait]
impl VaultStore for SqliteStore {
    async fn add_vault_entry(
        &self,
        scope: &Scope,
        entry: &VaultEntry,
        sealed: &Sealed,
    ) -> Result<(), StoreError> {
        let (scope, entry, purposes) = (scope.clone(), entry.clone(), encode(&entry.purposes)?);
        let sealed = sealed.clone();
        self.writer
            .run("store the key", move |connection| {
                connection
                    .prepare_cached(
                        "INSERT INTO vault
                         (entry_id, org_id, provider, model, priority, purposes, key_hint, created_at, sealed)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                    )?
                    .execute((
                        entry.entry_id.to_string(),
                        scope.org.as_str(),
                        &entry.provider,
                        &entry.model,
                        entry.priority,
                        purposes,
                        &entry.key_hint,
                        entry.created_at.as_micros(),
                        sealed.0,
                    ))?;
                Ok(())
            })
            .await
    }

    async fn vault(&self, scope: &Scope) -> Result<Vec<(VaultEntry, Sealed)>, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("list the vault", move |connection| {
                let sql = "SELECT * FROM vault WHERE org_id = ?1 ORDER BY priority, entry_id";
                all(connection, sql, [scope.org.as_str()], |row| Ok((vault_entry(row)?, sealed(row)?)))
            })
            .await
    }

    async fn remove_vault_entry(&self, scope: &Scope, id: VaultEntryId) -> Result<(), StoreError> {
        let scope = scope.clone();
        self.writer
            .run("delete the key", move |connection| {
                let deleted = connection
                    .prepare_cached("DELETE FROM vault WHERE org_id = ?1 AND entry_id = ?2")?
                    .execute((scope.org.as_str(), id.to_string()))?;
                if deleted == 0 {
                    return Err(StoreError::NotFound { what: "vault entry", id: id.to_string() }.into());
                }
                Ok(())
            })
            .await
    }
}

fn vault_entry(row: &Row<'_>) -> Result<VaultEntry, Failure> {
    let purposes: String = column(row, "purposes")?;
    let entry_id = word(row, "entry_id")?;
    Ok(VaultEntry {
        entry_id,
        provider: column(row, "provider")?,
        model: column(row, "model")?,
        priority: column(row, "priority")?,
        purposes: decode("vault entry", entry_id, &purposes)?,
        key_hint: column(row, "key_hint")?,
        created_at: moment(row, "created_at")?,
    })
}

#[async_trait]
impl FreeRuns for SqliteStore {
    async fn take_free_run(&self, scope: &Scope, run_id: RunId, most: u32) -> Result<bool, StoreError> {
        let scope = scope.clone();
        self.writer
            .run("count the free run", move |connection| {
                let taken = connection
                    .prepare_cached(
                        "INSERT INTO free_runs (run_id, org_id, user_id) SELECT ?1, ?2, ?3
                         WHERE (SELECT count(*) FROM free_runs WHERE org_id = ?2 AND user_id = ?3) < ?4",
                    )?
                    .execute((run_id.to_string(), scope.org.as_str(), scope.user.as_str(), most))?;
                Ok(taken > 0)
            })
            .await
    }

    async fn give_back_free_run(&self, scope: &Scope, run_id: RunId) -> Result<(), StoreError> {
        let scope = scope.clone();
        self.writer
            .run("give the free run back", move |connection| {
                connection
                    .prepare_cached(
                        "DELETE FROM free_runs WHERE org_id = ?1 AND user_id = ?2 AND run_id = ?3",
                    )?
                    .execute((scope.org.as_str(), scope.user.as_str(), run_id.to_string()))?;
                Ok(())
            })
            .await
    }

    async fn is_free_run(&self, scope: &Scope, run_id: RunId) -> Result<bool, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("look the free run up", move |connection| {
                Ok(connection
                    .prepare_cached("SELECT 1 FROM free_runs WHERE org_id = ?1 AND run_id = ?2")?
                    .exists((scope.org.as_str(), run_id.to_string()))?)
            })
            .await
    }

    async fn free_runs_used(&self, scope: &Scope) -> Result<u32, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("count the free runs", move |connection| {
                Ok(connection
                    .prepare_cached("SELECT count(*) FROM free_runs WHERE org_id = ?1 AND user_id = ?2")?
                    .query_row((scope.org.as_str(), scope.user.as_str()), |row| row.get(0))?)
            })
            .await
    }
}
