//! The wire of OpenAI's chat completions, which most providers and local servers speak.

mod reply;
mod request;

pub(crate) use reply::Reply;
pub(crate) use request::encode;
