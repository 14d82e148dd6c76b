//! Stripe's events: who sent them, and what they say about a subscription.

use std::time::Duration;

use aios_core::{PaidPlan, PaymentError, Secret};
use aios_protocol::{OrgId, Timestamp};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use sha2::Sha256;

/// How old an event may be, so that a copy of it is worth nothing later.
const TOLERANCE: Duration = Duration::from_secs(300);

/// Checks that the event was signed with our secret, not long ago. The header reads `t=SECONDS,v1=HEX,v1=HEX`.
pub(super) fn check(
    secret: &Secret<String>,
    body: &[u8],
    header: &str,
    now: Timestamp,
) -> Result<(), PaymentError> {
    let forged = |reason| Err(PaymentError::Forged { reason });
    let parts = || header.split(',').filter_map(|part| part.trim().split_once('='));
    let seconds = parts().find(|(name, _)| *name == "t").map(|(_, value)| value);
    let Some((text, seconds)) = seconds.and_then(|text| Some((text, text.parse::<i64>().ok()?))) else {
        return forged("it has no time");
    };
    let signed_at = Timestamp::from_micros(seconds.saturating_mul(1_000_000));
    if now.since(signed_at).max(signed_at.since(now)) > TOLERANCE {
        return forged("its time is more than five minutes away from this machine's");
    }
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else {
        return forged("there is nothing to check it with");
    };
    mac.update(text.as_bytes());
    mac.update(b".");
    mac.update(body);
    let signatures = parts().filter(|(name, _)| *name == "v1").filter_map(|(_, value)| bytes(value));
    // Compares in constant time.
    if signatures.into_iter().any(|signature| mac.clone().verify_slice(&signature).is_ok()) {
        return Ok(());
    }
    forged("it was not made with our secret")
}

#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    created: i64,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    object: serde_json::Value,
}

#[derive(Deserialize)]
struct Subscription {
    customer: String,
    status: String,
    #[serde(default)]
    metadata: Metadata,
    items: Items,
    /// Where versions before 2025-03-31 have it.
    current_period_end: Option<i64>,
}

#[derive(Deserialize, Default)]
struct Metadata {
    org_id: Option<String>,
}

#[derive(Deserialize)]
struct Items {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    price: Price,
    current_period_end: Option<i64>,
}

#[derive(Deserialize)]
struct Price {
    id: String,
}

/// What the event says about a subscription of ours. Each says all of it, so one that is lost is made up for by the next.
pub(super) fn read(
    body: &[u8],
    prices: &[(&'static str, String)],
) -> Result<Option<(OrgId, PaidPlan)>, PaymentError> {
    let unreadable = |detail: String| PaymentError::Unreadable { what: "event", detail };
    let event: Event = serde_json::from_slice(body).map_err(|error| unreadable(error.to_string()))?;
    if !event.kind.starts_with("customer.subscription.") {
        return Ok(None);
    }
    let subscription: Subscription =
        serde_json::from_value(event.data.object).map_err(|error| unreadable(error.to_string()))?;
    let Some(org) = subscription.metadata.org_id else { return Ok(None) };
    let org = OrgId::new(org).map_err(|error| unreadable(error.to_string()))?;
    let item = subscription.items.data.first().ok_or_else(|| unreadable("it buys nothing".to_owned()))?;
    let plan = prices.iter().find(|(_, price)| *price == item.price.id);
    let (plan, _) = plan.ok_or_else(|| unreadable(format!("no plan has the price {}", item.price.id)))?;
    let moment = |seconds: i64| Timestamp::from_micros(seconds.saturating_mul(1_000_000));
    let paid = PaidPlan {
        plan: (*plan).to_owned(),
        status: subscription.status,
        customer: subscription.customer,
        current_period_end: item.current_period_end.or(subscription.current_period_end).map(moment),
        told_at: moment(event.created),
    };
    Ok(Some((org, paid)))
}

fn bytes(hex: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = hex.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let pairs = digits.chunks_exact(2);
    pairs.remainder().is_empty().then(|| pairs.map(|pair| (pair[0] << 4 | pair[1]) as u8).collect())
}
