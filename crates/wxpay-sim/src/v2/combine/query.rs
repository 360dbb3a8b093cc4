//! `/pay/querycombinedorder`.

use serde_json::{Value, json};

use super::fields;
use crate::store::{Order, Part};
use crate::v2::answer::{Answer, Reply};
use crate::v2::envelope::Envelope;
use crate::v2::refusal::Refusal;
use crate::world::World;

/// Who pays when the creation does not say: the user behind a QR code.
const SOMEBODY: &str = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o";

pub(super) fn query(envelope: &Envelope<'_>, world: &mut World<'_>) -> Answer {
    fields::check(envelope, &[])?;
    let (owner, number) = (
        envelope.merchant.id().as_str(),
        envelope.field("combine_out_trade_no"),
    );
    let order = world.store.v2_combined.find(owner, number, world.clocks.business);
    order.map(view).ok_or_else(Refusal::unknown_order)
}

fn view(order: &Order) -> Reply {
    let mut reply = Reply::new();
    let mut put = |name: &str, text: &str| reply.insert(name.to_owned(), text.to_owned());
    put("result_msg", "OK");
    put("combine_out_trade_no", &order.number);
    put("trade_state", order.trade_state());
    let description = match order.trade_state() {
        "SUCCESS" => "支付成功",
        "CLOSED" => "订单已关闭",
        _ => "订单未支付",
    };
    put("trade_state_desc", description);
    let asked = |name: &str| order.asked.get(name).and_then(Value::as_str).unwrap_or_default();
    if !asked("device_info").is_empty() {
        put("device_info", asked("device_info"));
    }
    if order.payment().is_some() {
        let openid = asked("combine_openid");
        put(
            "combine_openid",
            if openid.is_empty() { SOMEBODY } else { openid },
        );
    }
    let orders = order.asked.get("sub_order_list").and_then(Value::as_array);
    let orders: Vec<Value> = orders
        .into_iter()
        .flatten()
        .zip(&order.parts)
        .map(|(asked, part)| view_part(order, asked, part))
        .collect();
    put(
        "sub_order_list",
        &json!({ "order_num": orders.len(), "order_list": orders }).to_string(),
    );
    reply
}

fn view_part(order: &Order, asked: &Value, part: &Part) -> Value {
    let mut view = json!({
        "mchid": part.mchid,
        "out_trade_no": part.out_trade_no,
        "trade_type": order.trade_type,
        "attach": asked["attach"],
        "description": asked["body"],
        "amount": { "total_amount": asked["total_fee"], "currency": asked["fee_type"] },
    });
    if order.payment().is_some() {
        view["transaction_id"] = json!(part.transaction_id);
    }
    view
}
