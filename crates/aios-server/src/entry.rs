//! The front door: which names the server answers to, and which web pages may talk to it.
//!
//! A page of any site can send requests to a server on the user's own machine. It cannot choose the `Host` and `Origin`
//! that its browser sends, so these two tell it apart.

use std::sync::Arc;

use aios_protocol::ErrorCode;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::failure::Failure;
use crate::server::Server;

/// Lets requests pass that name this server, from pages that this server made or that were allowed.
pub(crate) async fn check(
    State(server): State<Arc<Server>>,
    request: Request,
    next: Next,
) -> Result<Response, Failure> {
    check_names(request.uri(), request.headers(), &server.options.allowed_hosts)?;
    Ok(next.run(request).await)
}

fn check_names(uri: &Uri, headers: &HeaderMap, allowed: &[String]) -> Result<(), Failure> {
    let host = match (uri.authority(), headers.get(header::HOST)) {
        (Some(authority), _) => authority.as_str(),
        (None, Some(host)) => {
            host.to_str().map_err(|_| Failure::unreadable("the Host header is not text"))?
        }
        (None, None) => return Err(Failure::unreadable("the request has no Host header")),
    };
    if !is_allowed(host, allowed) {
        return Err(Failure::new(ErrorCode::Denied, "this server does not answer to that host name")
            .with_hint("use localhost, or start the server with --allow-host and the name"));
    }
    let mut origins = headers.get_all(header::ORIGIN).iter();
    let strange = origins.find(|origin| {
        let rest = origin
            .to_str()
            .ok()
            .and_then(|origin| origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")));
        !rest.is_some_and(|host| is_allowed(host, allowed))
    });
    match strange {
        None => Ok(()),
        Some(_) => Err(Failure::new(ErrorCode::Denied, "web pages of that origin may not use this server")
            .with_hint("start the server with --allow-host and the page's host name, if you trust it")),
    }
}

/// Whether a host, with or without a port, is one of ours.
fn is_allowed(host: &str, allowed: &[String]) -> bool {
    let name = match host.rsplit_once(':') {
        // The colons of an address in brackets are its own.
        Some((name, port)) if !port.ends_with(']') => {
            if !port.bytes().all(|byte| byte.is_ascii_digit()) {
                return false;
            }
            name
        }
        _ => host,
    };
    ["localhost", "127.0.0.1", "[::1]"]
        .into_iter()
        .chain(allowed.iter().map(String::as_str))
        .any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_server() {
        let allowed = ["api.example.org".to_owned()];
        let check = |host: &str, expect| assert_eq!(is_allowed(host, &allowed), expect, "{host}");
        for host in
            ["localhost", "LOCALHOST:8001", "127.0.0.1:8001", "[::1]", "[::1]:8001", "api.example.org:443"]
        {
            check(host, true);
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:8001",
            "evil.example:8001",
            "localhost:80@evil.example",
            "localhost:evil",
            "[::2]:8001",
            "127.0.0.2",
            "api.example.org.evil.example",
        ] {
            check(host, false);
        }
    }

    #[test]
    fn pages_of_other_sites() {
        let check = |origin: &str, expect| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, "localhost:8001".parse().unwrap());
            headers.insert(header::ORIGIN, origin.parse().unwrap());
            assert_eq!(check_names(&Uri::from_static("/"), &headers, &[]).is_ok(), expect, "{origin}");
        };
        check("http://localhost:8001", true);
        check("https://127.0.0.1", true);
        check("null", false);
        check("http://evil.example", false);
        check("file://localhost", false);
        check("http://localhost.evil.example:8001", false);
    }
}
