//! On which days a contract lets a merchant charge, where that was agreed or announced.

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::seconds;

/// One deduction, on a day that was agreed when the contract was offered (预约扣费).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Planned {
    /// When the day begins, in Beijing.
    #[serde(with = "seconds")]
    pub(crate) day: UnixTime,
    pub(crate) amount: i64,
    pub(crate) currency: String,
    /// Whether the merchant has scheduled it.
    pub(crate) scheduled: bool,
    /// When the user was charged.
    #[serde(with = "seconds::optional")]
    pub(crate) paid: Option<UnixTime>,
}

/// What the user was told of the next deduction (预扣费通知).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Announced {
    #[serde(with = "seconds")]
    pub(crate) at: UnixTime,
    /// The most that may be charged.
    pub(crate) amount: i64,
    /// On how many days it may be charged.
    pub(crate) days: i64,
}
