//! A WebSocket connection: letting in, slow clients, goodbyes. What is said over it is the endpoint's business.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aios_protocol::{ErrorCode, Problem, SecretText};
use axum::extract::FromRequestParts;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use serde::Deserialize;
use tokio::sync::OwnedSemaphorePermit;

use crate::access::{Guest, key_of};
use crate::failure::Failure;
use crate::server::Server;
use crate::shares::Share;

/// What waits for a client's socket, at most.
const MOST_WAITING: usize = 1024 * 1024;
/// What is handed to the socket at once.
const WRITE_AT: usize = 32 * 1024;
/// How long a client has to show its key.
const GREETING: Duration = Duration::from_secs(10);
/// Pings without an answer, after which nobody is believed to be there.
const PINGS: u32 = 3;
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// Codes of RFC 6455.
pub(crate) const NORMAL: u16 = 1000;
pub(crate) const GOING_AWAY: u16 = 1001;
pub(crate) const POLICY: u16 = 1008;
pub(crate) const INTERNAL: u16 = 1011;
pub(crate) const TRY_AGAIN: u16 = 1013;

pub(crate) type Sink = SplitSink<WebSocket, Message>;
pub(crate) type Stream = SplitStream<WebSocket>;

/// Why a connection ends: a code and a reason.
pub(crate) type End = (u16, String);

/// The first message of a client that cannot send headers.
#[derive(Deserialize)]
struct Greeting {
    api_key: SecretText,
}

/// Whoever is at the other end, for as long as their key is valid.
pub(crate) struct Visitor {
    pub(crate) guest: Guest,
    key: SecretText,
    _share: Share,
}

impl Visitor {
    async fn enter(server: &Server, key: SecretText, address: IpAddr) -> Result<Self, Failure> {
        let guest = server.enter_with(key.expose(), address).await?;
        let share = server.socket_shares.take(guest.access.inner().organisation());
        let share = share.ok_or_else(|| Failure::too_often(Duration::from_secs(10)))?;
        Ok(Self { guest, key, _share: share })
    }

    /// Whether the key still lets them in, with the rights that they had. Asked with each ping; a store that cannot be read now is
    /// asked again then.
    pub(crate) async fn check(&self, server: &Server) -> Result<(), End> {
        match server.app.authenticate(self.key.expose()).await {
            Err(problem) if problem.code == ErrorCode::Unauthenticated => {
                Err((POLICY, "the key is no longer valid".into()))
            }
            Ok(access) if access.caller() != self.guest.access.caller() => {
                Err((POLICY, "the role has changed; connect again".into()))
            }
            _ => Ok(()),
        }
    }
}

/// Lets in whoever shows a key in the header, or in the query where that is documented; nobody where it may come later.
pub(crate) async fn enter(
    server: &Server,
    parts: &Parts,
    in_query: Option<SecretText>,
) -> Result<Option<Visitor>, Failure> {
    match key_of(&parts.headers).map(SecretText::new).or(in_query) {
        Some(key) => Visitor::enter(server, key, server.address(parts)).await.map(Some),
        None => {
            server.enter(parts).await?;
            Ok(None)
        }
    }
}

/// Takes a connection over from HTTP; the permit is held as long as it lasts.
pub(crate) async fn upgrade(
    server: &Server,
    mut parts: Parts,
    most_received: usize,
) -> Result<(WebSocketUpgrade, OwnedSemaphorePermit), Failure> {
    let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &()).await.map_err(|rejection| {
        let status = rejection.into_response().status();
        Failure::new(ErrorCode::InvalidRequest, "this is a WebSocket endpoint")
            .with_status(if status == StatusCode::UPGRADE_REQUIRED {
                status
            } else {
                StatusCode::BAD_REQUEST
            })
            .with_hint("connect with the scheme ws:// or wss://")
    })?;
    let permit = server.sockets.clone().try_acquire_owned();
    let permit = permit.map_err(|_| Failure::too_often(Duration::from_secs(10)))?;
    let upgrade = upgrade
        .max_message_size(most_received)
        .max_frame_size(most_received)
        .write_buffer_size(WRITE_AT)
        .max_write_buffer_size(MOST_WAITING);
    Ok((upgrade, permit))
}

/// Waits for the key as the first message.
pub(crate) async fn greet(
    server: &Server,
    socket: &mut WebSocket,
    address: IpAddr,
) -> Result<Visitor, Problem> {
    let refused = |message: &str| Problem::new(ErrorCode::Unauthenticated, message);
    let message = tokio::select! {
        message = socket.recv() => message,
        () = tokio::time::sleep(GREETING) => return Err(refused("no key was sent within 10 seconds")),
        () = server.closing.cancelled() => return Err(refused("the server stops")),
    };
    let Some(Ok(Message::Text(text))) = message else {
        return Err(refused("the first message is not a key"));
    };
    let greeting: Greeting = serde_json::from_str(&text)
        .map_err(|_| refused("the first message must be {\"api_key\": \"sk_…\"}"))?;
    Visitor::enter(server, greeting.api_key, address).await.map_err(Failure::into_problem)
}

/// Whether the other side is still there: it answers pings, or says something.
#[derive(Clone, Default)]
pub(crate) struct Pulse(Arc<AtomicU32>);

impl Pulse {
    /// It said something.
    pub(crate) fn felt(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// A ping is sent; not if too many were in vain.
    pub(crate) fn ping(&self) -> Result<(), End> {
        if self.0.fetch_add(1, Ordering::Relaxed) >= PINGS {
            return Err((POLICY, "pings were not answered".into()));
        }
        Ok(())
    }
}

/// When pings are due.
pub(crate) fn pings(server: &Server) -> tokio::time::Interval {
    tokio::time::interval_at(tokio::time::Instant::now() + server.options.ping, server.options.ping)
}

/// Hands messages to the socket, and waits until it took them. One who reads too slowly is told `remedy`.
pub(crate) async fn send(
    server: &Server,
    sink: &mut Sink,
    messages: Vec<Message>,
    remedy: &str,
) -> Result<(), End> {
    if messages.is_empty() {
        return Ok(());
    }
    let sending = async {
        for message in messages {
            sink.feed(message).await?;
        }
        sink.flush().await
    };
    match tokio::time::timeout(server.options.stall_timeout, sending).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) => Err((GOING_AWAY, "the client left".into())),
        Err(_) => Err((TRY_AGAIN, format!("the client reads too slowly; {remedy}"))),
    }
}

/// Says goodbye, and waits for the other side to say it too: closed without that, it may lose what was sent last.
pub(crate) async fn close(sink: &mut Sink, stream: &mut Stream, (code, reason): End) {
    // A reason has at most 123 bytes.
    let short: String = reason.chars().take(40).collect();
    let reason = if short.len() < reason.len() { short + "…" } else { short };
    let goodbye = async {
        _ = sink.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
        while let Some(Ok(_)) = stream.next().await {}
    };
    // Whoever does not answer is gone already.
    _ = tokio::time::timeout(GOODBYE, goodbye).await;
}
