//! Notifications (回调通知) of v3: verified, opened, acknowledged (protocol section 4).
//!
//! ```text
//! headers, raw body ──▶ UnverifiedNotification ──▶ VerifiedNotification ──▶ OpenedNotification
//!                                      verify(keys, now)          open(api_v3_key)
//! ```
//!
//! The body must be the bytes as they arrived: a framework that has parsed it and printed it again has broken the
//! signature. What arrives more than once has the same [`id`](VerifiedNotification::id).

mod acknowledgement;
mod error;
mod seal;
mod stored;

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::answer::{SIGNATURE_HEADERS, SignatureHeaders};
use super::body_hints::body_hints;
use super::platform_keys::PlatformKeys;
use crate::crypto::Aead;
use crate::error::{ParseError, VerifyError};
use crate::id::KeyId;
use crate::open_enum;
use crate::secret::ApiV3Key;
use crate::stamp::UnixTime;
use crate::time_text::TimeText;

pub use acknowledgement::Acknowledgement;
pub use error::NotificationError;
pub use seal::{NotificationDraft, SealedNotification, seal};
pub use stored::open_stored;

/// The headers that are kept: those of the signature, and the one for support cases.
fn kept() -> impl Iterator<Item = &'static HeaderName> {
    SIGNATURE_HEADERS.into_iter().chain([&crate::REQUEST_ID])
}

/// A notification that nothing proves yet. Its body cannot be read.
#[derive(Clone)]
pub struct UnverifiedNotification {
    headers: HeaderMap,
    body: Bytes,
}

impl UnverifiedNotification {
    /// Takes what arrived: the headers, and the body byte for byte, before any text handling.
    #[must_use]
    pub fn receive(headers: &HeaderMap, body: impl Into<Bytes>) -> Self {
        let values = kept().filter_map(|name| Some((name.clone(), headers.get(name)?.clone())));
        Self {
            headers: values.collect(),
            body: body.into(),
        }
    }

    /// As [`receive`](Self::receive), from names and values of a framework with header types of its own. Names in any
    /// case; of a name that comes twice the first counts.
    #[must_use]
    pub fn from_pairs<'a>(
        headers: impl IntoIterator<Item = (&'a str, &'a str)>,
        body: impl Into<Bytes>,
    ) -> Self {
        let mut values = HeaderMap::new();
        for (name, value) in headers {
            // What can be no header is none of ours.
            let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else {
                continue;
            };
            if kept().any(|wanted| *wanted == name) && !values.contains_key(&name) {
                values.insert(name, value);
            }
        }
        Self {
            headers: values,
            body: body.into(),
        }
    }

    /// `Wechatpay-Serial`, unproven: which key to look for.
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        crate::header_text(&self.headers, "wechatpay-serial")
    }

    /// WeChat Pay's `Request-ID`, unproven.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        crate::header_text(&self.headers, &crate::REQUEST_ID)
    }

    /// Verifies the signature and reads the envelope. It can be called again with more keys.
    ///
    /// # Errors
    /// [`NotificationError::Unverified`] when it is not proven to be WeChat Pay's, a probe included;
    /// [`NotificationError::Malformed`] when the proven body is no notification. Answer either with
    /// [`NotificationError::acknowledgement`].
    pub fn verify(
        &self,
        keys: &PlatformKeys,
        now: UnixTime,
    ) -> Result<VerifiedNotification, NotificationError> {
        let headers = SignatureHeaders::read(&self.headers);
        let verified = headers.and_then(|headers| headers.verify(&self.body, keys, now));
        let by = verified.map_err(|source| {
            let hints = match source {
                VerifyError::Mismatch { .. } => body_hints(&self.body),
                _ => Vec::new(),
            };
            NotificationError::Unverified { source, hints }
        })?;
        let envelope = read(&self.body)?;
        Ok(VerifiedNotification {
            envelope,
            by,
            request_id: self.request_id().map(str::to_owned),
            body: self.body.clone(),
        })
    }
}

impl fmt::Debug for UnverifiedNotification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnverifiedNotification")
            .field("serial", &self.serial())
            .field("request_id", &self.request_id())
            .finish_non_exhaustive()
    }
}

/// The outer object (protocol section 4.2). Members that are not known here are ignored.
#[derive(Clone, Deserialize)]
struct Envelope {
    #[serde(deserialize_with = "exact_text")]
    id: String,
    #[serde(default)]
    create_time: TimeText,
    #[serde(default, deserialize_with = "open_enum::__text")]
    event_type: String,
    #[serde(default, deserialize_with = "open_enum::__text")]
    resource_type: String,
    #[serde(default)]
    summary: Option<String>,
    resource: Resource,
}

/// Reads the outer object of a proven body.
fn read(body: &[u8]) -> Result<Envelope, NotificationError> {
    let malformed = |problem: String| NotificationError::Malformed { problem };
    let body = super::refusal::without_bom(body);
    let read = match std::str::from_utf8(body) {
        Ok(body) => serde_json::from_str(body),
        // A broken byte in a member that nobody reads is let be.
        Err(_) => serde_json::from_slice(body),
    };
    let envelope: Envelope = read.map_err(|error| malformed(error.to_string()))?;
    if envelope.id.is_empty() {
        // Without it a repeated notification could not be told from a new one.
        return Err(malformed("`id` is empty".to_owned()));
    }
    Ok(envelope)
}

/// A text, or a number in its own digits: two notifications must not be taken for one because a float rounded their ids.
fn exact_text<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?.get();
    let plain = raw.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
    if let Some(text) = plain.filter(|text| !text.contains('\\')) {
        return Ok(text.to_owned());
    }
    match serde_json::from_str(raw).map_err(serde::de::Error::custom)? {
        Value::String(text) => Ok(text),
        Value::Number(_) => Ok(raw.to_owned()),
        _ => Err(serde::de::Error::custom("`id` is neither a text nor a number")),
    }
}

#[derive(Clone, Deserialize)]
struct Resource {
    #[serde(default)]
    original_type: Option<String>,
    algorithm: String,
    ciphertext: String,
    #[serde(default)]
    associated_data: Option<String>,
    nonce: String,
}

/// A notification that was proven to be WeChat Pay's; what it is about is still encrypted.
#[derive(Clone)]
pub struct VerifiedNotification {
    envelope: Envelope,
    by: KeyId,
    request_id: Option<String>,
    body: Bytes,
}

impl VerifiedNotification {
    /// `id`, at most 36 characters: the same each time this notification is sent. Keep the ones that were handled.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.envelope.id
    }

    /// `event_type` (通知类型), `TRANSACTION.SUCCESS` say. New ones appear at any time.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.envelope.event_type
    }

    /// `create_time`: RFC 3339, or `yyyyMMddHHmmss` for a few events.
    #[must_use]
    pub fn create_time(&self) -> &TimeText {
        &self.envelope.create_time
    }

    /// `resource_type`, `encrypt-resource` everywhere.
    #[must_use]
    pub fn resource_type(&self) -> &str {
        &self.envelope.resource_type
    }

    /// `summary` (回调摘要), a text for people; some events are told apart by nothing else.
    #[must_use]
    pub fn summary(&self) -> Option<&str> {
        self.envelope.summary.as_deref()
    }

    /// `resource.original_type`, what was encrypted: `transaction`, `refund` …; often missing.
    #[must_use]
    pub fn original_type(&self) -> Option<&str> {
        self.envelope.resource.original_type.as_deref()
    }

    /// `resource.algorithm` as it stands there.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        &self.envelope.resource.algorithm
    }

    /// The key that verified it.
    #[must_use]
    pub fn verified_by(&self) -> &KeyId {
        &self.by
    }

    /// WeChat Pay's `Request-ID`, for support cases; the signature does not cover it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The body as it arrived and was verified, byte for byte.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Decrypts what the notification is about.
    ///
    /// # Errors
    /// [`NotificationError::Cipher`] when the APIv3 key does not open it, or its algorithm is unknown here;
    /// [`NotificationError::Plaintext`] when what comes out is no JSON.
    pub fn open(self, key: &ApiV3Key) -> Result<OpenedNotification, NotificationError> {
        let resource = &self.envelope.resource;
        let aad = resource.associated_data.as_deref().unwrap_or_default();
        let mut plaintext = Aead::find(&resource.algorithm)
            .and_then(|aead| aead.open_base64(key, &resource.nonce, aad, &resource.ciphertext))
            .map_err(|source| NotificationError::Cipher { source })?;
        // It is not copied, and so nothing is left to be wiped.
        let plaintext = Bytes::from(std::mem::take(&mut *plaintext));
        serde_json::from_slice::<serde::de::IgnoredAny>(&plaintext).map_err(|error| {
            NotificationError::Plaintext {
                problem: error.to_string(),
            }
        })?;
        Ok(OpenedNotification {
            notification: self,
            plaintext,
        })
    }
}

impl fmt::Debug for VerifiedNotification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifiedNotification")
            .field("id", &self.id())
            .field("event_type", &self.event_type())
            .field("verified_by", &self.by)
            .finish_non_exhaustive()
    }
}

/// A notification that was verified and decrypted. It reads like the [`VerifiedNotification`] that it was.
#[derive(Clone)]
pub struct OpenedNotification {
    notification: VerifiedNotification,
    plaintext: Bytes,
}

impl OpenedNotification {
    /// What the notification is about, as JSON text. It may hold personal data.
    #[must_use]
    pub fn plaintext(&self) -> &Bytes {
        &self.plaintext
    }

    /// Reads what the notification is about.
    ///
    /// # Errors
    /// [`ParseError`] when the JSON has another shape than `T`.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, ParseError> {
        serde_json::from_slice(&self.plaintext).map_err(|error| ParseError::new(error.to_string()))
    }
}

impl std::ops::Deref for OpenedNotification {
    type Target = VerifiedNotification;

    fn deref(&self) -> &VerifiedNotification {
        &self.notification
    }
}

/// The plaintext is left out: it may hold personal data.
impl fmt::Debug for OpenedNotification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedNotification")
            .field("notification", &self.notification)
            .finish_non_exhaustive()
    }
}
