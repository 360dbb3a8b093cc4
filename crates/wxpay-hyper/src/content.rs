//! The content of an upload, which is never held as a whole.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::fs::File;
use tokio::io::{AsyncRead as _, AsyncReadExt as _, ReadBuf};
use wxpay_proto::{FilePart, FileSummer, FileSums, UploadFrame};

use crate::body::Body;
use crate::keys::BoxError;

/// How much of a file is read at a time, in bytes.
const PIECE: usize = 64 * 1024;

type Chunks = Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>;

/// The content of an upload: read for its digest first, which stands in front of it, and once more while it is sent.
///
/// ```no_run
/// use wxpay_hyper::{Client, Content};
/// # use wxpay_proto::{Draft, BuildError, FilePart, Meta, Operation, v3};
/// # #[derive(Clone)]
/// # struct UploadVideo(FilePart);
/// # impl Operation for UploadVideo {
/// #     type Protocol = v3::V3;
/// #     type Response = v3::Raw;
/// #     const META: Meta = Meta::new("v3.upload", http::Method::POST, "/v3/merchant/media/video_upload");
/// #     fn write(&self, _: &mut Draft) -> Result<(), BuildError> { Ok(()) }
/// # }
///
/// # async fn example(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
/// let content = Content::file("shop.mp4").await?;
/// let upload = UploadVideo(content.part("shop.mp4", "video/mp4"));
/// client.upload(&upload, &content).await?;
/// # Ok(())
/// # }
/// ```
pub struct Content {
    sums: FileSums,
    source: Source,
}

enum Source {
    File(PathBuf),
    /// Taken when it is sent: there is no second attempt.
    Stream(Mutex<Option<Chunks>>),
}

impl Content {
    /// A file, which is read now for its digests, and again by each attempt to send it. It must not change meanwhile: the
    /// digest would not fit, and WeChat Pay refuses it.
    ///
    /// # Errors
    /// What the system says.
    pub async fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        let mut file = File::open(&path).await?;
        let mut summer = FileSummer::default();
        let mut piece = BytesMut::with_capacity(PIECE);
        while file.read_buf(&mut piece).await? > 0 {
            summer.push(&piece);
            piece.clear();
        }
        Ok(Self {
            sums: summer.finish(),
            source: Source::File(path),
        })
    }

    /// Bytes from elsewhere, whose length and digests are known ([`FileSummer`]). They can be sent once only, so a call
    /// with them is never repeated.
    pub fn stream<E>(sums: FileSums, chunks: impl Stream<Item = Result<Bytes, E>> + Send + 'static) -> Self
    where
        E: Into<BoxError> + 'static,
    {
        let chunks: Chunks = Box::pin(Named(Box::pin(chunks)));
        Self {
            sums,
            source: Source::Stream(Mutex::new(Some(chunks))),
        }
    }

    /// The length and the digests.
    #[must_use]
    pub fn sums(&self) -> &FileSums {
        &self.sums
    }

    /// What the operation takes in the place of the file. The ending of the name tells WeChat Pay its kind.
    #[must_use]
    pub fn part(&self, name: impl Into<String>, media_type: impl Into<String>) -> FilePart {
        FilePart::elsewhere(name, media_type, self.sums.clone())
    }

    /// The whole body, with what stands around the content.
    pub(crate) async fn body(&self, frame: UploadFrame) -> Result<Body, BoxError> {
        let chunks = match &self.source {
            Source::File(path) => {
                let file = File::open(path)
                    .await
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                Box::pin(Pieces(file))
            }
            Source::Stream(chunks) => {
                let mut chunks = chunks.lock().unwrap_or_else(PoisonError::into_inner);
                chunks
                    .take()
                    .ok_or("the stream was sent before, and cannot be sent again")?
            }
        };
        Ok(Body::new(Framed {
            prefix: Some(frame.prefix),
            chunks,
            left: self.sums.length(),
            suffix: Some(frame.suffix),
        }))
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content")
            .field("sums", &self.sums)
            .finish_non_exhaustive()
    }
}

/// A file, piece by piece.
struct Pieces(File);

impl Stream for Pieces {
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
struct Named<S>(Pin<Box<S>>);

impl<S: Stream<Item = Result<Bytes, E>>, E: Into<BoxError>> Stream for Named<S> {
    type Item = Result<Bytes, BoxError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let chunk = ready!(self.0.as_mut().poll_next(cx));
        Poll::Ready(chunk.map(|chunk| chunk.map_err(Into::into)))
    }
}

/// A body: what stands before the content, the content, and what stands behind it.
struct Framed {
    prefix: Option<Bytes>,
    chunks: Chunks,
    /// How much of the content is still to come, in bytes.
    left: u64,
    suffix: Option<Bytes>,
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
                        return Poll::Ready(Some(Err(
                            "the content is longer than it was summed up to".into()
                        )));
                    };
                    self.left = left;
                    return Poll::Ready(Some(Ok(Frame::data(chunk))));
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None if self.left > 0 => {
                    return Poll::Ready(Some(
                        Err("the content is shorter than it was summed up to".into()),
                    ));
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
