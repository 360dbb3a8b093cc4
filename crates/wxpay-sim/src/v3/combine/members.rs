//! The members of combined orders' bodies.

use crate::v3::product::Product;
use crate::v3::shape::Kind::{Flag, Integer, Object, Objects, OneOf, Text, Texts};
use crate::v3::shape::{Member, optional, required};

/// What [`PREPAY`] leaves optional and a product asks for.
pub(super) fn needs(product: Product) -> &'static [&'static str] {
    match product {
        Product::Jsapi => &["/notify_url", "/combine_payer_info"],
        Product::MiniProgram => &["/combine_payer_info"],
        Product::H5 => &["/notify_url", "/scene_info", "/scene_info/h5_info"],
        Product::App | Product::Native => &["/notify_url"],
    }
}

/// Every product's members together: the pages of the products differ by oversight as much as by intent.
pub(super) static PREPAY: &[Member] = &[
    required("combine_appid", Text(32)),
    required("combine_mchid", Text(32)),
    required("combine_out_trade_no", Text(32)),
    required("sub_orders", Objects(SUB_ORDER)),
    optional("scene_info", Object(SCENE_INFO)),
    optional("combine_payer_info", Object(PAYER)),
    optional("time_start", Text(64)),
    optional("time_expire", Text(64)),
    optional("notify_url", Text(256)),
    optional("limit_pay", Texts),
    optional("trade_scenario", Text(32)),
    optional("prepay_id", Text(64)),
    optional("contract_info", Object(CONTRACT)),
    optional("subsidy_info", Object(SUBSIDY)),
];

static SUB_ORDER: &[Member] = &[
    required("mchid", Text(32)),
    required("attach", Text(128)),
    required("amount", Object(AMOUNT)),
    required("out_trade_no", Text(32)),
    required("description", Text(127)),
    optional("sub_mchid", Text(32)),
    optional("sub_appid", Text(32)),
    optional("detail", Text(6000)),
    optional("goods_tag", Text(32)),
    optional("profit_sharing", Flag),
    optional("settle_info", Object(SETTLE_INFO)),
    optional("individual_auth_id", Text(64)),
    optional("individual_name", Text(64)),
    optional("order_service_type", Text(32)),
];

static AMOUNT: &[Member] = &[
    required("total_amount", Integer(1)),
    required("currency", Text(8)),
];

static SETTLE_INFO: &[Member] = &[
    optional("profit_sharing", Flag),
    optional("subsidy_amount", Integer(0)),
];

static SCENE_INFO: &[Member] = &[
    required("payer_client_ip", Text(45)),
    optional("device_id", Text(16)),
    optional("h5_info", Object(H5_INFO)),
];

static H5_INFO: &[Member] = &[
    required("type", Text(32)),
    optional("app_name", Text(64)),
    optional("app_url", Text(128)),
    optional("bundle_id", Text(128)),
    optional("package_name", Text(128)),
];

static PAYER: &[Member] = &[
    optional("openid", Text(128)),
    optional("sub_openid", Text(128)),
    optional("identity", Object(IDENTITY)),
];

static IDENTITY: &[Member] = &[
    required(
        "type",
        OneOf(&[
            "IDCARD",
            "HONGKONG_MACAO",
            "HONGKONG_MACAO_RESIDENT",
            "TAIWAN_RESIDENT",
            "FOREIGN_RESIDENT",
            "OVERSEA_PASSPORT",
            "PHONE_NUMBER",
        ]),
    ),
    required("number", Text(1024)),
    required("name", Text(1024)),
];

static CONTRACT: &[Member] = &[
    required("mchid", Text(32)),
    required("appid", Text(32)),
    required("out_contract_code", Text(32)),
    required("plan_id", Integer(0)),
    required("contract_display_account", Text(32)),
    required("notify_url", Text(256)),
];

static SUBSIDY: &[Member] = &[optional("subsidy_detail", Objects(SUBSIDY_DETAIL))];

static SUBSIDY_DETAIL: &[Member] = &[
    required("subsidy_period_type", Text(32)),
    required("subsidy_plan", Objects(SUBSIDY_PLAN)),
];

static SUBSIDY_PLAN: &[Member] = &[
    required("subsidy_installment_num", Integer(1)),
    required("subsidy_percent", Integer(0)),
];

pub(super) static CLOSE: &[Member] = &[
    required("combine_appid", Text(32)),
    required("sub_orders", Objects(CLOSE_SUB_ORDER)),
];

static CLOSE_SUB_ORDER: &[Member] = &[
    required("mchid", Text(32)),
    required("out_trade_no", Text(32)),
    optional("sub_mchid", Text(32)),
    optional("sub_appid", Text(32)),
    optional("individual_auth_id", Text(64)),
];
