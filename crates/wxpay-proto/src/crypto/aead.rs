//! The algorithms that `resource.algorithm` names, opened and sealed with the APIv3 key (protocol section 4.1).

use std::fmt;

use base64::Engine as _;
use zeroize::Zeroizing;

use super::CryptoError;
use super::aes;
#[cfg(feature = "sm")]
use super::sm4;
use crate::base64_text::engine;
use crate::secret::ApiV3Key;

/// An algorithm that encrypts and authenticates with the APIv3 key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Aead {
    /// `AEAD_AES_256_GCM`: the key is the 32 bytes of the APIv3 key.
    Aes256Gcm,
    /// `AEAD_SM4_GCM` (国密): the key is the first 16 bytes of the APIv3 key's SM3.
    #[cfg(feature = "sm")]
    Sm4Gcm,
}

impl Aead {
    /// The algorithms that this build has.
    pub const ALL: &[Self] = &[
        Self::Aes256Gcm,
        #[cfg(feature = "sm")]
        Self::Sm4Gcm,
    ];

    /// The name as messages write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Aes256Gcm => "AEAD_AES_256_GCM",
            #[cfg(feature = "sm")]
            Self::Sm4Gcm => "AEAD_SM4_GCM",
        }
    }

    /// The algorithm of a name.
    ///
    /// # Errors
    /// [`CryptoError::UnsupportedCipher`] with the name, when this build has no such algorithm.
    pub fn find(name: &str) -> Result<Self, CryptoError> {
        let found = Self::ALL.iter().copied().find(|known| known.name() == name);
        found.ok_or_else(|| CryptoError::UnsupportedCipher {
            found: name.to_owned(),
        })
    }

    /// Encrypts; the tag follows the ciphertext. Never use a nonce twice with one key.
    ///
    /// # Errors
    /// [`CryptoError::EmptyNonce`]; [`CryptoError::Encrypt`] when the text is too long.
    pub fn seal(
        self,
        key: &ApiV3Key,
        nonce: &[u8],
        aad: &[u8],
        plaintext: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        match self {
            Self::Aes256Gcm => aes::seal_gcm(key.expose(), nonce, aad, plaintext),
            #[cfg(feature = "sm")]
            Self::Sm4Gcm => sm4::seal_gcm(key, nonce, aad, plaintext),
        }
    }

    /// Decrypts a ciphertext with its tag behind it.
    ///
    /// # Errors
    /// [`CryptoError::Decrypt`] when the tag does not fit; [`CryptoError::EmptyNonce`].
    pub fn open(
        self,
        key: &ApiV3Key,
        nonce: &[u8],
        aad: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        self.open_in_place(key, nonce, aad, Zeroizing::new(sealed.to_vec()))
    }

    fn open_in_place(
        self,
        key: &ApiV3Key,
        nonce: &[u8],
        aad: &[u8],
        sealed: Zeroizing<Vec<u8>>,
    ) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        match self {
            Self::Aes256Gcm => aes::open_gcm_in_place(key.expose(), nonce, aad, sealed),
            #[cfg(feature = "sm")]
            Self::Sm4Gcm => sm4::open_gcm(key, nonce, aad, sealed),
        }
    }

    /// Encrypts into base64, the form that messages carry. Nonce and `aad` are the bytes of their texts.
    ///
    /// # Errors
    /// As for [`seal`](Self::seal).
    pub fn seal_base64(
        self,
        key: &ApiV3Key,
        nonce: &str,
        aad: &str,
        plaintext: &[u8],
    ) -> Result<String, CryptoError> {
        self.seal(key, nonce.as_bytes(), aad.as_bytes(), plaintext)
            .map(|sealed| engine().encode(sealed))
    }

    /// Decrypts from base64, the form that messages carry. Nonce and `aad` are the bytes of their texts; a missing
    /// `associated_data` is the empty one.
    ///
    /// # Errors
    /// [`CryptoError::NotBase64`]; otherwise as for [`open`](Self::open).
    pub fn open_base64(
        self,
        key: &ApiV3Key,
        nonce: &str,
        aad: &str,
        ciphertext: &str,
    ) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        let sealed = engine()
            .decode(ciphertext)
            .map_err(|error| CryptoError::NotBase64 {
                problem: error.to_string(),
            })?;
        self.open_in_place(key, nonce.as_bytes(), aad.as_bytes(), Zeroizing::new(sealed))
    }
}

impl fmt::Display for Aead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
