//! From rows and columns to the types of the ports.

use std::fmt::Display;
use std::str::FromStr;

use aios_core::{Scope, StoreError};
use aios_protocol::{KeyEntry, Member, PendingInvite, Role, Timestamp};
use rusqlite::types::FromSql;
use rusqlite::{Connection, Params, Row};

use super::failure::Failure;

/// What the first row says, if there is one.
pub(super) fn first<T>(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    rows.next()?.map(read).transpose()
}

/// What all rows say.
pub(super) fn all<T>(
    connection: &Connection,
    sql: &str,
    values: impl Params,
    read: impl Fn(&Row<'_>) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// A column with this name.
pub(super) fn column<T: FromSql>(row: &Row<'_>, name: &str) -> Result<T, Failure> {
    Ok(row.get(name)?)
}

/// A column whose text is an id or another word of ours.
pub(super) fn word<T>(row: &Row<'_>, name: &'static str) -> Result<T, Failure>
where
    T: FromStr,
    T::Err: Display,
{
    let text: String = column(row, name)?;
    text.parse().map_err(|error: T::Err| corrupt(name, error).into())
}

pub(super) fn role(row: &Row<'_>) -> Result<Role, Failure> {
    let text: String = column(row, "role")?;
    let known = Role::ALL.into_iter().find(|role| role.as_str() == text);
    known.ok_or_else(|| corrupt("role", format_args!("{text:?} is none")).into())
}

pub(super) fn moment(row: &Row<'_>, name: &str) -> Result<Timestamp, Failure> {
    Ok(Timestamp::from_micros(column(row, name)?))
}

pub(super) fn moment_if_any(row: &Row<'_>, name: &str) -> Result<Option<Timestamp>, Failure> {
    Ok(column::<Option<i64>>(row, name)?.map(Timestamp::from_micros))
}

/// The person of columns `org_id` and `user_id`.
pub(super) fn scope(row: &Row<'_>) -> Result<Scope, Failure> {
    Ok(Scope { org: word(row, "org_id")?, user: word(row, "user_id")? })
}

pub(super) fn key(row: &Row<'_>) -> Result<KeyEntry, Failure> {
    Ok(KeyEntry {
        key_id: word(row, "key_id")?,
        name: column(row, "name")?,
        starts_with: column(row, "starts_with")?,
        created_at: moment(row, "created_at")?,
        last_used_at: moment_if_any(row, "used_at")?,
    })
}

pub(super) fn member(row: &Row<'_>) -> Result<Member, Failure> {
    Ok(Member {
        user_id: word(row, "user_id")?,
        email: column(row, "email")?,
        role: role(row)?,
        joined_at: moment(row, "joined_at")?,
    })
}

pub(super) fn invite(row: &Row<'_>) -> Result<PendingInvite, Failure> {
    Ok(PendingInvite {
        invite_id: word(row, "invite_id")?,
        email: column(row, "email")?,
        role: role(row)?,
        expires_at: moment(row, "expires_at")?,
    })
}

fn corrupt(what: &'static str, detail: impl Display) -> StoreError {
    StoreError::Corrupt { what, detail: detail.to_string() }
}
