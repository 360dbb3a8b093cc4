//! Files among the answers: proven by a digest, or by the tag of their encryption.

use bytes::Bytes;

use super::{Keys, Unverified};
use crate::crypto::FileDigest;
use crate::error::{Error, VerifyError};
use crate::file::{FileError, FileProof, FileReader, IN_MEMORY_LIMIT, SealedFile};
use crate::operation::{Operation, Response};
use crate::proof::{Digest, SignatureRule, Verified};
use crate::stamp::UnixTime;

impl<O: Operation> Unverified<O>
where
    O::Response: Response<Proof = Digest>,
{
    /// Checks a file by the digest that a signed answer told beforehand.
    ///
    /// A gzip file comes out unpacked, at most [`IN_MEMORY_LIMIT`] bytes: the digest is the unpacked text's.
    /// [`Verified::body`] has it as it arrived. The keys verify a refusal that happens to be signed; the file itself
    /// never is.
    ///
    /// # Errors
    /// As for [`verify`](Self::verify); [`VerifyError::WrongDigest`] when it is another file, [`VerifyError::File`]
    /// when it cannot be unpacked.
    pub fn file(
        self,
        digest: &FileDigest,
        keys: &Keys<O>,
        now: UnixTime,
    ) -> Result<Verified<O::Response>, Error> {
        self.prove(keys, now, |body| {
            read(body, FileReader::checked(digest, IN_MEMORY_LIMIT))
        })
    }

    /// Checks and decrypts an encrypted file (an encrypted bill, protocol section 11.4): by the tag at its end, and
    /// then by its digest, where one was told. WeChat Pay's digest is that of the text, decrypted and unpacked.
    ///
    /// The file comes out decrypted and unpacked, at most [`IN_MEMORY_LIMIT`] bytes. [`Verified::body`] has it as it
    /// arrived.
    ///
    /// # Errors
    /// As for [`verify`](Self::verify); [`VerifyError::File`] when the tag does not fit or it cannot be unpacked,
    /// [`VerifyError::WrongDigest`] when it is another file.
    pub fn sealed_file(
        self,
        sealed: SealedFile,
        digest: Option<&FileDigest>,
        keys: &Keys<O>,
        now: UnixTime,
    ) -> Result<Verified<O::Response>, Error> {
        self.prove(keys, now, |body| {
            read(body, FileReader::sealed(sealed, digest, IN_MEMORY_LIMIT))
        })
    }

    fn prove(
        self,
        keys: &Keys<O>,
        now: UnixTime,
        check: impl FnOnce(&Bytes) -> Result<(Bytes, FileProof), FileError>,
    ) -> Result<Verified<O::Response>, Error> {
        let mut proof = None;
        let (value, _, received) = self.open(keys, now, SignatureRule::Never, |body| {
            let (text, by) = check(body).map_err(|error| match error {
                FileError::WrongDigest(wrong) => VerifyError::WrongDigest(wrong),
                other => VerifyError::File(other),
            })?;
            proof = Some(by.verified_by().clone());
            Ok(text)
        })?;
        // Invariant: `open` succeeds only after the check has.
        let by = proof.unwrap_or(crate::proof::VerifiedBy::FileDigest);
        Ok(Verified::new(value, by, received))
    }
}

fn read(body: &Bytes, mut reader: FileReader) -> Result<(Bytes, FileProof), FileError> {
    let mut text = Vec::new();
    reader.push(body);
    while let Some(piece) = reader.next_piece()? {
        text.extend_from_slice(piece.claimed());
    }
    let proof = reader.finish()?;
    // A file that is neither packed nor encrypted need not be held twice.
    let text = if text == *body { body.clone() } else { text.into() };
    Ok((text, proof))
}
