//! A notification as a handler gets it.

use std::fmt;

use bytes::Bytes;
use sha2::{Digest as _, Sha256};
use wxpay_proto::v2::notification::OpenedEvent;
use wxpay_proto::v3::OpenedNotification;
use wxpay_proto::{TimeText, v2};
use wxpay_types::events::v3::Event;

use crate::protocol::{Form, Protocol};

/// A notification that was verified, or is known not to be (v2's refunds), and opened.
pub struct Notification {
    id: String,
    event_type: String,
    about: About,
}

/// What a notification is about, by what proves it.
#[non_exhaustive]
pub enum About {
    /// v3: signed by WeChat Pay.
    V3(Box<EventOfV3>),
    /// v2: payments, contracts and all else with a `sign` by the APIv2 key.
    V2(v2::VerifiedNotification),
    /// v2's refund notification. **Nothing authenticates it**: query the refund, and believe the answer.
    V2Refund(v2::UnauthenticatedRefund),
    /// v2's payment-score notification (支付分): signed with the APIv2 key, encrypted with the APIv3 key.
    V2Event(OpenedEvent),
}

/// A v3 notification's event, and what stands around it.
pub struct EventOfV3 {
    event: Event,
    create_time: TimeText,
    summary: Option<String>,
    original_type: Option<String>,
    plaintext: Bytes,
}

impl EventOfV3 {
    /// What the notification is about. A type that is new, or of another shape than documented, keeps its JSON.
    #[must_use]
    pub fn event(&self) -> &Event {
        &self.event
    }

    /// `create_time`: RFC 3339, or `yyyyMMddHHmmss` for a few events.
    #[must_use]
    pub fn create_time(&self) -> &TimeText {
        &self.create_time
    }

    /// `summary` (回调摘要), a text for people; some events are told apart by nothing else.
    #[must_use]
    pub fn summary(&self) -> Option<&str> {
        self.summary.as_deref()
    }

    /// `resource.original_type`, what was encrypted: `transaction`, `refund` …; often missing.
    #[must_use]
    pub fn original_type(&self) -> Option<&str> {
        self.original_type.as_deref()
    }

    /// What was decrypted, as JSON text. It may hold personal data.
    #[must_use]
    pub fn plaintext(&self) -> &Bytes {
        &self.plaintext
    }
}

impl Notification {
    pub(crate) fn of_v2(verified: v2::VerifiedNotification) -> Self {
        let id = content_id([verified.fields()]);
        Self::of("", id, About::V2(verified))
    }

    pub(crate) fn of_v2_refund(refund: v2::UnauthenticatedRefund) -> Self {
        // What stands around the encrypted part can be anything: with it, one captured refund could be sent as many.
        let id = content_id([refund.claimed()]);
        Self::of("REFUND", id, About::V2Refund(refund))
    }

    pub(crate) fn of_v2_event(event: OpenedEvent) -> Self {
        let id = match event.id() {
            Some(id) => format!("v2-{id}"),
            None => content_id([event.notification().fields(), event.fields()]),
        };
        let event_type = event.event_type().unwrap_or_default().to_owned();
        Self::of(&event_type, id, About::V2Event(event))
    }

    fn of(event_type: &str, id: String, about: About) -> Self {
        Self {
            id,
            event_type: event_type.to_owned(),
            about,
        }
    }

    /// The same each time this notification is sent. v3's `id`, at most 36 characters; v2 has none for most of its
    /// notifications, so that theirs is `v2-` and a digest of what they say (nonce and signature left out).
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// v3: `event_type` (通知类型). v2: that of payment-score notifications, `REFUND` for refunds, otherwise empty.
    #[must_use]
    pub fn event_type(&self) -> &str {
        &self.event_type
    }

    /// What it is about.
    #[must_use]
    pub fn about(&self) -> &About {
        &self.about
    }

    /// The event, if it is a notification of v3.
    #[must_use]
    pub fn event(&self) -> Option<&Event> {
        match &self.about {
            About::V3(about) => Some(&about.event),
            _ => None,
        }
    }

    /// Which protocol it came by.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        match &self.about {
            About::V3(_) => Protocol::V3,
            _ => Protocol::V2,
        }
    }

    /// The answer for a notification that was taken, in its protocol's form: WeChat Pay does not send it again.
    #[must_use]
    pub fn taken(&self) -> axum::response::Response {
        self.form().success()
    }

    /// The answer for a notification that was not taken, in its protocol's form: WeChat Pay sends it again.
    #[must_use]
    pub fn not_taken(&self) -> axum::response::Response {
        self.form().failure(None)
    }

    pub(crate) fn form(&self) -> Form {
        match &self.about {
            About::V3(_) => Form::V3,
            About::V2Event(_) => Form::V2Event,
            _ => Form::V2,
        }
    }
}

impl From<OpenedNotification> for Notification {
    fn from(opened: OpenedNotification) -> Self {
        let about = EventOfV3 {
            event: Event::from(&opened),
            create_time: opened.create_time().clone(),
            summary: opened.summary().map(str::to_owned),
            original_type: opened.original_type().map(str::to_owned),
            plaintext: opened.plaintext().clone(),
        };
        Self::of(
            opened.event_type(),
            opened.id().to_owned(),
            About::V3(Box::new(about)),
        )
    }
}

/// What is decrypted is left out: it may hold personal data.
impl fmt::Debug for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notification")
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V3(about) => about.fmt(f),
            Self::V2(about) => about.fmt(f),
            Self::V2Refund(about) => about.fmt(f),
            Self::V2Event(about) => about.fmt(f),
        }
    }
}

impl fmt::Debug for EventOfV3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventOfV3")
            .field("summary", &self.summary)
            .finish_non_exhaustive()
    }
}

/// What differs between two sendings of one v2 notification, and says nothing.
const NOT_CONTENT: [&str; 6] = [
    "event_ciphertext",
    "event_nonce",
    "nonce_str",
    "req_info",
    "sign",
    "sign_type",
];

/// A digest of what a v2 notification says.
fn content_id<'a>(parts: impl IntoIterator<Item = &'a v2::Fields>) -> String {
    let mut hasher = Sha256::new();
    for fields in parts {
        let content = fields
            .iter()
            .filter(|(name, _)| !NOT_CONTENT.contains(&name.as_str()));
        for text in content.flat_map(|(name, value)| [name, value]) {
            // With the lengths, so that no two contents give one text.
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text);
        }
        hasher.update(u64::MAX.to_be_bytes());
    }
    format!("v2-{}", hex::encode(&hasher.finalize()[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> v2::Fields {
        let owned = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        owned.collect()
    }

    #[test]
    fn an_id_is_of_what_is_said() {
        let id = |pairs: &[(&str, &str)]| content_id([&fields(pairs)]);
        let first = id(&[("a", "1"), ("b", "2"), ("nonce_str", "x"), ("sign", "y")]);
        assert_eq!(
            first,
            id(&[("a", "1"), ("b", "2"), ("nonce_str", "z"), ("sign_type", "MD5")])
        );
        assert_ne!(first, id(&[("a", "1"), ("b", "3")]));
        assert_ne!(first, id(&[("a", "1b"), ("", "2")]));
        assert_ne!(
            content_id([&fields(&[("a", "1")]), &fields(&[])]),
            content_id([&fields(&[]), &fields(&[("a", "1")])])
        );
        assert_eq!(first.len(), "v2-".len() + 32);
    }
}
