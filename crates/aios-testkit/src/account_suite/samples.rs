//! People, keys and tickets for the cases.

use aios_core::{NewKey, NewPerson, Scope, Sealed, SecretHash};
use aios_protocol::{
    Credential, CredentialId, InviteId, KeyEntry, KeyId, OrgId, PendingInvite, Purpose, Role, UserId,
    VaultEntry, VaultEntryId,
};

use super::AccountStores;
use crate::store_suite::at;

pub(super) fn scope(org: &str, user: &str) -> Scope {
    Scope { org: OrgId::new(org).unwrap(), user: UserId::new(user).unwrap() }
}

/// Different for different bytes.
pub(super) fn hash(byte: u8) -> SecretHash {
    SecretHash([byte; 32])
}

pub(super) fn person(email: &str) -> NewPerson {
    NewPerson { email: email.into(), password: format!("$argon2id${email}"), at: at(0) }
}

pub(super) fn key(byte: u8) -> NewKey {
    let entry = KeyEntry {
        key_id: KeyId::generate(),
        name: format!("key {byte} 🔑"),
        starts_with: "sk_abc".into(),
        created_at: at(i64::from(byte)),
        last_used_at: None,
    };
    NewKey { hash: hash(byte), entry }
}

/// An organisation with its owner, who has one key.
pub(super) async fn founded(store: &impl AccountStores, org: &str, owner: &str, byte: u8) -> (Scope, NewKey) {
    let (scope, key) = (scope(org, owner), key(byte));
    store.create_organisation(&scope, org, &person(&format!("{owner}@{org}.test")), &key).await.unwrap();
    (scope, key)
}

pub(super) fn invite(email: &str, role: Role) -> PendingInvite {
    PendingInvite { invite_id: InviteId::generate(), email: email.into(), role, expires_at: at(100) }
}

/// Lets somebody join by an invitation.
pub(super) async fn joined(
    store: &impl AccountStores,
    by: &Scope,
    user: &str,
    role: Role,
    byte: u8,
) -> Scope {
    let email = format!("{user}@{}.test", by.org);
    let invite = invite(&email, role);
    store.add_invite(by, &hash(byte), &invite).await.unwrap();
    let scope = scope(by.org.as_str(), user);
    store.accept_invite(&scope, invite.invite_id, &person(&email), &key(byte)).await.unwrap();
    scope
}

pub(super) fn credential(provider: &str, is_default: bool) -> Credential {
    Credential {
        credential_id: CredentialId::generate(),
        provider: provider.into(),
        label: format!("{provider} of mine"),
        model: Some("large".into()),
        key_hint: "…4321".into(),
        is_default,
        created_at: at(1),
    }
}

pub(super) fn vault_entry(provider: &str, priority: u32) -> VaultEntry {
    VaultEntry {
        entry_id: VaultEntryId::generate(),
        provider: provider.into(),
        model: None,
        priority,
        purposes: vec![Purpose::Chat, Purpose::Inline],
        key_hint: "…8765".into(),
        created_at: at(1),
    }
}

pub(super) fn sealed(text: &str) -> Sealed {
    Sealed(text.as_bytes().to_vec())
}
