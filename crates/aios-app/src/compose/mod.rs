//! Composition: the only place that names adapters and knows where their data lies.

mod clock;
mod holders;
mod home;
mod kept;
mod master_key;
mod models;
mod outside;
mod ports;
mod serving;
mod settings;
mod toolbox;

pub(crate) use clock::SystemClock;
pub(crate) use holders::Holders;
pub(crate) use home::Home;
pub(crate) use kept::Kept;
pub(crate) use master_key::master_key;
pub(crate) use models::{Models, best_of};
pub(crate) use outside::Outside;
pub(crate) use ports::Workplace;
pub use serving::ServerLock;
pub(crate) use toolbox::Toolbox;
