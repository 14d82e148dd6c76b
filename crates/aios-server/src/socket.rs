//! `/ws/runs`: the events of runs, live and from where a client left off.
//!
//! A client that reads slowly holds nothing but itself back: what it has no room for stays where it is, and is read from
//! the store when it has caught up. One that reads nothing for too long is closed.

mod merge;

use std::sync::Arc;
use std::time::Duration;

use aios_protocol::{Api, ErrorCode, EventFrame, Problem, Right, RunId, RunShow, SecretText};
use axum::extract::ws::Message;
use axum::extract::{Request, State};
use axum::response::Response;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt};

use crate::connection::{
    self, End, GOING_AWAY, INTERNAL, NORMAL, POLICY, Pulse, Sink, Stream, TRY_AGAIN, Visitor, close, greet,
    send,
};
use crate::failure::Failure;
use crate::server::Server;
use merge::Merge;

/// What a client may send at once; it has little to say.
const MOST_RECEIVED: usize = 64 * 1024;
/// Frames between two flushes.
const BATCH: usize = 64;
/// What a client does that reads too slowly.
const REMEDY: &str = "connect again with after and the last seq";
/// How long the last events of runs may take to come when the server stops.
const LAST_WORDS: Duration = Duration::from_millis(200);

type Frames = BoxStream<'static, Result<Arc<EventFrame>, Problem>>;

/// What a client asks for in the query.
#[derive(Debug, Default)]
struct Wish {
    key: Option<SecretText>,
    run_id: Option<RunId>,
    after: u64,
}

pub(crate) async fn runs(State(server): State<Arc<Server>>, request: Request) -> Result<Response, Failure> {
    let (parts, _) = request.into_parts();
    let wish = wish(parts.uri.query().unwrap_or_default())?;
    let address = server.address(&parts);
    let visitor = connection::enter(&server, &parts, wish.key.clone()).await?;
    if let Some(visitor) = &visitor {
        may_follow(visitor, &wish).await?;
    }
    let (upgrade, permit) = connection::upgrade(&server, parts, MOST_RECEIVED).await?;
    Ok(upgrade.on_upgrade(async move |mut socket| {
        let _permit = permit;
        let entered = match visitor {
            Some(visitor) => Ok(visitor),
            None => match greet(&server, &mut socket, address).await {
                Ok(visitor) => may_follow(&visitor, &wish).await.map(|()| visitor),
                refused => refused,
            },
        };
        let (mut sink, mut stream) = socket.split();
        let end = match entered {
            Ok(visitor) => follow(&server, &mut sink, &mut stream, &visitor, &wish).await,
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
            "api_key" => wish.key = Some(SecretText::new(text)),
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

/// Refuses who may not look, and runs that are not theirs.
async fn may_follow(visitor: &Visitor, wish: &Wish) -> Result<(), Problem> {
    let guest = &visitor.guest;
    guest.access.caller().require(Right::Read, "run_follow")?;
    match wish.run_id {
        Some(run_id) => guest.access.run_show(RunShow { run_id }).await.map(|_| ()),
        None => Ok(()),
    }
}

async fn follow(
    server: &Server,
    sink: &mut Sink,
    stream: &mut Stream,
    visitor: &Visitor,
    wish: &Wish,
) -> End {
    let session = visitor.guest.access.inner();
    let frames: Frames = match wish.run_id {
        Some(run_id) => session.subscribe(run_id, wish.after).map(|frame| frame.map(Arc::new)).boxed(),
        None => session.feed(),
    };
    let pulse = Pulse::default();
    tokio::select! {
        end = write(server, sink, frames, visitor, &pulse) => end,
        () = read(stream, &pulse) => (NORMAL, "goodbye".into()),
    }
}

/// Sends frames until there are none, or nobody reads them.
async fn write(
    server: &Server,
    sink: &mut Sink,
    mut frames: Frames,
    visitor: &Visitor,
    pulse: &Pulse,
) -> End {
    let mut merge = Merge::default();
    let mut pings = connection::pings(server);
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
                            return match send(server, sink, merge.take(), REMEDY).await {
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
                let sent = send(server, sink, merge.take(), REMEDY).await;
                let stops = (GOING_AWAY, "the server stops; connect again later".into());
                return sent.err().unwrap_or(stops);
            }
            () = tokio::time::sleep_until(due.unwrap_or_else(tokio::time::Instant::now)), if due.is_some() => merge.flush(),
            _ = pings.tick() => {
                if let Err(end) = pulse.ping().and(visitor.check(server).await) {
                    return end;
                }
                merge.ping();
            }
        }
        if let Err(end) = send(server, sink, merge.take(), REMEDY).await {
            return end;
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
async fn read(stream: &mut Stream, pulse: &Pulse) {
    while let Some(Ok(message)) = stream.next().await {
        if matches!(message, Message::Close(_)) {
            return;
        }
        pulse.felt();
    }
}
