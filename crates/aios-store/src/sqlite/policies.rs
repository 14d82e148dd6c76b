//! `PolicyStore`: stored policies.

use aios_core::{PolicyStore, Scope, StoreError};
use aios_protocol::{PolicyId, StoredPolicy};
use async_trait::async_trait;
use rusqlite::OptionalExtension;

use super::{SqliteStore, decode, encode};

#[async_trait]
impl PolicyStore for SqliteStore {
    async fn put_policy(&self, scope: &Scope, policy: &StoredPolicy) -> Result<(), StoreError> {
        let (scope, id, json) = (scope.clone(), policy.policy_id.clone(), encode(policy)?);
        self.writer
            .run("store the policy", move |connection| {
                connection
                    .prepare_cached(
                        "INSERT INTO policies (org_id, policy_id, policy) VALUES (?1, ?2, ?3)
                         ON CONFLICT (org_id, policy_id) DO UPDATE SET policy = excluded.policy",
                    )?
                    .execute((scope.org.as_str(), id.as_str(), json))?;
                Ok(())
            })
            .await
    }

    async fn policy(&self, scope: &Scope, policy_id: &PolicyId) -> Result<StoredPolicy, StoreError> {
        let (scope, id) = (scope.clone(), policy_id.clone());
        self.readers
            .run("read the policy", move |connection| {
                let json: Option<String> = connection
                    .prepare_cached("SELECT policy FROM policies WHERE org_id = ?1 AND policy_id = ?2")?
                    .query_row((scope.org.as_str(), id.as_str()), |row| row.get(0))
                    .optional()?;
                let json = json.ok_or_else(|| no_policy(&id))?;
                Ok(decode("policy", &id, &json)?)
            })
            .await
    }

    async fn policies(&self, scope: &Scope) -> Result<Vec<StoredPolicy>, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("list the policies", move |connection| {
                let mut statement = connection.prepare_cached(
                    "SELECT policy_id, policy FROM policies WHERE org_id = ?1 ORDER BY policy_id",
                )?;
                let mut rows = statement.query([scope.org.as_str()])?;
                let mut policies = Vec::new();
                while let Some(row) = rows.next()? {
                    let (id, json): (String, String) = row.try_into()?;
                    policies.push(decode("policy", id, &json)?);
                }
                Ok(policies)
            })
            .await
    }

    async fn remove_policy(&self, scope: &Scope, policy_id: &PolicyId) -> Result<(), StoreError> {
        let (scope, id) = (scope.clone(), policy_id.clone());
        self.writer
            .run("delete the policy", move |connection| {
                let gone = connection
                    .prepare_cached("DELETE FROM policies WHERE org_id = ?1 AND policy_id = ?2")?
                    .execute((scope.org.as_str(), id.as_str()))?;
                if gone == 0 { Err(no_policy(&id).into()) } else { Ok(()) }
            })
            .await
    }
}

fn no_policy(id: &PolicyId) -> StoreError {
    StoreError::NotFound { what: "policy", id: id.to_string() }
}
