//! Requests to share and returns as v3 tells them (protocol section 13.8, appendix A8).

use serde_json::{Value, json};
use wxpay_proto::{TimeText, UnixTime};

use crate::store::Share;
use crate::v3::refusal::Refusal;
use crate::world::World;

/// The request with this key.
pub(super) fn split(world: &World<'_>, key: &str) -> Result<Value, Refusal> {
    let split = world
        .store
        .splits
        .get(key)
        .ok_or_else(Refusal::unknown_resource)?;
    let order = world
        .store
        .orders
        .get(&split.order)
        .ok_or_else(Refusal::unknown_resource)?;
    let shares = split.shares.iter();
    let receivers: Vec<Value> = shares
        .map(|share| receiver(share, split.created, split.finished))
        .collect();
    let mut body = json!({
        "transaction_id": order.transaction_id,
        "out_order_no": split.out_order_no,
        "order_id": split.order_id,
        "state": if split.finished.is_some() { "FINISHED" } else { "PROCESSING" },
        "receivers": receivers,
    });
    if let Some(sub_mchid) = &split.sub_mchid {
        body["sub_mchid"] = json!(sub_mchid);
    }
    Ok(body)
}

fn receiver(share: &Share, created: UnixTime, finished: Option<UnixTime>) -> Value {
    let mut body = json!({
        "type": share.kind,
        "account": share.account,
        "amount": share.amount,
        "description": share.description,
        "result": share.state.as_str(),
        "detail_id": share.detail_id,
        "create_time": TimeText::beijing(created).as_str(),
        "finish_time": end(finished),
    });
    if let Some(reason) = &share.fail_reason {
        body["fail_reason"] = json!(reason);
    }
    body
}

/// The return with this key.
pub(super) fn split_return(world: &World<'_>, key: &str) -> Result<Value, Refusal> {
    let found = world
        .store
        .split_returns
        .get(key)
        .ok_or_else(Refusal::unknown_resource)?;
    let split = world
        .store
        .splits
        .get(&found.split)
        .ok_or_else(Refusal::unknown_resource)?;
    let mut body = json!({
        "order_id": split.order_id,
        "out_order_no": split.out_order_no,
        "out_return_no": found.out_return_no,
        "return_id": found.return_id,
        "return_mchid": found.return_mchid,
        "amount": found.amount,
        "description": found.description,
        "result": found.state.as_str(),
        "create_time": TimeText::beijing(found.created).as_str(),
        "finish_time": end(found.finished),
    });
    if let Some(reason) = &found.fail_reason {
        body["fail_reason"] = json!(reason);
    }
    if let Some(sub_mchid) = &split.sub_mchid {
        body["sub_mchid"] = json!(sub_mchid);
    }
    Ok(body)
}

/// The pages say that the time of the end is always there; of what has not ended it is the earliest one.
fn end(finished: Option<UnixTime>) -> String {
    TimeText::beijing(finished.unwrap_or(UnixTime::from_secs(0))).to_string()
}
