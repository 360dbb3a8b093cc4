//! What happens to a code payment (付款码支付) when it arrives.

use crate::order::Payer;
use crate::orders;
use crate::payer::payment;
use crate::store::State;
use crate::world::World;

/// Whether a text can be a payment code: 18 digits.
pub(crate) fn is_code(text: &str) -> bool {
    text.len() == 18 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Small amounts are paid at once, larger ones wait for the user's password.
pub(crate) fn take(world: &mut World<'_>, key: &str) {
    let now = world.clocks.business;
    let Some(order) = world.store.orders.get(key) else {
        return;
    };
    if order.total >= world.settings.password_from {
        world.store.orders.edit(key, |order| {
            order.state = State::UserPaying;
            order.note(now, "waits for the password");
        });
        return;
    }
    let millis = u16::try_from(world.sequence.next() % 1000).unwrap_or_default();
    let payment = payment(order, &Payer::default(), now, millis);
    orders::pay(world.store, key, payment);
}
