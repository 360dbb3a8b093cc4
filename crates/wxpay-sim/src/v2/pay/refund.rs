//! `/secapi/pay/refund` (申请退款).

use serde_json::json;

use super::find;
use super::parameters;
use crate::refunds::{self, Asked, NotRefunded};
use crate::store::{Dialect, Document, Record as _};
use crate::v2::answer::{Answer, Reply};
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;
use crate::world::World;

pub(super) fn refund(envelope: &Envelope<'_>, world: &mut World<'_>) -> Answer {
    parameters::check(envelope, "v2.pay.refund")?;
    let amount = envelope.amount("refund_fee");
    if amount < 1 {
        return Err(Refusal::param("refund_fee", "an integer from 1 on is wanted"));
    }
    let asked = Asked {
        mchid: envelope.merchant.id().as_str().to_owned(),
        out_refund_no: envelope.field("out_refund_no").to_owned(),
        order: find::refundable(envelope, world)?.key(),
        amount,
        total: envelope.amount("total_fee"),
        currency: envelope.field("refund_fee_type").to_owned(),
        notify_url: envelope.given("notify_url"),
        dialect: Dialect::V2,
        asked: Document::new(&json!({ "refund_desc": envelope.field("refund_desc") })),
    };
    let key = refunds::accept(world, asked).map_err(refuse)?;
    let refund = world
        .store
        .refunds
        .get(&key)
        .ok_or_else(Refusal::unknown_refund)?;
    let order = world
        .store
        .orders
        .get(&refund.order)
        .ok_or_else(Refusal::unknown_order)?;
    let fields = [
        ("transaction_id", order.transaction_id.clone()),
        ("out_trade_no", order.out_trade_no.clone()),
        ("out_refund_no", refund.out_refund_no.clone()),
        ("refund_id", refund.refund_id.clone()),
        ("refund_channel", "ORIGINAL".to_owned()),
        ("refund_fee", refund.amount.to_string()),
        ("settlement_refund_fee", refund.payer_refund.to_string()),
        (
            "coupon_refund_fee",
            (refund.amount - refund.payer_refund).to_string(),
        ),
        ("total_fee", order.total.to_string()),
        ("settlement_total_fee", order.payer_total().to_string()),
        ("fee_type", order.currency.clone()),
        ("cash_fee", order.payer_total().to_string()),
        ("cash_refund_fee", refund.payer_refund.to_string()),
    ];
    Ok(Reply::from_iter(
        fields.map(|(name, text)| (name.to_owned(), text)),
    ))
}

fn refuse(why: NotRefunded) -> Refusal {
    match why {
        NotRefunded::Different => Refusal::other_parameters(),
        NotRefunded::Unpaid => Refusal::new("TRADE_STATE_ERROR", "订单未支付，不能退款"),
        NotRefunded::OtherTotal => {
            Refusal::new("INVALID_REQUEST", "订单金额不一致 (total_fee is not the order's)")
        }
        NotRefunded::OtherCurrency => Refusal::new("INVALID_REQUEST", "币种不一致 (refund_fee_type)"),
        NotRefunded::TooMuch => {
            Refusal::new("INVALID_REQUEST", "退款金额大于可退金额 (refund_fee is too much)")
        }
        NotRefunded::TooMany => Refusal::new("INVALID_REQ_TOO_MUCH", "退款次数过多 (at most 50 refunds)"),
        NotRefunded::TooLate => Refusal::new("TRADE_OVERDUE", "订单已经超过退款期限 (more than a year)"),
        NotRefunded::TooSoon => Refusal::new("FREQUENCY_LIMITED", "频率限制 (a minute between two refunds)"),
        NotRefunded::Shared => {
            let description = "订单已分账，请先回退 (what was shared must come back first)";
            Refusal::new("INVALID_REQUEST", description)
        }
        NotRefunded::NotEnough => Refusal::new("NOTENOUGH", "余额不足"),
    }
}
