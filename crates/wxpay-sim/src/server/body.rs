//! Reading a request's body within the limits.

use bytes::Bytes;
use http::header::EXPECT;
use http::request::Parts;
use http::{Response, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::{Body as _, Incoming};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;

use super::limits::Limits;
use super::plain::refuse_and_close;
use super::room::Room;

/// A body, and its share of what all bodies may take together.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) bytes: Bytes,
    _share: OwnedSemaphorePermit,
}

/// Reads a body, or says what is wrong with it.
pub(super) async fn read(
    parts: &Parts,
    body: Incoming,
    limits: &Limits,
    room: &Room,
) -> Result<Read, Response<Bytes>> {
    let announced = body.size_hint().exact();
    let longest = limits.body_bytes as u64;
    if announced.is_some_and(|length| length > longest) {
        // Who waits for `100 Continue` has sent nothing yet. Everybody else writes first and reads then: closing on
        // them would hide the refusal behind a broken connection.
        if !parts.headers.contains_key(EXPECT) {
            throw_away(body, limits).await;
        }
        return Err(too_long(limits));
    }
    let waiting = room.share(announced.unwrap_or(longest));
    let Ok(Some(share)) = timeout(limits.body, waiting).await else {
        return Err(refuse_and_close(
            StatusCode::SERVICE_UNAVAILABLE,
            "too many large bodies are being sent at once",
        ));
    };
    let mut limited = Limited::new(body, limits.body_bytes);
    let problem = match timeout(limits.body, (&mut limited).collect()).await {
        Ok(Ok(body)) => {
            return Ok(Read {
                bytes: body.to_bytes(),
                _share: share,
            });
        }
        Ok(Err(error)) if error.is::<LengthLimitError>() => too_long(limits),
        Ok(Err(_)) => refuse_and_close(StatusCode::BAD_REQUEST, "the body ended too early"),
        Err(_) => {
            let seconds = limits.body.as_secs();
            let problem = format!("the body did not arrive within {seconds} s");
            refuse_and_close(StatusCode::REQUEST_TIMEOUT, problem)
        }
    };
    Err(problem)
}

async fn throw_away(mut body: Incoming, limits: &Limits) {
    let mut left = limits.thrown_away;
    let reading = async {
        while let Some(Ok(frame)) = body.frame().await {
            let length = frame.data_ref().map_or(0, Bytes::len);
            left = left.saturating_sub(length as u64);
            if left == 0 {
                return;
            }
        }
    };
    // Whether it ends or not: the refusal is the same.
    let _ = timeout(limits.body, reading).await;
}

fn too_long(limits: &Limits) -> Response<Bytes> {
    let mib = limits.body_bytes >> 20;
    refuse_and_close(
        StatusCode::PAYLOAD_TOO_LARGE,
        format!("the body has more than {mib} MiB"),
    )
}
