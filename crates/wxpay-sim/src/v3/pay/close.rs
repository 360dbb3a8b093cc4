//! Closing an order.

use super::find;
use super::party::Mode;
use crate::orders;
use crate::store::{Record as _, TradeType};
use crate::v3::answer::Answer;
use crate::v3::call::Call;
use crate::v3::closing;
use crate::v3::schema_check;
use crate::world::World;

pub(super) fn close(mode: Mode, call: &Call<'_>, world: &mut World<'_>, number: &str) -> Answer {
    let body = schema_check::body(call, &mode.operation("close"), &[("out_trade_no", number)])?;
    let party = mode.in_body(call, &body)?;
    let order = find::by_number(call, world, &party, number)?;
    if order.trade_type == TradeType::Micropay {
        return Err(closing::code_payment());
    }
    let key = order.key();
    let settings = world.settings;
    let closed = orders::close(
        world.store,
        &key,
        world.clocks.business,
        settings.min_close_age_v3,
    );
    closing::answer(closed, settings)
}
