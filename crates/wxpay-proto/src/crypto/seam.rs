//! What a backend's keys can do. The backends stand above this file, and [`key`](super::key) above them.

use zeroize::Zeroizing;

use super::{Algorithm, CryptoError, Entropy, Padding};

/// What a backend's private key can do.
pub(crate) trait PrivateKey: Send + Sync {
    /// The one algorithm that this kind of key signs with.
    fn algorithm(&self) -> Algorithm {
        Algorithm::RsaSha256
    }
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CryptoError>;
    fn decrypt(&self, padding: Padding, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError>;
}

/// What a backend's public key can do.
pub(crate) trait PublicHalf: Send + Sync {
    /// The one algorithm that this kind of key verifies.
    fn algorithm(&self) -> Algorithm {
        Algorithm::RsaSha256
    }
    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), CryptoError>;
    fn encrypt(
        &self,
        padding: Padding,
        plaintext: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError>;
    /// The length of the modulus, or of a coordinate, in bytes.
    fn size(&self) -> usize;
    /// The longest plaintext, in bytes.
    fn limit(&self, padding: Padding) -> usize {
        let overhead = match padding {
            Padding::OaepSha1 => 2 * 20 + 2,
            Padding::Pkcs1v15 => 11,
        };
        self.size().saturating_sub(overhead)
    }
}
