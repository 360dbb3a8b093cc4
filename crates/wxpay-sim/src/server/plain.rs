//! Answers in plain text: what a gateway or a proxy says, not signed and without a code.

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_TYPE};
use http::{HeaderValue, Response, StatusCode};

pub(super) fn refuse(status: StatusCode, problem: impl Into<String>) -> Response<Bytes> {
    let mut text: String = problem.into();
    text.push('\n');
    let mut response = Response::new(Bytes::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}

/// The same, and the connection (of HTTP/1.1) ends.
pub(super) fn refuse_and_close(status: StatusCode, problem: impl Into<String>) -> Response<Bytes> {
    let mut response = refuse(status, problem);
    response
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
