//! Looking at a combined order. What only a payment brings about is missing before it.

use serde_json::{Map, Value, json};
use wxpay_proto::TimeText;

use crate::store::{Order, Part, Payment};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::refusal::Refusal;
use crate::v3::shape;
use crate::world::World;

/// Who pays when the creation does not say: the user behind a QR code.
const SOMEBODY: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

/// Yuan for a unit of a foreign currency, times 10⁸.
const SETTLEMENT_RATE: i64 = 650_000_000;

pub(super) fn by_number(call: &Call<'_>, world: &mut World<'_>, number: &str) -> Answer {
    let order = world
        .store
        .combine
        .find(call.signer.id().as_str(), number, world.clocks.business);
    order
        .map(|order| Reply::ok(view(order)))
        .ok_or_else(Refusal::unknown_order)
}

/// An order has its id in the store from the start, but nobody knows it before the payment.
pub(super) fn by_id(call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    let order = world
        .store
        .combine
        .find_by_id(call.signer.id().as_str(), id, world.clocks.business);
    let order = order.filter(|order| order.payment().is_some());
    order
        .map(|order| Reply::ok(view(order)))
        .ok_or_else(Refusal::unknown_order)
}

fn view(order: &Order) -> Value {
    let mut body = Map::new();
    copy(
        &mut body,
        &order.asked,
        &[
            "combine_appid",
            "combine_mchid",
            "combine_out_trade_no",
            "trade_scenario",
        ],
    );
    if let Some(device) = order.asked.pointer("/scene_info/device_id") {
        body.insert("scene_info".to_owned(), json!({ "device_id": device }));
    }
    if order.payment().is_some() {
        body.insert("combine_transaction_id".to_owned(), json!(order.transaction_id));
        let openid = shape::text(&order.asked, "/combine_payer_info/openid");
        let openid = if openid.is_empty() { SOMEBODY } else { openid };
        body.insert("combine_payer_info".to_owned(), json!({ "openid": openid }));
        let plan = "/subsidy_info/subsidy_detail/0/subsidy_plan/0/subsidy_installment_num";
        if let Some(installments) = order.asked.pointer(plan) {
            let info = json!({ "use_subsidy": true, "selected_installment_number": installments });
            body.insert("installment_info".to_owned(), info);
        }
    }
    let asked = order.asked.get("sub_orders").and_then(Value::as_array);
    let sub_orders = asked.into_iter().flatten().zip(&order.parts);
    let sub_orders: Vec<Value> = sub_orders
        .map(|(asked, part)| view_part(order, asked, part))
        .collect();
    body.insert("sub_orders".to_owned(), Value::Array(sub_orders));
    Value::Object(body)
}

fn view_part(order: &Order, asked: &Value, part: &Part) -> Value {
    let mut body = Map::new();
    let echoed = [
        "mchid",
        "sub_mchid",
        "sub_appid",
        "out_trade_no",
        "individual_auth_id",
        "individual_name",
    ];
    copy(&mut body, asked, &echoed);
    body.insert("trade_state".to_owned(), json!(order.trade_state()));
    let amount = asked.get("amount").cloned().unwrap_or_default();
    match order.payment() {
        None => {
            body.insert("amount".to_owned(), amount);
        }
        Some(payment) => view_payment(&mut body, order, asked, part, payment),
    }
    Value::Object(body)
}

fn view_payment(body: &mut Map<String, Value>, order: &Order, asked: &Value, part: &Part, payment: Payment) {
    copy(body, asked, &["attach"]);
    body.insert("transaction_id".to_owned(), json!(part.transaction_id));
    body.insert("trade_type".to_owned(), json!(order.trade_type));
    body.insert("bank_type".to_owned(), json!("CMC"));
    body.insert("success_time".to_owned(), json!(with_millis(payment)));
    let sub_openid = shape::text(&order.asked, "/combine_payer_info/sub_openid");
    if !sub_openid.is_empty() {
        body.insert("sub_openid".to_owned(), json!(sub_openid));
    }
    let total = asked
        .pointer("/amount/total_amount")
        .and_then(Value::as_i64)
        .unwrap_or_default();
    let currency = shape::text(asked, "/amount/currency");
    let coupon = if asked.get("goods_tag").is_some() {
        total / 10
    } else {
        0
    };
    let mut amount = json!({
        "total_amount": total,
        "payer_amount": total - coupon,
        "currency": currency,
        "payer_currency": "CNY",
    });
    if currency != "CNY" {
        amount["payer_amount"] = json!(converted(total - coupon));
        amount["settlement_rate"] = json!(SETTLEMENT_RATE);
    }
    body.insert("amount".to_owned(), amount);
    if coupon > 0 {
        body.insert(
            "promotion_detail".to_owned(),
            json!([promotion(total, coupon, currency)]),
        );
    }
}

/// A coupon, as a sub-order with a `goods_tag` has one: a tenth off.
fn promotion(total: i64, coupon: i64, currency: &str) -> Value {
    json!({
        "coupon_id": "109519",
        "name": "单品惠-6",
        "scope": "SINGLE",
        "type": "CASH",
        "amount": coupon,
        "stock_id": "931386",
        "wechatpay_contribute": 0,
        "merchant_contribute": coupon,
        "other_contribute": 0,
        "currency": currency,
        "goods_detail": [{
            "goods_id": "M1006",
            "quantity": 1,
            "unit_price": total,
            "discount_amount": coupon,
            "goods_remark": "商品备注信息",
        }],
    })
}

/// An amount in fen of yuan.
fn converted(amount: i64) -> i64 {
    let exact = i128::from(amount) * i128::from(SETTLEMENT_RATE) / 100_000_000;
    i64::try_from(exact).unwrap_or(i64::MAX)
}

/// `2015-05-20T13:29:35.120+08:00`: this answer has milliseconds where others have none.
fn with_millis(payment: Payment) -> String {
    let text = TimeText::beijing(payment.at).to_string();
    text.replace("+08:00", &format!(".{:03}+08:00", payment.millis))
}

fn copy(to: &mut Map<String, Value>, from: &Value, names: &[&str]) {
    for name in names {
        if let Some(value) = from.get(name) {
            to.insert((*name).to_owned(), value.clone());
        }
    }
}
