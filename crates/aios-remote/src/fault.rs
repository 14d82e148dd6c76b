//! What can go wrong between here and a server, and how its user is told.

use std::error::Error;
use std::time::Duration;

use aios_protocol::{ErrorCode, Problem};
use reqwest::header::{CONTENT_TYPE, HeaderMap, LOCATION, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use serde::Deserialize;
use serde_json::Value;

use crate::Address;

/// Why a command has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Fault {
    /// No connection came about, so nothing was sent.
    #[error("the server at {address} cannot be reached: {}", root(source))]
    Unreachable { address: String, harmless: bool, source: reqwest::Error },
    /// It was sent, and no whole answer came.
    #[error("the connection to {address} broke before {command} was answered: {}", root(source))]
    Broken { address: String, command: &'static str, harmless: bool, source: reqwest::Error },
    /// It took too long.
    #[error("the server at {address} did not answer {command} in time")]
    Slow { address: String, command: &'static str },
    /// Somebody answers who is no server of ours, or a proxy in front of one.
    #[error("{address} does not answer {command} as a CesaFlow server would: {what}")]
    Foreign { address: String, command: &'static str, status: StatusCode, what: String },
    /// The server says no.
    #[error(transparent)]
    Refused(#[from] Problem),
}

impl Fault {
    /// What happened to a request that was sent, or should have been.
    pub(crate) fn of(
        address: &Address,
        command: &'static str,
        method: &Method,
        error: reqwest::Error,
    ) -> Self {
        // Paths may hold tokens.
        let (address, source) = (address.to_string(), error.without_url());
        match () {
            () if source.is_connect() => Self::Unreachable { address, harmless: true, source },
            () if source.is_timeout() => Self::Slow { address, command },
            () => Self::Broken { address, command, harmless: *method == Method::GET, source },
        }
    }

    /// Whether it may well be over in a moment, as while a server restarts.
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Broken { .. } | Self::Slow { .. } => true,
            Self::Foreign { status, .. } => matches!(status.as_u16(), 502..=504),
            Self::Refused(problem) => problem.code == ErrorCode::RateLimited,
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        let message = fault.to_string();
        let unavailable = |hint: &str| Self::new(ErrorCode::Unavailable, message.clone()).with_hint(hint);
        match fault {
            Fault::Refused(problem) => problem,
            Fault::Unreachable { harmless: true, .. } => unavailable(
                "check that it runs (`aios serve` starts one) and that its address is right (AIOS_API_URL)",
            ),
            Fault::Broken { harmless: true, .. } => unavailable("try it again"),
            Fault::Broken { .. } | Fault::Unreachable { .. } => {
                unavailable("whether it was done is not known: look before you try it again")
            }
            Fault::Slow { .. } => unavailable("look at the server: it may have too much to do"),
            Fault::Foreign { .. } => unavailable("check the server's address (AIOS_API_URL)"),
        }
    }
}

/// The innermost reason: the outer ones only say that a request failed.
fn root(error: &dyn Error) -> String {
    let mut reason = error;
    while let Some(inner) = reason.source() {
        reason = inner;
    }
    reason.to_string()
}

/// A problem document of RFC 9457, as far as it is ours.
#[derive(Deserialize)]
struct Document {
    detail: String,
    code: Value,
    #[serde(default)]
    hint: Option<String>,
    #[serde(default)]
    request_id: Option<String>,
}

/// What an answer says that is none.
pub(crate) fn refusal(
    address: &Address,
    command: &'static str,
    status: StatusCode,
    headers: &HeaderMap,
    body: &[u8],
) -> Fault {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let foreign = |what: String| Fault::Foreign { address: address.to_string(), command, status, what };
    if status.is_redirection() {
        // Never followed: the key is for this address alone.
        return foreign(format!("it redirects to {}", text(LOCATION).unwrap_or("nowhere")));
    }
    let ours = text(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/problem+json"));
    let document = serde_json::from_slice::<Document>(body).ok().filter(|_| ours);
    let Some(Document { detail, code, hint, request_id }) = document else {
        return foreign(format!("status {status} without a problem document"));
    };
    let mut problem = Problem::new(code_of(code, status), detail);
    problem.hint = match (hint, request_id) {
        // The server keeps what went wrong to itself.
        (None, Some(id)) if status == StatusCode::INTERNAL_SERVER_ERROR => {
            Some(format!("the request id is {id}"))
        }
        (Some(hint), Some(id)) if status == StatusCode::INTERNAL_SERVER_ERROR => {
            Some(format!("{hint}; the request id is {id}"))
        }
        (hint, _) => hint,
    };
    match text(RETRY_AFTER).and_then(|seconds| seconds.parse().ok()) {
        Some(seconds) => problem.with_retry_after(Duration::from_secs(seconds)).into(),
        None => problem.into(),
    }
}

/// A newer server may know codes that this version does not.
fn code_of(code: Value, status: StatusCode) -> ErrorCode {
    serde_json::from_value(code).unwrap_or(match status.is_client_error() {
        true => ErrorCode::InvalidRequest,
        false => ErrorCode::Internal,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(status: u16, headers: &[(&'static str, &str)], body: &str) -> Problem {
        let address = Address::parse("https://example.org", false).unwrap();
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let status = StatusCode::from_u16(status).unwrap();
        refusal(&address, "run_list", status, &headers.collect(), body.as_bytes()).into()
    }

    #[test]
    fn documents_become_what_they_were() {
        let kind = ("content-type", "application/problem+json");
        let body =
            r#"{"type":"x","status":429,"detail":"too many requests","code":"rate_limited","hint":"wait"}"#;
        let expect = Problem::new(ErrorCode::RateLimited, "too many requests").with_hint("wait");
        assert_eq!(problem(429, &[kind], body), expect);
        let expect = expect.with_retry_after(Duration::from_secs(7));
        assert_eq!(problem(429, &[kind, ("retry-after", "7")], body), expect);
        assert_eq!(
            problem(500, &[kind], r#"{"detail":"oh","code":"internal","hint":null,"request_id":"r1"}"#)
                .hint
                .unwrap(),
            "the request id is r1"
        );
        let newer = r#"{"detail":"no","code":"not_known_yet"}"#;
        assert_eq!(problem(409, &[kind], newer).code, ErrorCode::InvalidRequest);
        assert_eq!(problem(503, &[kind], newer).code, ErrorCode::Internal);
    }

    #[test]
    fn others_are_told_apart() {
        let check = |status, headers: &[(&'static str, &str)], body, expect: &str| {
            let problem = problem(status, headers, body);
            assert_eq!(problem.code, ErrorCode::Unavailable);
            let what = "https://example.org does not answer run_list as a CesaFlow server would: ";
            assert_eq!(problem.message, format!("{what}{expect}"));
        };
        check(
            404,
            &[("content-type", "text/html")],
            "<html>",
            "status 404 Not Found without a problem document",
        );
        check(502, &[], "", "status 502 Bad Gateway without a problem document");
        check(301, &[("location", "https://other.example/")], "", "it redirects to https://other.example/");
        check(
            401,
            &[("content-type", "application/json")],
            r#"{"detail":"x","code":"denied"}"#,
            "status 401 Unauthorized without a problem document",
        );
    }
}
