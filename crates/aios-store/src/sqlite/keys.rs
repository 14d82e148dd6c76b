//! `KeyStore`: the keys of a person.

use aios_core::{KeyStore, NewKey, Scope, StoreError};
use aios_protocol::{KeyEntry, KeyId, Timestamp};
use async_trait::async_trait;
use rusqlite::Connection;

use super::columns::{self, all};
use super::failure::Failure;
use super::{SqliteStore, accounts};

#[async_trait]
impl KeyStore for SqliteStore {
    async fn add_key(&self, scope: &Scope, key: &NewKey) -> Result<(), StoreError> {
        let (scope, key) = (scope.clone(), key.clone());
        self.writer
            .run("store the key", move |connection| {
                accounts::member(connection, &scope, &scope.user)?;
                add(connection, &scope, &key)
            })
            .await
    }

    async fn keys(&self, scope: &Scope) -> Result<Vec<KeyEntry>, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("list the keys", move |connection| {
                let sql = "SELECT * FROM keys WHERE org_id = ?1 AND user_id = ?2 ORDER BY key_id DESC";
                all(connection, sql, (scope.org.as_str(), scope.user.as_str()), columns::key)
            })
            .await
    }

    async fn remove_key(&self, scope: &Scope, key_id: KeyId) -> Result<(), StoreError> {
        let scope = scope.clone();
        self.writer
            .run("end the key", move |connection| {
                let ended = connection
                    .prepare_cached("DELETE FROM keys WHERE org_id = ?1 AND user_id = ?2 AND key_id = ?3")?
                    .execute((scope.org.as_str(), scope.user.as_str(), key_id.to_string()))?;
                found(ended, key_id)
            })
            .await
    }

    async fn touch_key(&self, scope: &Scope, key_id: KeyId, at: Timestamp) -> Result<(), StoreError> {
        let scope = scope.clone();
        self.writer
            .run("remember the key's use", move |connection| {
                let touched = connection
                    .prepare_cached(
                        "UPDATE keys SET used_at = ?4 WHERE org_id = ?1 AND user_id = ?2 AND key_id = ?3",
                    )?
                    .execute((scope.org.as_str(), scope.user.as_str(), key_id.to_string(), at.as_micros()))?;
                found(touched, key_id)
            })
            .await
    }
}

/// Adds a key of a person who is there.
pub(super) fn add(connection: &Connection, scope: &Scope, key: &NewKey) -> Result<(), Failure> {
    let entry = &key.entry;
    connection
        .prepare_cached(
            "INSERT INTO keys (key_id, hash, org_id, user_id, name, starts_with, created_at, used_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((
            entry.key_id.to_string(),
            key.hash.0,
            scope.org.as_str(),
            scope.user.as_str(),
            &entry.name,
            &entry.starts_with,
            entry.created_at.as_micros(),
            entry.last_used_at.map(Timestamp::as_micros),
        ))?;
    Ok(())
}

fn found(changed: usize, key_id: KeyId) -> Result<(), Failure> {
    if changed == 0 {
        return Err(StoreError::NotFound { what: "key", id: key_id.to_string() }.into());
    }
    Ok(())
}
