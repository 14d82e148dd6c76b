//! The port through which the parts of a run tell what happens.

use aios_protocol::RunEvent;
use async_trait::async_trait;

/// Takes the events of one run. Implemented by the engine's run actor, which numbers, stores and then publishes them.
#[async_trait]
pub trait EventSink: Send + Sync {
    /// Queues an event; order is kept. Never blocks.
    fn emit(&self, event: RunEvent);

    /// Returns once everything emitted so far is stored; called before an effect, so that its intent survives a crash.
    async fn flush(&self) -> Result<(), SinkClosed>;
}

/// The run is over; nothing can be recorded any more, so nothing may be done any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the run is over")]
pub struct SinkClosed;
