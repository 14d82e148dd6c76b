//! The port to a payment provider.

use aios_protocol::{OrgId, Timestamp};
use async_trait::async_trait;

use crate::PaidPlan;

/// Takes payments for plans on pages of its own; no card number ever comes here.
#[async_trait]
pub trait Payments: Send + Sync {
    /// Makes a page where a plan is bought, and gives its address.
    async fn checkout_url(&self, order: &Order) -> Result<String, PaymentError>;

    /// Makes a page where a customer manages what they bought, and gives its address.
    async fn portal_url(&self, customer: &str, return_url: &str) -> Result<String, PaymentError>;

    /// Checks who sent an event, and reads it; nothing when it is about nothing that matters here.
    fn read_event(
        &self,
        body: &[u8],
        signature: &str,
        now: Timestamp,
    ) -> Result<Option<(OrgId, PaidPlan)>, PaymentError>;
}

/// What is to be bought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Who buys.
    pub org: OrgId,
    /// The plan's id.
    pub plan: String,
    /// Who of them pays, unless they are a customer already.
    pub email: String,
    /// The provider's name for them, if they are a customer already.
    pub customer: Option<String>,
    /// Where to go afterwards.
    pub success_url: String,
    /// Where to go when nothing was bought.
    pub cancel_url: String,
}

/// Why the payment provider could not be used.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// A setting is missing.
    #[error("payments are not set up: {setting} is missing")]
    NotConfigured {
        /// Its name.
        setting: &'static str,
    },
    /// The provider did not answer.
    #[error("the payment provider could not be reached: {source}")]
    Unreachable {
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The provider said no.
    #[error("the payment provider refused ({status}): {message}")]
    Refused {
        /// The HTTP status.
        status: u16,
        /// Its words.
        message: String,
    },
    /// The event was not sent by the provider, or long ago.
    #[error("the event's signature is not valid: {reason}")]
    Forged {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The provider said something that we do not understand.
    #[error("the payment provider's {what} could not be read: {detail}")]
    Unreadable {
        /// `answer` or `event`.
        what: &'static str,
        /// What is wrong.
        detail: String,
    },
}
