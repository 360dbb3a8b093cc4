//! The key of refund notifications (protocol section 7.9).

use md5::{Digest as _, Md5};
use zeroize::Zeroizing;

use crate::secret::ApiV2Key;

/// The 32 bytes of the AES-256 key: the text of the MD5 of the APIv2 key in small hexadecimal.
pub(super) fn refund_key(key: &ApiV2Key) -> Zeroizing<[u8; 32]> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digest = Zeroizing::new(<[u8; 16]>::from(Md5::digest(key.expose())));
    let mut text = Zeroizing::new([0; 32]);
    for (pair, byte) in text.chunks_exact_mut(2).zip(digest.iter()) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
    text
}
