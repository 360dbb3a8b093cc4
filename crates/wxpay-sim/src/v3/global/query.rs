//! Looking at a global order.

use serde_json::{Map, Value, json};
use wxpay_proto::TimeText;

use super::name::{Name, find};
use super::party::Party;
use crate::store::{Order, Payment};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::shape;
use crate::world::World;

/// Yuan for a unit of a foreign currency, times 10⁸.
const RATE: i64 = 80_000_000;

/// Who pays when the creation does not say.
const SOMEBODY: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

pub(super) fn query(call: &Call<'_>, world: &mut World<'_>, name: &Name) -> Answer {
    let party = Party::in_query(call)?;
    find(call, world, name, &party).map(|order| Reply::ok(view(order)))
}

fn view(order: &Order) -> Value {
    let mut body = Map::new();
    for name in [
        "mchid",
        "appid",
        "sp_mchid",
        "sub_mchid",
        "sp_appid",
        "sub_appid",
        "out_trade_no",
    ] {
        if let Some(value) = order.asked.get(name) {
            body.insert(name.to_owned(), value.clone());
        }
    }
    body.insert("id".to_owned(), json!(order.transaction_id));
    body.insert("trade_type".to_owned(), json!(order.trade_type));
    body.insert("trade_state".to_owned(), json!(order.trade_state()));
    let description = match order.trade_state() {
        "SUCCESS" => "支付成功",
        "CLOSED" => "订单已关闭",
        _ => "订单未支付",
    };
    body.insert("trade_state_desc".to_owned(), json!(description));
    let total = order
        .asked
        .pointer("/amount/total")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    let currency =
        Some(shape::text(&order.asked, "/amount/currency")).filter(|currency| !currency.is_empty());
    let currency = currency.unwrap_or("CNY");
    body.insert(
        "amount".to_owned(),
        json!({ "total": total, "currency": currency }),
    );
    if let Some(payment) = order.payment() {
        view_payment(&mut body, order, total, currency, payment);
    }
    Value::Object(body)
}

fn view_payment(body: &mut Map<String, Value>, order: &Order, total: i64, currency: &str, payment: Payment) {
    if let Some(attach) = order.asked.get("attach") {
        body.insert("attach".to_owned(), attach.clone());
    }
    body.insert("bank_type".to_owned(), json!("CMC"));
    body.insert(
        "success_time".to_owned(),
        json!(TimeText::beijing(payment.at).as_str()),
    );
    let anonymous = if order.asked.get("sp_mchid").is_some() {
        json!({ "sp_openid": SOMEBODY })
    } else {
        json!({ "openid": SOMEBODY })
    };
    body.insert(
        "payer".to_owned(),
        order.asked.get("payer").cloned().unwrap_or(anonymous),
    );
    let coupon = if order.asked.get("goods_tag").is_some() {
        total / 10
    } else {
        0
    };
    let mut amount = json!({
        "total": total,
        "payer_total": total - coupon,
        "currency": currency,
        "payer_currency": "CNY",
    });
    if currency != "CNY" {
        let exact = i128::from(total - coupon) * i128::from(RATE) / 100_000_000;
        amount["payer_total"] = json!(i64::try_from(exact).unwrap_or(i64::MAX));
        amount["exchange_rate"] = json!({ "type": "SETTLEMENT_RATE", "rate": RATE });
    }
    body.insert("amount".to_owned(), amount);
    if coupon > 0 {
        body.insert(
            "promotion_detail".to_owned(),
            json!([promotion(total, coupon, currency)]),
        );
    }
}

/// A coupon, as an order with a `goods_tag` has one: a tenth off.
fn promotion(total: i64, coupon: i64, currency: &str) -> Value {
    json!({
        "promotion_id": "109519",
        "name": "单品惠-6",
        "scope": "SINGLE",
        "type": "DISCOUNT",
        "amount": coupon,
        "currency": currency,
        "activity_id": "931386",
        "wxpay_contribute_amount": 0,
        "merchant_contribute_amount": coupon,
        "other_contribute_amount": 0,
        "goods_detail": [{
            "goods_id": "M1006",
            "goods_remark": "商品备注信息",
            "discount_amount": coupon,
            "quantity": 1,
            "price": total,
        }],
    })
}
