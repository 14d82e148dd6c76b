//! Plans, what was used of them, and paying for them.

use std::sync::Arc;
use std::time::Duration;

use aios_accounts::{PLANS, Terms, month_of, terms_of};
use aios_core::{AccountStore, Clock, MicroUsd, Order, PaidPlan, Scope, StoreError, UsageStore, Used};
use aios_engine::{Meter, Reservation, RunHandle};
use aios_protocol::{
    BillingCheckout, BillingLink, BillingPortal, ErrorCode, ModelPrice, Plans, Problem, Subscription,
    Timestamp, Usage, UserId,
};

use super::Session;
use crate::slots::Slot;
use crate::{App, problem};

/// When to ask again for a place among the runs; none knows how long they take.
const SLOT_RETRY: Duration = Duration::from_secs(15);

fn stored<T>(result: Result<T, StoreError>) -> Result<T, Problem> {
    result.map_err(|error| problem::store(&error))
}

pub(super) fn plans() -> Plans {
    Plans { plans: PLANS.iter().map(Terms::plan).collect() }
}

/// The terms of the session's organisation; none for the user of the machine.
pub(super) async fn terms(session: &Session) -> Result<Option<&'static Terms>, Problem> {
    if session.tenant().is_none() {
        return Ok(None);
    }
    Ok(Some(terms_of(&stored(session.app.store.organisation(&session.scope).await)?)))
}

/// A run's place among those that its organisation may have at work.
pub(super) struct Place(Option<Slot>);

impl Place {
    /// Keeps it for the run until it is over.
    pub(super) fn hold(self, handle: &RunHandle) {
        if let Some(slot) = self.0 {
            slot.hold(handle);
        }
    }
}

/// Takes a place, if the plan has one left.
pub(super) fn take_slot(session: &Session, terms: Option<&Terms>) -> Result<Place, Problem> {
    let Some(terms) = terms else { return Ok(Place(None)) };
    let slot = session.app.slots.take(&session.scope.org, terms.concurrent_runs);
    slot.map(|slot| Place(Some(slot))).ok_or_else(|| {
        let most = terms.concurrent_runs;
        Problem::new(
            ErrorCode::RateLimited,
            format!("{most} runs are at work, which is the most that the plan {} allows", terms.name),
        )
        .with_hint("wait for one to end, or cancel one")
        .with_retry_after(SLOT_RETRY)
    })
}

/// Whether a model's calls cost nothing, as the embedded one's.
fn is_free(price: Option<&ModelPrice>) -> bool {
    price == Some(&ModelPrice::default())
}

/// What the organisation may spend, to be metered with each call; refused at once when nothing is left for a model of this price.
/// What costs nothing is never refused.
pub(super) async fn budget(session: &Session, price: Option<&ModelPrice>) -> Result<Arc<Meter>, Problem> {
    let Some((terms, budget)) =
        terms(session).await?.and_then(|terms| Some((terms, terms.budget_usd_month?)))
    else {
        return Ok(Meter::new(None, MicroUsd::default()));
    };
    let (app, org, limit) = (&session.app, &session.scope.org, MicroUsd::from_usd(budget));
    let (begin, end) = month_of(app.clock.now());
    let meter = match app.budgets.meter(org, begin, limit) {
        Some(meter) => meter,
        None => {
            let used = stored(app.store.used_since(&session.scope, begin).await)?;
            app.budgets.begin(org, begin, limit, used.cost)
        }
    };
    if !is_free(price) && meter.left() == Some(MicroUsd::default()) {
        return Err(used_up(terms, end));
    }
    Ok(meter)
}

/// Leave for a model call beside runs that costs at most this much.
pub(super) async fn leave(
    session: &Session,
    price: Option<&ModelPrice>,
    worst: MicroUsd,
) -> Result<Reservation, Problem> {
    let meter = budget(session, price).await?;
    meter.reserve(worst).await.ok_or_else(|| {
        Problem::new(ErrorCode::CostLimit, "the month's budget is used up")
            .with_hint("a larger plan has a larger budget, and a new month a new one")
    })
}

fn used_up(terms: &Terms, period_end: Timestamp) -> Problem {
    let budget = terms.budget_usd_month.unwrap_or_default();
    Problem::new(
        ErrorCode::CostLimit,
        format!("the month's budget of ${budget} of the plan {} is used up", terms.name),
    )
    .with_hint(format!("a larger plan has a larger budget; the next month begins on {period_end}"))
}

async fn this_month(session: &Session) -> Result<(Timestamp, Timestamp, Used), Problem> {
    let (begin, end) = month_of(session.app.clock.now());
    Ok((begin, end, stored(session.app.store.used_since(&session.scope, begin).await)?))
}

pub(super) async fn usage(session: &Session) -> Result<Usage, Problem> {
    let (period_start, period_end, used) = this_month(session).await?;
    let budget_usd = terms(session).await?.and_then(|terms| terms.budget_usd_month);
    let left = |budget| MicroUsd::from_usd(budget - used.cost.as_usd()).as_usd();
    Ok(Usage {
        period_start,
        period_end,
        runs: used.runs,
        tokens: used.tokens,
        cost_usd: used.cost.as_usd(),
        budget_usd,
        remaining_usd: budget_usd.map(left),
    })
}

pub(super) async fn status(session: &Session) -> Result<Subscription, Problem> {
    let payments_configured = session.app.outside.takes_payments();
    let Some(terms) = terms(session).await? else {
        let (plan, status) = ("local".to_owned(), "active".to_owned());
        return Ok(Subscription { plan, status, payments_configured, current_period_end: None });
    };
    let paid = paid(session).await?;
    Ok(Subscription {
        plan: terms.id.to_owned(),
        status: paid.as_ref().map_or_else(|| "active".to_owned(), |paid| paid.status.clone()),
        payments_configured,
        current_period_end: paid.and_then(|paid| paid.current_period_end),
    })
}

async fn paid(session: &Session) -> Result<Option<PaidPlan>, Problem> {
    Ok(stored(session.app.store.organisation(&session.scope).await)?.paid)
}

pub(super) async fn checkout(session: &Session, request: BillingCheckout) -> Result<BillingLink, Problem> {
    let payments = session.app.outside.payments()?;
    let holder = session.holder()?;
    let plan = PLANS.iter().find(|terms| terms.id == request.plan && terms.price_usd_month != Some(0.0));
    let plan = plan.ok_or_else(|| {
        Problem::new(ErrorCode::InvalidRequest, format!("there is no plan {:?} to be bought", request.plan))
            .with_hint("say pro or enterprise")
    })?;
    let paid = paid(session).await?;
    if paid.as_ref().is_some_and(|paid| !matches!(paid.status.as_str(), "canceled" | "incomplete_expired")) {
        return Err(Problem::new(ErrorCode::Conflict, "there is a subscription already")
            .with_hint("the billing portal changes it"));
    }
    let me = session.answer(session.app.accounts.me(holder).await)?;
    let order = Order {
        org: holder.scope.org.clone(),
        plan: plan.id.to_owned(),
        email: me.email,
        customer: paid.map(|paid| paid.customer),
        success_url: address(session, "success_url", request.success_url)?,
        cancel_url: address(session, "cancel_url", request.cancel_url)?,
    };
    let url = payments.checkout_url(&order).await.map_err(|error| problem::payment(&error))?;
    Ok(BillingLink { url })
}

pub(super) async fn portal(session: &Session, request: BillingPortal) -> Result<BillingLink, Problem> {
    let payments = session.app.outside.payments()?;
    session.holder()?;
    let paid = paid(session).await?.ok_or_else(|| {
        Problem::new(ErrorCode::Conflict, "nothing was bought yet")
            .with_hint("a checkout begins a subscription")
    })?;
    let return_url = address(session, "return_url", request.return_url)?;
    let url = payments.portal_url(&paid.customer, &return_url).await;
    Ok(BillingLink { url: url.map_err(|error| problem::payment(&error))? })
}

/// Where the payment provider sends people back to.
fn address(session: &Session, field: &str, asked: Option<String>) -> Result<String, Problem> {
    let invalid = |message: String| Problem::new(ErrorCode::InvalidRequest, message);
    let url = asked.or_else(|| session.app.outside.public_url.clone()).ok_or_else(|| {
        invalid(format!("{field} is missing")).with_hint("send it, or set AIOS_PUBLIC_URL for the server")
    })?;
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    if !is_web || url.len() > 2048 || url.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(invalid(format!("{field} is no http or https address")));
    }
    Ok(url)
}

impl App {
    /// Takes an event of the payment provider in, if its signature is right. For the one route that it calls; what it tells
    /// twice or late changes nothing.
    pub async fn payment_event(&self, body: &[u8], signature: &str) -> Result<(), Problem> {
        let read = self.outside.payments()?.read_event(body, signature, self.clock.now());
        let Some((org, paid)) = read.map_err(|error| problem::payment(&error))? else { return Ok(()) };
        let user =
            UserId::new("payments").map_err(|error| Problem::new(ErrorCode::Internal, error.to_string()))?;
        stored(self.store.set_subscription(&Scope { org, user }, &paid).await)
    }
}
