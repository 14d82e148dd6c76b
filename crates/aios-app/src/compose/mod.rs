//! Composition: the only place that names adapters and knows where their data lies.

mod clock;
mod holders;
mod home;
mod models;
mod ports;
mod settings;
mod toolbox;

pub(crate) use clock::SystemClock;
pub(crate) use holders::Holders;
pub(crate) use home::Home;
pub(crate) use models::Models;
pub(crate) use ports::Workplace;
pub(crate) use toolbox::Toolbox;
