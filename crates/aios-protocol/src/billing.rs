//! Requests and answers about plans and what was used of them.

use serde::{Deserialize, Serialize};

use crate::{Timestamp, TokenUsage};

/// Asks for the plans.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct BillingPlans {}

/// The plans, smallest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Plans {
    /// The plans.
    pub plans: Vec<Plan>,
}

/// What a plan costs and allows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Plan {
    /// `free`, `pro` or `enterprise`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Its price; null where it is agreed upon.
    pub price_usd_month: Option<f64>,
    /// What runs may cost in a month; null for no limit.
    pub budget_usd_month: Option<f64>,
    /// Runs at work at the same time.
    pub concurrent_runs: u32,
    /// People; null for no limit.
    pub members: Option<u32>,
    /// What it has, in words.
    pub features: Vec<String>,
}

/// Asks what was used this month.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct BillingUsage {}

/// What an organisation used in the current calendar month (UTC).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Usage {
    /// Its first moment.
    pub period_start: Timestamp,
    /// The first moment of the next.
    pub period_end: Timestamp,
    /// Runs that were started.
    pub runs: u64,
    /// Tokens of all runs.
    pub tokens: TokenUsage,
    /// What they cost, by the catalogue's prices.
    pub cost_usd: f64,
    /// What they may cost; null for no limit.
    pub budget_usd: Option<f64>,
    /// What is left; null for no limit.
    pub remaining_usd: Option<f64>,
}

/// Asks for the subscription.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct BillingStatus {}

/// An organisation's subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Subscription {
    /// `free`, `pro` or `enterprise`; `local` for the user of the machine.
    pub plan: String,
    /// `active`, or what the payment provider calls it.
    pub status: String,
    /// Whether this server takes payments.
    pub payments_configured: bool,
    /// Until when it is paid.
    pub current_period_end: Option<Timestamp>,
}

/// Starts paying for a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
pub struct BillingCheckout {
    /// Which.
    pub plan: String,
    /// Where to go afterwards.
    #[serde(default)]
    pub success_url: Option<String>,
    /// Where to go when nothing was bought.
    #[serde(default)]
    pub cancel_url: Option<String>,
}

/// Opens the page where the subscription is managed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS), ts(optional_fields))]
#[serde(default)]
pub struct BillingPortal {
    /// Where to go afterwards.
    pub return_url: Option<String>,
}

/// A page of the payment provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct BillingLink {
    /// Its address.
    pub url: String,
}
