//! A refund as v3 tells it (protocol appendix A6).

use serde_json::{Value, json};
use wxpay_proto::TimeText;

use crate::v3::refusal::Refusal;
use crate::world::World;

/// The refund with this key.
pub(super) fn view(world: &World<'_>, key: &str) -> Result<Value, Refusal> {
    let refund = world
        .store
        .refunds
        .get(key)
        .ok_or_else(Refusal::unknown_resource)?;
    let order = world.store.orders.get(&refund.order);
    let order = order.ok_or_else(Refusal::unknown_resource)?;
    let discount = refund.amount - refund.payer_refund;
    let mut body = json!({
        "refund_id": refund.refund_id,
        "out_refund_no": refund.out_refund_no,
        "transaction_id": order.transaction_id,
        "out_trade_no": order.out_trade_no,
        "channel": if refund.elsewhere.is_some() { "OTHER_BANKCARD" } else { "ORIGINAL" },
        "user_received_account": refund.received_by(),
        "create_time": TimeText::beijing(refund.created).as_str(),
        "status": refund.state.as_str(),
        "funds_account": "AVAILABLE",
        "amount": {
            "total": order.total,
            "refund": refund.amount,
            "payer_total": order.payer_total(),
            "payer_refund": refund.payer_refund,
            "settlement_refund": refund.payer_refund,
            "settlement_total": order.payer_total(),
            "discount_refund": discount,
            "currency": order.currency,
        },
    });
    if let Some(from) = refund.asked.value().pointer("/amount/from") {
        body["amount"]["from"] = from.clone();
    }
    if let Some(at) = refund.succeeded {
        body["success_time"] = json!(TimeText::beijing(at).as_str());
    }
    if let Some(coupon) = order
        .payment
        .as_ref()
        .map(|payment| payment.coupon)
        .filter(|coupon| *coupon > 0)
    {
        body["promotion_detail"] = json!([{
            "promotion_id": "109519",
            "scope": "GLOBAL",
            "type": "COUPON",
            "amount": coupon,
            "refund_amount": discount,
        }]);
    }
    Ok(body)
}
