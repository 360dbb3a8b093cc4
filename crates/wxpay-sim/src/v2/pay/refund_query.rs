//! `/pay/refundquery`: the refunds of an order, numbered, or one of them.

use wxpay_proto::TimeText;

use super::find::{refundable, sub_merchant};
use super::parameters;
use crate::refunds;
use crate::store::{Dialect, Order, Record as _, Refund, RefundState};
use crate::v2::answer::{Answer, Reply};
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;
use crate::v2::times::spaced;
use crate::world::World;

/// How many refunds an answer has at most; `offset` leads to the rest.
const PAGE: usize = 20;

pub(super) fn query(envelope: &Envelope<'_>, world: &mut World<'_>) -> Answer {
    parameters::check(envelope, "v2.pay.refund_query")?;
    let one = one(envelope, world)?;
    let order = match &one {
        Some(refund) => world.store.orders.get(&refund.order),
        None => Some(refundable(envelope, world)?),
    };
    let order = order.ok_or_else(Refusal::unknown_order)?;
    let all = refunds::of_order(world.store, &order.key());
    let total = all.len();
    let rows: Vec<Refund> = match one {
        Some(refund) => vec![refund],
        None => {
            let offset = envelope.field("offset").parse().unwrap_or_default();
            all.into_iter().skip(offset).take(PAGE).collect()
        }
    };
    if rows.is_empty() {
        return Err(Refusal::unknown_refund());
    }
    Ok(view(order, &rows, total))
}

/// The refund that a call names, if it names one.
fn one(envelope: &Envelope<'_>, world: &World<'_>) -> Result<Option<Refund>, Refusal> {
    let mchid = envelope.merchant.id().as_str();
    let (id, number) = (envelope.field("refund_id"), envelope.field("out_refund_no"));
    let refund = match (id, number) {
        ("", "") => return Ok(None),
        ("", number) => world.store.refunds.get(&Refund::key_of(mchid, number)),
        (id, _) => refunds::by_id(world.store, mchid, id),
    };
    let sub_mchid = sub_merchant(envelope)?;
    let seen = |refund: &&Refund| refund.dialect != Dialect::Global && refund.sub_mchid == sub_mchid;
    let refund = refund.filter(seen).cloned();
    refund.map(Some).ok_or_else(Refusal::unknown_refund)
}

fn view(order: &Order, rows: &[Refund], total: usize) -> Reply {
    let mut reply = Reply::new();
    let mut put = |name: &str, text: &str| reply.insert(name.to_owned(), text.to_owned());
    put("total_refund_count", &total.to_string());
    put("refund_count", &rows.len().to_string());
    put("transaction_id", &order.transaction_id);
    put("out_trade_no", &order.out_trade_no);
    put("total_fee", &order.total.to_string());
    put("settlement_total_fee", &order.payer_total().to_string());
    put("fee_type", &order.currency);
    put("cash_fee", &order.payer_total().to_string());
    for (index, refund) in rows.iter().enumerate() {
        let status = match refund.state {
            RefundState::Success => "SUCCESS",
            RefundState::Processing => "PROCESSING",
            RefundState::Closed => "REFUNDCLOSE",
            RefundState::Abnormal => "CHANGE",
        };
        let mut put = |name: &str, text: &str| put(&format!("{name}_{index}"), text);
        put("out_refund_no", &refund.out_refund_no);
        put("refund_id", &refund.refund_id);
        put("refund_channel", "ORIGINAL");
        put("refund_fee", &refund.amount.to_string());
        put("settlement_refund_fee", &refund.payer_refund.to_string());
        put("refund_status", status);
        put("refund_account", "REFUND_SOURCE_RECHARGE_FUNDS");
        put("refund_recv_accout", refund.received_by());
        if let Some(at) = refund.succeeded {
            put("refund_success_time", &spaced(&TimeText::beijing(at)));
        }
    }
    reply
}
