//! Mail and payments, where the host's settings set them up.

use std::sync::Arc;

use aios_core::{Mailer, Payments};
use aios_net::{BadSetting, SmtpMailer, SmtpSettings, Stripe, StripeSettings};
use aios_protocol::{ErrorCode, Problem};

use crate::config::AppConfig;

/// The outside services of accounts. What is not set up, or wrongly, is only missed when it is needed: other programs use some
/// of these variables too.
pub(crate) struct Outside {
    mailer: Result<Arc<dyn Mailer>, BadSetting>,
    payments: Result<Arc<dyn Payments>, BadSetting>,
    /// Where people reach this server with a browser.
    pub(crate) public_url: Option<String>,
}

impl Outside {
    pub(crate) fn new(config: &AppConfig) -> Self {
        let read = |name: &str| config.env.get(name).cloned();
        let missing = |name| BadSetting { name, reason: "is missing" };
        let mailer = SmtpSettings::collect(read)
            .and_then(|settings| SmtpMailer::new(settings.ok_or(missing("SMTP_HOST"))?))
            .map(|mailer| Arc::new(mailer) as Arc<dyn Mailer>);
        let payments = StripeSettings::collect(read)
            .and_then(|settings| Ok(Stripe::new(settings.ok_or(missing("STRIPE_SECRET_KEY"))?)))
            .map(|stripe| Arc::new(stripe) as Arc<dyn Payments>);
        Self { mailer, payments, public_url: read("AIOS_PUBLIC_URL").filter(|url| !url.trim().is_empty()) }
    }

    pub(crate) fn mailer(&self) -> Option<Arc<dyn Mailer>> {
        self.mailer.as_ref().ok().cloned()
    }

    pub(crate) fn takes_payments(&self) -> bool {
        self.payments.is_ok()
    }

    /// Payments, or what is missing for them.
    pub(crate) fn payments(&self) -> Result<&Arc<dyn Payments>, Problem> {
        self.payments.as_ref().map_err(|error| not_set_up("takes no payments", error))
    }

    /// What is missing for mail.
    pub(crate) fn no_mail(&self) -> Problem {
        let error = self.mailer.as_ref().err().cloned();
        not_set_up(
            "cannot send mail",
            &error.unwrap_or(BadSetting { name: "SMTP_HOST", reason: "is missing" }),
        )
    }
}

fn not_set_up(what: &str, error: &BadSetting) -> Problem {
    Problem::new(ErrorCode::Unavailable, format!("this server {what}: {error}")).with_hint(format!(
        "whoever runs the server sets {} in its environment and starts it again",
        error.name
    ))
}
