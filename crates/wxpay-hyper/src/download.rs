//! Files on their way in: checked while they flow, in memory that does not grow with them.

use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use http_body::Body as _;
use tokio::time::timeout;
use wxpay_proto::file::{FileProof, FileReader, UnprovenBytes};

use crate::bodies;
use crate::body::Body;
use crate::download_error::DownloadError;
use crate::failure::TransportError;
use crate::gate::Pass;
use crate::places::Place;

/// A file that is arriving, unpacked and decrypted where it needs that.
///
/// **Nothing that comes out is proven before [`next_piece`](Self::next_piece) has answered `None`.** Until then whoever
/// can change bytes on their way decides what is read: put pieces where they can be taken back (a transaction, a file
/// that nobody reads yet), and take them back on an error. [`Client::save_file`](crate::Client::save_file) does it for files.
///
/// ```no_run
/// use wxpay_hyper::{Client, DownloadError};
/// use wxpay_proto::bill::BillReader;
/// use wxpay_proto::file::FileReader;
/// use wxpay_proto::v3::FileTicket;
///
/// # async fn example(client: &Client, ticket: &FileTicket) -> Result<(), Box<dyn std::error::Error>> {
/// let reader = FileReader::checked(ticket.digest(), 20_000_000_000);
/// let mut file = client.download_stream(ticket.download(), reader).await?;
/// let mut bill = BillReader::new();
/// while let Some(piece) = file.next_piece().await? {
///     bill.push(piece.claimed());
///     while let Some(row) = bill.next_row() {
///         let _row = row?; // into a transaction that can still be rolled back
///     }
/// }
/// bill.finish()?; // proven: commit
/// # Ok(())
/// # }
/// ```
pub struct FileStream {
    /// None when the file has ended, well or not.
    arriving: Option<Arriving>,
    proof: Option<FileProof>,
    operation: &'static str,
    host: String,
    idle: Duration,
    received: u64,
}

struct Arriving {
    body: Body,
    reader: FileReader,
    _place: Place,
    _pass: Option<Pass>,
}

impl FileStream {
    pub(crate) fn new(
        operation: &'static str,
        arriving: bodies::Arriving,
        reader: FileReader,
        pass: Option<Pass>,
        idle: Duration,
    ) -> Self {
        Self {
            arriving: Some(Arriving {
                body: arriving.body,
                reader,
                _place: arriving.place,
                _pass: pass,
            }),
            proof: None,
            operation,
            host: arriving.host,
            idle,
            received: 0,
        }
    }

    /// The next piece of the text, in its order; nothing when the file is complete and proven. It is never empty.
    ///
    /// # Errors
    /// [`DownloadError`]: what came before must not be used. After an error there is nothing more to read.
    pub async fn next_piece(&mut self) -> Result<Option<UnprovenBytes<'_>>, DownloadError> {
        match self.advance().await {
            Ok(true) => Ok(self.arriving.as_ref().map(|arriving| arriving.reader.piece())),
            Ok(false) => Ok(None),
            Err(error) => {
                self.arriving = None;
                Err(error)
            }
        }
    }

    /// What proved the file, and its length; none until it is complete.
    #[must_use]
    pub fn proof(&self) -> Option<&FileProof> {
        self.proof.as_ref()
    }

    async fn advance(&mut self) -> Result<bool, DownloadError> {
        let Some(arriving) = &mut self.arriving else {
            return match self.proof {
                Some(_) => Ok(false),
                None => Err(DownloadError::Ended {
                    operation: self.operation,
                }),
            };
        };
        loop {
            if arriving.reader.advance()? {
                return Ok(true);
            }
            let body = &mut arriving.body;
            let frame = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx));
            let frame = timeout(self.idle, frame)
                .await
                .map_err(|_| DownloadError::Stalled {
                    operation: self.operation,
                    limit: self.idle,
                })?;
            match frame {
                // Trailers tell nothing about a file.
                Some(Ok(frame)) => {
                    if let Ok(chunk) = frame.into_data() {
                        self.received += chunk.len() as u64;
                        arriving.reader.push(&chunk);
                    }
                }
                Some(Err(source)) => {
                    return Err(DownloadError::Broken {
                        operation: self.operation,
                        host: std::mem::take(&mut self.host),
                        received: self.received,
                        source: TransportError::new(source),
                    });
                }
                None => break,
            }
        }
        if let Some(arriving) = self.arriving.take() {
            self.proof = Some(arriving.reader.finish()?);
        }
        Ok(false)
    }
}

impl fmt::Debug for FileStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStream")
            .field("operation", &self.operation)
            .field("received", &self.received)
            .field("proof", &self.proof)
            .finish_non_exhaustive()
    }
}
