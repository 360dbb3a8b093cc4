//! Looking at a global order.

use serde_json::{Map, Value, json};
use wxpay_proto::{TimeText, UnixTime};

use super::name::{Name, find};
use super::party::Party;
use crate::store::{Order, Payment};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::view::{converted, parties, payer};
use crate::world::World;

/// Yuan for a unit of a foreign currency, times 10⁸.
pub(crate) const RATE: i64 = 80_000_000;

pub(super) fn query(call: &Call<'_>, world: &mut World<'_>, name: &Name) -> Answer {
    let party = Party::in_query(call)?;
    let order = find(call, world, name, &party)?;
    Ok(Reply::ok(view(order, world.clocks.business)))
}

/// A global order, as a query and its notification tell it.
pub(crate) fn view(order: &Order, now: UnixTime) -> Value {
    let mut body = parties(order);
    body.insert("id".to_owned(), json!(order.transaction_id));
    body.insert("trade_type".to_owned(), json!(order.trade_type.as_str()));
    body.insert("trade_state".to_owned(), json!(order.trade_state(now)));
    body.insert("trade_state_desc".to_owned(), json!(order.trade_state_desc(now)));
    let amount = json!({ "total": order.total, "currency": order.currency });
    body.insert("amount".to_owned(), amount);
    if let Some(payment) = &order.payment {
        view_payment(&mut body, order, payment);
    }
    Value::Object(body)
}

/// What the payer paid, in fen of yuan.
pub(super) fn converted_total(order: &Order, rate: i64) -> i64 {
    if order.currency == "CNY" {
        order.payer_total()
    } else {
        converted(order.payer_total(), rate)
    }
}

fn view_payment(body: &mut Map<String, Value>, order: &Order, payment: &Payment) {
    if let Some(attach) = &order.attach {
        body.insert("attach".to_owned(), json!(attach));
    }
    body.insert("bank_type".to_owned(), json!(payment.bank_type));
    let time = TimeText::beijing(payment.at);
    body.insert("success_time".to_owned(), json!(time.as_str()));
    body.insert("payer".to_owned(), payer(order));
    let (total, currency, coupon) = (order.total, order.currency.as_str(), payment.coupon);
    let mut amount = json!({
        "total": total,
        "payer_total": total - coupon,
        "currency": currency,
        "payer_currency": "CNY",
    });
    if currency != "CNY" {
        amount["payer_total"] = json!(converted_total(order, RATE));
        amount["exchange_rate"] = json!({ "type": "SETTLEMENT_RATE", "rate": RATE });
    }
    body.insert("amount".to_owned(), amount);
    if coupon > 0 {
        let promotions = json!([promotion(total, coupon, currency)]);
        body.insert("promotion_detail".to_owned(), promotions);
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
