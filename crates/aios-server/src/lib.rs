//! The REST and WebSocket API: the commands of the product over HTTP, for scripts, browsers and other machines.
//!
//! Owns what HTTP is about: routes, keys in headers, problem documents, limits, the OpenAPI document. Must not know: how a
//! command is answered, who may do what, where anything is stored.

mod access;
mod archive;
mod asked;
mod command;
mod connection;
mod docs;
mod entry;
mod failure;
mod idempotency;
mod metrics;
mod observe;
mod openapi;
mod options;
mod page;
mod payments;
mod pieces;
mod rates;
mod request;
mod routes;
mod rpc;
mod schema;
mod serve;
mod server;
mod shares;
mod socket;
mod streams;

pub use options::{Options, Rate};
pub use page::IS_BUILT_IN as HAS_PAGE;
pub use serve::serve;
