//! The port that sends mail.

use async_trait::async_trait;

/// Sends plain-text mail.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Sends one mail; returns when the relay has taken it.
    async fn send(&self, to: &str, subject: &str, body: &str) -> Result<(), MailError>;
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
#[error("could not send a mail to {to} through {relay}: {source}")]
pub struct MailError {
    /// Whom it was for.
    pub to: String,
    /// Who should have taken it.
    pub relay: String,
    /// Why.
    pub source: Box<dyn std::error::Error + Send + Sync>,
}
