//! From hyper's request to the platform's and back.

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use hyper::body::Incoming;

use super::body;
use super::front::Front;
use super::plain::refuse;

pub(super) async fn answer(request: Request<Incoming>, front: &Front) -> Response<Bytes> {
    let (parts, body) = request.into_parts();
    let response = match body::read(&parts, body, &front.limits, &front.room).await {
        Ok(read) => {
            let request = Request::from_parts(parts, read.bytes.clone());
            return front.desk.handle(&request).await.unwrap_or_else(|unwritten| {
                refuse(StatusCode::INTERNAL_SERVER_ERROR, unwritten.to_string())
            });
        }
        Err(response) => response,
    };
    front
        .desk
        .note(Request::from_parts(parts, Bytes::new()), response.clone());
    response
}
