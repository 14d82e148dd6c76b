//! `Directory`: what is looked up before a scope is known.

use aios_core::{Account, Directory, Invitation, KeyHolder, Scope, SecretHash, StoreError};
use aios_protocol::Timestamp;
use async_trait::async_trait;

use super::columns::first;
use super::{SqliteStore, columns};

#[async_trait]
impl Directory for SqliteStore {
    async fn key_holder(&self, key: &SecretHash) -> Result<Option<KeyHolder>, StoreError> {
        let hash = key.0;
        self.readers
            .run("look the key up", move |connection| {
                let sql = "SELECT keys.*, people.role FROM keys JOIN people USING (user_id) WHERE hash = ?1";
                first(connection, sql, [hash], |row| {
                    Ok(KeyHolder {
                        scope: columns::scope(row)?,
                        role: columns::role(row)?,
                        key: columns::key(row)?,
                    })
                })
            })
            .await
    }

    async fn account_of(&self, email: &str) -> Result<Option<Account>, StoreError> {
        let email = email.to_owned();
        self.readers
            .run("look the account up", move |connection| {
                first(connection, "SELECT * FROM people WHERE email = ?1", [email], |row| {
                    Ok(Account {
                        scope: columns::scope(row)?,
                        role: columns::role(row)?,
                        password: columns::column(row, "password")?,
                    })
                })
            })
            .await
    }

    async fn invitation(&self, token: &SecretHash) -> Result<Option<Invitation>, StoreError> {
        let token = token.0;
        self.readers
            .run("look the invitation up", move |connection| {
                let sql = "SELECT invites.*, organisations.name
                           FROM invites JOIN organisations USING (org_id) WHERE token = ?1";
                first(connection, sql, [token], |row| {
                    Ok(Invitation {
                        org: columns::word(row, "org_id")?,
                        organization_name: columns::column(row, "name")?,
                        invite: columns::invite(row)?,
                    })
                })
            })
            .await
    }

    async fn reset_of(&self, token: &SecretHash, now: Timestamp) -> Result<Option<Scope>, StoreError> {
        let token = token.0;
        self.readers
            .run("look the token up", move |connection| {
                let sql = "SELECT * FROM resets WHERE token = ?1 AND expires_at > ?2";
                first(connection, sql, (token, now.as_micros()), columns::scope)
            })
            .await
    }
}
