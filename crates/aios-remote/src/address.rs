//! Where a server is, and whether a key may travel there.

use std::fmt;
use std::net::IpAddr;

use aios_protocol::{ErrorCode, Problem};
use url::{Host, Url};

/// The address of a server: `https` anywhere, plain `http` only on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address(Url);

impl Address {
    /// Reads an address such as `https://api.example.org`; a path in front of the API's own is kept. `insecure` lets keys
    /// travel in the clear, for a user who knows what they do.
    pub fn parse(text: &str, insecure: bool) -> Result<Self, Problem> {
        let refused = |why: String| {
            Problem::new(ErrorCode::InvalidRequest, format!("the server's address {why}"))
                .with_hint("write it as https://api.example.org or http://127.0.0.1:8001")
        };
        let text = text.trim();
        let mut url = match Url::parse(text) {
            Ok(url) => url,
            Err(error) => return Err(refused(format!("{text:?} is not valid: {error}"))),
        };
        if !url.username().is_empty() || url.password().is_some() {
            // Not repeated: what stands there is a secret.
            return Err(refused("must not hold a name or password".to_owned()));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(refused("must end with its host, port or path".to_owned()));
        }
        let is_secure = match url.scheme() {
            "https" => true,
            "http" => insecure || is_this_machine(url.host()),
            other => {
                return Err(refused(format!("{text:?} begins with {other}: instead of http:// or https://")));
            }
        };
        if !is_secure {
            return Err(Problem::new(
                ErrorCode::Denied,
                format!("keys would travel to {url} in the clear, where others on the network can read them"),
            )
            .with_hint("use https://; AIOS_API_INSECURE=1 allows it nevertheless"));
        }
        let path = url.path().trim_end_matches('/').to_owned();
        url.set_path(&path);
        Ok(Self(url))
    }

    /// Whether it is on this machine, where no proxy stands in between.
    pub(crate) fn is_local(&self) -> bool {
        is_this_machine(self.0.host())
    }

    pub(crate) fn url(&self) -> &Url {
        &self.0
    }
}

/// Without a slash at the end, so that paths can be put behind it.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

/// Only names and addresses that cannot lead elsewhere.
fn is_this_machine(host: Option<Host<&str>>) -> bool {
    match host {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).to_canonical().is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let check = |text: &str, expect: &str| {
            let said = Address::parse(text, false);
            assert_eq!(said.map_or_else(|problem| problem.message, |address| address.to_string()), expect);
        };
        check("http://127.0.0.1:8001", "http://127.0.0.1:8001");
        check(" http://localhost:8001/ ", "http://localhost:8001");
        check("http://[::1]:8001", "http://[::1]:8001");
        check("https://api.example.org", "https://api.example.org");
        check("https://example.org/cesaflow/", "https://example.org/cesaflow");
        check(
            "api.example.org",
            "the server's address \"api.example.org\" is not valid: relative URL without a base",
        );
        check(
            "localhost:8001",
            "the server's address \"localhost:8001\" begins with localhost: instead of http:// or https://",
        );
        check(
            "ws://localhost",
            "the server's address \"ws://localhost\" begins with ws: instead of http:// or https://",
        );
        check("https://me:sk_secret@example.org", "the server's address must not hold a name or password");
        check(
            "https://example.org/?api_key=sk_secret",
            "the server's address must end with its host, port or path",
        );
        check("", "the server's address \"\" is not valid: relative URL without a base");
    }

    #[test]
    fn keys_do_not_travel_in_the_clear() {
        for host in [
            "example.org",
            "10.0.0.1",
            "localhost.example.org",
            "0.0.0.0",
            "[2001:db8::1]",
            "127.0.0.1.nip.io",
        ] {
            let text = format!("http://{host}:8001");
            let problem = Address::parse(&text, false).unwrap_err();
            assert_eq!(problem.code, ErrorCode::Denied, "{host}");
            assert!(problem.hint.unwrap().contains("AIOS_API_INSECURE=1"));
            assert!(Address::parse(&text, true).is_ok(), "{host}");
        }
        for host in ["127.0.0.2", "[::ffff:127.0.0.1]", "LOCALHOST"] {
            assert!(Address::parse(&format!("http://{host}"), false).unwrap().is_local(), "{host}");
        }
    }
}
