//! The use cases: one function per command, for every host alike.
//!
//! `compose` is the only place of the product that names adapters. Must not know: terminals, HTTP routes, windows.

mod app;
mod budgets;
mod child;
mod compose;
mod config;
mod doctor;
mod doors;
mod folders;
mod hub;
mod left;
mod local_key;
mod problem;
mod session;
mod settings;
mod slots;
mod turns;
mod window;

pub use app::App;
pub use child::maybe_child_main;
pub use compose::ServerLock;
pub use config::AppConfig;
pub use doctor::{Check, CheckState};
pub use hub::{Stored, Totals};
pub use session::{RunFiles, Session};
pub use window::{Outbox, Window};
