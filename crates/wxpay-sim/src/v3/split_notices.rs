//! What v3 tells the receivers of shares.

use serde_json::{Value, json};
use wxpay_proto::{TimeText, UnixTime};

use crate::outbox::Note;
use crate::store::{Form, Order, Record as _, Schedule, Share, Split, SplitReturn};

/// A share reached its receiver, a merchant whose address this is.
pub(crate) fn share_received(split: &Split, order: &Order, share: &Share, url: String, at: UnixTime) -> Note {
    let about = format!("split {}", split.key());
    let resource = resource(split, order, share, share.amount, &share.description, at);
    note(
        "PROFITSHARING.SUCCESS",
        "分账",
        &share.account,
        url,
        resource,
        about,
    )
}

/// A share was given back, in part or whole.
pub(crate) fn share_returned(
    found: &SplitReturn,
    split: &Split,
    order: &Order,
    share: &Share,
    url: String,
    at: UnixTime,
) -> Note {
    let about = format!("split_return {}", found.key());
    let resource = resource(split, order, share, found.amount, &found.description, at);
    note(
        "PROFITSHARING.RETURN",
        "分账回退",
        &share.account,
        url,
        resource,
        about,
    )
}

fn resource(
    split: &Split,
    order: &Order,
    share: &Share,
    amount: i64,
    description: &str,
    at: UnixTime,
) -> Value {
    let mut resource = json!({
        "transaction_id": order.transaction_id,
        "order_id": split.order_id,
        "out_order_no": split.out_order_no,
        "receiver": {
            "type": share.kind,
            "account": share.account,
            "amount": amount,
            "description": description,
        },
        "success_time": TimeText::beijing(at).as_str(),
    });
    match &split.sub_mchid {
        None => resource["mchid"] = json!(split.mchid),
        Some(sub_mchid) => {
            resource["sp_mchid"] = json!(split.mchid);
            resource["sub_mchid"] = json!(sub_mchid);
        }
    }
    resource
}

fn note(event: &str, summary: &str, mchid: &str, url: String, resource: Value, about: String) -> Note {
    Note {
        mchid: mchid.to_owned(),
        url,
        form: Form::V3,
        event_type: event.to_owned(),
        summary: summary.to_owned(),
        original_type: "profitsharing".to_owned(),
        resource,
        about,
        schedule: Schedule::Day,
    }
}
