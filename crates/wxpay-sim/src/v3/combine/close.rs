//! Closing a combined order: all its sub-orders, or none.

use std::collections::BTreeSet;

use serde_json::Value;

use super::members::CLOSE;
use super::refusals::{closed, paid};
use super::sub_orders;
use crate::settings::RepeatedClose;
use crate::store::NotClosed;
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
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
    let order = world
        .store
        .combine
        .find(owner, number, now)
        .ok_or_else(Refusal::unknown_order)?;
    // Bound to the merchant, but not what the order was created with.
    if shape::text(&order.asked, "/combine_appid") != appid {
        return Err(differs("/combine_appid"));
    }
    let items = body
        .get("sub_orders")
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default();
    let named: BTreeSet<_> = items.iter().map(key).collect();
    if named.len() != items.len() || named != sub_orders::keys(&order.parts) {
        return Err(differs("/sub_orders"));
    }
    match world
        .store
        .combine
        .close(owner, number, now, world.settings.min_close_age_v3)
    {
        Ok(()) => Ok(Reply::no_content()),
        Err(NotClosed::Already) if world.settings.v3_repeated_close == RepeatedClose::NoContent => {
            Ok(Reply::no_content())
        }
        Err(NotClosed::Already) => Err(closed()),
        Err(NotClosed::Paid) => Err(paid()),
        Err(NotClosed::Unknown) => Err(Refusal::unknown_order()),
        Err(NotClosed::TooYoung) => Err(Refusal::new(
            400,
            &world.settings.early_close_code,
            inner::ILLEGAL_PARAMETER,
            "订单创建时间过短 (the order is too young to be closed)",
        )),
    }
}

fn key(item: &Value) -> (&str, &str, &str) {
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
