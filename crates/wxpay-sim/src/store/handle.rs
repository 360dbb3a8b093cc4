//! What takes a user to the cashier: a `prepay_id`, a `code_url` or an `h5_url` (protocol section 13.2).

use serde::{Deserialize, Serialize};
use wxpay_proto::UnixTime;

use super::record::Record;
use super::seconds;

/// A handle of an order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Handle {
    /// The text as the client got it.
    pub(crate) text: String,
    /// The order's key.
    pub(crate) order: String,
    /// Whether that is a combined order.
    pub(crate) combined: bool,
    #[serde(with = "seconds")]
    pub(crate) expires: UnixTime,
}

impl Record for Handle {
    const SHELF: &'static str = "handle";

    fn key(&self) -> String {
        self.text.clone()
    }

    fn due(&self) -> Option<UnixTime> {
        Some(self.expires)
    }
}
