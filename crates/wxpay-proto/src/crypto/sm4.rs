//! SM4-GCM (国密), protocol section 12: what AES-256-GCM is elsewhere.

use ::sm4::Sm4;
use cipher::KeyInit as _;
use sm3::{Digest as _, Sm3};
use zeroize::Zeroizing;

use super::{CryptoError, gcm};
use crate::secret::ApiV3Key;

pub(super) fn seal_gcm(
    key: &ApiV3Key,
    nonce: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, CryptoError> {
    gcm::seal(cipher(key).ok_or(CryptoError::Encrypt)?, nonce, aad, plaintext)
}

pub(super) fn open_gcm(
    key: &ApiV3Key,
    nonce: &[u8],
    aad: &[u8],
    sealed: Zeroizing<Vec<u8>>,
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    gcm::open(cipher(key).ok_or(CryptoError::Decrypt)?, nonce, aad, sealed)
}

/// The key has half the length of the hash.
fn cipher(key: &ApiV3Key) -> Option<Sm4> {
    let hash: Zeroizing<[u8; 32]> = Zeroizing::new(Sm3::digest(key.expose()).into());
    Sm4::new_from_slice(hash.first_chunk::<16>()?).ok()
}
