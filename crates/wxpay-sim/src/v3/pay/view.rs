//! An order as v3's queries and notifications tell it (protocol appendix A4). What only a payment brings about is
//! missing before it.

use serde_json::{Value, json};
use wxpay_proto::{TimeText, UnixTime};

use crate::store::{Order, Payment};
use crate::v3::view::{parties, payer};

/// The order.
pub(crate) fn view(order: &Order, now: UnixTime) -> Value {
    let mut body = parties(order);
    let mut put = |name: &str, value: Value| body.insert(name.to_owned(), value);
    put("trade_state", json!(order.trade_state(now)));
    put("trade_state_desc", json!(order.trade_state_desc(now)));
    let Some(payment) = &order.payment else {
        return Value::Object(body);
    };
    put("transaction_id", json!(order.transaction_id));
    put("trade_type", json!(order.trade_type.as_str()));
    put("bank_type", json!(payment.bank_type));
    put("success_time", json!(TimeText::beijing(payment.at).as_str()));
    put("payer", payer(order));
    put(
        "amount",
        json!({
            "total": order.total,
            "payer_total": order.total - payment.coupon,
            "currency": order.currency,
            "payer_currency": order.currency,
        }),
    );
    if let Some(attach) = &order.attach {
        put("attach", json!(attach));
    }
    if let Some(device) = &order.device_id {
        put("scene_info", json!({ "device_id": device }));
    }
    if payment.coupon > 0 {
        put("promotion_detail", json!([promotion(order, payment)]));
    }
    Value::Object(body)
}

/// The coupon that took something off.
fn promotion(order: &Order, payment: &Payment) -> Value {
    json!({
        "coupon_id": "109519",
        "name": "单品惠-6",
        "scope": "GLOBAL",
        "type": "CASH",
        "amount": payment.coupon,
        "stock_id": "931386",
        "wechatpay_contribute": payment.coupon,
        "merchant_contribute": 0,
        "other_contribute": 0,
        "currency": order.currency,
    })
}
