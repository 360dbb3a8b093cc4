//! Requests to share a payment (分账单).

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::document::Document;
use super::record::Record;
use super::seconds;

/// Where a share stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum ShareState {
    Pending,
    Success,
    /// Its money stays with the payer.
    Closed,
}

impl ShareState {
    /// The official word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Success => "SUCCESS",
            Self::Closed => "CLOSED",
        }
    }
}

/// What one receiver gets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Share {
    /// `MERCHANT_ID`, `PERSONAL_OPENID` or `PERSONAL_SUB_OPENID`.
    pub(crate) kind: String,
    pub(crate) account: String,
    /// In fen.
    pub(crate) amount: i64,
    pub(crate) description: String,
    pub(crate) detail_id: String,
    pub(crate) state: ShareState,
    pub(crate) fail_reason: Option<String>,
    /// What was given back, or is being given back, in fen.
    pub(crate) returned: i64,
}

impl Share {
    /// The merchant that gets it; nothing for a person.
    pub(crate) fn merchant(&self) -> Option<&str> {
        (self.kind == "MERCHANT_ID").then_some(self.account.as_str())
    }
}

/// A request to share a payment, or to release what is left of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Split {
    pub(crate) mchid: String,
    pub(crate) sub_mchid: Option<String>,
    pub(crate) out_order_no: String,
    pub(crate) order_id: String,
    /// The order's key.
    pub(crate) order: String,
    /// It releases what is left and shares nothing: its one share is the payer's own.
    pub(crate) release: bool,
    pub(crate) shares: Vec<Share>,
    /// How many returns were asked for.
    pub(crate) returns: u32,
    /// The parameters of its creation, sensitive fields opened.
    pub(crate) asked: Document,
    #[serde(with = "seconds")]
    pub(crate) created: UnixTime,
    #[serde(with = "seconds::optional")]
    pub(crate) finished: Option<UnixTime>,
    /// When it finishes by itself.
    #[serde(with = "seconds::optional")]
    pub(crate) settles: Option<UnixTime>,
}

impl Split {
    /// The key of the request with a merchant's number.
    pub(crate) fn key_of(mchid: &str, out_order_no: &str) -> String {
        format!("{mchid}/{out_order_no}")
    }
}

impl Record for Split {
    const SHELF: &'static str = "split";

    fn key(&self) -> String {
        Self::key_of(&self.mchid, &self.out_order_no)
    }

    fn marks(&self) -> Vec<String> {
        vec![format!("id:{}", self.order_id), format!("order:{}", self.order)]
    }

    fn due(&self) -> Option<UnixTime> {
        self.settles
    }
}
