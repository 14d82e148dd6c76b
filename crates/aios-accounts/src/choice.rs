//! Whose key a model call uses: the user's own, one that is lent, or none because the model is embedded.

use aios_protocol::{Credential, CredentialId, Purpose, VaultEntry, VaultEntryId};

/// What a model is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// A run, whose agents build. Keys are lent to it only as one of the free runs.
    Build {
        /// Whether it is one, or may become one.
        free: bool,
    },
    /// Something small beside runs, which keys are lent to for their purposes.
    Light(Purpose),
}

/// The model that somebody asked for, as far as keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named<'a> {
    /// The embedded one.
    Embedded,
    /// One of this provider.
    Provider(&'a str),
}

/// The keys that there are.
#[derive(Debug, Clone, Copy)]
pub struct Available<'a> {
    /// The organisation's own, the default first.
    pub own: &'a [Credential],
    /// Those of its vault, in order.
    pub vault: &'a [VaultEntry],
    /// The providers that the host has keys of.
    pub host: &'a [&'a str],
    /// Whether the embedded model is there.
    pub embedded: bool,
}

/// Whose key it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// The user's own.
    Own(CredentialId),
    /// These of the vault; the next one when one fails.
    Vault(Vec<VaultEntryId>),
    /// The host's.
    Host,
    /// None is needed.
    Embedded,
}

impl KeySource {
    /// Whether a run with it counts as a free run.
    pub fn is_lent(&self) -> bool {
        matches!(self, Self::Vault(_) | Self::Host)
    }
}

/// There is no key that may be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Add your own key: there is none{} that this may use", for_provider(.provider.as_deref()))]
pub struct NoKey {
    /// The provider that was asked for.
    pub provider: Option<String>,
}

fn for_provider(provider: Option<&str>) -> String {
    provider.map(|provider| format!(" of {provider}")).unwrap_or_default()
}

/// Chooses the key: own, then lent, then none. The embedded model is never counted, and needs no key.
pub fn key_for(work: Work, named: Option<Named<'_>>, available: &Available<'_>) -> Result<KeySource, NoKey> {
    let provider = match named {
        Some(Named::Embedded) => return Ok(KeySource::Embedded),
        Some(Named::Provider(provider)) => Some(provider),
        None => None,
    };
    let wanted = |id: &str| provider.is_none_or(|provider| provider == id);
    if let Some(own) = available.own.iter().find(|own| wanted(&own.provider)) {
        return Ok(KeySource::Own(own.credential_id));
    }
    let is_lent = |entry: &&VaultEntry| match work {
        Work::Build { free } => free,
        Work::Light(purpose) => entry.purposes.contains(&purpose),
    };
    let lent = available.vault.iter().filter(is_lent).filter(|entry| wanted(&entry.provider));
    let lent: Vec<VaultEntryId> = lent.map(|entry| entry.entry_id).collect();
    if !lent.is_empty() {
        return Ok(KeySource::Vault(lent));
    }
    if work != (Work::Build { free: false }) && available.host.iter().any(|id| wanted(id)) {
        return Ok(KeySource::Host);
    }
    if provider.is_none() && available.embedded {
        return Ok(KeySource::Embedded);
    }
    Err(NoKey { provider: provider.map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use aios_protocol::Timestamp;

    use super::*;

    const FREE: Work = Work::Build { free: true };
    const PAID: Work = Work::Build { free: false };
    const CHAT: Work = Work::Light(Purpose::Chat);
    const INLINE: Work = Work::Light(Purpose::Inline);

    fn own(provider: &str) -> Credential {
        Credential {
            credential_id: CredentialId::generate(),
            provider: provider.into(),
            label: provider.into(),
            model: None,
            key_hint: String::new(),
            is_default: false,
            created_at: Timestamp::from_micros(0),
        }
    }

    fn vault(provider: &str, purposes: &[Purpose]) -> VaultEntry {
        VaultEntry {
            entry_id: VaultEntryId::generate(),
            provider: provider.into(),
            model: None,
            priority: 10,
            purposes: purposes.to_vec(),
            key_hint: String::new(),
            created_at: Timestamp::from_micros(0),
        }
    }

    /// `own openai`, `vault groq gemini`, `host`, `embedded`, or the error.
    fn tell(work: Work, named: Option<Named<'_>>, available: &Available<'_>) -> String {
        match key_for(work, named, available) {
            Ok(KeySource::Own(id)) => {
                let own = available.own.iter().find(|own| own.credential_id == id).unwrap();
                format!("own {}", own.provider)
            }
            Ok(KeySource::Vault(ids)) => {
                let name = |id| &available.vault.iter().find(|entry| entry.entry_id == id).unwrap().provider;
                ids.into_iter().fold("vault".to_owned(), |text, id| format!("{text} {}", name(id)))
            }
            Ok(KeySource::Host) => "host".into(),
            Ok(KeySource::Embedded) => "embedded".into(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn own_keys_come_first_then_lent_ones_then_none() {
        let all = [own("openai"), own("mistral")];
        let entries = [vault("groq", &[Purpose::Chat]), vault("gemini", &[Purpose::Chat, Purpose::Inline])];
        let everything =
            Available { own: &all, vault: &entries, host: &["anthropic", "groq"], embedded: true };
        let lent = Available { own: &[], ..everything };
        let host = Available { vault: &[], ..lent };
        let bare = Available { host: &[], ..host };
        let nothing = Available { embedded: false, ..bare };
        let of = |provider| Some(Named::Provider(provider));
        let check = |work, named, available: &Available<'_>, expect: &str| {
            assert_eq!(tell(work, named, available), expect, "{work:?} {named:?} {available:?}");
        };
        for work in [FREE, PAID, CHAT] {
            check(work, None, &everything, "own openai");
            check(work, of("mistral"), &everything, "own mistral");
            check(work, Some(Named::Embedded), &everything, "embedded");
            check(work, None, &bare, "embedded");
            check(work, None, &nothing, "Add your own key: there is none that this may use");
            check(work, of("xai"), &everything, "Add your own key: there is none of xai that this may use");
        }
        check(FREE, of("gemini"), &everything, "vault gemini");
        check(PAID, of("gemini"), &everything, "Add your own key: there is none of gemini that this may use");
        check(FREE, of("anthropic"), &everything, "host");
        check(FREE, None, &lent, "vault groq gemini");
        check(FREE, None, &host, "host");
        check(PAID, None, &lent, "embedded");
        check(PAID, None, &host, "embedded");
        check(CHAT, None, &lent, "vault groq gemini");
        check(INLINE, None, &lent, "vault gemini");
        check(INLINE, of("groq"), &lent, "host");
        check(Work::Light(Purpose::Review), None, &lent, "host");
        check(Work::Light(Purpose::Review), None, &bare, "embedded");
    }
}
