//! Notifications (回调通知) that are to be delivered, and what became of each attempt.

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::document::Document;
use super::record::Record;
use super::seconds;

/// What goes over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Form {
    /// JSON, signed, its resource encrypted with the APIv3 key.
    V3,
    /// XML, signed with MD5.
    V2Md5,
    /// XML, signed with HMAC-SHA256.
    V2Hmac,
    /// XML without a signature, its `req_info` encrypted: a refund's.
    V2Refund,
    /// XML, signed with HMAC-SHA256, an event in it encrypted with the APIv3 key: of payment scores.
    V2Event,
}

/// When a notification is sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Schedule {
    /// Most of v3 and newer v2: 16 attempts over 24 h 4 min.
    Day,
    /// Transfers: 65 attempts.
    Transfer,
    /// v2's combined orders: 8 attempts in 30 minutes.
    HalfHour,
    /// Once a minute, so many attempts in all.
    Minutes(u32),
}

/// Where a notification stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Progress {
    /// It waits for an attempt or for a reply.
    Waiting,
    /// The receiver took it.
    Delivered,
    /// The last attempt of its schedule failed.
    GivenUp,
}

/// One attempt at a delivery.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) number: u32,
    #[serde(with = "seconds")]
    pub(crate) at: UnixTime,
    /// Its signature was that of probe traffic.
    pub(crate) probe: bool,
    /// The reply's status, when one came.
    pub(crate) status: Option<u16>,
    /// The reply's body, shortened, or why there is none; nothing while the attempt is under way.
    pub(crate) reply: Option<String>,
    /// Whether the reply counts as an acknowledgement.
    pub(crate) taken: bool,
}

/// A notification.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Notification {
    /// At most 36 characters; the same in every attempt.
    pub(crate) id: String,
    /// Whose keys seal it.
    pub(crate) mchid: String,
    pub(crate) url: String,
    pub(crate) form: Form,
    /// Empty in v2.
    pub(crate) event_type: String,
    pub(crate) summary: String,
    pub(crate) original_type: String,
    /// What it is about: the plaintext, or v2's fields as an object of texts (where a part is encrypted: `outer`, and
    /// `req_info` or `event`).
    pub(crate) resource: Document,
    /// What it belongs to, as shelf and key: `order 1900007291/A1`.
    pub(crate) about: String,
    #[serde(with = "seconds")]
    pub(crate) created: UnixTime,
    pub(crate) schedule: Schedule,
    /// How many attempts of the schedule were made.
    pub(crate) tries: u32,
    /// When the next attempt is due.
    #[serde(with = "seconds::optional")]
    pub(crate) next: Option<UnixTime>,
    /// Deliveries beside the schedule that were asked for, each a probe or not.
    pub(crate) extra: Vec<bool>,
    pub(crate) progress: Progress,
    pub(crate) attempts: Vec<Attempt>,
}

impl Record for Notification {
    const SHELF: &'static str = "notification";

    fn key(&self) -> String {
        self.id.clone()
    }

    fn marks(&self) -> Vec<String> {
        vec![format!("about:{}", self.about)]
    }

    fn due(&self) -> Option<UnixTime> {
        if self.extra.is_empty() {
            self.next
        } else {
            Some(UnixTime::from_secs(0))
        }
    }
}
