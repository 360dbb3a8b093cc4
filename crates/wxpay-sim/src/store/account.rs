//! The money that merchants have.

use serde::{Deserialize, Serialize};

use super::record::Record;

/// A merchant's money in one currency.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) mchid: String,
    pub(crate) currency: String,
    /// What came in less what went out, in the currency's smallest unit.
    pub(crate) balance: i64,
    /// Whether it may not fall below 0. It may until somebody has set the balance.
    pub(crate) limited: bool,
}

impl Account {
    /// The key of a merchant's account.
    pub(crate) fn key_of(mchid: &str, currency: &str) -> String {
        format!("{mchid}/{currency}")
    }

    pub(crate) fn new(mchid: &str, currency: &str) -> Self {
        Self {
            mchid: mchid.to_owned(),
            currency: currency.to_owned(),
            balance: 0,
            limited: false,
        }
    }
}

impl Record for Account {
    const SHELF: &'static str = "account";

    fn key(&self) -> String {
        Self::key_of(&self.mchid, &self.currency)
    }
}
