//! What a host decides about a server.

use std::net::SocketAddr;
use std::time::Duration;

use aios_protocol::{ErrorCode, Problem};

/// How a server behaves; the defaults are those of `aios serve`.
#[derive(Debug, Clone)]
pub struct Options {
    /// Names besides the loopback ones under which clients and web pages may reach the server.
    pub allowed_hosts: Vec<String>,
    /// A proxy in front ends TLS and tells the client's address in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Requests with a valid key, for each key.
    pub key_rate: Rate,
    /// Requests without one, for each address.
    pub address_rate: Rate,
    /// How long a client may take to send a request's head; also how long an idle connection is kept.
    pub head_timeout: Duration,
    /// How long a client may take to send a request's body.
    pub body_timeout: Duration,
    /// How long a client may read nothing of what is sent to it.
    pub stall_timeout: Duration,
    /// How often a WebSocket is pinged; it is closed after three without an answer.
    pub ping: Duration,
    /// How long runs have to save themselves when the server stops.
    pub drain: Duration,
}

/// A token bucket: so many at once, and so many each second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    /// How many at once.
    pub burst: f64,
    /// How many each second.
    pub per_second: f64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allowed_hosts: Vec::new(),
            behind_proxy: false,
            key_rate: Rate { burst: 400.0, per_second: 200.0 },
            address_rate: Rate { burst: 60.0, per_second: 10.0 },
            head_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            stall_timeout: Duration::from_secs(20),
            ping: Duration::from_secs(20),
            drain: Duration::from_secs(20),
        }
    }
}

impl Options {
    /// The address that people type: the proxy's, where there is one and its name is known.
    pub fn address_of(&self, listener: SocketAddr) -> String {
        match self.allowed_hosts.first().filter(|_| self.behind_proxy) {
            Some(host) => format!("https://{host}"),
            None => format!("http://{listener}"),
        }
    }

    /// Refuses an address at which keys would travel over a network in the clear. Hosts ask before they bind it.
    pub fn check(&self, address: SocketAddr) -> Result<(), Problem> {
        if address.ip().is_loopback() || self.behind_proxy {
            return Ok(());
        }
        Err(Problem::new(
            ErrorCode::Denied,
            format!("{} can be reached from other machines, and keys would travel there in the clear", address.ip()),
        )
        .with_hint(
            "bind a loopback address; or put a proxy with TLS in front and say so with --behind-proxy, and name its \
             host with --allow-host",
        ))
    }
}
