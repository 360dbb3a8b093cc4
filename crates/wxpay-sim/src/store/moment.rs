//! What happened to a record, and when.

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::seconds;

/// Something that happened to an order, a refund or a transfer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Moment {
    #[serde(with = "seconds")]
    pub(crate) at: UnixTime,
    /// `created`, `paid`, `payment failed`, `closed` …
    pub(crate) what: String,
}

impl Moment {
    pub(crate) fn new(at: UnixTime, what: &str) -> Self {
        let what = what.to_owned();
        Self { at, what }
    }
}
