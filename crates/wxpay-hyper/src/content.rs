//! The content of an upload, which is never held as a whole.

mod chunks;
mod framed;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncSeek, AsyncSeekExt as _};
use wxpay_proto::{FilePart, FileSummer, FileSums, UploadFrame};

pub(crate) use self::framed::Trouble;

use self::chunks::{Chunks, Named, Once, PIECE, Pieces, Rewound};
use self::framed::Framed;
use crate::body::Body;
use crate::keys::BoxError;

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
    Reader(Rewound),
    Once(Once),
}

impl Content {
    /// A file, which is read now for its digests, and again by each attempt to send it. It must not change meanwhile: the
    /// digest would not fit, and WeChat Pay refuses it.
    ///
    /// # Errors
    /// What the system says.
    pub async fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        Ok(Self {
            sums: summed(&mut File::open(&path).await?).await?,
            source: Source::File(path),
        })
    }

    /// What a reader gives from where it stands to its end: it is read now for its digests, and again, from there, by each
    /// attempt to send it. It must give the same each time, as with [`file`](Self::file), and serves one upload at a time.
    ///
    /// # Errors
    /// What the reader says, in reading or in finding its place again.
    pub async fn reader(mut reader: impl AsyncRead + AsyncSeek + Send + Unpin + 'static) -> io::Result<Self> {
        let start = reader.stream_position().await?;
        Ok(Self {
            sums: summed(&mut reader).await?,
            source: Source::Reader(Rewound::new(start, reader)),
        })
    }

    /// What a reader gives that cannot be read twice, and whose length and digests are known ([`FileSummer`]). When something
    /// of it was sent, the call is not repeated.
    pub fn reader_once(sums: FileSums, reader: impl AsyncRead + Send + Unpin + 'static) -> Self {
        Self::once(sums, Box::pin(Pieces(reader)))
    }

    /// Bytes from elsewhere, whose length and digests are known ([`FileSummer`]). When something of them was sent, the call
    /// is not repeated.
    pub fn stream<E>(sums: FileSums, chunks: impl Stream<Item = Result<Bytes, E>> + Send + 'static) -> Self
    where
        E: Into<BoxError> + 'static,
    {
        Self::once(sums, Box::pin(Named(Box::pin(chunks))))
    }

    fn once(sums: FileSums, chunks: Chunks) -> Self {
        Self {
            sums,
            source: Source::Once(Once::new(chunks)),
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

    /// The whole body, with what stands around the content, and where it tells what went wrong with it.
    pub(crate) async fn body(&self, frame: UploadFrame) -> Result<(Body, Trouble), BoxError> {
        let chunks = match &self.source {
            Source::File(path) => {
                let file = File::open(path)
                    .await
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                Box::pin(Pieces(file)) as Chunks
            }
            Source::Reader(reader) => reader.chunks().await?,
            Source::Once(once) => once.chunks()?,
        };
        let trouble = Trouble::default();
        let framed = Framed::new(frame, chunks, self.sums.length(), trouble.clone());
        Ok((Body::new(framed), trouble))
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Content")
            .field("sums", &self.sums)
            .finish_non_exhaustive()
    }
}

/// Reads to the end, and forgets all but the sums.
async fn summed(reader: &mut (impl AsyncRead + Unpin)) -> io::Result<FileSums> {
    let mut summer = FileSummer::default();
    let mut piece = BytesMut::with_capacity(PIECE);
    while reader.read_buf(&mut piece).await? > 0 {
        summer.push(&piece);
        piece.clear();
    }
    Ok(summer.finish())
}
