//! The outbox as others see it.

use wxpay_proto::UnixTime;

use crate::store::{Attempt, Notification, Progress};

/// A notification, and what became of it ([`Platform::notifications`](crate::Platform::notifications)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Notified {
    /// Its `id`, the same in every attempt.
    pub id: String,
    /// The merchant whose keys seal it.
    pub mchid: String,
    /// Where it goes.
    pub url: String,
    /// `event_type`; empty in v2.
    pub event_type: String,
    /// What it is about: the kind of record and its name, `order 1900007291/A1`.
    pub about: String,
    /// What it says before it is encrypted, as JSON; v2's fields as an object of texts.
    pub resource: String,
    /// When it came about, by the business clock.
    pub created: UnixTime,
    /// When the next attempt is due by the business clock.
    pub next: Option<UnixTime>,
    /// Whether the receiver has acknowledged it.
    pub delivered: bool,
    /// Whether its last attempt has failed.
    pub given_up: bool,
    /// Every attempt, oldest first.
    pub attempts: Vec<Attempted>,
}

/// One attempt at a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempted {
    /// Counted from 1.
    pub number: u32,
    /// When, by the business clock.
    pub at: UnixTime,
    /// Whether its signature was that of probe traffic.
    pub probe: bool,
    /// The reply's status, when one came.
    pub status: Option<u16>,
    /// The first 1000 characters of the reply's body, or why none came; nothing while it is awaited.
    pub reply: Option<String>,
    /// Whether it counts as an acknowledgement.
    pub acknowledged: bool,
}

impl Attempted {
    /// Why the reply counts or does not, in words.
    #[must_use]
    pub fn verdict(&self) -> &'static str {
        match (self.acknowledged, self.probe, self.status, &self.reply) {
            (true, true, ..) => {
                "a probe was acknowledged: its signature is wrong, and who verifies refuses it"
            }
            (true, false, ..) => "acknowledged",
            (false, true, Some(_), _) => "a probe was refused, as it should be",
            (false, _, None, None) => "no reply yet",
            (false, _, None, Some(_)) => "no reply: only 200 and 204 within 5 s count",
            (false, _, Some(300..=399), _) => "a redirection is not followed: only 200 and 204 count",
            (false, _, Some(200), _) => "200, but v2 also wants <return_code>SUCCESS</return_code>",
            (false, _, Some(201..=299), _) => "a success that does not count: only 200 and 204 do",
            (false, ..) => "refused by the receiver: only 200 and 204 count",
        }
    }
}

impl From<&Notification> for Notified {
    fn from(notification: &Notification) -> Self {
        Self {
            id: notification.id.clone(),
            mchid: notification.mchid.clone(),
            url: notification.url.clone(),
            event_type: notification.event_type.clone(),
            about: notification.about.clone(),
            resource: notification.resource.value().to_string(),
            created: notification.created,
            next: notification.next,
            delivered: notification.progress == Progress::Delivered,
            given_up: notification.progress == Progress::GivenUp,
            attempts: notification.attempts.iter().map(Attempted::from).collect(),
        }
    }
}

impl From<&Attempt> for Attempted {
    fn from(attempt: &Attempt) -> Self {
        Self {
            number: attempt.number,
            at: attempt.at,
            probe: attempt.probe,
            status: attempt.status,
            reply: attempt.reply.clone(),
            acknowledged: attempt.taken,
        }
    }
}
