//! From hyper's request to the platform's and back.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::Incoming;

use super::desk::Desk;

/// The longest body that is read: 10 MiB.
const BODY_LIMIT: usize = 10 << 20;

pub(super) async fn answer(
    request: Request<Incoming>,
    desk: Arc<Desk>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let response = match Limited::new(body, BODY_LIMIT).collect().await {
        Ok(body) => desk.handle(&Request::from_parts(parts, body.to_bytes())),
        Err(error) => {
            let response = if error.is::<LengthLimitError>() {
                refuse(StatusCode::PAYLOAD_TOO_LARGE, "the body has more than 10 MiB")
            } else {
                refuse(StatusCode::BAD_REQUEST, "the body ended too early")
            };
            desk.note(Request::from_parts(parts, Bytes::new()), response.clone());
            response
        }
    };
    Ok(response.map(Full::new))
}

/// What a gateway says before a request has reached WeChat Pay: not signed, and without a code.
fn refuse(status: StatusCode, problem: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(problem.as_bytes()));
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/plain; charset=utf-8"),
    );
    response
}
