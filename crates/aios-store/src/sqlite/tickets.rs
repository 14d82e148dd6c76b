//! `TicketStore`: invitations and password resets.

use aios_core::{NewKey, NewPerson, Scope, SecretHash, StoreError, TicketStore};
use aios_protocol::{InviteId, PendingInvite, Role, Timestamp};
use async_trait::async_trait;

use super::columns::{self, all, first};
use super::{SqliteStore, accounts, keys};

#[async_trait]
impl TicketStore for SqliteStore {
    async fn add_invite(
        &self,
        scope: &Scope,
        token: &SecretHash,
        invite: &PendingInvite,
    ) -> Result<(), StoreError> {
        let (scope, token, invite) = (scope.clone(), token.0, invite.clone());
        self.writer
            .run("store the invitation", move |connection| {
                accounts::member(connection, &scope, &scope.user)?;
                connection
                    .prepare_cached(
                        "INSERT OR REPLACE INTO invites (invite_id, token, org_id, email, role, expires_at)
                         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    )?
                    .execute((
                        invite.invite_id.to_string(),
                        token,
                        scope.org.as_str(),
                        invite.email,
                        invite.role.as_str(),
                        invite.expires_at.as_micros(),
                    ))?;
                Ok(())
            })
            .await
    }

    async fn invites(&self, scope: &Scope, now: Timestamp) -> Result<Vec<PendingInvite>, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("list the invitations", move |connection| {
                let sql = "SELECT * FROM invites WHERE org_id = ?1 AND expires_at > ?2 ORDER BY invite_id";
                all(connection, sql, (scope.org.as_str(), now.as_micros()), columns::invite)
            })
            .await
    }

    async fn accept_invite(
        &self,
        scope: &Scope,
        invite_id: InviteId,
        person: &NewPerson,
        key: &NewKey,
    ) -> Result<Role, StoreError> {
        let (scope, person, key) = (scope.clone(), person.clone(), key.clone());
        self.writer
            .run("accept the invitation", move |connection| {
                let sql = "DELETE FROM invites
                           WHERE org_id = ?1 AND invite_id = ?2 AND email = ?3 AND expires_at > ?4 RETURNING *";
                let values =
                    (scope.org.as_str(), invite_id.to_string(), &person.email, person.at.as_micros());
                let role = first(connection, sql, values, columns::role)?.ok_or_else(|| {
                    StoreError::NotFound { what: "invitation", id: invite_id.to_string() }
                })?;
                accounts::add_person(connection, &scope, &person, role)?;
                keys::add(connection, &scope, &key)?;
                Ok(role)
            })
            .await
    }

    async fn add_reset(
        &self,
        scope: &Scope,
        token: &SecretHash,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        let (scope, token) = (scope.clone(), token.0);
        self.writer
            .run("store the token", move |connection| {
                accounts::member(connection, &scope, &scope.user)?;
                connection
                    .prepare_cached(
                        "INSERT OR REPLACE INTO resets (user_id, org_id, token, expires_at)
                         VALUES (?1, ?2, ?3, ?4)",
                    )?
                    .execute((scope.user.as_str(), scope.org.as_str(), token, expires_at.as_micros()))?;
                Ok(())
            })
            .await
    }

    async fn use_reset(&self, scope: &Scope, token: &SecretHash, password: &str) -> Result<(), StoreError> {
        let (scope, token, password) = (scope.clone(), token.0, password.to_owned());
        self.writer
            .run("set the new password", move |connection| {
                let person = (scope.org.as_str(), scope.user.as_str());
                let used = connection
                    .prepare_cached("DELETE FROM resets WHERE org_id = ?1 AND user_id = ?2 AND token = ?3")?
                    .execute((person.0, person.1, token))?;
                if used == 0 {
                    return Err(StoreError::NotFound { what: "token for", id: scope.user.to_string() }.into());
                }
                connection
                    .prepare_cached("UPDATE people SET password = ?3 WHERE org_id = ?1 AND user_id = ?2")?
                    .execute((person.0, person.1, password))?;
                connection
                    .prepare_cached("DELETE FROM keys WHERE org_id = ?1 AND user_id = ?2")?
                    .execute(person)?;
                Ok(())
            })
            .await
    }
}
