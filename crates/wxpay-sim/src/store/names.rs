//! How an order came about.

use serde::{Deserialize, Serialize};

/// The protocol that an order or a refund was made with, which is also the one that its notification speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Dialect {
    V3,
    V2,
    /// Global and HK: v3 with names of its own.
    Global,
}

/// How the user pays (交易类型).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum TradeType {
    Jsapi,
    App,
    Native,
    Mweb,
    Micropay,
    /// A deduction by contract (委托代扣).
    Pap,
}

impl TradeType {
    /// The official word.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Jsapi => "JSAPI",
            Self::App => "APP",
            Self::Native => "NATIVE",
            Self::Mweb => "MWEB",
            Self::Micropay => "MICROPAY",
            Self::Pap => "PAP",
        }
    }

    /// Finds one by its official word.
    pub(crate) fn find(word: &str) -> Option<Self> {
        let all = [
            Self::Jsapi,
            Self::App,
            Self::Native,
            Self::Mweb,
            Self::Micropay,
            Self::Pap,
        ];
        all.into_iter().find(|known| known.as_str() == word)
    }

    /// Whether the user pays such an order at the cashier, after it was created.
    pub(crate) const fn is_prepaid(self) -> bool {
        matches!(self, Self::Jsapi | Self::App | Self::Native | Self::Mweb)
    }
}
