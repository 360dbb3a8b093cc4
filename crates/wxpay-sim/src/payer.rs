//! Makes a payment out of who pays.

use serde_json::Value;
use wxpay_proto::UnixTime;

use crate::order::Payer;
use crate::store::{Order, Payment};

/// The bank that pays when nobody says which.
const BANK: &str = "CMC";

/// A payment of an order. A `goods_tag` brings a coupon of a tenth when nothing else is said.
pub(crate) fn payment(order: &Order, payer: &Payer, at: UnixTime, millis: u16) -> Payment {
    let tagged = || {
        let asked = order.asked.value();
        let tag = asked.get("goods_tag").and_then(Value::as_str).unwrap_or_default();
        if tag.is_empty() { 0 } else { order.total / 10 }
    };
    Payment {
        at,
        millis,
        openid: payer.openid.clone(),
        bank_type: payer.bank_type.clone().unwrap_or_else(|| BANK.to_owned()),
        coupon: payer.coupon.unwrap_or_else(tagged).clamp(0, order.total),
    }
}
