//! Statements of settlement (对账单, global and Hong Kong): what is signed is the file's SHA-1 in a header (protocol
//! section 2.4).

use http::HeaderMap;

use super::answer::SignatureHeaders;
use super::platform_keys::PlatformKeys;
use crate::crypto::FileDigest;
use crate::error::VerifyError;
use crate::id::KeyId;
use crate::stamp::UnixTime;

/// The header that tells the SHA-1, hexadecimal.
const NAME: &str = "Wechatpay-Statement-Sha1";

/// The digest that a statement's headers tell, once their signature is verified, and the key that verified it.
///
/// For statements that are read as they arrive: hand the digest to a [`FileCheck`](crate::file::FileCheck). One that is
/// in memory as a whole is verified like any answer.
///
/// # Errors
/// [`VerifyError::MissingHeader`] without the digest, [`VerifyError::NotDecodable`] when it is no SHA-1; otherwise as
/// for [`SignatureHeaders::verify`].
pub fn statement_digest(
    headers: &HeaderMap,
    keys: &PlatformKeys,
    now: UnixTime,
) -> Result<(FileDigest, KeyId), VerifyError> {
    let told = crate::header_text(headers, NAME).ok_or(VerifyError::MissingHeader { name: NAME })?;
    let digest = FileDigest::new("SHA1", told).map_err(|error| VerifyError::NotDecodable {
        problem: error.to_string(),
    })?;
    // The header's own text is signed, in whatever case it is written.
    let signed = format!("{{\"sha1\":\"{told}\"}}");
    let key = SignatureHeaders::read(headers)?.verify(signed.as_bytes(), keys, now)?;
    Ok((digest, key))
}
