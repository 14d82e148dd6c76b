//! Problems as HTTP shows them: RFC 9457 documents, and the one table from codes to statuses.

use std::time::Duration;

use aios_protocol::{ErrorCode, Problem};
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

tokio::task_local! {
    /// The id of the request that this task answers.
    pub(crate) static REQUEST_ID: String;
}

/// A request that is not answered as asked.
#[derive(Debug)]
pub(crate) struct Failure {
    status: StatusCode,
    problem: Problem,
}

/// The status of a code. What the client can mend is never a 5xx.
pub(crate) fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::InvalidRequest => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorCode::Unauthenticated => StatusCode::UNAUTHORIZED,
        ErrorCode::Denied => StatusCode::FORBIDDEN,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::Conflict
        | ErrorCode::NotConfigured
        | ErrorCode::AnswerNeeded
        | ErrorCode::CostLimit
        | ErrorCode::TimeLimit
        | ErrorCode::ValidationFailed
        | ErrorCode::Cancelled => StatusCode::CONFLICT,
        ErrorCode::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::NotImplemented => StatusCode::NOT_IMPLEMENTED,
        ErrorCode::ModelFailed => StatusCode::BAD_GATEWAY,
        ErrorCode::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self { status: status(problem.code), problem }
    }
}

impl Failure {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Problem::new(code, message).into()
    }

    /// A request that cannot even be read.
    pub(crate) fn unreadable(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidRequest, message).with_status(StatusCode::BAD_REQUEST)
    }

    pub(crate) fn too_often(wait: Duration) -> Self {
        let problem = Problem::new(ErrorCode::RateLimited, "too many requests").with_retry_after(wait);
        let seconds = problem.retry_after_s.unwrap_or_default();
        problem.with_hint(format!("try again in {seconds} seconds")).into()
    }

    pub(crate) fn with_status(self, status: StatusCode) -> Self {
        Self { status, ..self }
    }

    pub(crate) fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { problem: self.problem.with_hint(hint), ..self }
    }

    /// What is wrong, for a client that reads no HTTP any more.
    pub(crate) fn into_problem(self) -> Problem {
        self.problem
    }

    /// The problem document, for the request that this task answers.
    pub(crate) fn document(&self) -> Value {
        let Self { status, problem } = self;
        let request_id = REQUEST_ID.try_with(Clone::clone).unwrap_or_default();
        let mut detail = problem.message.clone();
        // Our own faults may name folders and addresses of the machine.
        if *status == StatusCode::INTERNAL_SERVER_ERROR {
            tracing::error!(request_id, code = ?problem.code, detail, "a request failed");
            "something went wrong on the server; its log tells more under this request id"
                .clone_into(&mut detail);
        }
        let code = json!(problem.code);
        json!({
            "type": format!("urn:cesaflow:problem:{}", code.as_str().unwrap_or_default()),
            "title": status.canonical_reason().unwrap_or_default(),
            "status": status.as_u16(),
            "detail": detail,
            "code": code,
            "hint": problem.hint,
            "request_id": request_id,
        })
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.document().to_string()));
        let Self { status, problem } = self;
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("ApiKey header=\"x-api-key\""));
        }
        if let Some(seconds) = problem.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
