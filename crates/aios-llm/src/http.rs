//! HTTP clients shared by all models, and the body of a reply with its time-outs.
//!
//! Must not know: what requests and replies say.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aios_core::TimeoutPhase;
use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Client, ClientBuilder, Response, Url, redirect};
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout, timeout_at};

use crate::Timeouts;
use crate::fault::Fault;

/// Most bytes of one reply. The JSON around a token is some hundred bytes, so this is far above `MAX_CONTENT`.
const MAX_BODY: usize = 64 << 20;
/// Most bytes that are read of an error's body.
const MAX_ERROR_BODY: usize = 64 << 10;

/// Connections to the providers. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Http(Arc<Inner>);

struct Inner {
    timeouts: Timeouts,
    /// For plain HTTP on this machine: no TLS to set up, no proxy.
    loopback: OnceLock<Client>,
    /// For everything else. Loading the system's certificates takes a while, so it waits for the first use.
    remote: OnceCell<Client>,
}

impl Http {
    /// Opens nothing yet.
    pub fn new(timeouts: Timeouts) -> Self {
        Self(Arc::new(Inner { timeouts, loopback: OnceLock::new(), remote: OnceCell::new() }))
    }

    pub(crate) fn timeouts(&self) -> Timeouts {
        self.0.timeouts
    }

    /// The client for an address.
    pub(crate) async fn client(&self, url: &Url) -> Result<Client, Fault> {
        if is_plain_loopback(url) {
            if let Some(client) = self.0.loopback.get() {
                return Ok(client.clone());
            }
            let client = self.build(without_tls)?;
            return Ok(self.0.loopback.get_or_init(|| client).clone());
        }
        let this = self.clone();
        let build = || async {
            tokio::task::spawn_blocking(move || this.build(with_tls))
                .await
                .unwrap_or_else(|error| Err(Fault::Unavailable(error.to_string())))
        };
        self.0.remote.get_or_try_init(build).await.cloned()
    }

    fn build(&self, security: fn(ClientBuilder) -> ClientBuilder) -> Result<Client, Fault> {
        let builder = Client::builder()
            .connect_timeout(self.0.timeouts.connect)
            .tcp_nodelay(true)
            .redirect(redirect::Policy::none())
            .no_gzip()
            .user_agent(concat!("cesaflow/", env!("CARGO_PKG_VERSION")));
        security(builder).build().map_err(|error| Fault::Unavailable(cause(&error)))
    }

    /// Sends a request and waits for the head of the reply; a status other than success is a fault.
    pub(crate) async fn post(&self, url: &Url, headers: HeaderMap, body: Bytes) -> Result<Body, Fault> {
        let timeouts = self.0.timeouts;
        let begun = Instant::now();
        let request = self.client(url).await?.post(url.clone()).headers(headers).body(body);
        let response = timeout_at(begun + timeouts.first_byte, request.send())
            .await
            .map_err(|_| Fault::TimedOut(TimeoutPhase::FirstByte, timeouts.first_byte))?
            .map_err(|error| send_fault(&error, timeouts))?;
        let status = response.status();
        let retry_after = retry_after(response.headers());
        let mut body = Body { response, timeouts, begun, received: 0 };
        if status.is_success() {
            body.expect_events().await?;
            return Ok(body);
        }
        let text = body.rest_as_text().await;
        Err(Fault::from_status(status.as_u16(), &text, retry_after))
    }
}

impl Default for Http {
    fn default() -> Self {
        Self::new(Timeouts::default())
    }
}

/// Only literal names of this machine: what a name server says is not trusted to stay here.
fn is_plain_loopback(url: &Url) -> bool {
    let loopback = match url.host_str() {
        Some("localhost" | "[::1]") => true,
        Some(host) => host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback()),
        None => false,
    };
    url.scheme() == "http" && loopback
}

fn without_tls(builder: ClientBuilder) -> ClientBuilder {
    // A client always wants a TLS set-up; one without certificates costs nothing and trusts nobody.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let Ok(versions) =
        rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()
    else {
        return builder.no_proxy();
    };
    let nobody = versions.with_root_certificates(rustls::RootCertStore::empty()).with_no_client_auth();
    builder.tls_backend_preconfigured(nobody).no_proxy()
}

fn with_tls(builder: ClientBuilder) -> ClientBuilder {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // Fails only when another thread was faster, with the same result.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
    // A connection that died while the machine slept is noticed before a request waits on it.
    builder
        .http2_keep_alive_interval(Duration::from_secs(20))
        .http2_keep_alive_timeout(Duration::from_secs(5))
}

/// The body of a reply, piece by piece.
pub(crate) struct Body {
    response: Response,
    timeouts: Timeouts,
    begun: Instant,
    received: usize,
}

impl Body {
    /// The next piece; nothing at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, Fault> {
        let whole = self.begun + self.timeouts.whole;
        let (phase, limit, deadline) = if self.received == 0 {
            let limit = self.timeouts.first_byte;
            (TimeoutPhase::FirstByte, limit, self.begun + limit)
        } else {
            let limit = self.timeouts.between_bytes;
            (TimeoutPhase::BetweenBytes, limit, Instant::now() + limit)
        };
        let piece = match timeout_at(deadline.min(whole), self.response.chunk()).await {
            Ok(piece) => {
                piece.map_err(|error| Fault::bad(format!("the connection broke: {}", cause(&error))))?
            }
            Err(_) if deadline > whole => return Err(self.took_too_long()),
            Err(_) => return Err(Fault::TimedOut(phase, limit)),
        };
        // A lively stream never meets the deadline above.
        if Instant::now() > whole {
            return Err(self.took_too_long());
        }
        self.received += piece.as_ref().map_or(0, Bytes::len);
        if self.received > MAX_BODY {
            return Err(Fault::bad("the reply is longer than 64 MiB"));
        }
        Ok(piece)
    }

    fn took_too_long(&self) -> Fault {
        Fault::bad(format!("it did not end within {:?}", self.timeouts.whole))
    }

    /// Errors come with status 200 too, and so do the pages of captive portals. Servers that leave the type out are believed.
    async fn expect_events(&mut self) -> Result<(), Fault> {
        let content_type = self.response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_ascii_lowercase();
        if !content_type.starts_with("application/json") && !content_type.starts_with("text/html") {
            return Ok(());
        }
        let text = self.rest_as_text().await;
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(value) if value.get("error").is_some_and(|error| !error.is_null()) => {
                Err(Fault::from_report(&value))
            }
            _ => Err(Fault::bad(format!("not a stream of events but {content_type}"))),
        }
    }

    /// What an error says, as far as it comes in time.
    async fn rest_as_text(&mut self) -> String {
        let mut text = Vec::new();
        while text.len() < MAX_ERROR_BODY {
            match self.next().await {
                Ok(Some(piece)) => text.extend_from_slice(&piece),
                Ok(None) | Err(_) => break,
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    /// Reads up to the end of a reply whose last event has come, so that the connection can be used again. Mostly the end is
    /// there already; a slow one is waited for aside.
    pub(crate) async fn release(mut self) {
        const MOMENT: Duration = Duration::from_millis(2);
        const PATIENCE: Duration = Duration::from_secs(1);
        const MOST_PIECES: usize = 16;
        let mut rest = Box::pin(async move {
            for _ in 0..MOST_PIECES {
                if !matches!(self.next().await, Ok(Some(_))) {
                    break;
                }
            }
        });
        if timeout(MOMENT, rest.as_mut()).await.is_err() {
            tokio::spawn(timeout(PATIENCE, rest));
        }
    }
}

pub(crate) fn send_fault(error: &reqwest::Error, timeouts: Timeouts) -> Fault {
    if error.is_timeout() && error.is_connect() {
        Fault::TimedOut(TimeoutPhase::Connect, timeouts.connect)
    } else if let Some(url) = error.url().filter(|_| error.is_connect()) {
        // Without path and query, which may hold a key.
        Fault::Unavailable(format!(
            "no connection to {}: {}",
            url.origin().ascii_serialization(),
            cause(error)
        ))
    } else {
        Fault::Unavailable(cause(error))
    }
}

/// The innermost reason: the outer ones repeat that a request failed, and the address.
pub(crate) fn cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// How long the provider wants us to wait: milliseconds, seconds, or a date, which is compared with the provider's own clock.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let seconds =
        |text: &str| text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    if let Some(millis) = text("retry-after-ms").and_then(|text| text.parse().ok()) {
        return Some(Duration::from_millis(millis));
    }
    let wish = text(RETRY_AFTER.as_str())?;
    if let Some(wait) = seconds(wish) {
        return Some(wait);
    }
    let date = |text| jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    let wait = date(wish)?.duration_since(date(text(DATE.as_str())?)?);
    Some(wait.try_into().unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wishes_to_wait_are_understood() {
        let check = |headers: &[(&'static str, &'static str)], expect: Option<u64>| {
            let headers =
                headers.iter().map(|&(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
            let found = retry_after(&headers.collect());
            assert_eq!(found, expect.map(Duration::from_millis));
        };
        check(&[], None);
        check(&[("retry-after", "7")], Some(7000));
        check(&[("retry-after", "0.5")], Some(500));
        check(&[("retry-after", "9"), ("retry-after-ms", "20")], Some(20));
        check(&[("retry-after", "-1")], None);
        check(&[("retry-after", "1e300")], None);
        check(&[("retry-after", "soon")], None);
        let now = ("date", "Wed, 21 Oct 2015 07:28:00 GMT");
        check(&[("retry-after", "Wed, 21 Oct 2015 07:28:12 GMT"), now], Some(12_000));
        check(&[("retry-after", "Wed, 21 Oct 2015 07:20:00 GMT"), now], Some(0));
        check(&[("retry-after", "Wed, 21 Oct 2015 07:28:12 GMT")], None);
    }

    #[test]
    fn only_plain_addresses_of_this_machine_go_without_tls() {
        let check = |url: &str, expect| assert_eq!(is_plain_loopback(&url.parse().unwrap()), expect, "{url}");
        check("http://127.0.0.1:8080/v1", true);
        check("http://localhost/v1", true);
        check("http://[::1]:1/v1", true);
        check("https://127.0.0.1/v1", false);
        check("http://127.0.0.1.example.com/v1", false);
        check("http://192.168.0.4:11434/v1", false);
    }
}
