//! How a request names an order, and whose order that may be.

use super::party::Party;
use crate::store::Order;
use crate::v3::call::Call;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::world::World;

/// How an order is named in a path. Its `id` (微信支付订单号) exists from the creation on, so that an unpaid order can
/// be closed by it: the query by the merchant's number tells it.
pub(super) enum Name {
    Id(String),
    Number(String),
}

/// Finds an order and makes sure that it is of the merchants that ask.
pub(super) fn find<'a>(
    call: &Call<'_>,
    world: &'a mut World<'_>,
    name: &Name,
    party: &Party,
) -> Result<&'a Order, Refusal> {
    let owner = call.signer.id().as_str();
    let now = world.clocks.business;
    let order = match name {
        Name::Id(id) => world.store.global.find_by_id(owner, id, now),
        Name::Number(number) => world.store.global.find(owner, number, now),
    };
    let order = order.ok_or_else(Refusal::unknown_order)?;
    let created_for = order.parts.first().and_then(|part| part.sub_mchid.as_deref());
    if created_for == party.sub_mchid.as_deref() {
        return Ok(order);
    }
    let message = "子商户号与订单不匹配 (the order is another sub-merchant's)";
    Err(Refusal::new(
        400,
        "INVALID_REQUEST",
        inner::OTHER_SUB_MERCHANT,
        message,
    ))
}
