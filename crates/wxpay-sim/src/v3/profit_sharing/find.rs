//! Finds the payment that is shared, and makes sure that it is of the merchants that ask.

use serde_json::Value;

use crate::orders;
use crate::store::{Dialect, Order, Record as _};
use crate::v3::call::Call;
use crate::v3::refund::check_sub_merchant;
use crate::v3::refusal::Refusal;
use crate::v3::shape;
use crate::world::World;

/// The paid order with an id, a part of a combined order included.
pub(super) fn by_id<'a>(call: &Call<'_>, world: &'a World<'_>, id: &str) -> Result<&'a Order, Refusal> {
    let order = orders::with_id(world.store, call.signer.id().as_str(), id);
    let order = order.filter(|order| order.payment.is_some() && order.dialect != Dialect::Global);
    order.ok_or_else(Refusal::unknown_resource)
}

/// The key of the order that a body names, and its sub-merchant.
pub(super) fn in_body(
    call: &Call<'_>,
    world: &World<'_>,
    body: &Value,
) -> Result<(String, Option<String>), Refusal> {
    let order = by_id(call, world, shape::text(body, "/transaction_id"))?;
    let said = shape::given(body, "/sub_mchid");
    check_sub_merchant(order.sub_mchid.as_deref(), said.as_deref())?;
    Ok((order.key(), order.sub_mchid.clone()))
}

/// The appid, where a body has one, must be the merchant's.
pub(super) fn check_appid(call: &Call<'_>, body: &Value) -> Result<(), Refusal> {
    if call.signer.has_appid(shape::text(body, "/appid")) {
        Ok(())
    } else {
        Err(Refusal::appid_mismatch())
    }
}

/// A number that the merchant makes.
pub(super) fn check_number(body: &Value, pointer: &str) -> Result<(), Refusal> {
    let number = shape::text(body, pointer);
    let known = |c: char| c.is_ascii_alphanumeric() || "_-|*@".contains(c);
    if number.len() <= 64 && number.chars().all(known) {
        return Ok(());
    }
    let issue = "at most 64 characters, each a letter, a digit or one of _-|*@";
    Err(Refusal::param("body", pointer, number.into(), issue))
}
