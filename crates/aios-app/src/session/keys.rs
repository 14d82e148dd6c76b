//! Keys of model providers: the organisation's own, its vault, and the free runs.

use std::time::Instant;

use aios_accounts::Sealer;
use aios_core::{
    Clock, CredentialStore, FreeRuns as _, Message, ModelEvent, ModelRequest, Scope, Sealed, StoreError,
    VaultStore,
};
use aios_llm::{Keys, ModelRef, PROVIDERS, Provider, provider};
use aios_protocol::{
    Credential, CredentialAdd, CredentialId, Credentials, Done, ErrorCode, FreeRuns, Problem, Purpose,
    SecretText, Vault, VaultAdd, VaultEntry, VaultEntryId, VaultTested,
};
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use super::Session;
use crate::compose::{Models, best_of};
use crate::problem;

/// Keys of one kind that an organisation can store.
const MOST: usize = 50;
const LONGEST_KEY: usize = 512;
const LONGEST_NAME: usize = 200;
/// What a key may be used for when nobody says.
const ALL_PURPOSES: [Purpose; 6] = [
    Purpose::Chat,
    Purpose::Planner,
    Purpose::Discussion,
    Purpose::Inline,
    Purpose::Review,
    Purpose::Estimate,
];
/// The first priority, and the step from the last one.
const STEP: u32 = 10;
/// Short, but long enough for models that refuse to say less.
const TEST_TOKENS: u32 = 16;

fn stored<T>(result: Result<T, StoreError>) -> Result<T, Problem> {
    result.map_err(|error| problem::store(&error))
}

pub(super) async fn add(session: &Session, request: CredentialAdd) -> Result<Credential, Problem> {
    let provider = provider_with_key(&request.provider)?;
    let (key, hint) = checked_key(&request.api_key)?;
    room(stored(session.app.store.credentials(&session.scope).await)?.len())?;
    let credential = Credential {
        credential_id: CredentialId::generate(),
        provider: provider.id.to_owned(),
        label: name("label", request.label)?.unwrap_or_else(|| provider.name.to_owned()),
        model: model_name(provider, request.model)?,
        key_hint: hint,
        is_default: request.is_default,
        created_at: session.app.clock.now(),
    };
    let sealed = seal(session, credential.credential_id, key).await?;
    stored(session.app.store.add_credential(&session.scope, &credential, &sealed).await)
}

pub(super) async fn list(session: &Session) -> Result<Credentials, Problem> {
    let all = stored(session.app.store.credentials(&session.scope).await)?;
    Ok(Credentials { credentials: all.into_iter().map(|(credential, _)| credential).collect() })
}

pub(super) async fn remove(session: &Session, id: CredentialId) -> Result<Done, Problem> {
    stored(session.app.store.remove_credential(&session.scope, id).await)?;
    Ok(Done {})
}

pub(super) async fn set_default(session: &Session, id: CredentialId) -> Result<Credential, Problem> {
    stored(session.app.store.set_default_credential(&session.scope, id).await)
}

pub(super) async fn add_to_vault(session: &Session, request: VaultAdd) -> Result<VaultEntry, Problem> {
    let provider = provider_with_key(&request.provider)?;
    let (key, hint) = checked_key(&request.api_key)?;
    let all = stored(session.app.store.vault(&session.scope).await)?;
    room(all.len())?;
    let behind = all.last().map_or(STEP, |(last, _)| last.priority.saturating_add(STEP));
    let mut purposes = request.purposes.unwrap_or_else(|| ALL_PURPOSES.to_vec());
    purposes.sort_unstable();
    purposes.dedup();
    let entry = VaultEntry {
        entry_id: VaultEntryId::generate(),
        provider: provider.id.to_owned(),
        model: model_name(provider, request.model)?,
        priority: request.priority.unwrap_or(behind),
        purposes,
        key_hint: hint,
        created_at: session.app.clock.now(),
    };
    let sealed = seal(session, entry.entry_id, key).await?;
    stored(session.app.store.add_vault_entry(&session.scope, &entry, &sealed).await)?;
    Ok(entry)
}

pub(super) async fn vault(session: &Session) -> Result<Vault, Problem> {
    let all = stored(session.app.store.vault(&session.scope).await)?;
    Ok(Vault { entries: all.into_iter().map(|(entry, _)| entry).collect() })
}

pub(super) async fn remove_from_vault(session: &Session, id: VaultEntryId) -> Result<Done, Problem> {
    stored(session.app.store.remove_vault_entry(&session.scope, id).await)?;
    Ok(Done {})
}

/// Asks the provider one very short question.
pub(super) async fn test(session: &Session, id: VaultEntryId) -> Result<VaultTested, Problem> {
    let all = stored(session.app.store.vault(&session.scope).await)?;
    let found = all.into_iter().find(|(entry, _)| entry.entry_id == id);
    let (entry, sealed) = found
        .ok_or_else(|| problem::store(&StoreError::NotFound { what: "vault entry", id: id.to_string() }))?;
    let (model, keys) = vault_link(session, &entry, &sealed, "balanced").await?;
    let name = model.to_string();
    let model = session.app.models.one(&model, &keys)?;
    let request = ModelRequest {
        messages: vec![Message::user("Answer with one word: ok")].into(),
        max_tokens: Some(TEST_TOKENS),
        ..ModelRequest::default()
    };
    let asked = Instant::now();
    let mut reply = model.stream(request, CancellationToken::new());
    let mut error = None;
    while let Some(event) = reply.next().await {
        match event {
            Ok(ModelEvent::Done(_)) => break,
            Ok(_) => {}
            Err(failure) => {
                error = Some(failure.to_string());
                break;
            }
        }
    }
    let latency_ms = u64::try_from(asked.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(VaultTested { ok: error.is_none(), model: name, latency_ms, error })
}

pub(super) async fn free_runs(session: &Session) -> Result<FreeRuns, Problem> {
    let (app, scope) = (&session.app, &session.scope);
    let total = app.free_runs;
    let used = stored(app.store.free_runs_used(scope).await)?;
    let own = !stored(app.store.credentials(scope).await)?.is_empty();
    let hosts = PROVIDERS.iter().any(|provider| app.models.lent.is_configured(provider));
    // The host's keys are the local user's own.
    let has_byom_key = own || session.tenant().is_none() && hosts;
    let lends = hosts || !stored(app.store.vault(scope).await)?.is_empty();
    let free_runs_remaining = total.saturating_sub(used);
    let status = if has_byom_key {
        "byom"
    } else if !lends {
        "local_only"
    } else if free_runs_remaining == 0 {
        "exhausted"
    } else {
        "free_runs_available"
    };
    Ok(FreeRuns { free_runs_remaining, free_runs_total: total, has_byom_key, status: status.to_owned() })
}

/// The organisation's own keys, opened; of several for one provider, the one that stands first.
pub(super) async fn own_keys(
    session: &Session,
    own: &[(Credential, Sealed)],
) -> Result<Vec<(&'static Provider, aios_core::Secret<String>)>, Problem> {
    let sealer = session.app.sealer().await?;
    let mut keys = Vec::new();
    // The first is taken last, so that it stays.
    for (credential, sealed) in own.iter().rev() {
        if let Some(provider) = provider(&credential.provider) {
            keys.push((provider, open(sealer, &session.scope, credential.credential_id, sealed)?));
        }
    }
    Ok(keys)
}

/// The model of a vault entry, and its key.
pub(super) async fn vault_link(
    session: &Session,
    entry: &VaultEntry,
    sealed: &Sealed,
    strategy: &str,
) -> Result<(ModelRef, Keys), Problem> {
    let sealer = session.app.sealer().await?;
    let provider = provider_with_key(&entry.provider)?;
    let key = open(sealer, &session.scope, entry.entry_id, sealed)?;
    let model = model_of(provider, entry.model.as_deref(), strategy)?;
    Ok((model, session.app.models.keys.replaced([(provider, key)])))
}

/// The stored model of a provider, or the one that suits a strategy.
pub(super) fn model_of(provider: &Provider, name: Option<&str>, strategy: &str) -> Result<ModelRef, Problem> {
    if let Some(name) = name {
        return Ok(ModelRef { provider: provider.id.to_owned(), name: name.to_owned() });
    }
    best_of(provider.id, strategy).ok_or_else(|| {
        Problem::new(ErrorCode::InvalidRequest, format!("no model of {} is known here", provider.id))
            .with_hint(format!("name one as {}/NAME", provider.id))
    })
}

fn open(
    sealer: &Sealer,
    scope: &Scope,
    row: impl ToString,
    sealed: &Sealed,
) -> Result<aios_core::Secret<String>, Problem> {
    sealer.open(scope, row, sealed).map_err(problem::cannot_open)
}

async fn seal(session: &Session, row: impl ToString, key: &str) -> Result<Sealed, Problem> {
    session.app.sealer().await?.seal(&session.scope, row, key).map_err(problem::cannot_open)
}

fn provider_with_key(id: &str) -> Result<&'static Provider, Problem> {
    let invalid = |message: String| Problem::new(ErrorCode::InvalidRequest, message);
    match provider(id.trim()) {
        Some(provider) if provider.key_variables.is_empty() => {
            Err(invalid(format!("{} wants no key: it is a server on the machine itself", provider.name)))
        }
        Some(provider) => Ok(provider),
        None => {
            let id: String = id.chars().take(80).collect();
            let offer = aios_core::offer(&id, PROVIDERS.iter().map(|provider| provider.id));
            Err(invalid(format!("there is no provider {id:?}")).with_hint(offer))
        }
    }
}

/// The key, and what lists show of it.
fn checked_key(key: &SecretText) -> Result<(&str, String), Problem> {
    let key = key.expose().trim();
    if key.is_empty() || key.len() > LONGEST_KEY || key.chars().any(|c| !c.is_ascii_graphic()) {
        return Err(Problem::new(ErrorCode::InvalidRequest, "this cannot be a provider's key")
            .with_hint("it has 1 to 512 letters, digits and signs, and no spaces"));
    }
    // Of a short one, four characters would be too much.
    let shown = key.len().checked_sub(4).filter(|rest| *rest >= 8).and_then(|rest| key.get(rest..));
    Ok((key, shown.unwrap_or_default().to_owned()))
}

/// A model's name, without its provider.
fn model_name(provider: &Provider, model: Option<String>) -> Result<Option<String>, Problem> {
    let Some(model) = name("model", model)? else { return Ok(None) };
    let bare = model.strip_prefix(provider.id).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&model);
    Ok(Some(Models::parse(&format!("{}/{bare}", provider.id))?.name))
}

fn name(what: &str, text: Option<String>) -> Result<Option<String>, Problem> {
    let text = text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    if text.as_ref().is_some_and(|text| text.len() > LONGEST_NAME || text.chars().any(char::is_control)) {
        return Err(Problem::new(
            ErrorCode::InvalidRequest,
            format!("the {what} has at most {LONGEST_NAME} bytes, on one line"),
        ));
    }
    Ok(text)
}

fn room(stored: usize) -> Result<(), Problem> {
    if stored < MOST {
        return Ok(());
    }
    Err(Problem::new(ErrorCode::Conflict, format!("{MOST} keys are stored, which is the most"))
        .with_hint("delete those that nobody uses"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_shown_by_their_end_alone() {
        let check = |key: &str, expect: Option<&str>| {
            let key = SecretText::new(key);
            let hint = checked_key(&key).ok().map(|(_, hint)| hint);
            assert_eq!(hint.as_deref(), expect, "{}", key.expose());
        };
        check("sk-proj-1234567890abcd", Some("abcd"));
        check(" sk-proj-1234567890abcd\n", Some("abcd"));
        check("short-key", Some(""));
        for bad in ["", "  ", "two words", "a\nb", "schlüssel", &"x".repeat(513)] {
            check(bad, None);
        }
    }

    #[test]
    fn models_are_stored_without_their_provider() {
        let check = |model: &str, expect: Option<&str>| {
            let provider = provider("openai").unwrap();
            assert_eq!(model_name(provider, Some(model.into())).unwrap().as_deref(), expect, "{model}");
        };
        check("gpt-4o", Some("gpt-4o"));
        check("openai/gpt-4o", Some("gpt-4o"));
        check("anthropic/x", Some("anthropic/x"));
        check(" ", None);
    }

    #[test]
    fn only_providers_with_keys_take_keys() {
        assert_eq!(provider_with_key(" OpenAI ").unwrap().id, "openai");
        for (id, expect) in [("ollama", "wants no key"), ("opnai", "no provider"), ("", "no provider")] {
            let problem = provider_with_key(id).unwrap_err();
            assert!(problem.message.contains(expect), "{id}: {problem}");
        }
    }
}
