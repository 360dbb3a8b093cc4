//! AES-256 as WeChat Pay uses it: GCM for v3 (protocol section 4.1), ECB for v2's refund notifications (section 7.9).
//!
//! Everything here is deterministic: the nonce is an argument. A nonce must never be used twice with one key.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockDecrypt as _, BlockEncrypt as _, KeyInit as _};
use aes::{Aes256, Aes256Enc};
use zeroize::Zeroizing;

use super::CryptoError;
use super::gcm;

/// Encrypts with AES-256-GCM; the tag of 16 bytes follows the ciphertext.
///
/// The nonce has any length but 0; 12 bytes are usual. `aad` is what is authenticated beside the text, and may be empty.
///
/// # Errors
/// [`CryptoError::EmptyNonce`]; [`CryptoError::Encrypt`] for a text of more than 64 GiB.
pub fn seal_gcm(key: &[u8; 32], nonce: &[u8], aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, CryptoError> {
    gcm::seal(Aes256Enc::new(key.into()), nonce, aad, plaintext)
}

/// Decrypts AES-256-GCM: the ciphertext with its tag of 16 bytes behind it.
///
/// # Errors
/// [`CryptoError::Decrypt`] when the tag does not fit: another key, nonce or `aad`, or a damaged text;
/// [`CryptoError::EmptyNonce`].
pub fn open_gcm(
    key: &[u8; 32],
    nonce: &[u8],
    aad: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    open_gcm_in_place(key, nonce, aad, Zeroizing::new(sealed.to_vec()))
}

/// As [`open_gcm`], where the ciphertext lies.
pub(super) fn open_gcm_in_place(
    key: &[u8; 32],
    nonce: &[u8],
    aad: &[u8],
    sealed: Zeroizing<Vec<u8>>,
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    // GCM decrypts by encrypting its counter: the other half of the key schedule is not needed.
    gcm::open(Aes256Enc::new(key.into()), nonce, aad, sealed)
}

/// Encrypts with AES-256-ECB and PKCS#7 padding, which proves nothing to whoever decrypts it.
#[must_use]
pub fn seal_ecb(key: &[u8; 32], plaintext: &[u8]) -> Vec<u8> {
    Aes256::new(key.into()).encrypt_padded_vec::<Pkcs7>(plaintext)
}

/// Decrypts AES-256-ECB with PKCS#7 padding.
///
/// There is no authentication: a wrong key is noticed by the padding only, and one time in 256 not even by that.
///
/// # Errors
/// [`CryptoError::Decrypt`] when the length is no multiple of 16 bytes, or the padding is wrong.
pub fn open_ecb(key: &[u8; 32], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let plaintext = Aes256::new(key.into()).decrypt_padded_vec::<Pkcs7>(ciphertext);
    plaintext.map(Zeroizing::new).map_err(|_| CryptoError::Decrypt)
}
