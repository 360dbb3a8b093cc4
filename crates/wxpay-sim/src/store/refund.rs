//! Refunds (退款).

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::document::Document;
use super::moment::Moment;
use super::names::Dialect;
use super::record::Record;
use super::seconds;

/// Where a refund stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RefundState {
    Processing,
    Success,
    /// It cannot be made; the money stays with the merchant.
    Closed,
    /// The payer's account does not take it: somebody has to say where the money goes.
    Abnormal,
}

impl RefundState {
    /// v3's word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "PROCESSING",
            Self::Success => "SUCCESS",
            Self::Closed => "CLOSED",
            Self::Abnormal => "ABNORMAL",
        }
    }
}

/// A refund.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Refund {
    /// Whose number it is: the merchant, partner or institution.
    pub(crate) mchid: String,
    pub(crate) sub_mchid: Option<String>,
    pub(crate) out_refund_no: String,
    pub(crate) refund_id: String,
    pub(crate) dialect: Dialect,
    /// The order's key.
    pub(crate) order: String,
    /// In the smallest unit of the order's currency.
    pub(crate) amount: i64,
    /// What goes back to the payer; the rest goes back to a coupon.
    pub(crate) payer_refund: i64,
    /// How many refunds of the order came before it.
    pub(crate) index: u32,
    pub(crate) notify_url: Option<String>,
    /// The parameters of its creation.
    pub(crate) asked: Document,
    #[serde(with = "seconds")]
    pub(crate) created: UnixTime,
    pub(crate) state: RefundState,
    #[serde(with = "seconds::optional")]
    pub(crate) succeeded: Option<UnixTime>,
    /// When it succeeds by itself.
    #[serde(with = "seconds::optional")]
    pub(crate) settles: Option<UnixTime>,
    /// Where the money went, once an abnormal refund was sent elsewhere.
    pub(crate) elsewhere: Option<String>,
    /// What happened to it, oldest first.
    #[serde(default)]
    pub(crate) history: Vec<Moment>,
}

impl Refund {
    /// The key of the refund with a merchant's number.
    pub(crate) fn key_of(mchid: &str, out_refund_no: &str) -> String {
        format!("{mchid}/{out_refund_no}")
    }

    pub(crate) fn note(&mut self, at: UnixTime, what: &str) {
        self.history.push(Moment::new(at, what));
    }

    /// What happened to it; of a row that is older than histories what its times tell.
    pub(crate) fn moments(&self) -> Vec<Moment> {
        if !self.history.is_empty() {
            return self.history.clone();
        }
        let succeeded = self.succeeded.map(|at| Moment::new(at, "refund succeeded"));
        let accepted = Moment::new(self.created, "refund accepted");
        [accepted].into_iter().chain(succeeded).collect()
    }

    /// Where the money goes, in words for people.
    pub(crate) fn received_by(&self) -> &str {
        self.elsewhere.as_deref().unwrap_or("招商银行信用卡0403")
    }
}

impl Record for Refund {
    const SHELF: &'static str = "refund";

    fn key(&self) -> String {
        Self::key_of(&self.mchid, &self.out_refund_no)
    }

    fn marks(&self) -> Vec<String> {
        vec![
            format!("id:{}", self.refund_id),
            format!("order:{}", self.order),
            format!("number:{}", self.out_refund_no),
        ]
    }

    fn due(&self) -> Option<UnixTime> {
        self.settles
    }
}
