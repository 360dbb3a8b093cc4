//! How a request names an order, and whose order that may be.

use super::party::Party;
use crate::orders;
use crate::store::{Dialect, Order};
use crate::v3::call::Call;
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
    world: &'a World<'_>,
    name: &Name,
    party: &Party,
) -> Result<&'a Order, Refusal> {
    let owner = call.signer.id().as_str();
    let order = match name {
        Name::Id(id) => orders::by_id(world.store, owner, id),
        Name::Number(number) => orders::by_number(world.store, owner, number),
    };
    let order = order.filter(|order| order.dialect == Dialect::Global);
    let order = order.ok_or_else(Refusal::unknown_order)?;
    if order.sub_mchid == party.sub_mchid {
        return Ok(order);
    }
    Err(Refusal::other_sub_merchant())
}
