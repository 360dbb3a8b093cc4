//! Looking at a transfer.

use super::unknown::unknown;
use super::view::view;
use crate::store::{Record as _, Transfer};
use crate::transfers;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::world::World;

pub(super) fn by_number(call: &Call<'_>, world: &mut World<'_>, number: &str) -> Answer {
    let key = Transfer::key_of(call.signer.id().as_str(), number);
    view(call, world, &key).map(Reply::ok)
}

pub(super) fn by_id(call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    let transfer = transfers::by_id(world.store, call.signer.id().as_str(), id);
    let key = transfer.ok_or_else(unknown)?.key();
    view(call, world, &key).map(Reply::ok)
}
