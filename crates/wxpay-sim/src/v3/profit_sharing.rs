//! Profit sharing (分账, protocol section 13.8).

mod find;
mod receivers;
mod refuse;
mod release;
mod returns;
mod split;
mod view;

use http::Method;
use serde_json::json;

use super::answer::{Answer, Reply};
use super::call::{Call, decode};
use super::refusal::Refusal;
use crate::splits;
use crate::world::World;

pub(super) fn route(method: &Method, path: &[&str], call: &Call<'_>, world: &mut World<'_>) -> Answer {
    match (method.as_str(), path) {
        ("POST", ["receivers", "add"]) => receivers::add(call, world),
        ("POST", ["receivers", "delete"]) => receivers::delete(call, world),
        ("POST", ["orders"]) => split::create(call, world),
        ("POST", ["orders", "unfreeze"]) => release::create(call, world),
        ("GET", ["orders", text]) => split::query(call, world, &decode("url", "out_order_no", text)?),
        ("POST", ["return-orders"]) => returns::create(call, world),
        ("GET", ["return-orders", text]) => {
            returns::query(call, world, &decode("url", "out_return_no", text)?)
        }
        ("GET", ["transactions", text, "amounts"]) => {
            left(call, world, &decode("url", "transaction_id", text)?)
        }
        ("GET", ["merchant-configs", text]) => ratio(call, world, &decode("url", "sub_mchid", text)?),
        _ => Err(Refusal::unknown_operation()),
    }
}

/// What of a payment can still be shared.
fn left(call: &Call<'_>, world: &World<'_>, transaction_id: &str) -> Answer {
    let order = find::by_id(call, world, transaction_id)?;
    Ok(Reply::ok(json!({
        "transaction_id": order.transaction_id,
        "unsplit_amount": splits::unsplit(world.store, order, world.clocks.business),
    })))
}

/// How much of a sub-merchant's payments may be shared.
fn ratio(call: &Call<'_>, world: &World<'_>, sub_mchid: &str) -> Answer {
    if !call.signer.acts_for(sub_mchid) {
        return Err(Refusal::no_relation(sub_mchid));
    }
    let max_ratio = world.settings.split_ratio;
    Ok(Reply::ok(
        json!({ "sub_mchid": sub_mchid, "max_ratio": max_ratio }),
    ))
}
