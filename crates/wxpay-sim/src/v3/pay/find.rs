//! Finds an order and makes sure that it is of the merchants that ask.

use super::party::Party;
use crate::orders;
use crate::store::{Dialect, Order};
use crate::v3::call::Call;
use crate::v3::refusal::Refusal;
use crate::world::World;

/// An order by its merchant's number.
pub(super) fn by_number<'a>(
    call: &Call<'_>,
    world: &'a World<'_>,
    party: &Party,
    number: &str,
) -> Result<&'a Order, Refusal> {
    let order = orders::by_number(world.store, call.signer.id().as_str(), number);
    of_party(order, party)
}

/// A paid order by its id. Nobody knows the id before the payment.
pub(super) fn by_id<'a>(
    call: &Call<'_>,
    world: &'a World<'_>,
    party: &Party,
    id: &str,
) -> Result<&'a Order, Refusal> {
    let order = orders::by_id(world.store, call.signer.id().as_str(), id);
    of_party(order.filter(|order| order.payment.is_some()), party)
}

fn of_party<'a>(order: Option<&'a Order>, party: &Party) -> Result<&'a Order, Refusal> {
    let order = order.filter(|order| order.dialect != Dialect::Global);
    let order = order.ok_or_else(Refusal::unknown_order)?;
    if order.sub_mchid == party.sub_mchid {
        Ok(order)
    } else {
        Err(Refusal::other_sub_merchant())
    }
}
