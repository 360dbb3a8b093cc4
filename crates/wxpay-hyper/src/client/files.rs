//! Files: streamed in, stored, and streamed out.

use std::path::Path;
use std::time::Duration;

use tokio::time::sleep;
use tracing::warn;
use wxpay_proto::crypto::{Decryptor, DigestAlgorithm, FileDigest};
use wxpay_proto::file::FileReader;
use wxpay_proto::proof::{Digest, Proof, Signed};
use wxpay_proto::v3::{Download, FileTicket, SealedFileTicket};
use wxpay_proto::{Effect, Operation, Response, Written};

use super::Client;
use crate::bodies::{Bodies, Slot};
use crate::content::Content;
use crate::download::FileStream;
use crate::download_error::DownloadError;
use crate::error::Error;
use crate::partial::Partial;
use crate::parts::ClientProtocol;

/// How often a file is begun.
const TIMES: u32 = 3;
/// How long to wait before it is begun again; twice as long before the third time.
const PAUSE: Duration = Duration::from_millis(500);

impl Client {
    /// Fetches a file piece by piece, in memory that does not grow with it; `reader` says what proves it and how long it
    /// may be. **What comes out is proven when the stream has ended, and not before**: see [`FileStream`].
    ///
    /// The call's deadline ends with the head of the answer; from there on a file may take as long as it needs, as long as
    /// something comes ([`ClientBuilder::file_idle_timeout`](crate::ClientBuilder::file_idle_timeout)).
    ///
    /// # Errors
    /// As for [`send`](Self::send).
    pub async fn download_stream<O>(&self, operation: &O, reader: FileReader) -> Result<FileStream, Error>
    where
        O: Operation<Protocol: ClientProtocol, Response: Response<Proof = Digest>>,
    {
        let inner = &self.inner;
        // None in a shutdown; then the call fails.
        let pass = inner.gate.pass();
        // A refusal is read for what it says. The file itself is proven by the reader.
        let nothing = FileDigest::of(DigestAlgorithm::Sha256, b"");
        let slot = Slot::default();
        let bodies = Bodies::download(&slot);
        let call = inner.call_with(operation, self.options, &bodies, |answer, keys, now| {
            if answer.status().is_success() {
                Ok(())
            } else {
                answer.file(&nothing, keys, now).map(drop)
            }
        });
        call.await?;
        // The wire puts the body of every success there; of none, nothing would be proven.
        let arriving = slot.take().unwrap_or_default();
        Ok(FileStream::new(
            O::META.name,
            arriving,
            reader,
            pass,
            inner.files.idle,
        ))
    }

    /// Stores a file: asks for its address, fetches it, and gives it its name when it is complete and proven. Before that
    /// it stands beside under a temporary name, readable by its owner alone, and that is removed when anything fails.
    /// Whatever stood under the name is replaced. Gives the length in bytes, unpacked.
    ///
    /// `ask` is the operation that answers with `download_url`, `hash_type` and `hash_value`: a bill's, a receipt's, or
    /// an untyped call. A file that breaks off, or turns out to be another, is begun again from a fresh address, three
    /// times at most, and never continued; an `ask` that is no read is made once.
    ///
    /// # Errors
    /// [`DownloadError`]; there is no file then, or the one that was there before.
    pub async fn save_file<O>(&self, ask: &O, path: impl AsRef<Path> + Send) -> Result<u64, DownloadError>
    where
        O: Operation<Protocol: ClientProtocol, Response: Response<Proof = Signed>> + Sync,
    {
        let path = path.as_ref();
        let mut time = 1;
        loop {
            let saved = async {
                let answer = self.send(ask).await.map_err(DownloadError::Ask)?;
                let ticket = FileTicket::of(&answer)?;
                let reader = FileReader::checked(ticket.digest(), self.inner.files.text);
                let mut file = Partial::begin(path, &self.mark()).await?;
                let length = self.pour(ticket.download(), reader, &mut file).await?;
                file.keep().await?;
                Ok(length)
            };
            match saved.await {
                Err(error) if may_begin_again(ask, &error, time) => {
                    pause(O::META.name, &error, &mut time).await
                }
                saved => return saved,
            }
        }
    }

    /// Stores an encrypted bill, as [`save_file`](Self::save_file) does: each of its pieces is decrypted, unpacked and
    /// checked, and all of them, in their order, are the file. `ask` is the operation that answers with
    /// `download_bill_list`, and `merchant` the private key that the files' keys are encrypted for.
    ///
    /// Each piece is asked for when its turn comes, since addresses are short-lived. One that breaks off is begun again;
    /// those before it are proven and stay.
    ///
    /// # Errors
    /// [`DownloadError`]; there is no file then, or the one that was there before.
    pub async fn save_sealed_file<O>(
        &self,
        ask: &O,
        merchant: &(impl Decryptor + Sync + ?Sized),
        path: impl AsRef<Path> + Send,
    ) -> Result<u64, DownloadError>
    where
        O: Operation<Protocol: ClientProtocol, Response: Response<Proof = Signed>> + Sync,
    {
        let mut file = Partial::begin(path.as_ref(), &self.mark()).await?;
        let mut digests: Option<Vec<Option<FileDigest>>> = None;
        let (mut next, mut total, mut time) = (0, 0_u64, 1);
        loop {
            let piece = async {
                let answer = self.send(ask).await.map_err(DownloadError::Ask)?;
                let tickets = SealedFileTicket::of(&answer)?;
                let told = tickets.iter().map(|ticket| ticket.digest().cloned()).collect();
                // The digests are those of one bill, or pieces of two would be put together.
                if *digests.get_or_insert_with(|| Vec::clone(&told)) != told {
                    return Err(DownloadError::Changed);
                }
                let Some(ticket) = tickets.get(next) else {
                    return Ok(None);
                };
                let reader = ticket.reader(merchant, self.inner.files.text.saturating_sub(total))?;
                let length = self.pour(ticket.download(), reader, &mut file).await?;
                Ok(Some((length, next + 1 == tickets.len())))
            };
            match piece.await {
                Ok(Some((length, last))) => {
                    (next, total, time) = (next + 1, total + length, 1);
                    if last {
                        break;
                    }
                }
                Ok(None) => break,
                Err(error) if may_begin_again(ask, &error, time) => {
                    file.cut(total).await?;
                    pause(O::META.name, &error, &mut time).await;
                }
                Err(error) => return Err(error),
            }
        }
        file.keep().await?;
        Ok(total)
    }

    /// Uploads a file that is not held in memory. The operation's file part is the content's
    /// ([`Content::part`]).
    ///
    /// # Errors
    /// As for [`send`](Self::send); [`Failure::Content`](crate::Failure::Content) when the content cannot be opened.
    pub async fn upload<O>(
        &self,
        operation: &O,
        content: &Content,
    ) -> Result<<<O::Response as Response>::Proof as Proof>::Answer<O::Response>, Error>
    where
        O: Operation<Protocol: ClientProtocol, Response: Response<Proof: Proof>>,
    {
        let bodies = Bodies::upload(content);
        self.inner
            .call_with(operation, self.options, &bodies, |answer, keys, now| {
                answer.verify(keys, now)
            })
            .await
    }

    /// Fetches a file into another, and gives its length when it is proven.
    async fn pour(
        &self,
        from: &Download,
        reader: FileReader,
        to: &mut Partial,
    ) -> Result<u64, DownloadError> {
        let file = self.download_stream(from, reader).await;
        let mut file = file.map_err(DownloadError::Fetch)?;
        let mut length = 0_u64;
        while let Some(piece) = file.next_piece().await? {
            // Lengths in memory fit, whatever the platform.
            length += piece.claimed().len() as u64;
            to.write(piece.claimed()).await?;
        }
        Ok(length)
    }

    /// A text that tells attempts apart; when the generator fails, a file that is there already says so.
    fn mark(&self) -> String {
        self.inner
            .random
            .nonce()
            .map(|nonce| nonce.to_string())
            .unwrap_or_default()
    }
}

fn may_begin_again<O: Operation>(ask: &O, error: &DownloadError, time: u32) -> bool {
    let reads = || Written::new(ask).is_ok_and(|written| written.effect() == Effect::Read);
    time < TIMES && error.may_pass() && reads()
}

async fn pause(operation: &'static str, error: &DownloadError, time: &mut u32) {
    warn!(
        operation,
        time = *time,
        kind = error.kind(),
        "the file is begun again from a fresh address"
    );
    sleep(PAUSE * *time).await;
    *time += 1;
}
