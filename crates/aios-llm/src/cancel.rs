//! Ends a stream when its caller wants it stopped.

use aios_core::{ModelError, ModelStream};
use async_stream::stream;
use futures::StreamExt;
use tokio_util::sync::CancellationToken;

/// The stream until `stop` is cancelled, which drops it with its connection and ends with `ModelError::Cancelled`.
pub(crate) fn until_cancelled(mut events: ModelStream, stop: CancellationToken) -> ModelStream {
    Box::pin(stream! {
        let stopped = stop.cancelled_owned();
        tokio::pin!(stopped);
        loop {
            let next = tokio::select! {
                biased;
                () = &mut stopped => Some(Err(ModelError::Cancelled)),
                next = events.next() => next,
            };
            let Some(event) = next else { break };
            let cancelled = event == Err(ModelError::Cancelled);
            yield event;
            if cancelled {
                break;
            }
        }
    })
}
