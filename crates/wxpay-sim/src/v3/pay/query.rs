//! Looking at an order.

use super::find;
use super::party::Mode;
use super::view::view;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::world::World;

pub(super) fn by_number(mode: Mode, call: &Call<'_>, world: &mut World<'_>, number: &str) -> Answer {
    let party = mode.in_query(call)?;
    let order = find::by_number(call, world, &party, number)?;
    Ok(Reply::ok(view(order, world.clocks.business)))
}

pub(super) fn by_id(mode: Mode, call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    let party = mode.in_query(call)?;
    let order = find::by_id(call, world, &party, id)?;
    Ok(Reply::ok(view(order, world.clocks.business)))
}
