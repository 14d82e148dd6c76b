//! What all requests share.

use std::sync::Arc;

use aios_app::App;
use bytes::Bytes;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::access::Buckets;
use crate::idempotency::Kept;
use crate::metrics::Metrics;
use crate::options::Options;

/// WebSocket clients at the same time.
pub(crate) const MOST_SOCKETS: usize = 2_000;
/// Downloads at the same time; each keeps a thread busy.
const MOST_DOWNLOADS: usize = 8;

/// One for each listener.
pub(crate) struct Server {
    pub(crate) app: Arc<App>,
    pub(crate) options: Options,
    pub(crate) buckets: Buckets,
    pub(crate) kept: Kept,
    pub(crate) metrics: Metrics,
    pub(crate) sockets: Arc<Semaphore>,
    pub(crate) downloads: Arc<Semaphore>,
    /// Ends the WebSockets.
    pub(crate) closing: CancellationToken,
    /// The OpenAPI document, and the page made from it.
    pub(crate) document: Bytes,
    pub(crate) page: Bytes,
}

impl Server {
    pub(crate) fn new(app: Arc<App>, options: Options, document: &serde_json::Value) -> Self {
        Self {
            app,
            buckets: Buckets::new(&options),
            options,
            kept: Kept::default(),
            metrics: Metrics::default(),
            sockets: Arc::new(Semaphore::new(MOST_SOCKETS)),
            downloads: Arc::new(Semaphore::new(MOST_DOWNLOADS)),
            closing: CancellationToken::new(),
            document: document.to_string().into(),
            page: crate::docs::page(document).into(),
        }
    }
}
