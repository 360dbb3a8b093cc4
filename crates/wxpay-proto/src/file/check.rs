//! The digest of a file, checked as it arrives.

use super::error::FileError;
use super::unpack::Unpack;
use super::unproven::UnprovenBytes;
use crate::crypto::{FileDigest, Hasher};
use crate::proof::VerifiedBy;

/// Checks a file by the digest that a signed answer told, as it arrives, packed or not.
///
/// WeChat Pay makes the digest of the unpacked text (protocol section 11.2); a digest of the packed bytes proves the
/// text just as well, and is accepted too. Undo HTTP's content encoding before, if the server used one.
pub struct FileCheck {
    digest: FileDigest,
    unpack: Unpack,
    text: Hasher,
    /// Of the bytes as they arrived, as long as they may be packed; otherwise they are the text.
    received: Hasher,
}

impl FileCheck {
    /// Takes the digest, and the longest text in bytes that is accepted: a small file can unpack to a large one.
    #[must_use]
    pub fn new(digest: &FileDigest, limit: u64) -> Self {
        let hasher = digest.algorithm().hasher();
        Self {
            digest: digest.clone(),
            unpack: Unpack::new(limit),
            text: hasher.clone(),
            received: hasher,
        }
    }

    /// Takes the next bytes of the file, as many as there are.
    pub fn push(&mut self, chunk: &[u8]) {
        self.unpack.push(chunk);
        if !self.unpack.is_plain() {
            self.received.update(chunk);
        }
    }

    /// The next piece of the unpacked text, or nothing when the next chunk is needed. It is never empty.
    ///
    /// # Errors
    /// [`FileError::Gzip`] and [`FileError::TooLarge`]; nothing can be read after that.
    pub fn next_piece(&mut self) -> Result<Option<UnprovenBytes<'_>>, FileError> {
        let piece = self.unpack.next_piece()?;
        if let Some(piece) = piece {
            self.text.update(piece.claimed());
        }
        Ok(piece)
    }

    /// Ends the file and compares the digests. Only now what was read before is proven.
    ///
    /// # Errors
    /// [`FileError::WrongDigest`] when it is another file, [`FileError::Gzip`] when it is cut off,
    /// [`FileError::Unread`] when there are pieces left.
    pub fn finish(self) -> Result<FileProof, FileError> {
        let packed = self.unpack.is_gzip();
        let length = self.unpack.finish()?;
        let of_text = self.digest.compare(&self.text.finish());
        match of_text {
            Err(wrong) if !packed || self.digest.compare(&self.received.finish()).is_err() => {
                Err(wrong.into())
            }
            _ => Ok(FileProof::new(VerifiedBy::FileDigest, length)),
        }
    }
}

impl std::fmt::Debug for FileCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileCheck")
            .field("digest", &self.digest)
            .field("unpack", &self.unpack)
            .finish_non_exhaustive()
    }
}

/// Says that the pieces of a file, taken together, are genuine. It cannot be made outside this crate.
#[derive(Clone, Debug)]
#[must_use = "what was read is proven by this alone"]
pub struct FileProof {
    by: VerifiedBy,
    length: u64,
}

impl FileProof {
    pub(super) fn new(by: VerifiedBy, length: u64) -> Self {
        Self { by, length }
    }

    /// What proved it.
    #[must_use]
    pub fn verified_by(&self) -> &VerifiedBy {
        &self.by
    }

    /// The length of all pieces together, in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }
}
