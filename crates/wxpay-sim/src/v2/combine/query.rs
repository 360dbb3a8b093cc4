//! `/pay/querycombinedorder`.

use serde_json::{Value, json};
use wxpay_proto::UnixTime;

use super::fields;
use crate::orders;
use crate::store::{Combined, Order, Store};
use crate::v2::answer::{Answer, Reply};
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;
use crate::world::World;

pub(super) fn query(envelope: &Envelope<'_>, world: &mut World<'_>) -> Answer {
    fields::check(envelope, &[])?;
    let owner = envelope.merchant.id().as_str();
    let key = Combined::key_of(owner, envelope.field("combine_out_trade_no"));
    let order = world
        .store
        .combined
        .get(&key)
        .ok_or_else(Refusal::unknown_order)?;
    Ok(view(world.store, order, world.clocks.business))
}

/// A combined order, as a query and its notification tell it.
pub(crate) fn view(store: &Store, order: &Combined, now: UnixTime) -> Reply {
    let mut reply = Reply::new();
    let mut put = |name: &str, text: &str| reply.insert(name.to_owned(), text.to_owned());
    put("result_msg", "OK");
    put("combine_out_trade_no", &order.number);
    let parts: Vec<&Order> = orders::parts(store, order).collect();
    if let Some(first) = parts.first() {
        put("trade_state", first.trade_state(now));
        put("trade_state_desc", first.trade_state_desc(now));
        if first.payment.is_some() {
            put("combine_openid", first.payer());
        }
    }
    if let Some(device) = &order.device_id {
        put("device_info", device);
    }
    let list: Vec<Value> = parts.into_iter().map(view_part).collect();
    put(
        "sub_order_list",
        &json!({ "order_num": list.len(), "order_list": list }).to_string(),
    );
    reply
}

fn view_part(part: &Order) -> Value {
    let mut view = json!({
        "mchid": part.mchid,
        "out_trade_no": part.out_trade_no,
        "trade_type": part.trade_type.as_str(),
        "attach": part.attach.as_deref().unwrap_or_default(),
        "description": part.description,
        "amount": { "total_amount": part.total, "currency": part.currency },
    });
    if part.payment.is_some() {
        view["transaction_id"] = json!(part.transaction_id);
    }
    view
}
