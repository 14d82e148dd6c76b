//! The wire of OpenAI's chat completions, which most providers and local servers speak.

mod reply;
mod request;
mod sent;

pub(crate) use reply::Reply;
pub(crate) use request::encode;
pub(crate) use sent::Sent;
