//! The wire of Anthropic's messages.

mod reply;
mod request;

pub(crate) use reply::Reply;
pub(crate) use request::encode;
