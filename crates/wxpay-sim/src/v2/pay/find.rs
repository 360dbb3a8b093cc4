//! Whose order a call is about, and which.

use crate::orders;
use crate::profile::Role;
use crate::store::{Dialect, Order};
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;
use crate::world::World;

/// The sub-merchant in a call: a partner names one that it acts for.
pub(super) fn sub_merchant(envelope: &Envelope<'_>) -> Result<Option<String>, Refusal> {
    let sub_mchid = envelope.given("sub_mch_id");
    match &sub_mchid {
        None if envelope.merchant.role() == Role::Merchant => Ok(None),
        None => Err(Refusal::missing("sub_mch_id")),
        Some(found) if envelope.merchant.acts_for(found) => Ok(sub_mchid),
        Some(_) => Err(Refusal::new("NOAUTH", "商户无此接口权限 (sub_mch_id)")),
    }
}

/// The order that a call names by id or number. A paid one alone is found by its id.
pub(super) fn order<'a>(envelope: &Envelope<'_>, world: &'a World<'_>) -> Result<&'a Order, Refusal> {
    named(envelope, world, false)
}

/// As [`order`], with the parts of combined orders: those are refunded one by one.
pub(super) fn refundable<'a>(envelope: &Envelope<'_>, world: &'a World<'_>) -> Result<&'a Order, Refusal> {
    named(envelope, world, true)
}

fn named<'a>(envelope: &Envelope<'_>, world: &'a World<'_>, parts: bool) -> Result<&'a Order, Refusal> {
    let sub_mchid = sub_merchant(envelope)?;
    let mchid = envelope.merchant.id().as_str();
    let id = envelope.field("transaction_id");
    let order = if id.is_empty() {
        let key = Order::key_of(mchid, envelope.field("out_trade_no"));
        world.store.orders.get(&key)
    } else {
        orders::with_id(world.store, mchid, id).filter(|order| order.payment.is_some())
    };
    let seen = |order: &&Order| {
        (parts || order.combined.is_none())
            && order.dialect != Dialect::Global
            && order.sub_mchid == sub_mchid
    };
    order.filter(seen).ok_or_else(Refusal::unknown_order)
}
