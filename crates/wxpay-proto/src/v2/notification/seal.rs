//! Making notifications as WeChat Pay does: for simulators and tests.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::error::NotificationError;
use super::refund_key::refund_key;
use crate::crypto::{Aead, Algorithm, aes};
use crate::secret::{ApiV2Key, ApiV3Key};
use crate::v2::sign::sign;
use crate::v2::xml::{self, Fields};

/// The body of a signed notification: the fields, and their `sign`.
///
/// # Errors
/// [`NotificationError`] when the fields cannot be written as XML, or the algorithm is none of v2's.
pub fn seal(fields: &Fields, algorithm: Algorithm, key: &ApiV2Key) -> Result<String, NotificationError> {
    let mut fields = fields.clone();
    fields.insert("sign".to_owned(), sign(&fields, algorithm, key)?);
    Ok(xml::write(&fields)?)
}

/// The body of a refund notification: the outer fields, and `req_info` with the refund's fields.
///
/// # Errors
/// [`NotificationError::Xml`] when the fields cannot be written as XML.
pub fn seal_refund(outer: &Fields, refund: &Fields, key: &ApiV2Key) -> Result<String, NotificationError> {
    let plaintext = xml::write_under("root", refund)?;
    let ciphertext = aes::seal_ecb(&refund_key(key), plaintext.as_bytes());
    let mut outer = outer.clone();
    outer.insert("req_info".to_owned(), STANDARD.encode(ciphertext));
    Ok(xml::write(&outer)?)
}

/// The body of a payment-score notification: the outer fields, the event's fields encrypted with the APIv3 key and a
/// nonce of 12 characters, and a `sign` by HMAC-SHA256 with the APIv2 key.
///
/// # Errors
/// [`NotificationError`] when the fields cannot be written as XML, or the event cannot be encrypted.
pub fn seal_event(
    outer: &Fields,
    event: &Fields,
    nonce: &str,
    api_v3_key: &ApiV3Key,
    key: &ApiV2Key,
) -> Result<String, NotificationError> {
    let aead = Aead::Aes256Gcm;
    let aad = outer.get("event_associated_data").map_or("", String::as_str);
    let plaintext = xml::write(event)?;
    let ciphertext = aead.seal_base64(api_v3_key, nonce, aad, plaintext.as_bytes())?;
    let mut outer = outer.clone();
    let more = [
        ("algorithm", Algorithm::HmacSha256.as_str()),
        ("event_algorithm", aead.name()),
        ("event_nonce", nonce),
        ("event_ciphertext", &ciphertext),
    ];
    outer.extend(more.map(|(name, value)| (name.to_owned(), value.to_owned())));
    seal(&outer, Algorithm::HmacSha256, key)
}
