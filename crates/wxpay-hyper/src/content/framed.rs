//! The body of an upload: a content within its frame.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use wxpay_proto::UploadFrame;

use super::chunks::Chunks;
use crate::keys::BoxError;

/// What went wrong with a content while it was sent. HTTP/2 would only say that something did.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trouble(Arc<Mutex<Option<BoxError>>>);

impl Trouble {
    fn tell(&self, problem: BoxError) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(problem);
    }

    /// What it was, if anything.
    pub(crate) fn take(&self) -> Option<BoxError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A body: what stands before the content, the content, and what stands behind it.
pub(super) struct Framed {
    prefix: Option<Bytes>,
    chunks: Chunks,
    /// How much of the content is still to come, in bytes.
    left: u64,
    suffix: Option<Bytes>,
    trouble: Trouble,
}

impl Framed {
    pub(super) fn new(frame: UploadFrame, chunks: Chunks, length: u64, trouble: Trouble) -> Self {
        Self {
            prefix: Some(frame.prefix),
            chunks,
            left: length,
            suffix: Some(frame.suffix),
            trouble,
        }
    }

    fn fail(&self, problem: impl Into<BoxError>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.trouble.tell(problem.into());
        Poll::Ready(Some(Err("the content of the upload failed".into())))
    }
}

impl HttpBody for Framed {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Some(prefix) = self.prefix.take() {
            return Poll::Ready(Some(Ok(Frame::data(prefix))));
        }
        if self.suffix.is_none() {
            return Poll::Ready(None);
        }
        loop {
            match ready!(self.chunks.as_mut().poll_next(cx)) {
                Some(Ok(chunk)) if chunk.is_empty() => {}
                Some(Ok(chunk)) => {
                    // Lengths in memory fit, whatever the platform.
                    let Some(left) = self.left.checked_sub(chunk.len() as u64) else {
                        return self.fail("the content is longer than it was summed up to");
                    };
                    self.left = left;
                    return Poll::Ready(Some(Ok(Frame::data(chunk))));
                }
                Some(Err(error)) => return self.fail(error),
                None if self.left > 0 => {
                    return self.fail("the content is shorter than it was summed up to");
                }
                None => return Poll::Ready(self.suffix.take().map(|suffix| Ok(Frame::data(suffix)))),
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.suffix.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        let length = |part: &Option<Bytes>| part.as_ref().map_or(0, |part| part.len() as u64);
        let around = length(&self.prefix) + length(&self.suffix);
        SizeHint::with_exact(around.saturating_add(self.left))
    }
}
