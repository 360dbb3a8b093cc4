//! Complaints of users (消费者投诉), and what was said about them.

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::document::Document;
use super::record::Record;
use super::seconds;

/// Where a complaint stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ComplaintState {
    /// Nobody has answered.
    Pending,
    Processing,
    Processed,
}

impl ComplaintState {
    /// The official word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Processing => "PROCESSING",
            Self::Processed => "PROCESSED",
        }
    }
}

/// Something that was said or done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Said {
    pub(crate) log_id: String,
    /// `投诉人`, or the merchant's number.
    pub(crate) operator: String,
    #[serde(with = "seconds")]
    pub(crate) at: UnixTime,
    /// `operate_type`: `USER_CREATE_COMPLAINT`, `MERCHANT_RESPONSE` …
    pub(crate) kind: String,
    pub(crate) details: Option<String>,
    /// The `media_id`s of its pictures.
    pub(crate) images: Vec<String>,
    /// A message made of blocks (普通消息), in the place of details.
    #[serde(default)]
    pub(crate) message: Option<Document>,
    /// The merchant's number of the call that said it.
    #[serde(default)]
    pub(crate) idempotent_id: Option<String>,
}

/// A complaint about a payment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Complaint {
    pub(crate) complaint_id: String,
    /// The order's key.
    pub(crate) order: String,
    /// Who created the order: the merchant, or the partner that acts for it.
    pub(crate) account: String,
    /// Whom it is about: the merchant, or the sub-merchant.
    pub(crate) mchid: String,
    pub(crate) openid: String,
    pub(crate) phone: Option<String>,
    pub(crate) detail: String,
    pub(crate) description: String,
    /// `REFUND`, `SERVICE_NOT_WORK` or `OTHERS`.
    pub(crate) problem: String,
    /// What the user wants back, in fen.
    pub(crate) refund: Option<i64>,
    pub(crate) state: ComplaintState,
    /// Whether the user is to be served at once (即时服务).
    #[serde(default)]
    pub(crate) immediate: bool,
    /// Whether the user waits for a reply.
    pub(crate) waits: bool,
    /// How often the user has complained: once, and each time that the complaint went on.
    pub(crate) times: u32,
    #[serde(with = "seconds")]
    pub(crate) created: UnixTime,
    pub(crate) said: Vec<Said>,
}

impl Record for Complaint {
    const SHELF: &'static str = "complaint";

    fn key(&self) -> String {
        self.complaint_id.clone()
    }

    fn marks(&self) -> Vec<String> {
        vec![format!("order:{}", self.order)]
    }
}

/// Where an account learns of complaints.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ComplaintUrl {
    pub(crate) mchid: String,
    pub(crate) url: String,
}

impl Record for ComplaintUrl {
    const SHELF: &'static str = "complaint_url";

    fn key(&self) -> String {
        self.mchid.clone()
    }
}

/// A picture that a merchant has uploaded for a reply.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Picture {
    pub(crate) media_id: String,
    /// Who uploaded it.
    pub(crate) mchid: String,
    /// In base64, so that a row is text.
    pub(crate) content: String,
}

impl Record for Picture {
    const SHELF: &'static str = "picture";

    fn key(&self) -> String {
        self.media_id.clone()
    }
}
