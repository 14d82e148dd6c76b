//! One connection to `/ws/runs`, from its opening to the goodbye.

use std::time::Duration;

use aios_protocol::{ErrorCode, EventFrame, Problem, RunId};
use futures::StreamExt;
use reqwest::header::{CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use reqwest::{StatusCode, Upgraded};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

use crate::Client;
use crate::fault::Fault;

/// What following is called where a command would be named.
const NAME: &str = "run_follow";
/// How long the opening may take.
const OPENING: Duration = Duration::from_secs(15);
/// Servers ping every 20 seconds; one that is silent for longer is gone.
const SILENCE: Duration = Duration::from_secs(70);

/// Codes of RFC 6455.
const NORMAL: u16 = 1000;
const POLICY: u16 = 1008;

/// An open connection.
pub(crate) struct Socket(WebSocketStream<Upgraded>);

/// Why there are no more frames.
#[derive(Debug, PartialEq)]
pub(crate) enum Goodbye {
    /// The server has nothing more to tell: nobody works on the run.
    Told,
    /// The connection is gone, or the server asks to come again later.
    Lost,
    /// Coming again would change nothing.
    Refused(Problem),
}

impl Socket {
    /// Opens a connection that tells the events of a run after `after`. It begins as a request like all others: with the same
    /// key, proxies and TLS, and refused in the same words.
    pub(crate) async fn open(client: &Client, run_id: RunId, after: u64) -> Result<Self, Fault> {
        let key = generate_key();
        let request = client
            .get(&["ws", "runs"], &[("run_id", &run_id.to_string()), ("after", &after.to_string())])
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "websocket")
            .header(SEC_WEBSOCKET_VERSION, "13")
            .header(SEC_WEBSOCKET_KEY, &key);
        let response = client.open(NAME, request, OPENING).await?;
        if response.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Err(client.refused(NAME, response).await);
        }
        let accepted = response.headers().get(SEC_WEBSOCKET_ACCEPT).map(|value| value.as_bytes().to_owned());
        if accepted != Some(derive_accept_key(key.as_bytes()).into_bytes()) {
            return Err(client.foreign(NAME, response.status(), "it opens no WebSocket".to_owned()));
        }
        let upgraded = response.upgrade().await.map_err(|error| client.fault(NAME, error))?;
        Ok(Self(WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await))
    }

    /// The next frame.
    pub(crate) async fn next(&mut self) -> Result<EventFrame, Goodbye> {
        loop {
            match tokio::time::timeout(SILENCE, self.0.next()).await {
                Ok(Some(Ok(Message::Text(text)))) => return frame(&text),
                Ok(Some(Ok(Message::Close(close)))) => {
                    let (code, reason) = close
                        .map(|close| (u16::from(close.code), close.reason.to_string()))
                        .unwrap_or_default();
                    // The answer to a goodbye goes out when the next message is asked for.
                    _ = self.0.next().await;
                    return Err(goodbye(code, reason));
                }
                // Pings are answered where they are read.
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(_)) | None) | Err(_) => return Err(Goodbye::Lost),
            }
        }
    }
}

fn frame(text: &str) -> Result<EventFrame, Goodbye> {
    serde_json::from_str(text).map_err(|error| {
        let message = format!("an event of the run is not understood: {error}");
        let problem = Problem::new(ErrorCode::Internal, message);
        Goodbye::Refused(problem.with_hint("the server may be of a newer version: update this program"))
    })
}

fn goodbye(code: u16, reason: String) -> Goodbye {
    match code {
        NORMAL => Goodbye::Told,
        POLICY => Goodbye::Refused(Problem::new(
            ErrorCode::Denied,
            format!("the server ends the connection: {reason}"),
        )),
        _ => Goodbye::Lost,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goodbyes() {
        assert_eq!(goodbye(NORMAL, String::new()), Goodbye::Told);
        // It stops, has a fault, or its client was too slow.
        for code in [0, 1001, 1006, 1011, 1012, 1013] {
            assert_eq!(goodbye(code, String::new()), Goodbye::Lost, "{code}");
        }
        assert!(
            matches!(goodbye(POLICY, "no".into()), Goodbye::Refused(problem) if problem.message.ends_with(": no"))
        );
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        for text in ["", "{}", "[1]", r#"{"event":"not_known_yet","seq":1}"#] {
            assert!(matches!(frame(text), Err(Goodbye::Refused(_))), "{text}");
        }
    }
}
