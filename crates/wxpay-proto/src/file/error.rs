//! What can go wrong with a file.

use crate::crypto::{CryptoError, WrongDigest};

/// A file that must not be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The digest is not the one that a signed answer told.
    #[error(transparent)]
    WrongDigest(#[from] WrongDigest),
    /// The file begins as gzip and is none, or is cut off.
    #[error("the file cannot be unpacked: {problem}")]
    Gzip {
        /// What is wrong.
        problem: String,
    },
    /// The text is longer than the caller allows.
    #[error("the file holds more than {limit} bytes: allow more, or take it for an attack")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The tag of an encrypted file does not fit: it was changed or cut off, or key, nonce or associated data are not
    /// its own.
    #[error(
        "the encrypted file is not genuine: it was changed or cut off, or key, nonce or associated data are not its own"
    )]
    Forged,
    /// The key of an encrypted file cannot be opened.
    #[error("`encrypt_key`: {0}")]
    Key(CryptoError),
    /// The key of an encrypted file has a length that no cipher here has.
    #[error("the file's key has {bytes} bytes; AES-256 has 32, and SM4 (feature `sm`) 16")]
    KeyLength {
        /// The length in bytes.
        bytes: usize,
    },
    /// An encrypted file without a nonce.
    #[error("the nonce of an encrypted file is empty")]
    EmptyNonce,
    /// `finish` was called before everything was read.
    #[error("{bytes} bytes of the file were not read: call `next_piece` until nothing comes any more")]
    Unread {
        /// How many bytes, as they arrived.
        bytes: usize,
    },
}
