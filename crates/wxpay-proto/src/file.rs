//! Files that come in chunks: unpacked, decrypted and checked as they arrive, in bounded memory (protocol section 11).
//!
//! Every step has the same three calls: `push` takes what arrived, `next_piece` hands out what it holds until there is
//! nothing left, and `finish` says whether it was genuine. What comes before `finish` is [`UnprovenBytes`]: write it
//! to a file that nobody reads yet.
//!
//! ```
//! use wxpay_proto::crypto::FileDigest;
//! use wxpay_proto::file::{FileCheck, FileError};
//!
//! # fn chunks() -> Vec<Vec<u8>> { vec![b"hel".to_vec(), b"lo".to_vec()] }
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! // `hash_type` and `hash_value` of the signed answer that told the `download_url`.
//! let digest = FileDigest::new("SHA1", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d")?;
//! let mut check = FileCheck::new(&digest, 1 << 30);
//! let mut text = Vec::new();
//! for chunk in chunks() {
//!     check.push(&chunk);
//!     while let Some(piece) = check.next_piece()? {
//!         text.extend_from_slice(piece.claimed());
//!     }
//! }
//! let proof = check.finish()?; // only now
//! assert_eq!(proof.length(), 5);
//! # assert_eq!(text, b"hello");
//! # Ok(())
//! # }
//! ```
//!
//! An encrypted bill goes through [`SealedFile`] first and then through [`FileCheck`]: decrypt, then unpack.
//! [`FileReader`] is all of it in one.

mod check;
mod cipher;
mod error;
mod pieces;
mod reader;
mod sealed;
mod unpack;
mod unproven;

pub use check::{FileCheck, FileProof};
pub use error::FileError;
pub use pieces::{MissingPiece, in_sequence};
pub use reader::FileReader;
pub use sealed::{FileKey, SealedFile};
pub use unpack::{FileForm, Unpack, unpack};
pub use unproven::UnprovenBytes;

/// The longest text, in bytes, that a file is unpacked to where it is held in memory as a whole: 512 MiB.
pub const IN_MEMORY_LIMIT: u64 = 512 << 20;
