//! `/secapi/pay/reverse` (撤销).

use super::find;
use super::parameters;
use crate::orders::{self, NotReversed};
use crate::store::Record as _;
use crate::v2::answer::{Answer, Reply};
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;
use crate::world::World;

pub(super) fn reverse(envelope: &Envelope<'_>, world: &mut World<'_>) -> Answer {
    parameters::check(envelope, "v2.pay.reverse")?;
    let key = find::order(envelope, world)?.key();
    orders::reverse(world.store, &key, world.clocks.business).map_err(|why| match why {
        NotReversed::Unknown => Refusal::unknown_order(),
        NotReversed::Closed => Refusal::closed(),
        NotReversed::NoCodePayment => Refusal::new(
            "TRADE_STATE_ERROR",
            "只有付款码支付订单可以撤销 (only a code payment is reversed)",
        ),
        NotReversed::Refunded => Refusal::new("TRADE_STATE_ERROR", "订单已退款，不能撤销"),
    })?;
    // Nothing is left undone, so the call need not be repeated.
    Ok(Reply::from([("recall".to_owned(), "N".to_owned())]))
}
