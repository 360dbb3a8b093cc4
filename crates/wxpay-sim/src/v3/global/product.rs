//! The products of global orders.

use crate::store::TradeType;
use crate::v3::handles::Form;

/// How the user pays, the last segment of the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Product {
    Jsapi,
    App,
    Mweb,
    Native,
}

impl Product {
    pub(super) fn find(segment: &str) -> Option<Self> {
        match segment {
            "jsapi" => Some(Self::Jsapi),
            "app" => Some(Self::App),
            "mweb" => Some(Self::Mweb),
            "native" => Some(Self::Native),
            _ => None,
        }
    }

    /// Its name in the catalogue; the twin below `/hk` has the same members.
    pub(super) fn operation(self) -> &'static str {
        match self {
            Self::Jsapi => "global.transactions.jsapi_prepay",
            Self::App => "global.transactions.app_prepay",
            Self::Mweb => "global.transactions.mweb_prepay",
            Self::Native => "global.transactions.native_prepay",
        }
    }

    pub(super) fn trade_type(self) -> TradeType {
        match self {
            Self::Jsapi => TradeType::Jsapi,
            Self::App => TradeType::App,
            Self::Mweb => TradeType::Mweb,
            Self::Native => TradeType::Native,
        }
    }

    pub(super) fn handle(self) -> Form {
        match self {
            Self::Jsapi | Self::App => Form::PrepayId,
            Self::Mweb => Form::MwebUrl,
            Self::Native => Form::CodeUrl,
        }
    }
}
