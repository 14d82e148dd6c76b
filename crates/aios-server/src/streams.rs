//! `/rpc/streams`: all streams of a window over one connection.

use std::sync::Arc;

use aios_app::{Outbox, Window};
use aios_protocol::{Right, ToStreams};
use axum::extract::ws::Message;
use axum::extract::{Request, State};
use axum::response::Response;
use futures::StreamExt;

use crate::connection::{
    self, End, GOING_AWAY, INTERNAL, NORMAL, POLICY, Pulse, Sink, Stream, TRY_AGAIN, Visitor, close, greet,
    send,
};
use crate::failure::Failure;
use crate::server::Server;

/// The largest request of a stream: a file to be talked about, with its history.
const MOST_RECEIVED: usize = 2 * 1024 * 1024;
/// What a client does that reads too slowly.
const REMEDY: &str = "connect again and open the streams anew";

pub(crate) async fn window(State(server): State<Arc<Server>>, request: Request) -> Result<Response, Failure> {
    let (parts, _) = request.into_parts();
    let address = server.address(&parts);
    let visitor = connection::enter(&server, &parts, None).await?;
    let (upgrade, permit) = connection::upgrade(&server, parts, MOST_RECEIVED).await?;
    Ok(upgrade.on_upgrade(async move |mut socket| {
        let _permit = permit;
        let entered = match visitor {
            Some(visitor) => Ok(visitor),
            None => greet(&server, &mut socket, address).await,
        };
        let entered = entered.and_then(|visitor| {
            visitor.guest.access.caller().require(Right::Read, "streams")?;
            Ok(visitor)
        });
        let (mut sink, mut stream) = socket.split();
        let end = match entered {
            Ok(visitor) => carry(&server, &mut sink, &mut stream, &visitor).await,
            Err(problem) => (POLICY, problem.message),
        };
        close(&mut sink, &mut stream, end).await;
    }))
}

/// Carries a window's streams until either side ends.
async fn carry(server: &Server, sink: &mut Sink, stream: &mut Stream, visitor: &Visitor) -> End {
    let (window, outbox) = Window::new(visitor.guest.access.clone());
    let pulse = Pulse::default();
    tokio::select! {
        end = write(server, sink, outbox, visitor, &pulse) => end,
        end = read(server, stream, &window, visitor.guest.tag.as_ref(), &pulse) => end,
    }
}

/// Sends what the streams tell.
async fn write(
    server: &Server,
    sink: &mut Sink,
    mut outbox: Outbox,
    visitor: &Visitor,
    pulse: &Pulse,
) -> End {
    let mut pings = connection::pings(server);
    loop {
        let messages = tokio::select! {
            messages = outbox.next() => match messages {
                Some(messages) => messages.into_iter().map(Message::text).collect(),
                None => return (INTERNAL, "the window is gone".into()),
            },
            () = server.closing.cancelled() => return (GOING_AWAY, "the server stops".into()),
            _ = pings.tick() => match pulse.ping().and(visitor.check(server).await) {
                Ok(()) => vec![Message::Ping(axum::body::Bytes::new())],
                Err(end) => return end,
            },
        };
        if let Err(end) = send(server, sink, messages, REMEDY).await {
            return end;
        }
    }
}

/// Takes what the window says. Streams are opened as often as commands may be asked.
async fn read(
    server: &Server,
    stream: &mut Stream,
    window: &Window,
    tag: Option<&crate::access::KeyTag>,
    pulse: &Pulse,
) -> End {
    while let Some(Ok(message)) = stream.next().await {
        pulse.felt();
        let text = match message {
            Message::Text(text) => text,
            Message::Close(_) => break,
            Message::Binary(_) => return (POLICY, "messages are JSON".into()),
            Message::Ping(_) | Message::Pong(_) => continue,
        };
        let said: ToStreams = match serde_json::from_str(&text) {
            Ok(said) => said,
            Err(_) => return (POLICY, "a message is not understood".into()),
        };
        if matches!(said, ToStreams::Open { .. })
            && let Some(tag) = tag
            && server.buckets.ask(tag).is_err()
        {
            return (TRY_AGAIN, "too many streams were opened".into());
        }
        window.receive(said);
    }
    (NORMAL, "goodbye".into())
}
