//! Those who may get a share of a merchant's payments (分账接收方).

use serde::{Deserialize, Serialize};

use super::record::Record;

/// A receiver of shares.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Receiver {
    /// The merchant or partner that added it.
    pub(crate) mchid: String,
    /// Whose payments are shared: the sub-merchant, or the merchant itself.
    pub(crate) owner: String,
    /// `MERCHANT_ID`, `PERSONAL_OPENID` or `PERSONAL_SUB_OPENID`.
    pub(crate) kind: String,
    pub(crate) account: String,
}

impl Receiver {
    pub(crate) fn key_of(mchid: &str, owner: &str, kind: &str, account: &str) -> String {
        format!("{mchid}/{owner}/{kind}/{account}")
    }
}

impl Record for Receiver {
    const SHELF: &'static str = "receiver";

    fn key(&self) -> String {
        Self::key_of(&self.mchid, &self.owner, &self.kind, &self.account)
    }
}
