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
use crate::shares::Shares;

/// WebSocket clients at the same time.
pub(crate) const MOST_SOCKETS: usize = 2_000;
/// Of one organisation.
const MOST_SOCKETS_OF_ONE: usize = 1_000;
/// Downloads at the same time; each keeps a thread busy.
const MOST_DOWNLOADS: usize = 8;
/// Of one organisation.
const MOST_DOWNLOADS_OF_ONE: usize = 4;

/// One for each listener.
pub(crate) struct Server {
    pub(crate) app: Arc<App>,
    pub(crate) options: Options,
    pub(crate) buckets: Buckets,
    pub(crate) kept: Kept,
    pub(crate) metrics: Metrics,
    pub(crate) sockets: Arc<Semaphore>,
    pub(crate) socket_shares: Shares,
    pub(crate) downloads: Arc<Semaphore>,
    pub(crate) download_shares: Shares,
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
            socket_shares: Shares::new(MOST_SOCKETS_OF_ONE),
            downloads: Arc::new(Semaphore::new(MOST_DOWNLOADS)),
            download_shares: Shares::new(MOST_DOWNLOADS_OF_ONE),
            closing: CancellationToken::new(),
            document: document.to_string().into(),
            page: crate::docs::page(document).into(),
        }
    }
}
