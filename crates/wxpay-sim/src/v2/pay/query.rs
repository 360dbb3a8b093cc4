//! `/pay/orderquery`.

use super::find;
use super::parameters;
use super::view::paid;
use crate::v2::answer::Answer;
use crate::v2::envelope::Envelope;
use crate::world::World;

pub(super) fn query(envelope: &Envelope<'_>, world: &mut World<'_>) -> Answer {
    parameters::check(envelope, "v2.pay.order_query")?;
    let order = find::order(envelope, world)?;
    let now = world.clocks.business;
    let mut reply = paid(order);
    let mut put = |name: &str, text: &str| reply.insert(name.to_owned(), text.to_owned());
    put("trade_state", order.trade_state(now));
    put("trade_state_desc", order.trade_state_desc(now));
    put("total_fee", &order.total.to_string());
    put("fee_type", &order.currency);
    Ok(reply)
}
