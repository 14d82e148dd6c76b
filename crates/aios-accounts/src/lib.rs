//! Rules of accounts: who may join, log in and manage whom; what a plan allows; whose key a model call may use.
//!
//! Knows only ports. Must not know: HTTP, where accounts are stored, how mail and payments travel, models themselves.

mod accounts;
mod choice;
mod email;
mod error;
mod mails;
mod password;
mod plans;
mod sealing;
mod team;
mod throttle;
mod token;

pub use accounts::{AccountPorts, Accounts};
pub use choice::{Available, KeySource, Named, NoKey, Work, key_for};
pub use email::checked_email;
pub use error::AccountError;
pub use plans::{PLANS, Terms, month_of, terms_of};
pub use sealing::{CannotOpen, Sealer};
pub use throttle::Origin;
