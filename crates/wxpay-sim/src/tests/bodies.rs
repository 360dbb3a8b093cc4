//! What clients of the payment products send.

use serde_json::{Value, json};

use super::client::APPID;

pub(super) const MERCHANT: &str = "1900007291";
pub(super) const PARTNER: &str = "1900000109";
pub(super) const SUB_MERCHANT: &str = "1900000110";

/// A merchant's native order of 100 fen.
pub(super) fn native(number: &str) -> Value {
    json!({
        "appid": APPID,
        "mchid": MERCHANT,
        "description": "Image形象店-深圳腾大-QQ公仔",
        "out_trade_no": number,
        "attach": "自定义数据",
        "notify_url": "https://merchant.example/paid",
        "amount": { "total": 100, "currency": "CNY" },
        "scene_info": { "payer_client_ip": "14.23.150.211", "device_id": "013467007045764" },
    })
}

/// A partner's order for its sub-merchant.
pub(super) fn partner_jsapi(number: &str) -> Value {
    let mut body = native(number);
    let members = body.as_object_mut().unwrap();
    members.remove("appid");
    members.remove("mchid");
    members.extend([
        ("sp_appid".to_owned(), json!(APPID)),
        ("sp_mchid".to_owned(), json!(PARTNER)),
        ("sub_mchid".to_owned(), json!(SUB_MERCHANT)),
        (
            "payer".to_owned(),
            json!({ "sp_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" }),
        ),
    ]);
    body
}

/// A code payment of so many fen.
pub(super) fn codepay(number: &str, total: i64) -> Value {
    json!({
        "appid": APPID,
        "mchid": MERCHANT,
        "description": "Image形象店-深圳腾大-QQ公仔",
        "out_trade_no": number,
        "payer": { "auth_code": "130061098828009406" },
        "amount": { "total": total, "currency": "CNY" },
        "scene_info": { "store_info": { "id": "0001" } },
    })
}

/// A refund of so many fen of an order of so many.
pub(super) fn refund(number: &str, order: &str, amount: i64, total: i64) -> Value {
    json!({
        "out_trade_no": order,
        "out_refund_no": number,
        "reason": "商品已售完",
        "notify_url": "https://merchant.example/refunded",
        "amount": { "refund": amount, "total": total, "currency": "CNY" },
    })
}
