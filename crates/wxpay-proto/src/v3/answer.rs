//! The signature of an answer or a notification (protocol section 2).

use http::{HeaderMap, HeaderName, HeaderValue};

use super::canonical::answer_message;
use super::credentials::Scheme;
use super::platform_keys::PlatformKeys;
use crate::crypto::{Algorithm, Signature, Verifier as _};
use crate::error::VerifyError;
use crate::id::KeyId;
use crate::stamp::UnixTime;

/// How far a timestamp may lie from the clock, in seconds, in both directions; exactly this far is let through.
pub const CLOCK_WINDOW: u64 = 300;

/// What probe traffic's signatures begin with.
const PROBE: &str = "WECHATPAY/SIGNTEST/";

static TIMESTAMP: HeaderName = HeaderName::from_static("wechatpay-timestamp");
static NONCE: HeaderName = HeaderName::from_static("wechatpay-nonce");
/// The header without which an answer is not signed.
pub(super) static SIGNATURE: HeaderName = HeaderName::from_static("wechatpay-signature");
static SERIAL: HeaderName = HeaderName::from_static("wechatpay-serial");
static SIGNATURE_TYPE: HeaderName = HeaderName::from_static("wechatpay-signature-type");

/// All of them.
pub(super) static SIGNATURE_HEADERS: [&HeaderName; 5] =
    [&TIMESTAMP, &NONCE, &SIGNATURE, &SERIAL, &SIGNATURE_TYPE];

/// The signature headers of an answer or a notification.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SignatureHeaders<'a> {
    /// `Wechatpay-Timestamp`.
    pub timestamp: &'a str,
    /// `Wechatpay-Nonce`.
    pub nonce: &'a str,
    /// `Wechatpay-Signature`.
    pub signature: &'a str,
    /// `Wechatpay-Serial`.
    pub serial: &'a str,
    /// `Wechatpay-Signature-Type`; missing means RSA. SM2 is verified where the feature `sm` is on.
    pub signature_type: Option<&'a str>,
}

impl<'a> SignatureHeaders<'a> {
    /// Takes the headers.
    ///
    /// # Errors
    /// [`VerifyError::MissingHeader`] when one of the four is missing or empty; [`VerifyError::UnsupportedType`] when the
    /// type is there, but is no text.
    pub fn read(headers: &'a HeaderMap) -> Result<Self, VerifyError> {
        let [
            mut timestamp,
            mut nonce,
            mut signature,
            mut serial,
            mut signature_type,
        ] = [None; 5];
        // One way through the few headers that there are costs less than five look-ups. Of several the first counts.
        for (name, value) in headers {
            let place = match name.as_str() {
                "wechatpay-timestamp" => &mut timestamp,
                "wechatpay-nonce" => &mut nonce,
                "wechatpay-signature" => &mut signature,
                "wechatpay-serial" => &mut serial,
                "wechatpay-signature-type" => &mut signature_type,
                _ => continue,
            };
            place.get_or_insert(value);
        }
        let wanted = |value: Option<&'a HeaderValue>, name: &'static str| {
            let text = value.and_then(|value| value.to_str().ok());
            text.filter(|text| !text.is_empty())
                .ok_or(VerifyError::MissingHeader { name })
        };
        // A type that cannot be read is not a missing one: the default must not be taken in its place.
        let signature_type = match signature_type {
            None => None,
            Some(found) => Some(found.to_str().map_err(|_| VerifyError::UnsupportedType {
                found: String::from_utf8_lossy(found.as_bytes()).into_owned(),
            })?),
        };
        Ok(Self {
            timestamp: wanted(timestamp, "Wechatpay-Timestamp")?,
            nonce: wanted(nonce, "Wechatpay-Nonce")?,
            signature: wanted(signature, "Wechatpay-Signature")?,
            serial: wanted(serial, "Wechatpay-Serial")?,
            signature_type: signature_type.filter(|found| !found.is_empty()),
        })
    }

    /// Verifies the signature over the raw body and says which key did.
    ///
    /// # Errors
    /// [`VerifyError`] that says what is wrong: the clock, the key, the form or the signature itself.
    pub fn verify(&self, body: &[u8], keys: &PlatformKeys, now: UnixTime) -> Result<KeyId, VerifyError> {
        let algorithm = self.algorithm()?;
        self.check_clock(now)?;
        let unknown = || VerifyError::UnknownSerial {
            serial: self.serial.to_owned(),
            known: keys.list(),
        };
        let key = keys.find(self.serial).ok_or_else(unknown)?;
        if let Some(end) = key.not_after().filter(|end| now > *end) {
            let serial = key.id().to_string();
            return Err(VerifyError::CertificateExpired {
                serial,
                expired_at: end.as_secs(),
            });
        }
        self.check_signature(algorithm, body, key)
            .map(|()| key.id().clone())
            .map_err(|error| {
                // A probe fails by itself; only its name is told by the prefix.
                if self.signature.starts_with(PROBE) {
                    VerifyError::Probe
                } else {
                    error
                }
            })
    }

    /// The algorithm that the signature type names. A key that is not made for it fits no signature.
    fn algorithm(&self) -> Result<Algorithm, VerifyError> {
        let Some(found) = self.signature_type else {
            return Ok(Algorithm::RsaSha256);
        };
        let known = [Scheme::MerchantRsa, Scheme::MerchantSm2]
            .into_iter()
            .find(|scheme| scheme.name() == found);
        known
            .map(Scheme::algorithm)
            .filter(|algorithm| *algorithm == Algorithm::RsaSha256 || cfg!(feature = "sm"))
            .ok_or_else(|| VerifyError::UnsupportedType {
                found: found.to_owned(),
            })
    }

    fn check_clock(&self, now: UnixTime) -> Result<(), VerifyError> {
        let digits = self.timestamp.bytes().all(|b| b.is_ascii_digit());
        let signed_at = self.timestamp.parse().ok().filter(|_| digits);
        let signed_at: i64 = signed_at.ok_or_else(|| VerifyError::InvalidTimestamp {
            found: self.timestamp.to_owned(),
        })?;
        if now.as_secs().abs_diff(signed_at) > CLOCK_WINDOW {
            return Err(VerifyError::Expired {
                signed_at,
                now: now.as_secs(),
            });
        }
        Ok(())
    }

    fn check_signature(
        &self,
        algorithm: Algorithm,
        body: &[u8],
        key: &super::PlatformKey,
    ) -> Result<(), VerifyError> {
        let signature =
            Signature::from_base64(self.signature).map_err(|error| VerifyError::NotDecodable {
                problem: error.to_string(),
            })?;
        // The header's own text is signed, not a number printed again.
        let message = answer_message(self.timestamp, self.nonce, body);
        key.public_key()
            .verify(algorithm, &message, &signature)
            .map_err(|_| VerifyError::Mismatch {
                key: key.id().to_string(),
            })
    }
}
