//! Who asks: the key or the address of a request, how often it may ask, and the session that it gets.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use aios_app::Session;
use aios_protocol::{ErrorCode, Guarded};
use axum::http::{HeaderMap, header, request::Parts};
use sha2::{Digest, Sha256};

use crate::failure::Failure;
use crate::idempotency::{Kept, Once};
use crate::options::Options;
use crate::rates::TokenBuckets;
use crate::server::Server;

/// The key that a request carries: in `x-api-key`, or as tools send theirs, in `Authorization: Bearer`. What is no text is no key
/// of ours.
pub(crate) fn key_of(headers: &HeaderMap) -> Option<&str> {
    if let Some(key) = headers.get("x-api-key") {
        return Some(key.to_str().unwrap_or_default());
    }
    let (scheme, key) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| key.trim())
}

/// The far end of a connection; put into each request by whoever accepted it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Names a key without being one.
pub(crate) type KeyTag = [u8; 32];

/// Somebody who was let in.
pub(crate) struct Guest {
    pub(crate) access: Guarded<Session>,
    /// The key that was shown.
    pub(crate) tag: Option<KeyTag>,
}

impl Guest {
    /// What is known of a request that may be sent again; nothing where nobody showed a key or named the request.
    pub(crate) fn once(
        &self,
        kept: &Kept,
        headers: &HeaderMap,
        request: [&[u8]; 3],
    ) -> Result<Option<Once>, Failure> {
        let asker = self.tag.map(|tag| (self.access.inner().organisation(), tag));
        asker.map_or(Ok(None), |asker| kept.find(headers, asker, request))
    }
}

/// How often each key and each address may ask.
pub(crate) struct Buckets {
    keys: TokenBuckets<KeyTag>,
    addresses: TokenBuckets<IpAddr>,
}

impl Buckets {
    pub(crate) fn new(options: &Options) -> Self {
        Self { keys: TokenBuckets::new(options.key_rate), addresses: TokenBuckets::new(options.address_rate) }
    }

    /// Asks once more with a key that was let in.
    pub(crate) fn ask(&self, tag: &KeyTag) -> Result<(), Failure> {
        self.keys.take(tag).map_err(Failure::too_often)
    }
}

impl Server {
    /// Lets a request in: by its key, or as nobody when it shows none.
    pub(crate) async fn enter(&self, parts: &Parts) -> Result<Guest, Failure> {
        let address = self.address(parts);
        match key_of(&parts.headers) {
            Some(key) => self.enter_with(key, address).await,
            None => {
                self.buckets.addresses.take(&address).map_err(Failure::too_often)?;
                Ok(Guest { access: self.app.anonymous(address), tag: None })
            }
        }
    }

    /// Lets whoever shows this key in. Wrong keys cost their address, so that nobody tries many; who shows a right one does not
    /// suffer from others at the same address.
    pub(crate) async fn enter_with(&self, key: &str, address: IpAddr) -> Result<Guest, Failure> {
        let access = match self.app.authenticate(key).await {
            Ok(access) => access,
            Err(problem) if problem.code == ErrorCode::Unauthenticated => {
                self.buckets.addresses.take(&address).map_err(Failure::too_often)?;
                return Err(problem.into());
            }
            Err(problem) => return Err(problem.into()),
        };
        let tag: KeyTag = Sha256::digest(key).into();
        self.buckets.ask(&tag)?;
        Ok(Guest { access, tag: Some(tag) })
    }

    /// Where a request comes from, as far as limits go.
    pub(crate) fn address(&self, parts: &Parts) -> IpAddr {
        let peer = parts.extensions.get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip());
        let told = self.options.behind_proxy.then(|| forwarded(&parts.headers)).flatten();
        network(told.unwrap_or(peer))
    }
}

/// What the proxy says; only the last entry is its own.
fn forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

/// A host has all addresses of its IPv6 network.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_behind_a_proxy() {
        let check = |lines: &[&str], expect: Option<&str>| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append("x-forwarded-for", line.parse().unwrap());
            }
            assert_eq!(forwarded(&headers), expect.map(|text| text.parse().unwrap()), "{lines:?}");
        };
        check(&[], None);
        check(&["10.0.0.1"], Some("10.0.0.1"));
        check(&["6.6.6.6, 10.0.0.1"], Some("10.0.0.1"));
        check(&["6.6.6.6", "10.0.0.1"], Some("10.0.0.1"));
        check(&["unknown"], None);
    }

    #[test]
    fn networks() {
        let check = |address: &str, expect: &str| {
            assert_eq!(network(address.parse().unwrap()).to_string(), expect);
        };
        check("192.0.2.7", "192.0.2.7");
        check("::ffff:192.0.2.7", "192.0.2.7");
        check("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::");
    }
}
