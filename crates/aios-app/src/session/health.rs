//! Whether the product works, in a few words that may be shown to anybody.

use aios_core::{RunQuery, RunStore};
use aios_llama::weights::Presence;
use aios_llm::PROVIDERS;
use aios_protocol::{HealthPart, HealthView};

use super::Session;

/// Less room than this and runs may fail to store what they did.
const LEAST_FREE_BYTES: u64 = 256 * 1024 * 1024;

pub(super) async fn show(session: &Session) -> HealthView {
    let query = RunQuery { limit: 1, ..RunQuery::default() };
    let database = match RunStore::list(&*session.app.store, &session.scope, &query).await {
        Ok(_) => part(true, "runs can be stored and read"),
        Err(error) => {
            tracing::error!(%error, "the database does not answer");
            part(false, "the database does not answer")
        }
    };
    let (model, disk) = (model(session), disk(session));
    let ok = database.ok && model.ok && disk.ok;
    HealthView {
        status: if ok { "ok" } else { "degraded" }.into(),
        version: env!("CARGO_PKG_VERSION").into(),
        database,
        model,
        disk,
    }
}

fn model(session: &Session) -> HealthPart {
    let models = &session.app.models;
    if PROVIDERS.iter().any(|provider| models.keys.is_configured(provider)) {
        return part(true, "a provider is set up");
    }
    let embedded = cfg!(feature = "llama")
        && models
            .find_weights("")
            .is_ok_and(|found| models.weight_store.presence(found) == Presence::Present);
    match embedded {
        true => part(true, "the embedded model is there"),
        false => part(false, "no provider is set up, and the embedded model is not there"),
    }
}

#[cfg(unix)]
fn disk(session: &Session) -> HealthPart {
    let free =
        rustix::fs::statvfs(session.app.home.root()).map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    match free {
        Ok(free) => part(free >= LEAST_FREE_BYTES, &format!("{} MB are free", free / 1_000_000)),
        Err(error) => part(false, &format!("it cannot be asked: {error}")),
    }
}

#[cfg(not(unix))]
fn disk(_: &Session) -> HealthPart {
    part(true, "it is not watched on this system")
}

fn part(ok: bool, detail: &str) -> HealthPart {
    HealthPart { ok, detail: detail.into() }
}
