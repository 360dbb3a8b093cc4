//! The text of a file: unpacked as it arrives, and checked by its digest where one was told.

use wxpay_proto::crypto::FileDigest;
use wxpay_proto::file::{FileCheck, FileError, Unpack, UnprovenBytes};

/// More text than any bill has, in bytes: 64 GiB.
const LIMIT: u64 = 64 << 30;

/// A file on its way, with a digest or without.
#[derive(Debug)]
pub(crate) enum PlainText {
    Checked(Box<FileCheck>),
    Unpacked(Unpack),
}

impl PlainText {
    pub(crate) fn new(digest: Option<&FileDigest>) -> Self {
        match digest {
            Some(digest) => Self::Checked(Box::new(FileCheck::new(digest, LIMIT))),
            None => Self::Unpacked(Unpack::new(LIMIT)),
        }
    }

    /// Takes the next bytes of the file.
    pub(crate) fn push(&mut self, chunk: &[u8]) {
        match self {
            Self::Checked(check) => check.push(chunk),
            Self::Unpacked(unpack) => unpack.push(chunk),
        }
    }

    /// The next piece of the text; nothing when the next chunk is needed.
    pub(crate) fn next_piece(&mut self) -> Result<Option<UnprovenBytes<'_>>, FileError> {
        match self {
            Self::Checked(check) => check.next_piece(),
            Self::Unpacked(unpack) => unpack.next_piece(),
        }
    }

    /// Ends the file: the length of its text in bytes.
    pub(crate) fn finish(self) -> Result<u64, FileError> {
        match self {
            Self::Checked(check) => check.finish().map(|proof| proof.length()),
            Self::Unpacked(unpack) => unpack.finish(),
        }
    }
}
