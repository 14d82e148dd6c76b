//! The ports of accounts: who holds a key, and the people, keys and tickets of an organisation.

use aios_protocol::{InviteId, KeyEntry, KeyId, Member, OrgId, PendingInvite, Role, Timestamp, UserId};
use async_trait::async_trait;

use crate::{Scope, StoreError};

/// What the store keeps of a key or token: its SHA-256. They are long and random, so nothing slower is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

/// What is looked up before a scope is known. It answers with scopes; nothing else goes without one.
#[async_trait]
pub trait Directory: Send + Sync {
    /// Whose key this is.
    async fn key_holder(&self, key: &SecretHash) -> Result<Option<KeyHolder>, StoreError>;

    /// The account with this e-mail address, which is in small letters.
    async fn account_of(&self, email: &str) -> Result<Option<Account>, StoreError>;

    /// The invitation with this token, whether it can still be accepted or not.
    async fn invitation(&self, token: &SecretHash) -> Result<Option<Invitation>, StoreError>;

    /// Whose new password this token allows, if its time is not over.
    async fn reset_of(&self, token: &SecretHash, now: Timestamp) -> Result<Option<Scope>, StoreError>;
}

/// Organisations and their people.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Creates the scope's organisation, its owner and a first key, all or nothing. Fails with `Exists` when the e-mail
    /// address has an account.
    async fn create_organisation(
        &self,
        scope: &Scope,
        name: &str,
        owner: &NewPerson,
        key: &NewKey,
    ) -> Result<(), StoreError>;

    /// The organisation itself.
    async fn organisation(&self, scope: &Scope) -> Result<Organisation, StoreError>;

    /// Stores what the payment provider told, unless something newer is stored.
    async fn set_subscription(&self, scope: &Scope, paid: &PaidPlan) -> Result<(), StoreError>;

    /// Its people, oldest first.
    async fn members(&self, scope: &Scope) -> Result<Vec<Member>, StoreError>;

    /// Changes what a person may do; `LastOwner` when nobody could manage owners any more.
    async fn set_role(&self, scope: &Scope, user_id: &UserId, role: Role) -> Result<Member, StoreError>;

    /// Removes a person with their keys and tickets; `LastOwner` as above.
    async fn remove_member(&self, scope: &Scope, user_id: &UserId) -> Result<(), StoreError>;
}

/// The keys of the scope's person.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// Adds a key.
    async fn add_key(&self, scope: &Scope, key: &NewKey) -> Result<(), StoreError>;

    /// All keys, newest first.
    async fn keys(&self, scope: &Scope) -> Result<Vec<KeyEntry>, StoreError>;

    /// Ends a key.
    async fn remove_key(&self, scope: &Scope, key_id: KeyId) -> Result<(), StoreError>;

    /// Remembers when a key was used.
    async fn touch_key(&self, scope: &Scope, key_id: KeyId, at: Timestamp) -> Result<(), StoreError>;
}

/// Invitations and password resets: tokens that serve once and for a while.
#[async_trait]
pub trait TicketStore: Send + Sync {
    /// Stores an invitation; an older one for the same address is void.
    async fn add_invite(
        &self,
        scope: &Scope,
        token: &SecretHash,
        invite: &PendingInvite,
    ) -> Result<(), StoreError>;

    /// Invitations that can still be accepted, oldest first.
    async fn invites(&self, scope: &Scope, now: Timestamp) -> Result<Vec<PendingInvite>, StoreError>;

    /// Uses an invitation up: the scope's person joins the scope's organisation. `Exists` when the address has an account
    /// by now, `NotFound` when the invitation was used or its time is over.
    async fn accept_invite(
        &self,
        scope: &Scope,
        invite_id: InviteId,
        person: &NewPerson,
        key: &NewKey,
    ) -> Result<Role, StoreError>;

    /// Stores the token that allows the scope's person a new password; an older one is void.
    async fn add_reset(
        &self,
        scope: &Scope,
        token: &SecretHash,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Uses the token up: sets the password and ends all keys of the person. `NotFound` when it was used.
    async fn use_reset(&self, scope: &Scope, token: &SecretHash, password: &str) -> Result<(), StoreError>;
}

/// Whose key it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyHolder {
    /// The person.
    pub scope: Scope,
    /// What they may do.
    pub role: Role,
    /// The key.
    pub key: KeyEntry,
}

/// An account as a login needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The person.
    pub scope: Scope,
    /// What they may do.
    pub role: Role,
    /// The password's hash, with its parameters.
    pub password: String,
}

/// An invitation and the organisation that it leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The organisation.
    pub org: OrgId,
    /// What people call it.
    pub organization_name: String,
    /// The invitation.
    pub invite: PendingInvite,
}

/// A person who joins; the scope says who and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Where they can be reached, in small letters.
    pub email: String,
    /// The password's hash, with its parameters.
    pub password: String,
    /// When they join.
    pub at: Timestamp,
}

/// A key to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewKey {
    /// What is left of the key itself.
    pub hash: SecretHash,
    /// How lists show it.
    pub entry: KeyEntry,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// What people call it.
    pub name: String,
    /// What it pays for, if it ever did.
    pub paid: Option<PaidPlan>,
}

/// A subscription as the payment provider last told it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidPlan {
    /// The plan's id.
    pub plan: String,
    /// The provider's word for how it stands, such as `active`.
    pub status: String,
    /// The provider's name for the customer.
    pub customer: String,
    /// Until when it is paid.
    pub current_period_end: Option<Timestamp>,
    /// When the provider said so; what it said before must not replace it.
    pub told_at: Timestamp,
}
