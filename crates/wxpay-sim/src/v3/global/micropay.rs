//! Code payment of a global order.

use super::create::{read, refuse};
use super::query::view;
use crate::codepay;
use crate::orders;
use crate::store::{Record as _, TradeType};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

pub(super) fn pay(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let now = world.clocks.business;
    let body = schema_check::body(call, "global.transactions.micropay", &[])?;
    let code = shape::text(&body, "/payer/auth_code");
    if !codepay::is_code(code) {
        let issue = "a payment code has 18 digits";
        return Err(Refusal::param("body", "/payer/auth_code", code.into(), issue));
    }
    let order = read(call, world, &body, TradeType::Micropay)?;
    let key = order.key();
    let fresh = world.store.orders.get(&key).is_none();
    orders::admit(world.store, order, now).map_err(refuse)?;
    if fresh {
        codepay::take(world, &key);
    }
    let order = world.store.orders.get(&key).ok_or_else(Refusal::unknown_order)?;
    Ok(Reply::ok(view(order, now)))
}
