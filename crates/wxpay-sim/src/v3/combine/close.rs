//! Closing a combined order: all its sub-orders, or none.

use std::collections::BTreeSet;

use serde_json::Value;

use super::members::CLOSE;
use super::sub_orders;
use crate::orders;
use crate::store::Combined;
use crate::v3::answer::Answer;
use crate::v3::call::Call;
use crate::v3::closing;
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::shape;
use crate::world::World;

pub(super) fn close(call: &Call<'_>, world: &mut World<'_>, number: &str) -> Answer {
    let now = world.clocks.business;
    let body = call.json()?;
    shape::check(&body, CLOSE)?;
    let appid = shape::text(&body, "/combine_appid");
    if !call.signer.has_appid(appid) {
        return Err(Refusal::appid_mismatch());
    }
    let owner = call.signer.id().as_str();
    let key = Combined::key_of(owner, number);
    let order = world.store.combined.get(&key);
    let order = order.ok_or_else(Refusal::unknown_order)?;
    // Bound to the merchant, but not what the order was created with.
    if order.appid != appid {
        return Err(differs("/combine_appid"));
    }
    let items = body
        .get("sub_orders")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let named: BTreeSet<_> = items.iter().map(named_key).collect();
    if named.len() != items.len() || named != sub_orders::keys(orders::parts(world.store, order)) {
        return Err(differs("/sub_orders"));
    }
    let closed = orders::close_combined(world.store, &key, now, world.settings.min_close_age_v3);
    closing::answer(closed, world.settings)
}

fn named_key(item: &Value) -> (&str, &str, &str) {
    (
        shape::text(item, "/mchid"),
        shape::text(item, "/sub_mchid"),
        shape::text(item, "/out_trade_no"),
    )
}

fn differs(field: &str) -> Refusal {
    let message = format!("请求参数与下单时不一致 ({field} is not what the order was created with)");
    Refusal::new(400, "INVALID_REQUEST", inner::OTHER_MERCHANT, message)
}
