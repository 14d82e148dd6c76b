//! What depends on a command's types: reading its request, writing its answer. It is compiled once for each of the commands,
//! so everything else about them stays outside.

use aios_app::Session;
use aios_protocol::{Call, ErrorCode, Guarded, Problem};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A request that was understood; asking gives the answer as JSON.
pub(crate) type Asked =
    Box<dyn FnOnce(Guarded<Session>) -> BoxFuture<'static, Result<Bytes, Problem>> + Send>;

/// Reads a request.
pub(crate) type Reader = Box<dyn Fn(Value) -> Result<Asked, Misread> + Send + Sync>;

/// Why a request is none of its command.
pub(crate) struct Misread {
    /// Where in it, such as `policy.max_cost_usd`; `.` for the whole.
    pub(crate) place: String,
    /// What is wrong there.
    pub(crate) reason: String,
}

/// The reader of a command.
pub(crate) fn reader<Q, A>(call: Call<Q, A>) -> Reader
where
    Q: DeserializeOwned + Send + 'static,
    A: Serialize + Send + 'static,
{
    Box::new(move |request| {
        let request: Q = serde_path_to_error::deserialize(request).map_err(|error| Misread {
            place: error.path().to_string(),
            reason: error.inner().to_string(),
        })?;
        Ok(Box::new(move |access| async move { written(&call(&access, request).await?) }.boxed()))
    })
}

fn written<A: Serialize>(answer: &A) -> Result<Bytes, Problem> {
    let text = serde_json::to_vec(answer);
    text.map(Bytes::from).map_err(|error| {
        Problem::new(ErrorCode::Internal, format!("the answer could not be written: {error}"))
    })
}
