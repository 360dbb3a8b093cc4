//! A file on its whole way: decrypted where it is encrypted, unpacked, and checked.

use super::check::{FileCheck, FileProof};
use super::error::FileError;
use super::sealed::SealedFile;
use super::unpack::Unpack;
use super::unproven::UnprovenBytes;
use crate::crypto::FileDigest;
use crate::proof::VerifiedBy;

/// Every step that a file needs, as one: for whoever does not want to know which steps these are.
///
/// ```
/// use wxpay_proto::crypto::FileDigest;
/// use wxpay_proto::file::FileReader;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let digest = FileDigest::new("SHA1", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")?;
/// let mut reader = FileReader::checked(&digest, 1 << 30);
/// reader.push(b"hello");
/// while let Some(piece) = reader.next_piece()? {
///     assert_eq!(piece.claimed(), b"hello"); // to where nobody reads yet
/// }
/// assert_eq!(reader.finish()?.length(), 5); // only now
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct FileReader {
    sealed: Option<SealedFile>,
    text: Text,
    piece: Vec<u8>,
}

#[derive(Debug)]
enum Text {
    Checked(Box<FileCheck>),
    /// Proven by the tag alone.
    Unpacked(Unpack),
}

impl FileReader {
    /// A file whose digest a signed answer told; its text has at most `limit` bytes, unpacked.
    #[must_use]
    pub fn checked(digest: &FileDigest, limit: u64) -> Self {
        Self {
            sealed: None,
            text: Text::Checked(Box::new(FileCheck::new(digest, limit))),
            piece: Vec::new(),
        }
    }

    /// An encrypted file: proven by its tag, and by its digest where one was told.
    #[must_use]
    pub fn sealed(sealed: SealedFile, digest: Option<&FileDigest>, limit: u64) -> Self {
        let text = match digest {
            Some(digest) => Text::Checked(Box::new(FileCheck::new(digest, limit))),
            None => Text::Unpacked(Unpack::new(limit)),
        };
        Self {
            sealed: Some(sealed),
            text,
            piece: Vec::new(),
        }
    }

    /// Takes the next bytes of the file, as many as there are.
    pub fn push(&mut self, chunk: &[u8]) {
        match &mut self.sealed {
            Some(sealed) => sealed.push(chunk),
            None => self.text.push(chunk),
        }
    }

    /// The next piece of the text, or nothing when the next chunk is needed. It is never empty, and nothing proves it
    /// yet: neither the digest nor the tag.
    ///
    /// # Errors
    /// As for [`FileCheck::next_piece`] and [`SealedFile::next_piece`]; nothing can be read after that.
    pub fn next_piece(&mut self) -> Result<Option<UnprovenBytes<'_>>, FileError> {
        Ok(self.advance()?.then(|| self.piece()))
    }

    /// Goes on to the next piece and says whether there is one: [`next_piece`](Self::next_piece) for those who wait for
    /// chunks in between, and cannot hold a piece meanwhile.
    ///
    /// # Errors
    /// As for [`next_piece`](Self::next_piece).
    pub fn advance(&mut self) -> Result<bool, FileError> {
        loop {
            if self.text.read_into(&mut self.piece)? {
                return Ok(true);
            }
            let Some(sealed) = &mut self.sealed else {
                return Ok(false);
            };
            match sealed.next_piece()? {
                Some(piece) => self.text.push(piece.claimed()),
                None => return Ok(false),
            }
        }
    }

    /// The piece that [`advance`](Self::advance) has come to.
    #[must_use]
    pub fn piece(&self) -> UnprovenBytes<'_> {
        UnprovenBytes::new(&self.piece)
    }

    /// Ends the file. Only now what was read before is proven.
    ///
    /// # Errors
    /// As for [`SealedFile::finish`] and [`FileCheck::finish`]: it must not be used.
    pub fn finish(self) -> Result<FileProof, FileError> {
        let tag = self.sealed.map(SealedFile::finish).transpose()?;
        let proof = match self.text {
            Text::Checked(check) => check.finish()?,
            Text::Unpacked(unpack) => FileProof::new(VerifiedBy::FileKey, unpack.finish()?),
        };
        Ok(match tag {
            Some(tag) => FileProof::new(tag.verified_by().clone(), proof.length()),
            None => proof,
        })
    }
}

impl Text {
    fn push(&mut self, chunk: &[u8]) {
        match self {
            Self::Checked(check) => check.push(chunk),
            Self::Unpacked(unpack) => unpack.push(chunk),
        }
    }

    /// Whether there was a piece.
    fn read_into(&mut self, buffer: &mut Vec<u8>) -> Result<bool, FileError> {
        let piece = match self {
            Self::Checked(check) => check.next_piece()?,
            Self::Unpacked(unpack) => unpack.next_piece()?,
        };
        let Some(piece) = piece else { return Ok(false) };
        buffer.clear();
        buffer.extend_from_slice(piece.claimed());
        Ok(true)
    }
}
