//! Why something about accounts was refused.

use std::time::Duration;

use aios_core::StoreError;
use aios_protocol::Role;

/// Why something about accounts was refused. Messages never tell a stranger whether an account exists, but for registration,
/// which cannot hide it.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// A field cannot be taken as it is.
    #[error("the {what} is not valid: {reason}")]
    Invalid {
        /// The field.
        what: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The address has an account.
    #[error("{email} has an account already")]
    Taken {
        /// The address.
        email: String,
    },
    /// Wrong e-mail address or wrong password; which of them stays unsaid.
    #[error("the e-mail address and the password do not belong together")]
    WrongLogin,
    /// The key is unknown, or was ended.
    #[error("the key is not valid")]
    UnknownKey,
    /// Too many tries for this account, or from this address.
    #[error("too many attempts; try again in {} seconds", .retry_after.as_secs().max(1))]
    TooMany {
        /// When the next one is taken.
        retry_after: Duration,
    },
    /// The invitation or the token is unknown, was used, or its time is over.
    #[error("the {what} is not valid: it was used, replaced, or its time is over")]
    BadTicket {
        /// `invitation` or `token`.
        what: &'static str,
    },
    /// Nobody manages people above their own role.
    #[error("your role does not allow you to manage a person who is {}", .role.as_str())]
    AboveYou {
        /// The role that is above.
        role: Role,
    },
    /// The plan has no place for another person.
    #[error("the plan {plan} has places for {members} people, invitations included")]
    Full {
        /// The plan's name.
        plan: &'static str,
        /// Its places.
        members: u32,
    },
    /// Enough keys.
    #[error("you have {most} keys, which is the most that one person can have")]
    TooManyKeys {
        /// The most.
        most: usize,
    },
    /// There is no mail to send the token with.
    #[error("this server cannot send mail")]
    NoMail,
    /// The password could not be hashed: out of memory, or the process ends.
    #[error("the password could not be checked: {detail}")]
    Hashing {
        /// Why.
        detail: String,
    },
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}
