//! Looking at a combined order. What only a payment brings about is missing before it.

use serde_json::{Map, Value, json};
use wxpay_proto::{TimeText, UnixTime};

use crate::orders;
use crate::store::{Combined, Order, Payment, State, Store};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::refusal::Refusal;
use crate::v3::view::converted;
use crate::world::World;

/// Yuan for a unit of a foreign currency, times 10⁸.
const SETTLEMENT_RATE: i64 = 650_000_000;

pub(super) fn by_number(call: &Call<'_>, world: &mut World<'_>, number: &str) -> Answer {
    let key = Combined::key_of(call.signer.id().as_str(), number);
    let order = world.store.combined.get(&key);
    answer(world, order)
}

/// An order has its id in the store from the start, but nobody knows it before the payment.
pub(super) fn by_id(call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    let order = orders::combined_by_id(world.store, call.signer.id().as_str(), id);
    let order = order
        .filter(|order| orders::combined_state(world.store, order, world.clocks.business) == State::Paid);
    answer(world, order)
}

fn answer(world: &World<'_>, order: Option<&Combined>) -> Answer {
    let order = order.ok_or_else(Refusal::unknown_order)?;
    Ok(Reply::ok(view(world.store, order, world.clocks.business)))
}

/// A combined order, as a query and its notification tell it.
pub(crate) fn view(store: &Store, order: &Combined, now: UnixTime) -> Value {
    let asked = order.asked.value();
    let mut body = Map::from_iter([
        ("combine_appid".to_owned(), json!(order.appid)),
        ("combine_mchid".to_owned(), json!(order.mchid)),
        ("combine_out_trade_no".to_owned(), json!(order.number)),
    ]);
    copy(&mut body, &asked, &["trade_scenario"]);
    if let Some(device) = &order.device_id {
        body.insert("scene_info".to_owned(), json!({ "device_id": device }));
    }
    let paid = orders::parts(store, order).find(|part| part.payment.is_some());
    if let Some(part) = paid {
        body.insert("combine_transaction_id".to_owned(), json!(order.transaction_id));
        body.insert("combine_payer_info".to_owned(), json!({ "openid": part.payer() }));
        let plan = "/subsidy_info/subsidy_detail/0/subsidy_plan/0/subsidy_installment_num";
        if let Some(installments) = asked.pointer(plan) {
            let info = json!({ "use_subsidy": true, "selected_installment_number": installments });
            body.insert("installment_info".to_owned(), info);
        }
    }
    let parts = orders::parts(store, order);
    let parts: Vec<Value> = parts.map(|part| view_part(part, now)).collect();
    body.insert("sub_orders".to_owned(), Value::Array(parts));
    Value::Object(body)
}

fn view_part(part: &Order, now: UnixTime) -> Value {
    let mut body = Map::from_iter([
        ("mchid".to_owned(), json!(part.mchid)),
        ("out_trade_no".to_owned(), json!(part.out_trade_no)),
    ]);
    for (name, text) in [("sub_mchid", &part.sub_mchid), ("sub_appid", &part.sub_appid)] {
        if let Some(text) = text {
            body.insert(name.to_owned(), json!(text));
        }
    }
    copy(
        &mut body,
        &part.asked.value(),
        &["individual_auth_id", "individual_name"],
    );
    body.insert("trade_state".to_owned(), json!(part.trade_state(now)));
    match &part.payment {
        None => {
            let amount = json!({ "total_amount": part.total, "currency": part.currency });
            body.insert("amount".to_owned(), amount);
        }
        Some(payment) => view_payment(&mut body, part, payment),
    }
    Value::Object(body)
}

fn view_payment(body: &mut Map<String, Value>, part: &Order, payment: &Payment) {
    for (name, text) in [("attach", &part.attach), ("sub_openid", &part.sub_openid)] {
        if let Some(text) = text {
            body.insert(name.to_owned(), json!(text));
        }
    }
    body.insert("transaction_id".to_owned(), json!(part.transaction_id));
    body.insert("trade_type".to_owned(), json!(part.trade_type.as_str()));
    body.insert("bank_type".to_owned(), json!(payment.bank_type));
    body.insert("success_time".to_owned(), json!(with_millis(payment)));
    let (total, currency, coupon) = (part.total, part.currency.as_str(), payment.coupon);
    let mut amount = json!({
        "total_amount": total,
        "payer_amount": total - coupon,
        "currency": currency,
        "payer_currency": "CNY",
    });
    if currency != "CNY" {
        amount["payer_amount"] = json!(converted(total - coupon, SETTLEMENT_RATE));
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

/// `2015-05-20T13:29:35.120+08:00`: this answer has milliseconds where others have none.
fn with_millis(payment: &Payment) -> String {
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
