//! `AccountStore`: organisations and their people.

use aios_core::{AccountStore, NewKey, NewPerson, Organisation, PaidPlan, Scope, StoreError};
use aios_protocol::{Member, Role, Timestamp, UserId};
use async_trait::async_trait;
use rusqlite::{Connection, Row};

use super::columns::{self, all, column, first};
use super::failure::Failure;
use super::{SqliteStore, keys};

#[async_trait]
impl AccountStore for SqliteStore {
    async fn create_organisation(
        &self,
        scope: &Scope,
        name: &str,
        owner: &NewPerson,
        key: &NewKey,
    ) -> Result<(), StoreError> {
        let (scope, name, owner, key) = (scope.clone(), name.to_owned(), owner.clone(), key.clone());
        self.writer
            .run("create the organisation", move |connection| {
                connection
                    .prepare_cached(
                        "INSERT INTO organisations (org_id, name, created_at) VALUES (?1, ?2, ?3)",
                    )?
                    .execute((scope.org.as_str(), name, owner.at.as_micros()))?;
                add_person(connection, &scope, &owner, Role::Owner)?;
                keys::add(connection, &scope, &key)
            })
            .await
    }

    async fn organisation(&self, scope: &Scope) -> Result<Organisation, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("read the organisation", move |connection| {
                let sql = "SELECT * FROM organisations WHERE org_id = ?1";
                let found = first(connection, sql, [scope.org.as_str()], |row| {
                    Ok(Organisation { name: column(row, "name")?, paid: paid(row)? })
                })?;
                Ok(found.ok_or_else(|| no_organisation(&scope))?)
            })
            .await
    }

    async fn set_subscription(&self, scope: &Scope, paid: &PaidPlan) -> Result<(), StoreError> {
        let (scope, paid) = (scope.clone(), paid.clone());
        self.writer
            .run("store the subscription", move |connection| {
                let known = connection
                    .prepare_cached("SELECT 1 FROM organisations WHERE org_id = ?1")?
                    .exists([scope.org.as_str()])?;
                if !known {
                    return Err(no_organisation(&scope).into());
                }
                connection
                    .prepare_cached(
                        "UPDATE organisations
                         SET plan = ?2, status = ?3, customer = ?4, period_end = ?5, told_at = ?6
                         WHERE org_id = ?1 AND coalesce(told_at, ?6) <= ?6",
                    )?
                    .execute((
                        scope.org.as_str(),
                        paid.plan,
                        paid.status,
                        paid.customer,
                        paid.current_period_end.map(Timestamp::as_micros),
                        paid.told_at.as_micros(),
                    ))?;
                Ok(())
            })
            .await
    }

    async fn members(&self, scope: &Scope) -> Result<Vec<Member>, StoreError> {
        let scope = scope.clone();
        self.readers
            .run("list the people", move |connection| {
                let sql = "SELECT * FROM people WHERE org_id = ?1 ORDER BY joined_at, user_id";
                all(connection, sql, [scope.org.as_str()], columns::member)
            })
            .await
    }

    async fn set_role(&self, scope: &Scope, user_id: &UserId, role: Role) -> Result<Member, StoreError> {
        let (scope, user_id) = (scope.clone(), user_id.clone());
        self.writer
            .run("change the role", move |connection| {
                let member = member(connection, &scope, &user_id)?;
                if role != Role::Owner {
                    keep_an_owner(connection, &scope, &member)?;
                }
                connection
                    .prepare_cached("UPDATE people SET role = ?3 WHERE org_id = ?1 AND user_id = ?2")?
                    .execute((scope.org.as_str(), user_id.as_str(), role.as_str()))?;
                Ok(Member { role, ..member })
            })
            .await
    }

    async fn remove_member(&self, scope: &Scope, user_id: &UserId) -> Result<(), StoreError> {
        let (scope, user_id) = (scope.clone(), user_id.clone());
        self.writer
            .run("remove the person", move |connection| {
                keep_an_owner(connection, &scope, &member(connection, &scope, &user_id)?)?;
                connection
                    .prepare_cached("DELETE FROM people WHERE org_id = ?1 AND user_id = ?2")?
                    .execute((scope.org.as_str(), user_id.as_str()))?;
                Ok(())
            })
            .await
    }
}

/// Adds a person to an organisation that is there.
pub(super) fn add_person(
    connection: &Connection,
    scope: &Scope,
    person: &NewPerson,
    role: Role,
) -> Result<(), Failure> {
    let added = connection
        .prepare_cached(
            "INSERT INTO people (user_id, org_id, email, password, role, joined_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (email) DO NOTHING",
        )?
        .execute((
            scope.user.as_str(),
            scope.org.as_str(),
            &person.email,
            &person.password,
            role.as_str(),
            person.at.as_micros(),
        ))?;
    if added == 0 {
        return Err(StoreError::Exists { what: "an account for", id: person.email.clone() }.into());
    }
    Ok(())
}

pub(super) fn member(connection: &Connection, scope: &Scope, user_id: &UserId) -> Result<Member, Failure> {
    let sql = "SELECT * FROM people WHERE org_id = ?1 AND user_id = ?2";
    let found = first(connection, sql, (scope.org.as_str(), user_id.as_str()), columns::member)?;
    found.ok_or_else(|| StoreError::NotFound { what: "person", id: user_id.to_string() }.into())
}

/// Refuses when this person is the only owner.
fn keep_an_owner(connection: &Connection, scope: &Scope, member: &Member) -> Result<(), Failure> {
    let sql = "SELECT 1 FROM people WHERE org_id = ?1 AND role = 'owner' AND user_id <> ?2";
    let another = connection.prepare_cached(sql)?.exists((scope.org.as_str(), member.user_id.as_str()))?;
    if member.role == Role::Owner && !another {
        return Err(StoreError::LastOwner.into());
    }
    Ok(())
}

fn paid(row: &Row<'_>) -> Result<Option<PaidPlan>, Failure> {
    let Some(told_at) = columns::moment_if_any(row, "told_at")? else { return Ok(None) };
    Ok(Some(PaidPlan {
        plan: column(row, "plan")?,
        status: column(row, "status")?,
        customer: column(row, "customer")?,
        current_period_end: columns::moment_if_any(row, "period_end")?,
        told_at,
    }))
}

fn no_organisation(scope: &Scope) -> StoreError {
    StoreError::NotFound { what: "organisation", id: scope.org.to_string() }
}
