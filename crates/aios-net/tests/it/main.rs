//! Mail and payments against strict servers on loopback.

#![expect(clippy::unwrap_used, reason = "all of it is tests")]

mod smtp;
mod stripe;
