//! `/pay/micropay` (付款码支付).

use super::create::{read, refuse};
use super::parameters;
use super::view::paid;
use crate::codepay;
use crate::orders;
use crate::store::{Record as _, State, TradeType};
use crate::v2::answer::Answer;
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;
use crate::world::World;

pub(super) fn pay(envelope: &Envelope<'_>, world: &mut World<'_>) -> Answer {
    let now = world.clocks.business;
    parameters::check(envelope, "v2.pay.micropay")?;
    if !codepay::is_code(envelope.field("auth_code")) {
        return Err(Refusal::new(
            "AUTH_CODE_INVALID",
            "授权码检验错误 (a payment code has 18 digits)",
        ));
    }
    let order = read(envelope, world, TradeType::Micropay)?;
    let key = order.key();
    let fresh = world.store.orders.get(&key).is_none();
    orders::admit(world.store, order, now).map_err(refuse)?;
    if fresh {
        codepay::take(world, &key);
    }
    let order = world.store.orders.get(&key).ok_or_else(Refusal::unknown_order)?;
    if order.state(now) == State::UserPaying {
        return Err(Refusal::new("USERPAYING", "需要用户输入支付密码"));
    }
    Ok(paid(order))
}
