//! From hyper's request to the platform's and back.

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::Incoming;

use super::body;
use super::front::Front;

pub(super) async fn answer(request: Request<Incoming>, front: &Front) -> Response<Bytes> {
    let (parts, body) = request.into_parts();
    let response = match body::read(&parts, body, &front.limits, &front.room).await {
        Ok(read) => {
            let request = Request::from_parts(parts, read.bytes.clone());
            return front.desk.handle(&request);
        }
        Err(response) => response,
    };
    front
        .desk
        .note(Request::from_parts(parts, Bytes::new()), response.clone());
    response
}
