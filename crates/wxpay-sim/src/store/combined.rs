//! Combined orders (合单). Their parts are orders on the orders' shelf, and hold the state.

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::names::{Dialect, TradeType};
use super::record::Record;

/// A combined order.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Combined {
    /// The merchant that created it.
    pub(crate) mchid: String,
    pub(crate) number: String,
    pub(crate) transaction_id: String,
    pub(crate) dialect: Dialect,
    pub(crate) trade_type: TradeType,
    pub(crate) appid: String,
    pub(crate) device_id: Option<String>,
    pub(crate) notify_url: Option<String>,
    /// The parameters of its creation, sensitive fields opened.
    pub(crate) asked: Document,
    /// The keys of its orders, in the order of the creation.
    pub(crate) parts: Vec<String>,
}

impl Combined {
    /// The key of the combined order with a merchant's number.
    pub(crate) fn key_of(mchid: &str, number: &str) -> String {
        format!("{mchid}/{number}")
    }

    /// Whether this is another request for the same order.
    pub(crate) fn repeats(&self, other: &Self) -> bool {
        self.dialect == other.dialect && self.trade_type == other.trade_type && self.asked.says(&other.asked)
    }
}

impl Record for Combined {
    const SHELF: &'static str = "combined";

    fn key(&self) -> String {
        Self::key_of(&self.mchid, &self.number)
    }

    fn marks(&self) -> Vec<String> {
        vec![
            format!("id:{}", self.transaction_id),
            format!("number:{}", self.number),
        ]
    }
}
