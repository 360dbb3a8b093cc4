//! Where a body ends: by its length, or by its chunks.

use bytes::Bytes;
use http::HeaderMap;

/// The body out of what follows the headers.
pub(super) fn body(headers: &HeaderMap, rest: &[u8], notes: &mut Vec<String>) -> Bytes {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if text("transfer-encoding").is_some_and(|encoding| encoding.eq_ignore_ascii_case("chunked")) {
        // Most tools put the chunks together and leave the header as it was.
        if let Some(whole) = unchunk(rest) {
            notes.push("the body was put together from its chunks".to_owned());
            return whole.into();
        }
    }
    let told: Option<usize> = text("content-length").and_then(|length| length.trim().parse().ok());
    let packed = text("content-encoding").is_some();
    let body = match told {
        // After unpacking, the length is another.
        Some(length) if !packed && length < rest.len() => {
            notes.push(format!(
                "Content-Length says {length} bytes: the {} behind them were left out",
                rest.len() - length
            ));
            &rest[..length]
        }
        Some(length) if !packed && length > rest.len() => {
            notes.push(format!(
                "the body is not whole, or was changed: {} of {length} bytes are there",
                rest.len()
            ));
            rest
        }
        _ => rest,
    };
    if body.starts_with(&[0x1f, 0x8b]) {
        notes.push("the body is gzip: save it unpacked, as its signature was made".to_owned());
    }
    Bytes::copy_from_slice(body)
}

/// Puts chunks together; nothing when these are none, or not all of them.
fn unchunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::new();
    loop {
        let Ok(httparse::Status::Complete((at, length))) = httparse::parse_chunk_size(rest) else {
            return None;
        };
        rest = rest.get(at..)?;
        let length = usize::try_from(length).ok()?;
        if length == 0 {
            return Some(whole);
        }
        whole.extend_from_slice(rest.get(..length)?);
        rest = rest.get(length..)?.strip_prefix(b"\r\n")?;
    }
}
