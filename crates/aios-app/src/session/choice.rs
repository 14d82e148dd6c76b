//! Which model some work gets, and on whose key.

use std::sync::Arc;

use aios_accounts::{Available, KeySource, Named, Work, key_for};
use aios_core::{CredentialStore, FreeRuns, Model, Policy, Sealed, StoreError, VaultStore};
use aios_llm::{ModelRef, PROVIDERS, provider};
use aios_protocol::{Credential, ErrorCode, PolicySpec, Problem, Purpose, RunDetail, RunId, VaultEntry};

use super::{Session, keys, start};
use crate::compose::Models;
use crate::problem;

/// A stored key of the organisation.
type Own = (Credential, Sealed);

/// A model, and whether its key is lent.
struct Chosen {
    model: Arc<dyn Model>,
    lent: bool,
}

/// The model of a run that starts. A key that is lent counts as one of the person's free runs from this moment on.
pub(super) async fn for_new_run(
    session: &Session,
    run_id: RunId,
    named: Option<&str>,
    policy: &Policy,
) -> Result<Arc<dyn Model>, Problem> {
    let Session { app, scope, .. } = session;
    let own = stored(app.store.credentials(scope).await)?;
    if session.tenant().is_none() {
        return for_local_user(session, &own, named, policy).await;
    }
    let used = stored(app.store.free_runs_used(scope).await)?;
    let chosen = choose(session, &own, Work::Build { free: used < app.free_runs }, named, policy).await?;
    if !chosen.lent || stored(app.store.take_free_run(scope, run_id, app.free_runs).await)? {
        return Ok(chosen.model);
    }
    // Another run was faster.
    Ok(choose(session, &own, Work::Build { free: false }, named, policy).await?.model)
}

/// The model of a stored run: the one that it had, on the kind of key that it had.
pub(super) async fn for_old_run(
    session: &Session,
    run: &RunDetail,
    policy: &Policy,
) -> Result<Arc<dyn Model>, Problem> {
    let Session { app, scope, .. } = session;
    let named = Some(run.model.as_str());
    let own = stored(app.store.credentials(scope).await)?;
    if session.tenant().is_none() {
        return for_local_user(session, &own, named, policy).await;
    }
    if stored(app.store.is_free_run(scope, run.run_id).await)?
        && let Ok(lent) = choose(session, &[], Work::Build { free: true }, named, policy).await
    {
        return Ok(lent.model);
    }
    Ok(choose(session, &own, Work::Build { free: false }, named, policy).await?.model)
}

/// The model of something small beside runs. Nothing is counted as a run.
pub(super) async fn for_light_work(
    session: &Session,
    purpose: Purpose,
    named: Option<&str>,
) -> Result<Arc<dyn Model>, Problem> {
    let policy = start::checked(PolicySpec::default())?;
    let own = stored(session.app.store.credentials(&session.scope).await)?;
    if session.tenant().is_none() {
        return for_local_user(session, &own, named, &policy).await;
    }
    Ok(choose(session, &own, Work::Light(purpose), named, &policy).await?.model)
}

/// The model of completions: unless one is named, the embedded one that is made for them, where it is. It answers soonest,
/// costs nothing, and what is typed stays on the machine.
pub(super) async fn for_completions(
    session: &Session,
    named: Option<&str>,
) -> Result<Arc<dyn Model>, Problem> {
    let embedded = || session.app.models.embedded_for_completions();
    if named.is_none()
        && let Ok(model) = embedded()
    {
        return Ok(model);
    }
    match for_light_work(session, Purpose::Inline, named).await {
        // Nothing is set up: then that one is to be fetched.
        Err(problem) if named.is_none() && problem.weights.is_some() => embedded(),
        chosen => chosen,
    }
}

/// Forgets that a run was counted which did not start.
pub(super) async fn give_back(session: &Session, run_id: RunId) {
    if session.tenant().is_some()
        && let Err(error) = session.app.store.give_back_free_run(&session.scope, run_id).await
    {
        tracing::warn!(%error, %run_id, "a free run that did not start could not be given back");
    }
}

/// The user of the machine has the host's keys and those that they stored; nothing is counted.
async fn for_local_user(
    session: &Session,
    own: &[Own],
    named: Option<&str>,
    policy: &Policy,
) -> Result<Arc<dyn Model>, Problem> {
    let models = &session.app.models;
    let Some((default, _)) = own.first() else { return models.choose(named, None, policy) };
    let mut all = models.keys.clone();
    for (provider, key) in keys::own_keys(session, own).await? {
        all.set_key(provider, key);
    }
    if named.is_none() && !models.has_default() {
        return models.on_own_keys(&model_of(default, policy)?, &all, policy);
    }
    models.choose(named, Some(&all), policy)
}

async fn choose(
    session: &Session,
    own: &[Own],
    work: Work,
    named: Option<&str>,
    policy: &Policy,
) -> Result<Chosen, Problem> {
    let models = &session.app.models;
    let embedded = named.and_then(Models::embedded_name);
    let asked = named.filter(|_| embedded.is_none()).map(Models::parse).transpose()?;
    let vault = stored(session.app.store.vault(&session.scope).await)?;
    let hosts = PROVIDERS.iter().filter(|provider| models.lent.is_configured(provider));
    let source = key_for(
        work,
        match (embedded, &asked) {
            (Some(_), _) => Some(Named::Embedded),
            (None, Some(model)) => Some(Named::Provider(&model.provider)),
            (None, None) => None,
        },
        &Available {
            own: &own.iter().map(|(credential, _)| credential.clone()).collect::<Vec<_>>(),
            vault: &vault.iter().map(|(entry, _)| entry.clone()).collect::<Vec<_>>(),
            host: &hosts.map(|provider| provider.id).collect::<Vec<_>>(),
            embedded: models.has_embedded(),
        },
    );
    let source = source.map_err(|error| problem::no_key(&error))?;
    let model = match &source {
        KeySource::Embedded => models.embedded(embedded.unwrap_or_default())?,
        KeySource::Host => models.choose(named, Some(&models.lent), policy)?,
        KeySource::Own(id) => {
            let chosen = own.iter().find(|(credential, _)| credential.credential_id == *id);
            let (chosen, _) = chosen.ok_or_else(|| Problem::new(ErrorCode::Internal, "a key went away"))?;
            let model = asked.map_or_else(|| model_of(chosen, policy), Ok)?;
            let keys = models.keys.replaced(keys::own_keys(session, own).await?);
            models.on_own_keys(&model, &keys, policy)?
        }
        KeySource::Vault(ids) => {
            let lent: Vec<&(VaultEntry, Sealed)> =
                vault.iter().filter(|(entry, _)| ids.contains(&entry.entry_id)).collect();
            let mut links = Vec::new();
            for (entry, sealed) in lent {
                let strategy = &policy.spec().model_strategy;
                let (model, keys) = keys::vault_link(session, entry, sealed, strategy).await?;
                links.push((asked.clone().unwrap_or(model), keys));
            }
            models.chain(&links)?
        }
    };
    let lent = source.is_lent() && Models::embedded_name(&model.info().full_name()).is_none();
    Ok(Chosen { model, lent })
}

/// What a stored key's owner chose for it, or what suits the policy.
fn model_of(own: &Credential, policy: &Policy) -> Result<ModelRef, Problem> {
    let known = provider(&own.provider).ok_or_else(|| {
        Problem::new(ErrorCode::InvalidRequest, format!("there is no provider {:?} any more", own.provider))
    })?;
    keys::model_of(known, own.model.as_deref(), &policy.spec().model_strategy)
}

fn stored<T>(result: Result<T, StoreError>) -> Result<T, Problem> {
    result.map_err(|error| problem::store(&error))
}
