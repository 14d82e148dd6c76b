//! Stored policies.

use aios_core::{Clock, PolicyStore};
use aios_protocol::{Done, ErrorCode, Policies, PolicyId, PolicySpec, Problem, StoredPolicy, generate};

use super::{Session, start, stored};

/// Policies of one organisation; a list of them has no pages.
const MOST: usize = 200;

pub(super) async fn create(session: &Session, policy: PolicySpec) -> Result<StoredPolicy, Problem> {
    let now = session.app.clock.now();
    let policy = start::checked(policy)?.spec().clone();
    if list(session).await?.policies.len() >= MOST {
        return Err(Problem::new(ErrorCode::Conflict, format!("there are {MOST} policies already"))
            .with_hint("delete one that no run needs any more"));
    }
    let policy = StoredPolicy { policy_id: generate(), policy, created_at: now, updated_at: now };
    stored(session.app.store.put_policy(&session.scope, &policy).await)?;
    Ok(policy)
}

pub(super) async fn list(session: &Session) -> Result<Policies, Problem> {
    Ok(Policies { policies: stored(session.app.store.policies(&session.scope).await)? })
}

pub(super) async fn show(session: &Session, policy_id: &PolicyId) -> Result<StoredPolicy, Problem> {
    stored(session.app.store.policy(&session.scope, policy_id).await)
}

pub(super) async fn update(
    session: &Session,
    policy_id: &PolicyId,
    policy: PolicySpec,
) -> Result<StoredPolicy, Problem> {
    let before = show(session, policy_id).await?;
    let policy = start::checked(policy)?.spec().clone();
    let after = StoredPolicy { policy, updated_at: session.app.clock.now(), ..before };
    stored(session.app.store.put_policy(&session.scope, &after).await)?;
    Ok(after)
}

pub(super) async fn remove(session: &Session, policy_id: &PolicyId) -> Result<Done, Problem> {
    stored(session.app.store.remove_policy(&session.scope, policy_id).await)?;
    Ok(Done {})
}
