//! Opening notifications: with each of the merchant's keys, as one may just have been replaced.

use bytes::Bytes;
use serde::Deserialize;
use wxpay_proto::crypto::{Aead, CryptoError};
use wxpay_proto::v3::{NotificationError, VerifiedNotification};
use wxpay_proto::{ApiV2Key, ApiV3Key, TimeText, VerifyError, v2};
use wxpay_types::events::v3::Event;

use crate::arrival::Arrival;
use crate::notification::{EventOfV3, Notification};
use crate::protocol::Protocol;
use crate::rejected::Rejected;

/// The merchant's keys, the current ones first.
#[derive(Debug, Default)]
pub(crate) struct MerchantKeys {
    pub(crate) v3: Vec<ApiV3Key>,
    pub(crate) v2: Vec<ApiV2Key>,
}

impl MerchantKeys {
    /// Opens what has just been verified.
    pub(crate) fn open_v3(&self, verified: &VerifiedNotification) -> Result<Notification, Rejected> {
        let opened = first_good(&self.v3, |key| verified.clone().open(key));
        opened
            .ok_or_else(|| missing(Protocol::V3, "APIv3 key"))?
            .map(Notification::from)
            .map_err(Rejected::V3)
    }

    /// Verifies and opens a notification of v2: what signs it is what opens it.
    pub(crate) fn open_v2(&self, body: &Bytes) -> Result<Notification, Rejected> {
        let unverified = v2::UnverifiedNotification::receive(body.clone());
        let opened = first_good(&self.v2, |key| match unverified.verify(key, None) {
            Ok(verified) => Ok(Ok(verified)),
            Err(unsigned @ v2::NotificationError::Unverified(VerifyError::MissingSign)) => {
                match unverified.open_refund(key) {
                    Ok(refund) => Ok(Err(refund)),
                    // No refund either, so that the missing signature is what is wrong.
                    Err(v2::NotificationError::Lacks { .. }) => Err(unsigned),
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error),
        });
        match opened.ok_or_else(|| missing(Protocol::V2, "APIv2 key"))?? {
            Err(refund) => Ok(Notification::of_v2_refund(refund)),
            Ok(verified) if verified.field("event_ciphertext").is_none() => Ok(Notification::of_v2(verified)),
            Ok(verified) => {
                let opened = first_good(&self.v3, |key| verified.open_event(key));
                let event = opened.ok_or_else(|| missing(Protocol::V2, "APIv3 key"))??;
                Ok(Notification::of_v2_event(event))
            }
        }
    }

    /// Opens what was stored. It was verified when it arrived; v2's signature, which knows no time, is verified again,
    /// and v3's ciphertext is authenticated by its tag.
    pub(crate) fn reopen(&self, arrival: &Arrival) -> Result<Notification, Rejected> {
        match arrival.protocol {
            Protocol::V2 => self.open_v2(&arrival.body),
            Protocol::V3 => {
                let opened = first_good(&self.v3, |key| decrypt(arrival, key));
                let about = opened.ok_or_else(|| missing(Protocol::V3, "APIv3 key"))??;
                Ok(Notification::of_v3(&arrival.id, &arrival.event_type, about))
            }
        }
    }
}

/// The parts of the envelope that are not stored beside it.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    create_time: TimeText,
    #[serde(default)]
    summary: Option<String>,
    resource: Resource,
}

#[derive(Deserialize)]
struct Resource {
    #[serde(default)]
    original_type: Option<String>,
    algorithm: String,
    ciphertext: String,
    #[serde(default)]
    associated_data: Option<String>,
    nonce: String,
}

fn decrypt(arrival: &Arrival, key: &ApiV3Key) -> Result<EventOfV3, NotificationError> {
    let body = arrival
        .body
        .strip_prefix("\u{FEFF}".as_bytes())
        .unwrap_or(&arrival.body);
    let envelope: Envelope = serde_json::from_slice(body).map_err(|error| NotificationError::Malformed {
        problem: error.to_string(),
    })?;
    let resource = envelope.resource;
    let aad = resource.associated_data.as_deref().unwrap_or_default();
    let open = |aead: Aead| aead.open_base64(key, &resource.nonce, aad, &resource.ciphertext);
    let plaintext = Aead::find(&resource.algorithm)
        .and_then(open)
        .map_err(|source: CryptoError| NotificationError::Cipher { source })?;
    let original_type = resource.original_type;
    Ok(EventOfV3 {
        event: Event::read(&arrival.event_type, original_type.as_deref(), &plaintext),
        create_time: envelope.create_time,
        summary: envelope.summary,
        original_type,
        plaintext: Bytes::copy_from_slice(&plaintext),
    })
}

/// What the first key that fits gives; otherwise what the first key, the current one, said. Nothing without keys.
fn first_good<K, T, E>(keys: &[K], open: impl Fn(&K) -> Result<T, E>) -> Option<Result<T, E>> {
    let mut first = None;
    for key in keys {
        match open(key) {
            Ok(good) => return Some(Ok(good)),
            Err(error) => first = first.or(Some(error)),
        }
    }
    first.map(Err)
}

fn missing(protocol: Protocol, key: &'static str) -> Rejected {
    Rejected::MissingKey { protocol, key }
}
