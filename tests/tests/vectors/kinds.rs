//! The vectors' labels of errors, held against our types: the one place that maps them.

use wxpay_proto::crypto::CryptoError;
use wxpay_proto::v2::{self, XmlError};
use wxpay_proto::v3::certificates::CertificatesError;
use wxpay_proto::v3::{AuthorizationError, NotificationError};
use wxpay_proto::{Error, InvalidApiKey, VerifyError};

/// An error of ours.
pub(crate) enum Ours<'a> {
    Authorization(&'a AuthorizationError),
    Verify(&'a VerifyError),
    Xml(&'a XmlError),
    Crypto(&'a CryptoError),
    Journey(&'a Error),
    Key(&'a InvalidApiKey),
    Notification(&'a NotificationError),
    V2Notification(&'a v2::NotificationError),
    Certificates(&'a CertificatesError),
}

/// The labels that fit; more than one where the vectors themselves leave it open.
fn labels(error: &Ours<'_>) -> &'static [&'static str] {
    match error {
        Ours::Authorization(AuthorizationError::Malformed { .. }) => &["authorization_malformed"],
        Ours::Authorization(AuthorizationError::UnsupportedScheme { .. }) => &["unsupported_signature_type"],
        Ours::Verify(VerifyError::MissingHeader { .. }) => &["missing_header"],
        Ours::Verify(VerifyError::MissingSign) => &["missing_sign"],
        Ours::Verify(VerifyError::InvalidTimestamp { .. }) => &["invalid_timestamp"],
        Ours::Verify(VerifyError::Expired { .. }) => &["timestamp_expired"],
        Ours::Verify(VerifyError::UnknownSerial { .. }) => &["unknown_serial"],
        Ours::Verify(VerifyError::UnsupportedType { .. }) => &["unsupported_signature_type"],
        Ours::Verify(VerifyError::NotDecodable { .. }) => &["signature_not_base64"],
        Ours::Verify(VerifyError::Mismatch { .. }) => &["signature_mismatch"],
        // A probe has a name of its own here, whatever is wrong with its signature.
        Ours::Verify(VerifyError::Probe) => &["signature_mismatch", "signature_not_base64"],
        Ours::Verify(VerifyError::WrongDigest { .. }) => &["hash_mismatch"],
        Ours::Xml(XmlError::Doctype) => &["doctype_forbidden"],
        Ours::Xml(XmlError::Duplicate { .. }) => &["duplicate_element"],
        Ours::Xml(XmlError::Nested { .. }) => &["nested_element"],
        Ours::Xml(XmlError::Encoding { .. }) => &["unsupported_encoding"],
        Ours::Xml(XmlError::Malformed { .. }) => &["malformed_xml"],
        Ours::Key(InvalidApiKey::Length { .. }) => &["invalid_key_length"],
        Ours::Notification(NotificationError::Unverified { source, .. }) => labels(&Ours::Verify(source)),
        Ours::Notification(NotificationError::Malformed { .. }) => &["malformed_notification"],
        Ours::Notification(NotificationError::Cipher { source }) => labels(&Ours::Crypto(source)),
        Ours::Notification(NotificationError::Plaintext { .. }) => &["malformed_resource"],
        Ours::V2Notification(v2::NotificationError::Xml(source)) => labels(&Ours::Xml(source)),
        Ours::V2Notification(v2::NotificationError::Unverified(source)) => labels(&Ours::Verify(source)),
        Ours::V2Notification(v2::NotificationError::Cipher(source)) => labels(&Ours::Crypto(source)),
        Ours::Certificates(CertificatesError::NoCertificate { .. }) => &["no_certificate"],
        Ours::Certificates(CertificatesError::SerialMismatch { .. }) => &["serial_mismatch"],
        Ours::Certificates(CertificatesError::Decrypt { source, .. }) => labels(&Ours::Crypto(source)),
        Ours::Certificates(CertificatesError::Call(source)) => labels(&Ours::Journey(source)),
        Ours::Crypto(CryptoError::UnsupportedCipher { .. }) => &["unsupported_algorithm"],
        Ours::Crypto(CryptoError::NotBase64 { .. }) => &["ciphertext_not_base64"],
        Ours::Crypto(CryptoError::Decrypt) => &["decrypt_failed"],
        Ours::Crypto(CryptoError::TooLong { .. }) => &["plaintext_too_long"],
        Ours::Journey(Error::Unverified { source, .. }) => labels(&Ours::Verify(source)),
        // Only a failure of the business is signed.
        Ours::Journey(Error::Refused(error)) if error.authentic => &["business_error"],
        Ours::Journey(Error::Refused(_)) => &["communication_error"],
        _ => &[],
    }
}

/// Fails unless `error` is what the vectors call `wanted`.
pub(crate) fn assert_kind(error: &Ours<'_>, wanted: &str) {
    let found = labels(error);
    assert!(
        found.contains(&wanted),
        "wanted {wanted}, found {found:?}: {}",
        describe(error)
    );
}

fn describe(error: &Ours<'_>) -> String {
    match error {
        Ours::Authorization(error) => error.to_string(),
        Ours::Verify(error) => error.to_string(),
        Ours::Xml(error) => error.to_string(),
        Ours::Crypto(error) => error.to_string(),
        Ours::Journey(error) => error.to_string(),
        Ours::Key(error) => error.to_string(),
        Ours::Notification(error) => error.to_string(),
        Ours::V2Notification(error) => error.to_string(),
        Ours::Certificates(error) => error.to_string(),
    }
}
