//! Listening, and stopping without losing anything.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use aios_app::App;
use aios_protocol::Problem;
use axum::Router;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower_service::Service;

use crate::access::Peer;
use crate::options::Options;
use crate::{page, routes};

/// Connections at the same time.
const MOST_CONNECTIONS: usize = 4_096;
/// The most that a head may be.
const MOST_HEAD: usize = 64 * 1024;
/// How long requests under way may take when the server stops.
const LAST_REQUESTS: Duration = Duration::from_secs(3);
/// After an error of the listener, such as too many open files.
const BREATH: Duration = Duration::from_millis(200);

/// Serves until `shutdown`; then runs save themselves, requests under way are answered and WebSockets closed, all within 25 s.
///
/// First goes on with the runs that an earlier process left. Fails at once where the address is not allowed.
pub async fn serve(
    listener: TcpListener,
    app: Arc<App>,
    options: Options,
    shutdown: impl Future<Output = ()>,
) -> Result<(), Problem> {
    let address = listener.local_addr().map_err(|error| {
        Problem::new(aios_protocol::ErrorCode::Storage, format!("the listener has no address: {error}"))
    })?;
    options.check(address)?;
    if page::IS_BUILT_IN {
        app.shows_page_at(options.address_of(address));
    }
    let drain = options.drain;
    let (router, server) = routes::build(app.clone(), options);
    let going_on = app.go_on();
    let left = tokio::spawn(async move {
        if let Err(problem) = going_on.await {
            tracing::error!(%problem, "what was left could not be read");
        }
    });
    let (stopping, under_way) = (CancellationToken::new(), TaskTracker::new());
    let connections = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    tokio::pin!(shutdown);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &connections) => accepted,
            () = &mut shutdown => break,
        };
        let (stream, peer, permit) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        // WebSockets and downloads see for themselves who stalls, and say so; this is for the rest, so it waits longer.
        let timeouts = (server.options.head_timeout, 2 * server.options.stall_timeout);
        let answering = answer(stream, peer, router.clone(), timeouts, stopping.clone());
        under_way.spawn(async move {
            let _permit = permit;
            if let Err(error) = answering.await {
                tracing::debug!(%error, "a connection broke");
            }
        });
    }
    drop(listener);
    left.abort();
    // Those who watch see their runs stop; so their sockets are closed last.
    stopping.cancel();
    under_way.close();
    let requests = tokio::time::timeout(LAST_REQUESTS, under_way.wait());
    let ((), _) = tokio::join!(app.shutdown(drain), requests);
    server.closing.cancel();
    let all = u32::try_from(crate::server::MOST_SOCKETS).unwrap_or(u32::MAX);
    _ = tokio::time::timeout(LAST_REQUESTS, server.sockets.acquire_many(all)).await;
    Ok(())
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, connections: &Arc<Semaphore>) -> io::Result<Accepted> {
    let permit = connections.clone().acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    // Events are small and wanted at once.
    stream.set_nodelay(true)?;
    Ok((stream, peer, permit))
}

/// Answers the requests of a connection, until its end or the server's.
async fn answer(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    (patience, stall): (Duration, Duration),
    stopping: CancellationToken,
) -> Result<(), hyper::Error> {
    let answer = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer));
        router.clone().call(request)
    });
    // A client that reads nothing holds its connection only for so long.
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(stall));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(patience)
        .max_header_size(MOST_HEAD)
        .serve_connection(TokioIo::new(Box::pin(stream)), answer)
        .with_upgrades();
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        ended = connection.as_mut() => return ended,
        () = stopping.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    connection.await
}
