//! The outside services of accounts: mail over SMTP, payments over Stripe.
//!
//! Implements the ports `aios_core::Mailer` and `aios_core::Payments`. Must not know: what a mail is about, what a plan allows,
//! where settings come from.

mod settings;
mod smtp;
mod stripe;

pub use settings::BadSetting;
pub use smtp::{Security, SmtpMailer, SmtpSettings};
pub use stripe::{Stripe, StripeSettings};
