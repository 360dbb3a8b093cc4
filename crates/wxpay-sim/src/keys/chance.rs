//! Randomness, from the generator that TLS uses.

use rustls::crypto::SecureRandom;

use super::error::FolderError;

pub(super) fn bytes<const N: usize>() -> Result<[u8; N], FolderError> {
    let generator: &dyn SecureRandom = rustls::crypto::aws_lc_rs::default_provider().secure_random;
    let mut bytes = [0; N];
    generator
        .fill(&mut bytes)
        .map_err(|_| FolderError::not_made("this machine's random generator fails"))?;
    Ok(bytes)
}

/// 32 letters and digits: an APIv2 or APIv3 key.
pub(super) fn api_key() -> Result<String, FolderError> {
    // 64 symbols, so that each is as likely as any other; the last two are letters once more.
    const ALPHABET: &[u8; 64] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzWx";
    let symbol = |byte: u8| char::from(ALPHABET[usize::from(byte % 64)]);
    Ok(bytes::<32>()?.into_iter().map(symbol).collect())
}

/// So many digits.
pub(super) fn digits<const N: usize>() -> Result<String, FolderError> {
    let digit = |byte: u8| char::from(b'0' + byte % 10);
    Ok(bytes::<N>()?.into_iter().map(digit).collect())
}
