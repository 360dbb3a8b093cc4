//! Bills as files.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Response};

use crate::bills;
use crate::v2::envelope::Envelope;

/// What there is no bill is called.
pub(super) const NONE: (&str, &str) = ("20002", "No Bill Exist");

/// The file, packed when the call asks for it.
pub(super) fn file(envelope: &Envelope<'_>, text: String) -> Response<Bytes> {
    let (media_type, content) = if envelope.field("tar_type") == "GZIP" {
        ("application/x-gzip", bills::gzip(text.as_bytes()))
    } else {
        ("text/plain; charset=utf-8", text.into_bytes())
    };
    let mut response = Response::new(Bytes::from(content));
    let media_type = HeaderValue::from_static(media_type);
    response.headers_mut().insert(CONTENT_TYPE, media_type);
    response
}
