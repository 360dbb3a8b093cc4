//! The members of global orders' bodies.

use crate::store::TradeType;
use crate::v3::handles::Form;
use crate::v3::shape::Kind::{Integer, Object, Objects, OneOf, Text};
use crate::v3::shape::{Member, optional, required};

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

pub(super) static PREPAY: &[Member] = &[
    optional("mchid", Text(32)),
    optional("appid", Text(32)),
    optional("sp_mchid", Text(32)),
    optional("sub_mchid", Text(32)),
    optional("sp_appid", Text(32)),
    optional("sub_appid", Text(32)),
    required("description", Text(127)),
    optional("attach", Text(127)),
    required("notify_url", Text(256)),
    required("out_trade_no", Text(32)),
    optional("goods_tag", Text(32)),
    required("trade_type", OneOf(&["JSAPI", "NATIVE", "APP", "MWEB"])),
    optional("limit_pay", Text(32)),
    optional("time_start", Text(32)),
    optional("time_expire", Text(32)),
    required("merchant_category_code", Text(32)),
    optional("payer", Object(PAYER)),
    required("amount", Object(AMOUNT)),
    optional("scene_info", Object(SCENE_INFO)),
    optional("detail", Objects(DETAIL)),
];

static PAYER: &[Member] = &[
    optional("openid", Text(128)),
    optional("sp_openid", Text(128)),
    optional("sub_openid", Text(128)),
];

static AMOUNT: &[Member] = &[required("total", Integer(1)), optional("currency", Text(16))];

static SCENE_INFO: &[Member] = &[
    optional("device_id", Text(32)),
    optional("device_ip", Text(45)),
    optional("payer_client_ip", Text(45)),
    optional("operator_id", Text(32)),
    optional("store_info", Object(STORE_INFO)),
];

static STORE_INFO: &[Member] = &[
    optional("id", Text(32)),
    required("name", Text(256)),
    required("address", Text(512)),
];

static DETAIL: &[Member] = &[
    optional("cost_price", Integer(0)),
    optional("receipt_id", Text(32)),
    optional("goods_detail", Objects(GOODS_DETAIL)),
];

static GOODS_DETAIL: &[Member] = &[
    required("goods_id", Text(32)),
    optional("wxpay_goods_id", Text(32)),
    optional("goods_name", Text(256)),
    required("quantity", Integer(1)),
    required("price", Integer(0)),
];

pub(super) static CLOSE: &[Member] = &[
    optional("mchid", Text(32)),
    optional("sp_mchid", Text(32)),
    optional("sub_mchid", Text(32)),
];
