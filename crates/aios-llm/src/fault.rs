//! What can go wrong in one exchange, and what it means.
//!
//! Parsers and transport make a [`Fault`]; the model puts its name to it. Here, and only here, details are clipped, freed of
//! control characters and the key is masked.

use std::time::Duration;

use aios_core::{ModelError, Secret, TimeoutPhase};
use serde_json::Value;

/// A [`ModelError`] that does not know its model yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    Unauthorised(String),
    RateLimited(String, Option<Duration>),
    Unavailable(String),
    TimedOut(TimeoutPhase, Duration),
    BadReply(String),
    Refused(String),
    NoSuchModel(String),
    ContextTooLong(String),
}

/// Longest detail that is passed on, in characters.
const DETAIL: usize = 300;

impl Fault {
    /// The reply was not what the protocol says.
    pub(crate) fn bad(detail: impl Into<String>) -> Self {
        Self::BadReply(detail.into())
    }

    /// A reply with a status other than success.
    pub(crate) fn from_status(status: u16, body: &str, retry_after: Option<Duration>) -> Self {
        let report = Report::read(body);
        let detail = format!("{status}: {}", report.message);
        if report.says_context_too_long() && matches!(status, 400 | 413 | 422) {
            return Self::ContextTooLong(detail);
        }
        match status {
            401 | 403 => Self::Unauthorised(detail),
            400 if report.says_bad_key() => Self::Unauthorised(detail),
            402 | 429 => Self::RateLimited(detail, retry_after),
            413 => Self::ContextTooLong(detail),
            408 | 409 | 425 | 500.. => Self::Unavailable(detail),
            404 => Self::NoSuchModel(detail),
            300..=399 => Self::Refused(format!("{status}: redirected; the address is wrong")),
            _ => Self::Refused(detail),
        }
    }

    /// An error that the provider reports inside a reply that had begun well.
    pub(crate) fn from_report(value: &Value) -> Self {
        let report = Report::from_value(value);
        if let Some(status @ 400..=599) = report.status {
            return Self::from_status(status, &value.to_string(), None);
        }
        let detail = report.message.clone();
        match report.kind.as_str() {
            _ if report.says_context_too_long() => Self::ContextTooLong(detail),
            "authentication_error" | "permission_error" | "invalid_api_key" => Self::Unauthorised(detail),
            "rate_limit_error" | "rate_limit_exceeded" | "insufficient_quota" | "billing_error" => {
                Self::RateLimited(detail, None)
            }
            "invalid_request_error" | "not_found_error" | "request_too_large" => Self::Refused(detail),
            _ => Self::Unavailable(detail),
        }
    }

    /// Puts a model's name to it and masks the key.
    pub(crate) fn of(self, model: &str, key: Option<&Secret<String>>) -> ModelError {
        let model = model.to_owned();
        let clean = |detail: String| clean(detail, key);
        match self {
            Self::Unauthorised(detail) => ModelError::Unauthorised { model, detail: clean(detail) },
            Self::RateLimited(detail, retry_after) => {
                ModelError::RateLimited { model, detail: clean(detail), retry_after }
            }
            Self::Unavailable(detail) => ModelError::Unavailable { model, detail: clean(detail) },
            Self::TimedOut(phase, after) => ModelError::TimedOut { model, phase, after },
            Self::BadReply(detail) => ModelError::BadReply { model, detail: clean(detail) },
            Self::Refused(detail) | Self::NoSuchModel(detail) => {
                ModelError::Refused { model, detail: clean(detail) }
            }
            Self::ContextTooLong(detail) => ModelError::ContextTooLong { model, detail: clean(detail) },
        }
    }
}

/// Masks the key before clipping, so that half a key never survives, and keeps escape sequences out of terminals.
fn clean(detail: String, key: Option<&Secret<String>>) -> String {
    let masked = match key.map(Secret::expose) {
        Some(key) if !key.is_empty() => detail.replace(key.as_str(), "***"),
        _ => detail,
    };
    let mut shown: String =
        masked.chars().map(|c| if c.is_control() { ' ' } else { c }).take(DETAIL + 1).collect();
    if shown.chars().count() > DETAIL {
        shown.pop();
        shown.push('…');
    }
    shown
}

/// What an error body says, whatever its shape.
struct Report {
    kind: String,
    message: String,
    status: Option<u16>,
}

impl Report {
    fn read(body: &str) -> Self {
        match serde_json::from_str::<Value>(body) {
            Ok(value) => Self::from_value(&value),
            Err(_) => Self { kind: String::new(), message: body.trim().to_owned(), status: None },
        }
    }

    /// Knows `{"error": {"type", "code", "message"}}`, the same without the wrapper, in a list, and as a bare string.
    fn from_value(value: &Value) -> Self {
        let value = value.get(0).unwrap_or(value);
        let error = value.get("error").filter(|error| !error.is_null()).unwrap_or(value);
        let text = |name: &str| error.get(name).and_then(Value::as_str);
        let message = error
            .as_str()
            .or_else(|| text("message"))
            .or_else(|| value.get("message").and_then(Value::as_str))
            .or_else(|| text("detail"));
        let kind = text("code").or_else(|| text("type")).or_else(|| text("status")).unwrap_or_default();
        Self {
            kind: kind.to_owned(),
            message: message.map_or_else(|| error.to_string(), str::to_owned),
            status: error.get("code").and_then(Value::as_u64).and_then(|code| u16::try_from(code).ok()),
        }
    }

    fn says_context_too_long(&self) -> bool {
        const SIGNS: [&str; 10] = [
            "context length",
            "context window",
            "context limit",
            "maximum context",
            "prompt is too long",
            "input is too long",
            "too many tokens",
            "maximum prompt length",
            "reduce the length",
            "exceeds the maximum number of tokens",
        ];
        let message = self.message.to_lowercase();
        self.kind == "context_length_exceeded" || SIGNS.iter().any(|sign| message.contains(sign))
    }

    /// Some providers answer 400 to a wrong key.
    fn says_bad_key(&self) -> bool {
        let message = self.message.to_lowercase();
        message.contains("api key")
            && (message.contains("invalid") || message.contains("not valid") || message.contains("incorrect"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(fault: &Fault) -> &'static str {
        match fault {
            Fault::Unauthorised(_) => "unauthorised",
            Fault::RateLimited(..) => "rate limited",
            Fault::Unavailable(_) => "unavailable",
            Fault::TimedOut(..) => "timed out",
            Fault::BadReply(_) => "bad reply",
            Fault::Refused(_) => "refused",
            Fault::NoSuchModel(_) => "no such model",
            Fault::ContextTooLong(_) => "context",
        }
    }

    #[test]
    fn statuses_and_bodies_have_one_meaning() {
        let check = |status, body, expect| {
            assert_eq!(kind(&Fault::from_status(status, body, None)), expect, "{status} {body}");
        };
        check(401, "", "unauthorised");
        check(403, "<html>", "unauthorised");
        check(
            400,
            r#"[{"error":{"code":400,"message":"API key not valid.","status":"INVALID_ARGUMENT"}}]"#,
            "unauthorised",
        );
        check(402, r#"{"error":{"message":"Insufficient Balance"}}"#, "rate limited");
        check(429, "{}", "rate limited");
        check(400, r#"{"error":{"code":"context_length_exceeded","message":"x"}}"#, "context");
        check(
            400,
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 > 8"}}"#,
            "context",
        );
        check(413, "", "context");
        check(400, r#"{"error":{"message":"unknown field"}}"#, "refused");
        check(404, r#"{"error":"model not found"}"#, "no such model");
        check(302, "", "refused");
        check(500, "oops", "unavailable");
        check(529, "{}", "unavailable");
        check(503, r#"{"error":{"message":"maximum context service is down"}}"#, "unavailable");
    }

    #[test]
    fn reports_inside_a_reply_have_one_meaning() {
        let check = |body: &str, expect| {
            assert_eq!(kind(&Fault::from_report(&serde_json::from_str(body).unwrap())), expect, "{body}");
        };
        check(r#"{"error":{"type":"overloaded_error","message":"Overloaded"}}"#, "unavailable");
        check(r#"{"error":{"code":502,"message":"bad gateway"}}"#, "unavailable");
        check(r#"{"error":{"code":429,"message":"slow down"}}"#, "rate limited");
        check(r#"{"error":{"type":"invalid_request_error","message":"no"}}"#, "refused");
        check(r#"{"error":"boom"}"#, "unavailable");
        check("null", "unavailable");
        check("7", "unavailable");
    }

    #[test]
    fn details_are_masked_clipped_and_plain() {
        let key = Secret::new("sk-secret".to_owned());
        let check = |detail: String, expect: &str| {
            let error = Fault::Refused(detail).of("openai/x", Some(&key));
            assert_eq!(error, ModelError::Refused { model: "openai/x".into(), detail: expect.to_owned() });
        };
        check("bad sk-secret!".into(), "bad ***!");
        check("\u{1b}[2Jclear\r\n".into(), " [2Jclear  ");
        check("é".repeat(400), &format!("{}…", "é".repeat(300)));
        check(format!("{}sk-secret", "a".repeat(295)), &format!("{}***", "a".repeat(295)));
    }
}
