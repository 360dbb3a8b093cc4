//! What a file sums up to: its length and digests, made while it is read.

use md5::Digest as _;
use serde::{Deserialize, Serialize};

/// The length and the digests of a file, without the file: what [`FilePart::elsewhere`](crate::FilePart::elsewhere) needs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSums {
    length: u64,
    sha256: String,
    md5: String,
    #[cfg(feature = "sm")]
    #[serde(default)]
    sm3: String,
}

impl FileSums {
    /// The length in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The SHA-256 in small hexadecimal.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The MD5 in small hexadecimal.
    #[must_use]
    pub fn md5(&self) -> &str {
        &self.md5
    }

    /// The SM3 in small hexadecimal, which invoices ask for.
    #[cfg(feature = "sm")]
    #[must_use]
    pub fn sm3(&self) -> &str {
        &self.sm3
    }
}

/// Sums a file up that comes in pieces, in memory that does not grow with it.
#[derive(Clone, Default)]
pub struct FileSummer {
    length: u64,
    sha256: sha2::Sha256,
    md5: md5::Md5,
    #[cfg(feature = "sm")]
    sm3: sm3::Sm3,
}

impl FileSummer {
    /// Takes the next piece.
    pub fn push(&mut self, piece: &[u8]) {
        // Lengths in memory fit, whatever the platform.
        self.length = self.length.saturating_add(piece.len() as u64);
        self.sha256.update(piece);
        self.md5.update(piece);
        #[cfg(feature = "sm")]
        self.sm3.update(piece);
    }

    /// The sums of all pieces.
    #[must_use]
    pub fn finish(self) -> FileSums {
        FileSums {
            length: self.length,
            sha256: hex::encode(self.sha256.finalize()),
            md5: hex::encode(self.md5.finalize()),
            #[cfg(feature = "sm")]
            sm3: hex::encode(self.sm3.finalize()),
        }
    }
}

impl std::fmt::Debug for FileSummer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileSummer")
            .field("length", &self.length)
            .finish_non_exhaustive()
    }
}
