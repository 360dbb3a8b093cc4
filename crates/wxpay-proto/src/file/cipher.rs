//! The cipher of an encrypted file, told by the length of its key.

use aes::Aes256;
use aes::cipher::KeyInit as _;

use crate::crypto::{CryptoError, GcmStream, TAG};

/// One file on its way through AES-256-GCM or SM4-GCM.
pub(super) enum FileCipher {
    Aes(Box<GcmStream<Aes256>>),
    #[cfg(feature = "sm")]
    Sm4(Box<GcmStream<sm4::Sm4>>),
}

impl FileCipher {
    /// Whether a key of this length is one.
    pub(super) fn takes(bytes: usize) -> bool {
        bytes == 32 || (cfg!(feature = "sm") && bytes == 16)
    }

    /// Nothing for a key of another length.
    pub(super) fn new(key: &[u8], nonce: &str, associated_data: &[u8]) -> Option<Self> {
        let nonce = nonce.as_bytes();
        #[cfg(feature = "sm")]
        if let Ok(cipher) = sm4::Sm4::new_from_slice(key) {
            return Some(Self::Sm4(Box::new(GcmStream::new(
                cipher,
                nonce,
                associated_data,
            ))));
        }
        let cipher = Aes256::new_from_slice(key).ok()?;
        Some(Self::Aes(Box::new(GcmStream::new(
            cipher,
            nonce,
            associated_data,
        ))))
    }

    pub(super) fn decrypt(&mut self, part: &mut [u8]) -> Result<(), CryptoError> {
        match self {
            Self::Aes(stream) => stream.decrypt(part),
            #[cfg(feature = "sm")]
            Self::Sm4(stream) => stream.decrypt(part),
        }
    }

    pub(super) fn encrypt(&mut self, part: &mut [u8]) -> Result<(), CryptoError> {
        match self {
            Self::Aes(stream) => stream.encrypt(part),
            #[cfg(feature = "sm")]
            Self::Sm4(stream) => stream.encrypt(part),
        }
    }

    pub(super) fn tag(self) -> [u8; TAG] {
        match self {
            Self::Aes(stream) => stream.tag(),
            #[cfg(feature = "sm")]
            Self::Sm4(stream) => stream.tag(),
        }
    }
}
