//! Asking a server: one request for each command, sent again only where that does no harm.

use std::time::Duration;

use aios_protocol::{ErrorCode, Problem, RunId, SecretText, Transport};
use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use uuid::Uuid;

use crate::Address;
use crate::fault::{Fault, refusal};
use crate::parcel::Parcel;

const KEY: &str = "x-api-key";
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// How long a connection may take to come about.
const CONNECTING: Duration = Duration::from_secs(10);
/// How long a look may take.
const LOOKING: Duration = Duration::from_secs(30);
/// How long a deed may take: models may think meanwhile.
const DOING: Duration = Duration::from_secs(300);
/// How long a download may stand still.
const STANDING: Duration = Duration::from_secs(60);
/// Before the second, third and fourth try.
const WAITS: [Duration; 3] =
    [Duration::from_millis(100), Duration::from_millis(300), Duration::from_millis(900)];
/// More than any answer has.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A server, asked with somebody's key. Clones share their connections.
// No `Debug`: it holds the key.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    address: Address,
    has_key: bool,
}

impl Client {
    /// Connects at the first request. Without a key only public commands are answered.
    pub fn new(address: Address, key: Option<&SecretText>) -> Result<Self, Problem> {
        // Where a provider is installed already, it is the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut headers = HeaderMap::new();
        if let Some(key) = key {
            let mut value = HeaderValue::from_str(key.expose().trim()).map_err(|_| {
                Problem::new(ErrorCode::Unauthenticated, "the key has characters that no key has")
                    .with_hint("copy it again, whole and alone: sk_ and what follows")
            })?;
            value.set_sensitive(true);
            headers.insert(KEY, value);
        }
        let builder = reqwest::Client::builder()
            .user_agent(concat!("aios/", env!("CARGO_PKG_VERSION")))
            .default_headers(headers)
            .connect_timeout(CONNECTING)
            .tcp_nodelay(true)
            // Sockets begin as requests of HTTP/1.1.
            .http1_only()
            .redirect(Policy::none());
        let builder = if address.is_local() { builder.no_proxy() } else { builder };
        let http = builder.build().map_err(|error| {
            Problem::new(ErrorCode::Internal, format!("TLS could not be set up: {error}"))
        })?;
        Ok(Self { http, address, has_key: key.is_some() })
    }

    /// Which server it asks.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The files of a run, as the bytes of a ZIP archive. A transfer that is cut ends with a problem.
    pub async fn download(
        &self,
        run_id: RunId,
    ) -> Result<BoxStream<'static, Result<Bytes, Problem>>, Problem> {
        const NAME: &str = "run_download";
        let request = self.get(&["api", "v1", "runs", &run_id.to_string(), "download"], &[]);
        let response = self.open(NAME, request, LOOKING).await?;
        if !response.status().is_success() {
            return Err(self.refused(NAME, response).await.into());
        }
        let address = self.address.clone();
        let pieces = tokio_stream::StreamExt::timeout(response.bytes_stream(), STANDING);
        let pieces = pieces.map(move |piece| match piece {
            Ok(piece) => piece.map_err(|error| Fault::of(&address, NAME, &Method::GET, error)),
            Err(_) => Err(Fault::Slow { address: address.to_string(), command: NAME }),
        });
        Ok(pieces.map_err(Problem::from).boxed())
    }

    /// A request for what is no command.
    pub(crate) fn get(&self, path: &[&str], query: &[(&str, &str)]) -> RequestBuilder {
        let mut url = self.address.url().clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        self.http.get(url)
    }

    /// Sends a request whose answer is read by the caller, piece by piece.
    pub(crate) async fn open(
        &self,
        name: &'static str,
        request: RequestBuilder,
        patience: Duration,
    ) -> Result<Response, Fault> {
        match tokio::time::timeout(patience, request.send()).await {
            Ok(response) => response.map_err(|error| self.fault(name, error)),
            Err(_) => Err(Fault::Slow { address: self.address.to_string(), command: name }),
        }
    }

    /// What happened to a request that only looks.
    pub(crate) fn fault(&self, name: &'static str, error: reqwest::Error) -> Fault {
        Fault::of(&self.address, name, &Method::GET, error)
    }

    /// An answer that no server of ours gives.
    pub(crate) fn foreign(&self, command: &'static str, status: StatusCode, what: String) -> Fault {
        Fault::Foreign { address: self.address.to_string(), command, status, what }
    }

    /// What an answer says that is none.
    pub(crate) async fn refused(&self, name: &'static str, response: Response) -> Fault {
        let (status, headers) = (response.status(), response.headers().clone());
        match tokio::time::timeout(LOOKING, self.body(name, &Method::GET, response)).await {
            Ok(Ok(body)) => refusal(&self.address, name, status, &headers, &body),
            Ok(Err(fault)) => fault,
            Err(_) => Fault::Slow { address: self.address.to_string(), command: name },
        }
    }

    /// Sends a request until it is answered, as often as that is harmless: what never left may be sent again, and so may a
    /// look; what has an idempotency key may once more, while the same server is there to know it.
    async fn send(&self, parcel: &Parcel) -> Result<Vec<u8>, Fault> {
        let is_look = parcel.method == Method::GET;
        let key = (parcel.method == Method::POST && self.has_key).then(|| Uuid::new_v4().to_string());
        let mut waits = WAITS.into_iter();
        let mut was_sent = false;
        loop {
            let mut fault = match self.send_once(parcel, key.as_deref()).await {
                Ok(body) => return Ok(body),
                Err(fault) => fault,
            };
            let may_repeat = match &mut fault {
                Fault::Unreachable { harmless, source, .. } => {
                    *harmless = is_look || !was_sent;
                    *harmless && !source.is_timeout()
                }
                Fault::Broken { .. } => is_look || (key.is_some() && !was_sent),
                _ => false,
            };
            was_sent |= matches!(fault, Fault::Broken { .. });
            let Some(wait) = waits.next().filter(|_| may_repeat) else { return Err(fault) };
            tracing::debug!(command = parcel.command, %fault, "a request is sent again");
            tokio::time::sleep(wait).await;
        }
    }

    async fn send_once(&self, parcel: &Parcel, key: Option<&str>) -> Result<Vec<u8>, Fault> {
        let patience = if parcel.method == Method::GET { LOOKING } else { DOING };
        let mut request = self.http.request(parcel.method.clone(), parcel.url.clone()).timeout(patience);
        if let Some(body) = &parcel.body {
            request = request.json(body);
        }
        if let Some(key) = key {
            request = request.header(IDEMPOTENCY_KEY, key);
        }
        let sent = request.send().await;
        let response =
            sent.map_err(|error| Fault::of(&self.address, parcel.command, &parcel.method, error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.body(parcel.command, &parcel.method, response).await?;
        match status.is_success() {
            true => Ok(body),
            false => Err(refusal(&self.address, parcel.command, status, &headers, &body)),
        }
    }

    async fn body(
        &self,
        command: &'static str,
        method: &Method,
        mut response: Response,
    ) -> Result<Vec<u8>, Fault> {
        let mut body = Vec::new();
        loop {
            match response.chunk().await {
                Ok(Some(piece)) if body.len() + piece.len() <= MOST_BYTES => body.extend_from_slice(&piece),
                Ok(Some(_)) => {
                    let what = format!("with more than {MOST_BYTES} bytes");
                    return Err(self.foreign(command, response.status(), what));
                }
                Ok(None) => return Ok(body),
                Err(error) => return Err(Fault::of(&self.address, command, method, error)),
            }
        }
    }
}

#[async_trait]
impl Transport for Client {
    async fn carry(&self, command: &'static str, request: Value) -> Result<Value, Problem> {
        let parcel = Parcel::pack(self.address.url(), command, request)?;
        let body = self.send(&parcel).await?;
        serde_json::from_slice(&body).map_err(|error| {
            self.foreign(command, StatusCode::OK, format!("what it says is no JSON ({error})")).into()
        })
    }
}
