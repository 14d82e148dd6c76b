//! Requests to Stripe: form-encoded, with the version that this code was written for, sent again under the same key when the
//! network fails.

use std::time::Duration;

use aios_core::{PaymentError, Secret};
use reqwest::header::CONTENT_TYPE;
use reqwest::{StatusCode, Url, redirect};
use serde::Deserialize;
use tokio::sync::OnceCell;

const VERSION: &str = "2025-03-31.basil";
/// Waits before the second and the third try.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection to Stripe.
pub(super) struct Client {
    base: Url,
    secret_key: Secret<String>,
    /// Loading the system's certificates takes a while, so it waits for the first use.
    http: OnceCell<reqwest::Client>,
}

#[derive(Deserialize)]
struct Page {
    url: String,
}

#[derive(Deserialize)]
struct Refusal {
    error: Report,
}

#[derive(Deserialize)]
struct Report {
    message: Option<String>,
}

impl Client {
    pub(super) fn new(base: Url, secret_key: Secret<String>) -> Self {
        Self { base, secret_key, http: OnceCell::new() }
    }

    /// Makes a page, and gives its address. Whatever happens on the way, it is made once.
    pub(super) async fn page(&self, path: &str, fields: &[(&str, &str)]) -> Result<String, PaymentError> {
        let url = self.base.join(path).map_err(|error| unreachable(error.into()))?;
        let body = form(fields);
        let idempotency_key = format!("{:032x}", rand::random::<u128>());
        let mut pauses = PAUSES.iter();
        loop {
            let answer = self.send(&url, &body, &idempotency_key).await;
            let again = match &answer {
                Err(PaymentError::Unreachable { .. }) => true,
                Err(PaymentError::Refused { status, .. }) => {
                    *status == 409 || *status == 429 || *status >= 500
                }
                _ => false,
            };
            match pauses.next() {
                Some(pause) if again => tokio::time::sleep(*pause).await,
                _ => return answer,
            }
        }
    }

    async fn send(&self, url: &Url, body: &str, idempotency_key: &str) -> Result<String, PaymentError> {
        let request = self
            .http()
            .await?
            .post(url.clone())
            .bearer_auth(self.secret_key.expose())
            .header("stripe-version", VERSION)
            .header("idempotency-key", idempotency_key)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.to_owned());
        let answer = request.send().await.map_err(|error| unreachable(error.into()))?;
        let status = answer.status();
        let text = answer.text().await.map_err(|error| unreachable(error.into()))?;
        if status == StatusCode::OK {
            let page: Page = serde_json::from_str(&text)
                .map_err(|error| PaymentError::Unreadable { what: "answer", detail: error.to_string() })?;
            return Ok(page.url);
        }
        let report = serde_json::from_str::<Refusal>(&text).ok().and_then(|refusal| refusal.error.message);
        let message = report.unwrap_or_else(|| "it gave no reason".to_owned());
        Err(PaymentError::Refused { status: status.as_u16(), message })
    }

    async fn http(&self) -> Result<&reqwest::Client, PaymentError> {
        let build = || async {
            let build = || {
                let builder = reqwest::Client::builder().timeout(PATIENCE).redirect(redirect::Policy::none());
                builder.user_agent(concat!("cesaflow/", env!("CARGO_PKG_VERSION"))).build()
            };
            let built =
                tokio::task::spawn_blocking(build).await.map_err(|error| unreachable(error.into()))?;
            built.map_err(|error| unreachable(error.into()))
        };
        self.http.get_or_try_init(build).await
    }
}

fn unreachable(source: Box<dyn std::error::Error + Send + Sync>) -> PaymentError {
    PaymentError::Unreachable { source }
}

fn form(fields: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        if !text.is_empty() {
            text.push('&');
        }
        escape(name, &mut text);
        text.push('=');
        escape(value, &mut text);
    }
    text
}

fn escape(text: &str, into: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            into.push(char::from(byte));
        } else {
            into.push_str(&format!("%{byte:02X}"));
        }
    }
}
