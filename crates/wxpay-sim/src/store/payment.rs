//! How an order was paid.

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::seconds;

/// How an order was paid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Payment {
    #[serde(with = "seconds")]
    pub(crate) at: UnixTime,
    pub(crate) millis: u16,
    /// Who paid, when somebody was named.
    pub(crate) openid: Option<String>,
    pub(crate) bank_type: String,
    /// What a coupon took off, in the order's unit; the payer paid the rest.
    pub(crate) coupon: i64,
}
