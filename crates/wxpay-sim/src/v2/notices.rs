//! What v2's notifications say (protocol sections 4.5 and 7.9).

use serde_json::{Map, Value, json};
use wxpay_proto::TimeText;

use super::answer::Reply;
use super::times::spaced;
use super::{combine, pay};
use crate::outbox::Note;
use crate::store::{Combined, Form, Order, Refund, RefundState, Schedule, TradeType};
use crate::world::World;

/// An order was paid. A code payment's merchant learns it from the answer alone.
pub(crate) fn order_paid(world: &mut World<'_>, order: &Order) -> Option<Note> {
    if order.trade_type == TradeType::Micropay {
        return None;
    }
    let url = order.notify_url.clone()?;
    let mut fields = pay::paid(order);
    if order.asked.value().get("sign_type").is_some() {
        let sign_type = order.asked.value()["sign_type"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        fields.insert("sign_type".to_owned(), sign_type);
    }
    let hmac = fields.get("sign_type").is_some_and(|name| name == "HMAC-SHA256");
    let about = format!("order {}", Order::key_of(&order.mchid, &order.out_trade_no));
    let form = if hmac { Form::V2Hmac } else { Form::V2Md5 };
    Some(note(
        &order.mchid,
        url,
        form,
        resource(world, fields),
        about,
        Schedule::Day,
    ))
}

/// A combined order was paid.
pub(crate) fn combined_paid(world: &mut World<'_>, order: &Combined) -> Option<Note> {
    let url = order.notify_url.clone()?;
    let mut fields = combine::view(world.store, order, world.clocks.business);
    fields.insert("combine_appid".to_owned(), order.appid.clone());
    fields.insert("combine_mch_id".to_owned(), order.mchid.clone());
    let about = format!("combined {}", Combined::key_of(&order.mchid, &order.number));
    let resource = resource(world, fields);
    Some(note(
        &order.mchid,
        url,
        Form::V2Hmac,
        resource,
        about,
        Schedule::HalfHour,
    ))
}

/// A refund came to an end, or to a halt.
pub(crate) fn refund_settled(world: &mut World<'_>, refund: &Refund, order: &Order) -> Option<Note> {
    let status = match refund.state {
        RefundState::Success => "SUCCESS",
        RefundState::Closed => "REFUNDCLOSE",
        RefundState::Abnormal => "CHANGE",
        RefundState::Processing => return None,
    };
    let url = refund.notify_url.clone()?;
    let mut outer = Reply::from([
        ("return_code".to_owned(), "SUCCESS".to_owned()),
        ("appid".to_owned(), order.appid.clone()),
        ("mch_id".to_owned(), refund.mchid.clone()),
        ("nonce_str".to_owned(), world.sequence.hex()),
    ]);
    if let Some(sub_mchid) = &refund.sub_mchid {
        outer.insert("sub_mch_id".to_owned(), sub_mchid.clone());
    }
    let mut inner = json!({
        "out_refund_no": refund.out_refund_no,
        "out_trade_no": order.out_trade_no,
        "refund_account": "REFUND_SOURCE_RECHARGE_FUNDS",
        "refund_fee": refund.amount.to_string(),
        "refund_id": refund.refund_id,
        "refund_recv_accout": refund.received_by(),
        "refund_request_source": "API",
        "refund_status": status,
        "settlement_refund_fee": refund.payer_refund.to_string(),
        "cash_refund_fee": refund.payer_refund.to_string(),
        "settlement_total_fee": order.payer_total().to_string(),
        "total_fee": order.total.to_string(),
        "transaction_id": order.transaction_id,
    });
    if let Some(at) = refund.succeeded {
        inner["success_time"] = json!(spaced(&TimeText::beijing(at)));
    }
    let resource = json!({ "outer": object(outer), "req_info": inner });
    let about = format!("refund {}", Refund::key_of(&refund.mchid, &refund.out_refund_no));
    Some(note(
        &refund.mchid,
        url,
        Form::V2Refund,
        resource,
        about,
        Schedule::Day,
    ))
}

fn resource(world: &mut World<'_>, mut fields: Reply) -> Value {
    for (name, text) in [
        ("return_code", "SUCCESS"),
        ("return_msg", "OK"),
        ("result_code", "SUCCESS"),
    ] {
        fields.insert(name.to_owned(), text.to_owned());
    }
    fields.insert("nonce_str".to_owned(), world.sequence.hex());
    object(fields)
}

fn object(fields: Reply) -> Value {
    let members = fields.into_iter().map(|(name, text)| (name, Value::String(text)));
    Value::Object(Map::from_iter(members))
}

fn note(mchid: &str, url: String, form: Form, resource: Value, about: String, schedule: Schedule) -> Note {
    Note {
        mchid: mchid.to_owned(),
        url,
        form,
        event_type: String::new(),
        summary: String::new(),
        original_type: String::new(),
        resource,
        about,
        schedule,
    }
}
