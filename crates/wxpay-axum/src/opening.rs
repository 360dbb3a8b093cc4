//! Opening notifications: with each of the merchant's keys, as one may just have been replaced.

use bytes::Bytes;
use wxpay_proto::v3::VerifiedNotification;
use wxpay_proto::v3::notification::open_stored;
use wxpay_proto::{ApiV2Key, ApiV3Key, VerifyError, v2};

use crate::arrival::Arrival;
use crate::notification::Notification;
use crate::protocol::Protocol;
use crate::rejected::Rejected;

/// The merchant's keys, the current ones first.
#[derive(Debug, Default)]
pub(crate) struct MerchantKeys {
    pub(crate) v3: Vec<ApiV3Key>,
    pub(crate) v2: Vec<ApiV2Key>,
}

impl MerchantKeys {
    /// Opens what has just been verified, and gives also what an inbox keeps of it.
    pub(crate) fn open_v3(&self, verified: &VerifiedNotification) -> Result<(Notification, Bytes), Rejected> {
        let opened = first_good(&self.v3, |key| {
            let stored = verified.to_stored(key);
            verified.clone().open(key).map(|opened| (opened.into(), stored))
        });
        opened
            .ok_or_else(|| missing(Protocol::V3, "APIv3 key"))?
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

    /// Opens what was stored. It was verified when it arrived; v2's signature, which knows no time, is verified again.
    pub(crate) fn reopen(&self, arrival: &Arrival) -> Result<Notification, Rejected> {
        match arrival.protocol {
            Protocol::V2 => self.open_v2(&arrival.body),
            Protocol::V3 => {
                let opened = first_good(&self.v3, |key| open_stored(&arrival.body, key));
                let opened = opened.ok_or_else(|| missing(Protocol::V3, "APIv3 key"))?;
                opened.map(Notification::from).map_err(Rejected::V3)
            }
        }
    }
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
