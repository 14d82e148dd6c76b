//! Requests and answers about accounts: who a person is, their keys, and the people of their organisation.

use serde::{Deserialize, Serialize};

use crate::{InviteId, KeyId, OrgId, SecretText, Timestamp, UserId};

/// What a person may do in their organisation; each may also do what those before it may.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks at everything but secrets.
    Viewer,
    /// Starts runs and works with their results.
    Member,
    /// Manages people, keys and the vault.
    Admin,
    /// Manages owners, and the bill.
    Owner,
}

impl Role {
    /// All of them, the least first.
    pub const ALL: [Self; 4] = [Self::Viewer, Self::Member, Self::Admin, Self::Owner];

    /// The name as it stands on the wire and in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Member => "member",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

/// Creates an organisation, its owner and a first key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct AuthRegister {
    /// Where the owner can be reached; the name to log in with.
    pub email: String,
    /// At least 6 characters, at most 1,024 bytes.
    pub password: SecretText,
    /// What people call the organisation; the e-mail's local part when missing.
    #[serde(default)]
    pub organization_name: Option<String>,
}

/// A new account. The key is shown here and never again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Registered {
    /// The key, `sk_…`.
    pub api_key: SecretText,
    /// The organisation.
    pub org_id: OrgId,
    /// The person.
    pub user_id: UserId,
}

/// Makes a new key for somebody who knows the password.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct AuthLogin {
    /// Who.
    pub email: String,
    /// The password.
    pub password: SecretText,
    /// What to call the new key; `login` when missing.
    #[serde(default)]
    pub key_name: Option<String>,
}

/// A new key. It is shown here and never again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct LoggedIn {
    /// The key, `sk_…`.
    pub api_key: SecretText,
    /// The organisation.
    pub org_id: OrgId,
    /// The person.
    pub user_id: UserId,
    /// What they may do.
    pub role: Role,
}

/// Asks who the key belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct AuthMe {}

/// Who the key belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Me {
    /// The person.
    pub user_id: UserId,
    /// Where they can be reached; empty for the local user.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Their organisation.
    pub org_id: OrgId,
    /// What people call it.
    pub organization_name: String,
    /// Its plan: `free`, `pro` or `enterprise`; `local` for the user of the machine.
    pub plan: String,
    /// The key that asked; null inside the process.
    pub key: Option<KeyEntry>,
}

/// Asks for a mail that allows a new password. The answer is the same whether the address is known or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct AuthForgot {
    /// Whose password.
    pub email: String,
}

/// Sets a new password with the token of that mail; all keys of the person end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct AuthReset {
    /// The token; serves once, for an hour.
    pub token: SecretText,
    /// The new password.
    pub password: SecretText,
}

/// Lists the caller's keys.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct KeyList {}

/// Keys, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Keys {
    /// The keys.
    pub keys: Vec<KeyEntry>,
}

/// A key as lists show it, without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct KeyEntry {
    /// Its id.
    pub key_id: KeyId,
    /// What its owner calls it.
    pub name: String,
    /// The first characters, to tell keys apart.
    pub starts_with: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
}

/// Makes another key for the caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct KeyCreate {
    /// What to call it; 1 to 80 characters.
    pub name: String,
}

/// A new key. It is shown here and never again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct KeyCreated {
    /// The key, `sk_…`.
    pub api_key: SecretText,
    /// How lists show it.
    pub key: KeyEntry,
}

/// Ends one of the caller's keys at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct KeyRevoke {
    /// Which.
    pub key_id: KeyId,
}

/// Invites somebody into the caller's organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct TeamInvite {
    /// Whom.
    pub email: String,
    /// What they will be; `member` when missing. Nobody invites above their own role.
    #[serde(default)]
    pub role: Option<Role>,
}

/// The invitation. It is mailed where mail is set up; the token is shown here and never again.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TeamInvited {
    /// Its id.
    pub invite_id: InviteId,
    /// Lets its holder join.
    pub token: SecretText,
    /// Whom it is for.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// Whether a mail was sent.
    pub mailed: bool,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// Lists the people of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TeamMembers {}

/// The people of an organisation, oldest first, and who is invited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Members {
    /// Who is in it.
    pub members: Vec<Member>,
    /// Who is invited.
    pub invites: Vec<PendingInvite>,
}

/// A person of the organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Member {
    /// The person.
    pub user_id: UserId,
    /// Where they can be reached.
    pub email: String,
    /// What they may do.
    pub role: Role,
    /// Since when.
    pub joined_at: Timestamp,
}

/// An invitation that nobody accepted yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct PendingInvite {
    /// Its id.
    pub invite_id: InviteId,
    /// Whom it is for.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// Removes a person and ends their keys. The last owner stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TeamRemove {
    /// Whom.
    pub user_id: UserId,
}

/// Changes what a person may do. The last owner stays an owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct TeamSetRole {
    /// Whom.
    pub user_id: UserId,
    /// What they will be.
    pub role: Role,
}

/// Shows an invitation to whoever holds its token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct InviteShow {
    /// The token.
    pub token: SecretText,
}

/// An invitation as the invited person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Invite {
    /// Who invites.
    pub organization_name: String,
    /// Whom.
    pub email: String,
    /// What they will be.
    pub role: Role,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
}

/// Accepts an invitation: creates the account and its first key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct InviteAccept {
    /// The invitation's token; serves once.
    pub token: SecretText,
    /// The new account's password.
    pub password: SecretText,
}
