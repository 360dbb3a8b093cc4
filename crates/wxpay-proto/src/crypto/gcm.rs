//! GCM over a whole message (NIST SP 800-38D), with any block cipher of 16 bytes.
//!
//! The nonce has any length but 0: WeChat Pay's are texts, and not all of them have the usual 12 bytes.

use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::CryptoError;
use super::gcm_stream::{BLOCK, Cipher, GcmStream};

/// Encrypts; the tag follows the ciphertext.
pub(crate) fn seal<C: Cipher>(
    cipher: C,
    nonce: &[u8],
    aad: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, CryptoError> {
    let mut stream = begin(cipher, nonce, aad)?;
    let mut sealed = Vec::with_capacity(plaintext.len() + BLOCK);
    sealed.extend_from_slice(plaintext);
    stream.encrypt(&mut sealed)?;
    sealed.extend_from_slice(&stream.tag());
    Ok(sealed)
}

/// Decrypts a ciphertext with its tag behind it, where it lies. Nothing comes out unless the tag fits.
pub(crate) fn open<C: Cipher>(
    cipher: C,
    nonce: &[u8],
    aad: &[u8],
    mut sealed: Zeroizing<Vec<u8>>,
) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
    let mut stream = begin(cipher, nonce, aad)?;
    let (text, tag) = sealed
        .split_last_chunk_mut::<BLOCK>()
        .ok_or(CryptoError::Decrypt)?;
    stream.decrypt(text)?;
    let (fits, length) = (stream.tag().ct_eq(tag), text.len());
    if bool::from(fits) {
        sealed.truncate(length);
        Ok(sealed)
    } else {
        Err(CryptoError::Decrypt)
    }
}

fn begin<C: Cipher>(cipher: C, nonce: &[u8], aad: &[u8]) -> Result<GcmStream<C>, CryptoError> {
    if nonce.is_empty() {
        return Err(CryptoError::EmptyNonce);
    }
    Ok(GcmStream::new(cipher, nonce, aad))
}
