//! How a model is reached: address, headers and wire; and the reply while it comes in.

use aios_core::{ModelEvent, ModelInfo, ModelRequest, Secret};
use bytes::Bytes;
use reqwest::Url;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, InvalidHeaderValue};

use crate::fault::Fault;
use crate::http::{Body, Http};
use crate::provider::{Dialect, Wire};
use crate::through_genai::{Adapter, GenaiReply, Target};
use crate::turn::Turn;
use crate::{chat, messages, sse};

/// How one model is reached.
pub(crate) enum Line {
    Chat { url: Url, headers: HeaderMap, dialect: Dialect, sent: chat::Sent },
    Messages { url: Url, headers: HeaderMap },
    ThroughGenai(Target),
}

impl Line {
    /// `moved` says that the user gave the address: what is there speaks the plain wire of its kind.
    pub(crate) fn new(
        wire: Wire,
        base: &Url,
        moved: bool,
        model: &str,
        key: Option<&Secret<String>>,
    ) -> Result<Self, InvalidHeaderValue> {
        let target = |adapter| Line::ThroughGenai(Target::new(adapter, base, key));
        Ok(match wire {
            Wire::Chat(dialect) if dialect.reasoning_rules && !moved && only_speaks_responses(model) => {
                target(Adapter::Responses)
            }
            Wire::Chat(dialect) => {
                let mut headers = json_headers();
                if let Some(key) = key {
                    headers.insert(AUTHORIZATION, sensitive(&format!("Bearer {}", key.expose()))?);
                }
                let sent = chat::Sent::default();
                Line::Chat { url: below(base, "chat/completions"), headers, dialect, sent }
            }
            Wire::Messages => {
                let mut headers = json_headers();
                headers.insert("anthropic-version", HeaderValue::from_static("2023-06-01"));
                if let Some(key) = key {
                    headers.insert("x-api-key", sensitive(key.expose())?);
                }
                let versioned = base.path().trim_end_matches('/').ends_with("/v1");
                let path = if versioned { "messages" } else { "v1/messages" };
                Line::Messages { url: below(base, path), headers }
            }
            Wire::Gemini => target(Adapter::Gemini),
        })
    }

    /// Sends a request.
    pub(crate) async fn open(
        &self,
        request: &ModelRequest,
        model: &ModelInfo,
        http: &Http,
    ) -> Result<Incoming, Fault> {
        let (url, headers, body, reply) = match self {
            Self::Chat { url, headers, dialect, sent } => (
                url,
                headers,
                chat::encode(request, model, *dialect, sent),
                Reply::Chat(chat::Reply::default()),
            ),
            Self::Messages { url, headers } => {
                let body = messages::encode(request, model).map(Bytes::from);
                (url, headers, body, Reply::Messages(messages::Reply::default()))
            }
            Self::ThroughGenai(target) => {
                return target.open(request, model, http).await.map(Incoming::ThroughGenai);
            }
        };
        let body = body.map_err(|error| Fault::Refused(error.to_string()))?;
        let body = http.post(url, headers.clone(), body).await?;
        Ok(Incoming::Own(Own { body: Some(body), decoder: sse::Decoder::default(), reply }))
    }
}

fn json_headers() -> HeaderMap {
    HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))])
}

/// Kept out of logs.
fn sensitive(value: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut value = HeaderValue::from_str(value)?;
    value.set_sensitive(true);
    Ok(value)
}

/// `join` would replace the last part of a base without a slash at its end.
fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{path}", base.path().trim_end_matches('/')));
    url
}

/// OpenAI serves these by the responses interface alone.
fn only_speaks_responses(model: &str) -> bool {
    model.ends_with("-pro")
        || model.contains("-pro-")
        || model.contains("-codex")
        || model.contains("-deep-research")
}

/// A reply that is coming in.
pub(crate) enum Incoming {
    Own(Own),
    ThroughGenai(GenaiReply),
}

/// A reply on one of our own wires.
pub(crate) struct Own {
    /// Taken when the last event has come.
    body: Option<Body>,
    decoder: sse::Decoder,
    reply: Reply,
}

enum Reply {
    Chat(chat::Reply),
    Messages(messages::Reply),
}

impl Incoming {
    /// Waits for the next piece and adds its events to `out`; true when it was the last.
    pub(crate) async fn next(&mut self, out: &mut Vec<ModelEvent>) -> Result<bool, Fault> {
        match self {
            Self::Own(own) => own.next(out).await,
            Self::ThroughGenai(reply) => reply.next(out).await,
        }
    }

    /// What came.
    pub(crate) fn finish(self) -> Turn {
        match self {
            Self::Own(Own { reply: Reply::Chat(reply), .. }) => reply.turn,
            Self::Own(Own { reply: Reply::Messages(reply), .. }) => reply.turn,
            Self::ThroughGenai(reply) => reply.finish(),
        }
    }
}

impl Own {
    async fn next(&mut self, out: &mut Vec<ModelEvent>) -> Result<bool, Fault> {
        let Some(body) = &mut self.body else { return Ok(true) };
        let Some(piece) = body.next().await? else {
            self.body = None;
            if let Some(data) = self.decoder.finish()? {
                self.event(&data, out)?;
            }
            return self.reply.may_end().map(|()| true);
        };
        self.decoder.feed(&piece);
        while let Some(data) = self.decoder.next()? {
            if self.event(&data, out)? {
                if let Some(body) = self.body.take() {
                    body.release().await;
                }
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn event(&mut self, data: &str, out: &mut Vec<ModelEvent>) -> Result<bool, Fault> {
        match &mut self.reply {
            Reply::Chat(reply) => reply.event(data, out),
            Reply::Messages(reply) => reply.event(data, out),
        }
    }
}

impl Reply {
    /// Whether the connection may end here: some servers of chat completions leave `[DONE]` out, and the turn itself knows
    /// whether the model was done; Anthropic always says that it stops.
    fn may_end(&self) -> Result<(), Fault> {
        match self {
            Self::Messages(reply) if !reply.stopped => Err(Fault::bad("it ended before the model was done")),
            _ => Ok(()),
        }
    }
}
