//! Keys and algorithms, behind seams: what signs, verifies, encrypts and decrypts is a value that the caller brings.
//!
//! RSA comes from one of two backends, chosen where a key is read ([`Backend`]); both give the same bytes. Everything
//! else is RustCrypto's.

mod aead;
pub mod aes;
mod certificate;
mod der;
mod digest;
mod gcm;
mod gcm_stream;
mod identity;
mod issuer;
mod key;
mod key_file;
#[cfg(feature = "p12")]
mod p12;
mod seam;
#[cfg(feature = "sm")]
mod sm2_der;
#[cfg(feature = "sm")]
mod sm2_key;
#[cfg(feature = "sm")]
mod sm4;

#[cfg(feature = "aws-lc-rs")]
mod aws_lc;
#[cfg(feature = "rsa")]
mod rust_crypto;

use std::fmt;

use base64::Engine as _;
use zeroize::Zeroizing;

use crate::base64_text::engine;

pub use aead::Aead;
pub use certificate::Certificate;
pub(crate) use digest::Hasher;
pub use digest::{DigestAlgorithm, FileDigest, InvalidDigest, WrongDigest};
pub(crate) use gcm_stream::{BLOCK as TAG, GcmStream};
pub use identity::MerchantIdentity;
pub use key::{Backend, MerchantKey, PublicKey};
pub use key_file::KeyError;
#[cfg(feature = "p12")]
pub use p12::P12;

/// A signature algorithm of WeChat Pay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Algorithm {
    /// v3: RSASSA-PKCS1-v1_5 with SHA-256.
    RsaSha256,
    /// v3 with 国密 keys: SM2 with SM3, in DER, for the user id `1234567812345678`.
    Sm2Sm3,
    /// v2: MD5 over the message and the APIv2 key.
    Md5,
    /// v2: HMAC-SHA256 over the message and the APIv2 key, keyed with the same key.
    HmacSha256,
}

impl Algorithm {
    /// Its name: as in v2's `sign_type`, and for RSA and SM2 a name for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::RsaSha256 => "RSA-SHA256",
            Self::Sm2Sm3 => "SM2-SM3",
            Self::Md5 => "MD5",
            Self::HmacSha256 => "HMAC-SHA256",
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The raw bytes of a signature.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature(Vec<u8>);

impl Signature {
    /// Takes the bytes, as a KMS returns them.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// Reads base64 with padding, the form of v3.
    ///
    /// # Errors
    /// [`CryptoError::NotBase64`] when it is something else.
    pub fn from_base64(text: &str) -> Result<Self, CryptoError> {
        engine()
            .decode(text)
            .map(Self)
            .map_err(|error| CryptoError::NotBase64 {
                problem: error.to_string(),
            })
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Base64 with padding, the form of v3.
    #[must_use]
    pub fn to_base64(&self) -> String {
        engine().encode(&self.0)
    }

    /// Writes base64 with padding behind a text.
    pub(crate) fn push_base64(&self, text: &mut String) {
        engine().encode_string(&self.0, text);
    }

    /// Capital hexadecimal, the form of v2.
    #[must_use]
    pub fn to_hex(&self) -> String {
        hex::encode_upper(&self.0)
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({} bytes)", self.0.len())
    }
}

/// Signs messages. Implemented by [`MerchantKey`] for v3 and by [`ApiV2Key`](crate::ApiV2Key) for v2; implement it
/// for a key that lives elsewhere and answers at once, and use [`Unsigned::message`](crate::Unsigned::message) with
/// [`attach`](crate::Unsigned::attach) for one that does not.
pub trait Signer {
    /// Signs `message`.
    ///
    /// # Errors
    /// [`CryptoError`] when the key cannot sign, or not with this algorithm.
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Signature, CryptoError>;
}

/// Verifies signatures.
pub trait Verifier {
    /// Verifies `signature` over `message`.
    ///
    /// # Errors
    /// [`CryptoError::Mismatch`] when it does not fit, [`CryptoError::Unsupported`] for another algorithm's key.
    fn verify(&self, algorithm: Algorithm, message: &[u8], signature: &Signature) -> Result<(), CryptoError>;
}

/// Encrypts for the owner of a key.
pub trait Encryptor {
    /// Encrypts `plaintext`.
    ///
    /// # Errors
    /// [`CryptoError::TooLong`] when the key is too small for it.
    fn encrypt(
        &self,
        padding: Padding,
        plaintext: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError>;
}

/// Decrypts what was encrypted for this key.
pub trait Decryptor {
    /// Decrypts `ciphertext`.
    ///
    /// # Errors
    /// [`CryptoError::Decrypt`] for every way in which it fails; which one is not told, on purpose.
    fn decrypt(&self, padding: Padding, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError>;
}

/// How RSA encryption pads. SM2 has no choice: its keys take the first, and refuse the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Padding {
    /// RSAES-OAEP with SHA-1 and MGF1-SHA-1, the padding of sensitive fields.
    OaepSha1,
    /// RSAES-PKCS1-v1_5: some global operations are said to use it (protocol section 5); never choose it freely.
    Pkcs1v15,
}

/// A source of random bytes, brought by the caller: a closure that fills a buffer.
///
/// It must be cryptographically secure. The aws-lc-rs backend has a source of its own and does not ask this one.
pub trait Entropy {
    /// Fills `bytes` with random bytes.
    fn fill(&mut self, bytes: &mut [u8]);
}

impl<F: FnMut(&mut [u8])> Entropy for F {
    fn fill(&mut self, bytes: &mut [u8]) {
        self(bytes);
    }
}

/// What can go wrong with a key at work. No variant tells anything about secret material.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CryptoError {
    /// The text is not base64.
    #[error("not base64: {problem}")]
    NotBase64 {
        /// What the decoder said.
        problem: String,
    },
    /// The signature does not fit.
    #[error("the signature does not fit the message")]
    Mismatch,
    /// This key cannot be used with this algorithm.
    #[error("{key} cannot be used for {algorithm}")]
    Unsupported {
        /// What kind of key it is.
        key: &'static str,
        /// The algorithm.
        algorithm: Algorithm,
    },
    /// The plaintext is too long for the key.
    #[error("the plaintext has {bytes} bytes and this key encrypts at most {limit}")]
    TooLong {
        /// The length of the plaintext in bytes.
        bytes: usize,
        /// The longest plaintext in bytes.
        limit: usize,
    },
    /// Encryption failed.
    #[error("encryption failed")]
    Encrypt,
    /// Decryption failed; why is not told.
    #[error("decryption failed: the wrong key, the wrong padding, or a damaged text")]
    Decrypt,
    /// This build has no such algorithm of encryption.
    #[error("the algorithm {found:?} is not supported here")]
    UnsupportedCipher {
        /// The name as the message has it.
        found: String,
    },
    /// A nonce of no bytes at all, which encrypts nothing safely.
    #[error("the nonce is empty")]
    EmptyNonce,
    /// The signer failed.
    #[error("the signer failed: {problem}")]
    Signer {
        /// What it said.
        problem: String,
    },
}
