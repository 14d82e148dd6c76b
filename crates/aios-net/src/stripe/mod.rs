//! Payments over Stripe's HTTP interface: the two pages, and its events.

mod client;
mod events;

use aios_core::{Order, PaidPlan, PaymentError, Payments, Secret};
use aios_protocol::{OrgId, Timestamp};
use async_trait::async_trait;
use reqwest::Url;

use crate::settings::{BadSetting, is_this_machine, value};
use client::Client;

/// Our side of Stripe.
#[derive(Debug, Clone)]
pub struct StripeSettings {
    /// The account's secret key.
    pub secret_key: Secret<String>,
    /// What signs its events.
    pub webhook_secret: Option<Secret<String>>,
    /// Each plan that can be bought, with the price's id.
    pub prices: Vec<(&'static str, String)>,
    /// Where the interface is.
    pub base: Url,
}

impl StripeSettings {
    /// Reads `STRIPE_SECRET_KEY`, `STRIPE_WEBHOOK_SECRET`, `STRIPE_PRICE_PRO`, `STRIPE_PRICE_ENTERPRISE` and
    /// `STRIPE_API_BASE`; nothing without a secret key.
    pub fn collect(read: impl Fn(&str) -> Option<String>) -> Result<Option<Self>, BadSetting> {
        let Some(secret_key) = value(&read, "STRIPE_SECRET_KEY") else { return Ok(None) };
        let base = value(&read, "STRIPE_API_BASE").unwrap_or_else(|| "https://api.stripe.com".to_owned());
        let base = Url::parse(&base).ok().filter(|url| {
            url.scheme() == "https" || url.scheme() == "http" && url.host_str().is_some_and(is_this_machine)
        });
        let price = |plan| value(&read, price_setting(plan)).map(|price| (plan, price));
        Ok(Some(Self {
            secret_key: Secret::new(secret_key),
            webhook_secret: value(&read, "STRIPE_WEBHOOK_SECRET").map(Secret::new),
            prices: ["pro", "enterprise"].into_iter().filter_map(price).collect(),
            base: base.ok_or(BadSetting { name: "STRIPE_API_BASE", reason: "is no https address" })?,
        }))
    }
}

fn price_setting(plan: &str) -> &'static str {
    if plan == "enterprise" { "STRIPE_PRICE_ENTERPRISE" } else { "STRIPE_PRICE_PRO" }
}

/// Takes payments through Stripe.
pub struct Stripe {
    settings: StripeSettings,
    client: Client,
}

impl Stripe {
    /// Sets it up without connecting.
    pub fn new(settings: StripeSettings) -> Self {
        let client = Client::new(settings.base.clone(), settings.secret_key.clone());
        Self { settings, client }
    }
}

#[async_trait]
impl Payments for Stripe {
    async fn checkout_url(&self, order: &Order) -> Result<String, PaymentError> {
        let price = self.settings.prices.iter().find(|(plan, _)| *plan == order.plan);
        let (_, price) = price.ok_or(PaymentError::NotConfigured { setting: price_setting(&order.plan) })?;
        let payer = match &order.customer {
            Some(customer) => ("customer", customer.as_str()),
            None => ("customer_email", order.email.as_str()),
        };
        let fields = [
            ("mode", "subscription"),
            ("line_items[0][price]", price),
            ("line_items[0][quantity]", "1"),
            ("client_reference_id", order.org.as_str()),
            // Every later event of the subscription carries it.
            ("subscription_data[metadata][org_id]", order.org.as_str()),
            ("success_url", &order.success_url),
            ("cancel_url", &order.cancel_url),
            payer,
        ];
        self.client.page("v1/checkout/sessions", &fields).await
    }

    async fn portal_url(&self, customer: &str, return_url: &str) -> Result<String, PaymentError> {
        let fields = [("customer", customer), ("return_url", return_url)];
        self.client.page("v1/billing_portal/sessions", &fields).await
    }

    fn read_event(
        &self,
        body: &[u8],
        signature: &str,
        now: Timestamp,
    ) -> Result<Option<(OrgId, PaidPlan)>, PaymentError> {
        let missing = PaymentError::NotConfigured { setting: "STRIPE_WEBHOOK_SECRET" };
        let secret = self.settings.webhook_secret.as_ref().ok_or(missing)?;
        events::check(secret, body, signature, now)?;
        events::read(body, &self.settings.prices)
    }
}
