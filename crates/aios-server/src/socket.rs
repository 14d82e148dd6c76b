//! `/ws/runs`: the events of runs, live and from where a client left off.
//!
//! A client that reads slowly holds nothing but itself back: what it has no room for stays where it is, and is read from
//! the store when it has caught up. One that reads nothing for too long is closed.

mod merge;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aios_app::Session;
use aios_protocol::{Api, ErrorCode, EventFrame, Guarded, Problem, Right, RunId, RunShow, SecretText};
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use futures::stream::{BoxStream, SplitSink, SplitStream};
use futures::{FutureExt, SinkExt, StreamExt};
use serde::Deserialize;

use crate::access::KEY_HEADER;
use crate::failure::Failure;
use crate::server::Server;
use merge::Merge;

/// What a client may send at once; it has little to say.
const MOST_RECEIVED: usize = 64 * 1024;
/// What waits for a client's socket, at most.
const MOST_WAITING: usize = 1024 * 1024;
/// What is handed to the socket at once.
const WRITE_AT: usize = 32 * 1024;
/// Frames between two flushes.
const BATCH: usize = 64;
/// How long a client has to show its key.
const GREETING: Duration = Duration::from_secs(10);
/// Pings without an answer, after which nobody is believed to be there.
const PINGS: u32 = 3;
/// How long the last events of runs may take to come when the server stops.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(2);

/// Codes of RFC 6455.
const NORMAL: u16 = 1000;
const GOING_AWAY: u16 = 1001;
const POLICY: u16 = 1008;
const INTERNAL: u16 = 1011;
const TRY_AGAIN: u16 = 1013;

type Frames = BoxStream<'static, Result<Arc<EventFrame>, Problem>>;
type Sink = SplitSink<WebSocket, Message>;
type Stream = SplitStream<WebSocket>;

/// What a client asks for in the query.
#[derive(Debug, Default)]
struct Wish {
    key: Option<String>,
    run_id: Option<RunId>,
    after: u64,
}

/// The first message of a client that cannot send headers.
#[derive(Deserialize)]
struct Greeting {
    api_key: SecretText,
}

/// Why a connection ends: a code and a reason.
type End = (u16, String);

pub(crate) async fn runs(State(server): State<Arc<Server>>, request: Request) -> Result<Response, Failure> {
    let (mut parts, _) = request.into_parts();
    let wish = wish(parts.uri.query().unwrap_or_default())?;
    let address = server.address(&parts);
    let key = parts.headers.get(KEY_HEADER).map(|key| key.to_str().unwrap_or_default().to_owned());
    let follower = match key.or_else(|| wish.key.clone()) {
        Some(key) => Some(Follower::enter(&server, SecretText::new(key), address, &wish).await?),
        None => {
            server.enter(&parts).await?;
            None
        }
    };
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
        .max_message_size(MOST_RECEIVED)
        .max_frame_size(MOST_RECEIVED)
        .write_buffer_size(WRITE_AT)
        .max_write_buffer_size(MOST_WAITING);
    Ok(upgrade.on_upgrade(async move |mut socket| {
        let _permit = permit;
        let entered = match follower {
            Some(follower) => Ok(follower),
            None => greet(&server, &mut socket, &wish, address).await,
        };
        let (mut sink, mut stream) = socket.split();
        let end = match entered {
            Ok(follower) => follow(&server, &mut sink, &mut stream, &follower, &wish).await,
            Err(problem) => (POLICY, problem.message),
        };
        close(&mut sink, &mut stream, end).await;
    }))
}

fn wish(query: &str) -> Result<Wish, Failure> {
    let mut wish = Wish::default();
    let mut after = None;
    for (name, text) in url::form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "api_key" => wish.key = Some(text.into_owned()),
            "run_id" => {
                let run_id = text.parse();
                wish.run_id =
                    Some(run_id.map_err(|_| Failure::new(ErrorCode::NotFound, "there is no such run"))?);
            }
            "after" => {
                let seq = text.parse::<u64>();
                after = Some(seq.map_err(|_| {
                    Failure::new(ErrorCode::InvalidRequest, "after must be the seq of an event, 0 or more")
                })?);
            }
            _ => {}
        }
    }
    if after.is_some() && wish.run_id.is_none() {
        return Err(Failure::new(
            ErrorCode::InvalidRequest,
            "after counts within one run, so it needs run_id",
        ));
    }
    wish.after = after.unwrap_or_default();
    Ok(wish)
}

/// Whoever holds the key of a connection.
struct Follower {
    access: Guarded<Session>,
    key: SecretText,
}

impl Follower {
    /// Refuses who may not look, and runs that are not theirs.
    async fn enter(server: &Server, key: SecretText, address: IpAddr, wish: &Wish) -> Result<Self, Failure> {
        let access = server.enter_with(key.expose(), address).await?.access;
        access.caller().require(Right::Read, "run_follow")?;
        if let Some(run_id) = wish.run_id {
            access.run_show(RunShow { run_id }).await?;
        }
        Ok(Self { access, key })
    }

    /// Whether the key still lets anybody in. A store that cannot be read now is asked again later.
    async fn may_stay(&self, server: &Server) -> bool {
        match server.app.authenticate(self.key.expose()).await {
            Ok(access) => access.caller().may(Right::Read),
            Err(problem) => problem.code != ErrorCode::Unauthenticated,
        }
    }
}

/// Waits for the key as the first message.
async fn greet(
    server: &Server,
    socket: &mut WebSocket,
    wish: &Wish,
    address: IpAddr,
) -> Result<Follower, Problem> {
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
    Follower::enter(server, greeting.api_key, address, wish).await.map_err(Failure::into_problem)
}

async fn follow(
    server: &Server,
    sink: &mut Sink,
    stream: &mut Stream,
    follower: &Follower,
    wish: &Wish,
) -> End {
    let session = follower.access.inner();
    let frames: Frames = match wish.run_id {
        Some(run_id) => session.subscribe(run_id, wish.after).map(|frame| frame.map(Arc::new)).boxed(),
        None => session.feed(),
    };
    let unanswered = AtomicU32::new(0);
    tokio::select! {
        end = write(server, sink, frames, follower, &unanswered) => end,
        () = read(stream, &unanswered) => (NORMAL, "goodbye".into()),
    }
}

/// Sends frames until there are none, or nobody reads them.
async fn write(
    server: &Server,
    sink: &mut Sink,
    mut frames: Frames,
    follower: &Follower,
    unanswered: &AtomicU32,
) -> End {
    let mut merge = Merge::default();
    let mut pings =
        tokio::time::interval_at(tokio::time::Instant::now() + server.options.ping, server.options.ping);
    loop {
        let due = merge.due();
        tokio::select! {
            frame = frames.next() => {
                // As many as are there go out together.
                let mut next = Some(frame);
                for _ in 0..BATCH {
                    match next {
                        Some(Some(Ok(frame))) => merge.push(frame),
                        Some(Some(Err(problem))) => return trouble(problem),
                        Some(None) => {
                            merge.flush();
                            return match send(server, sink, merge.take()).await {
                                Ok(()) => (NORMAL, "nothing more happens in this run".into()),
                                Err(end) => end,
                            };
                        }
                        None => break,
                    }
                    next = frames.next().now_or_never();
                }
                if let Some(Some(Ok(frame))) = next {
                    merge.push(frame);
                }
            }
            () = server.closing.cancelled() => {
                // What the runs said last is on its way still.
                while let Ok(Some(Ok(frame))) = tokio::time::timeout(LAST_WORDS, frames.next()).await {
                    merge.push(frame);
                }
                merge.flush();
                let sent = send(server, sink, merge.take()).await;
                let stops = (GOING_AWAY, "the server stops; connect again later".into());
                return sent.err().unwrap_or(stops);
            }
            () = tokio::time::sleep_until(due.unwrap_or_else(tokio::time::Instant::now)), if due.is_some() => merge.flush(),
            _ = pings.tick() => {
                if unanswered.fetch_add(1, Ordering::Relaxed) >= PINGS {
                    return (POLICY, "pings were not answered".into());
                }
                if !follower.may_stay(server).await {
                    return (POLICY, "the key is no longer valid".into());
                }
                merge.ping();
            }
        }
        if let Err(end) = send(server, sink, merge.take()).await {
            return end;
        }
    }
}

/// Hands messages to the socket, and waits until it took them.
async fn send(server: &Server, sink: &mut Sink, messages: Vec<Message>) -> Result<(), End> {
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
        Err(_) => {
            Err((TRY_AGAIN, "the client reads too slowly; connect again with after and the last seq".into()))
        }
    }
}

fn trouble(problem: Problem) -> End {
    match problem.code {
        ErrorCode::Conflict => (TRY_AGAIN, problem.message),
        ErrorCode::NotFound => (POLICY, problem.message),
        code => {
            tracing::error!(?code, %problem, "a WebSocket was closed");
            (INTERNAL, "something went wrong on the server".into())
        }
    }
}

/// Whatever a client sends shows that it is there. Ends when it leaves.
async fn read(stream: &mut Stream, unanswered: &AtomicU32) {
    while let Some(Ok(message)) = stream.next().await {
        if matches!(message, Message::Close(_)) {
            return;
        }
        unanswered.store(0, Ordering::Relaxed);
    }
}

/// Says goodbye, and waits for the other side to say it too: closed without that, it may lose what was sent last.
async fn close(sink: &mut Sink, stream: &mut Stream, (code, reason): End) {
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
