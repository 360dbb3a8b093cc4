//! How the user pays, the last segment of the paths of prepay, single and combined.

use super::handles::Form;
use crate::store::TradeType;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Product {
    Jsapi,
    App,
    H5,
    Native,
    MiniProgram,
}

impl Product {
    pub(super) fn find(segment: &str) -> Option<Self> {
        match segment {
            "jsapi" => Some(Self::Jsapi),
            "app" => Some(Self::App),
            "h5" => Some(Self::H5),
            "native" => Some(Self::Native),
            "miniprogram" => Some(Self::MiniProgram),
            _ => None,
        }
    }

    /// Its name in the catalogue.
    pub(super) fn operation(self) -> &'static str {
        match self {
            Self::Jsapi => "jsapi_prepay",
            Self::App => "app_prepay",
            Self::H5 => "h5_prepay",
            Self::Native => "native_prepay",
            Self::MiniProgram => "mini_program_prepay",
        }
    }

    pub(super) fn trade_type(self) -> TradeType {
        match self {
            Self::Jsapi | Self::MiniProgram => TradeType::Jsapi,
            Self::App => TradeType::App,
            Self::H5 => TradeType::Mweb,
            Self::Native => TradeType::Native,
        }
    }

    pub(super) fn handle(self) -> Form {
        match self {
            Self::Jsapi | Self::App | Self::MiniProgram => Form::PrepayId,
            Self::H5 => Form::H5Url,
            Self::Native => Form::CodeUrl,
        }
    }
}
