//! What v3's views of an order have in common.

use serde_json::{Map, Value, json};

use crate::store::Order;

/// The numbers of an order: a merchant's, or a partner's with its sub-merchant's.
pub(super) fn parties(order: &Order) -> Map<String, Value> {
    let mut body = Map::new();
    let mut put = |name: &str, text: &str| body.insert(name.to_owned(), json!(text));
    match &order.sub_mchid {
        None => {
            put("mchid", &order.mchid);
            put("appid", &order.appid);
        }
        Some(sub_mchid) => {
            put("sp_mchid", &order.mchid);
            put("sp_appid", &order.appid);
            put("sub_mchid", sub_mchid);
        }
    }
    if let Some(sub_appid) = &order.sub_appid {
        put("sub_appid", sub_appid);
    }
    put("out_trade_no", &order.out_trade_no);
    body
}

/// Who paid.
pub(super) fn payer(order: &Order) -> Value {
    if order.sub_mchid.is_none() {
        return json!({ "openid": order.payer() });
    }
    let mut payer = json!({});
    if order.openid.is_some() || order.sub_openid.is_none() {
        payer["sp_openid"] = json!(order.payer());
    }
    if let Some(sub_openid) = &order.sub_openid {
        payer["sub_openid"] = json!(sub_openid);
    }
    payer
}

/// A share of an amount at a rate × 10⁸.
pub(super) fn converted(amount: i64, rate: i64) -> i64 {
    let exact = i128::from(amount) * i128::from(rate) / 100_000_000;
    i64::try_from(exact).unwrap_or(i64::MAX)
}
