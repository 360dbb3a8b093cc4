//! The log's entries.

use bytes::Bytes;
use http::uri::PathAndQuery;
use http::{Request, Response, StatusCode};
use wxpay_proto::UnixTime;

use crate::fault::Fault;

/// A request that was answered, both as they went over the wire.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Handled {
    /// The request. Its body is empty when it was too large to be read.
    pub request: Request<Bytes>,
    /// The answer, as it was before a fault of the connection met it.
    pub response: Response<Bytes>,
    /// When it was answered, by the business clock.
    pub at: UnixTime,
}

impl Handled {
    /// Path and query as they arrived.
    #[must_use]
    pub fn target(&self) -> &str {
        self.request
            .uri()
            .path_and_query()
            .map_or("/", PathAndQuery::as_str)
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The `Request-ID` of the answer; v2 has none.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.response
            .headers()
            .get("request-id")
            .and_then(|value| value.to_str().ok())
    }

    /// What has spoiled the answer, if something has.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        self.response.extensions().get().copied()
    }
}
