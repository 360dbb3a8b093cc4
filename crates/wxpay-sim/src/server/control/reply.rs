//! Answers of the control API.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Response, StatusCode};
use serde_json::{Value, json};

use crate::journal::Unwritten;

/// Why something was not done.
#[derive(Debug)]
pub(crate) struct Problem(pub(crate) StatusCode, pub(crate) String);

/// What comes of a request: JSON, or a problem.
pub(super) type Answer = Result<Value, Problem>;

impl Problem {
    /// What was asked for makes no sense.
    pub(super) fn bad(problem: impl ToString) -> Self {
        Self(StatusCode::BAD_REQUEST, problem.to_string())
    }

    /// There is no such thing.
    pub(super) fn missing(problem: impl ToString) -> Self {
        Self(StatusCode::NOT_FOUND, problem.to_string())
    }

    /// It makes sense, and not now.
    pub(super) fn conflict(problem: impl ToString) -> Self {
        Self(StatusCode::CONFLICT, problem.to_string())
    }
}

impl From<Unwritten> for Problem {
    fn from(unwritten: Unwritten) -> Self {
        Self(StatusCode::INTERNAL_SERVER_ERROR, unwritten.to_string())
    }
}

pub(super) fn respond(answer: Answer) -> Response<Bytes> {
    let (status, body) = match answer {
        Ok(body) => (StatusCode::OK, body),
        Err(Problem(status, problem)) => (status, json!({ "error": problem })),
    };
    let mut response = Response::new(Bytes::from(format!("{body:#}\n")));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    // No page may read it, keep it, or take it for something that it can run.
    for (name, value) in [
        (CONTENT_TYPE, "application/json"),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}
