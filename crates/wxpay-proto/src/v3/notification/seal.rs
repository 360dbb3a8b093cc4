//! Making a notification as WeChat Pay does: for simulators and tests.

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;

use crate::crypto::{Aead, CryptoError, Signer};
use crate::id::KeyId;
use crate::secret::ApiV3Key;
use crate::stamp::Stamp;
use crate::time_text::TimeText;
use crate::v3::canonical::answer_message;
use crate::v3::credentials::Scheme;

/// A notification that is to be sent.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NotificationDraft {
    /// `id`, at most 36 characters.
    pub id: String,
    /// `create_time`.
    pub create_time: TimeText,
    /// `event_type`.
    pub event_type: String,
    /// `resource_type`.
    pub resource_type: String,
    /// `summary`.
    pub summary: Option<String>,
    /// `resource.original_type`.
    pub original_type: Option<String>,
    /// `resource.algorithm`.
    pub algorithm: Aead,
    /// How it is signed, as `Wechatpay-Signature-Type` says it.
    pub scheme: Scheme,
    /// `resource.associated_data`.
    pub associated_data: Option<String>,
    /// `resource.nonce`, 12 characters usually; never used twice with one key.
    pub nonce: String,
    /// What the notification is about: JSON.
    pub plaintext: Bytes,
}

impl NotificationDraft {
    /// A notification with an id and a type, about a JSON text that is encrypted with a nonce of 12 characters.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        event_type: impl Into<String>,
        nonce: impl Into<String>,
        plaintext: impl Into<Bytes>,
    ) -> Self {
        Self {
            id: id.into(),
            create_time: TimeText::default(),
            event_type: event_type.into(),
            resource_type: "encrypt-resource".to_owned(),
            summary: None,
            original_type: None,
            algorithm: Aead::Aes256Gcm,
            scheme: Scheme::MerchantRsa,
            associated_data: None,
            nonce: nonce.into(),
            plaintext: plaintext.into(),
        }
    }

    /// Sets `create_time`; without it, it is the moment of sending in Beijing time.
    #[must_use]
    pub fn create_time(mut self, time: impl Into<TimeText>) -> Self {
        self.create_time = time.into();
        self
    }

    /// Sets `summary`.
    #[must_use]
    pub fn summary(mut self, text: impl Into<String>) -> Self {
        self.summary = Some(text.into());
        self
    }

    /// Sets `resource.original_type`.
    #[must_use]
    pub fn original_type(mut self, text: impl Into<String>) -> Self {
        self.original_type = Some(text.into());
        self
    }

    /// Sets `resource.associated_data`.
    #[must_use]
    pub fn associated_data(mut self, text: impl Into<String>) -> Self {
        self.associated_data = Some(text.into());
        self
    }

    /// Sets how it is signed: [`Scheme::MerchantSm2`] for merchants with 国密 keys.
    #[must_use]
    pub fn scheme(mut self, scheme: Scheme) -> Self {
        self.scheme = scheme;
        self
    }

    /// Sets `resource.algorithm`.
    #[must_use]
    pub fn algorithm(mut self, algorithm: Aead) -> Self {
        self.algorithm = algorithm;
        self
    }
}

/// A notification as it goes over the wire.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SealedNotification {
    /// The headers: those of the signature, and the content's type.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    create_time: &'a str,
    resource_type: &'a str,
    event_type: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    resource: Resource<'a>,
}

#[derive(Serialize)]
struct Resource<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    original_type: Option<&'a str>,
    algorithm: &'a str,
    ciphertext: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_data: Option<&'a str>,
    nonce: &'a str,
}

/// Encrypts and signs a notification, with the members in WeChat Pay's order. The same input gives the same bytes.
///
/// `key_id` names the key that `signer` holds; `stamp` is the moment of sending, and the nonce of the signature.
///
/// # Errors
/// [`CryptoError`] when the resource cannot be encrypted, or the signer fails.
pub fn seal(
    draft: &NotificationDraft,
    api_v3_key: &ApiV3Key,
    signer: &(impl Signer + ?Sized),
    key_id: &KeyId,
    stamp: &Stamp,
) -> Result<SealedNotification, CryptoError> {
    let aad = draft.associated_data.as_deref();
    let ciphertext = draft.algorithm.seal_base64(
        api_v3_key,
        &draft.nonce,
        aad.unwrap_or_default(),
        &draft.plaintext,
    )?;
    let now = TimeText::beijing(stamp.timestamp);
    let create_time = match draft.create_time.as_str() {
        "" => now.as_str(),
        text => text,
    };
    let body = Body {
        id: &draft.id,
        create_time,
        resource_type: &draft.resource_type,
        event_type: &draft.event_type,
        summary: draft.summary.as_deref(),
        resource: Resource {
            original_type: draft.original_type.as_deref(),
            algorithm: draft.algorithm.name(),
            ciphertext: &ciphertext,
            associated_data: aad,
            nonce: &draft.nonce,
        },
    };
    let body = serde_json::to_vec(&body).map_err(|_| CryptoError::Encrypt)?;
    let timestamp = stamp.timestamp.to_string();
    let message = answer_message(&timestamp, stamp.nonce.as_str(), &body);
    let signature = signer.sign(draft.scheme.algorithm(), &message)?.to_base64();
    let pairs = [
        ("content-type", "application/json"),
        ("wechatpay-timestamp", &timestamp),
        ("wechatpay-nonce", stamp.nonce.as_str()),
        ("wechatpay-signature", &signature),
        ("wechatpay-serial", key_id.as_str()),
        ("wechatpay-signature-type", draft.scheme.name()),
    ];
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        // Invariant: digits, letters and the alphabet of base64 can all stand in a header.
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    Ok(SealedNotification {
        headers,
        body: body.into(),
    })
}
