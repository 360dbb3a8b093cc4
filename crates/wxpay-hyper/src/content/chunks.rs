//! Where the bytes of an upload come from, chunk by chunk.

use std::io::{self, SeekFrom};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::io::{AsyncRead, AsyncSeek, AsyncSeekExt as _, ReadBuf};

use crate::keys::BoxError;

/// How much is read at a time, in bytes.
pub(super) const PIECE: usize = 64 * 1024;

pub(super) type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// What a reader gives, piece by piece.
pub(super) struct Pieces<R>(pub(super) R);

impl<R: AsyncRead + Unpin> Stream for Pieces<R> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut piece = vec![0; PIECE];
        let mut buffer = ReadBuf::new(&mut piece);
        ready!(Pin::new(&mut self.0).poll_read(cx, &mut buffer))?;
        let length = buffer.filled().len();
        piece.truncate(length);
        Poll::Ready((length > 0).then(|| Ok(piece.into())))
    }
}

/// Chunks whose errors have lost their type.
pub(super) struct Named<S>(pub(super) Pin<Box<S>>);

impl<S: Stream<Item = Result<Bytes, E>>, E: Into<BoxError>> Stream for Named<S> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = ready!(self.0.as_mut().poll_next(cx));
        Poll::Ready(chunk.map(|chunk| chunk.map_err(Into::into)))
    }
}

/// A reader that finds its place again.
trait Seekable: AsyncRead + AsyncSeek + Send + Unpin {}

impl<R: AsyncRead + AsyncSeek + Send + Unpin> Seekable for R {}

/// A reader that is read again from the same place by each attempt, one after another.
pub(super) struct Rewound {
    start: u64,
    reader: Slot<Box<dyn Seekable>>,
}

impl Rewound {
    pub(super) fn new(start: u64, reader: impl AsyncRead + AsyncSeek + Send + Unpin + 'static) -> Self {
        Self {
            start,
            reader: Slot::new(Box::new(reader)),
        }
    }

    pub(super) async fn chunks(&self) -> Result<Chunks, BoxError> {
        let mut lent = self.reader.lend().ok_or("another attempt still reads it")?;
        if let Some(reader) = &mut lent.value {
            reader.seek(SeekFrom::Start(self.start)).await?;
        }
        Ok(Box::pin(Pieces(lent)))
    }
}

impl AsyncRead for Lent<Box<dyn Seekable>> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.value {
            Some(reader) => Pin::new(reader).poll_read(cx, buffer),
            None => Poll::Ready(Ok(())),
        }
    }
}

/// Chunks that come once: an attempt that has taken none of them leaves them to the next.
pub(super) struct Once(Slot<Chunks>);

impl Once {
    pub(super) fn new(chunks: Chunks) -> Self {
        Self(Slot::new(chunks))
    }

    pub(super) fn chunks(&self) -> Result<Chunks, BoxError> {
        let lent = self.0.lend();
        Ok(Box::pin(lent.ok_or(
            "it was sent before, at least in part, and cannot be read again",
        )?))
    }
}

impl Stream for Lent<Chunks> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.returns = false;
        match &mut self.value {
            Some(chunks) => chunks.as_mut().poll_next(cx),
            None => Poll::Ready(None),
        }
    }
}

/// Where something is while no attempt has it.
struct Slot<T>(Arc<Mutex<Option<T>>>);

impl<T> Slot<T> {
    fn new(value: T) -> Self {
        Self(Arc::new(Mutex::new(Some(value))))
    }

    fn lend(&self) -> Option<Lent<T>> {
        let value = self.0.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some(Lent {
            value: Some(value),
            returns: true,
            slot: Arc::clone(&self.0),
        })
    }
}

/// What an attempt has; however that ends, it goes back to its slot.
struct Lent<T> {
    value: Option<T>,
    returns: bool,
    slot: Arc<Mutex<Option<T>>>,
}

impl<T> Drop for Lent<T> {
    fn drop(&mut self) {
        if self.returns {
            *self.slot.lock().unwrap_or_else(PoisonError::into_inner) = self.value.take();
        }
    }
}
