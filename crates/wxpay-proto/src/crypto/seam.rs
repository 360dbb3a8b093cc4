//! What a backend's keys can do. The backends stand above this file, and [`key`](super::key) above them.

use zeroize::Zeroizing;

use super::{CryptoError, Entropy, Padding};

/// What a backend's private key can do.
pub(crate) trait PrivateKey: Send + Sync {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, CryptoError>;
    fn decrypt(&self, padding: Padding, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError>;
}

/// What a backend's public key can do.
pub(crate) trait PublicHalf: Send + Sync {
    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), CryptoError>;
    fn encrypt(
        &self,
        padding: Padding,
        plaintext: &[u8],
        entropy: &mut dyn Entropy,
    ) -> Result<Vec<u8>, CryptoError>;
    /// The length of the modulus in bytes.
    fn size(&self) -> usize;
}
