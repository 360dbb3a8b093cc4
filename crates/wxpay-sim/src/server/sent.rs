//! How answers go out: at once and whole, unless a fault says otherwise.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Response};
use hyper::body::{Body, Frame, SizeHint};

use crate::manner::Manner;

/// The connection ends here, on purpose.
#[derive(Debug)]
pub(super) struct Cut;

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection was cut on purpose")
    }
}

impl std::error::Error for Cut {}

/// A body, or the half of one.
#[derive(Debug)]
pub(super) struct Sent {
    bytes: Bytes,
    end: End,
}

#[derive(Debug)]
enum End {
    Good,
    /// The bytes go out, then the connection ends.
    Cut,
    /// The connection ends at the next turn.
    CutNow,
}

/// Delivers an answer as its [`Manner`] says.
pub(super) async fn send(response: Response<Bytes>) -> Result<Response<Sent>, Cut> {
    let end = match response.extensions().get::<Manner>() {
        None => End::Good,
        Some(Manner::Late(time)) => {
            tokio::time::sleep(*time).await;
            End::Good
        }
        Some(Manner::Truncated) => End::Cut,
        Some(Manner::Cut) => return Err(Cut),
    };
    let (mut parts, mut bytes) = response.into_parts();
    if matches!(end, End::Cut) {
        parts
            .headers
            .insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
        bytes.truncate(bytes.len() / 2);
    }
    Ok(Response::from_parts(parts, Sent { bytes, end }))
}

impl Body for Sent {
    type Data = Bytes;
    type Error = Cut;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Cut>>> {
        if !self.bytes.is_empty() {
            let bytes = std::mem::take(&mut self.bytes);
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.end {
            End::Good => Poll::Ready(None),
            End::Cut => {
                // Who fails before what was written has left loses it.
                self.end = End::CutNow;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            End::CutNow => Poll::Ready(Some(Err(Cut))),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.end, End::Good) && self.bytes.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        match self.end {
            End::Good => SizeHint::with_exact(self.bytes.len() as u64),
            End::Cut | End::CutNow => SizeHint::default(),
        }
    }
}
