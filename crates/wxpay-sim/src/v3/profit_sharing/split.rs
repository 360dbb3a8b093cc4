//! Asking for a payment to be shared, and looking at what became of it.

use serde_json::Value;

use super::find;
use super::refuse::{refuse, wrong_amount};
use super::view::split;
use crate::splits;
use crate::store::{Document, Share, ShareState, Split};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::{Call, check_notify_url};
use crate::v3::refund::check_sub_merchant;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

pub(super) fn create(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let body = schema_check::body(call, "v3.profitsharing.create_order", &[])?;
    check_notify_url(&body)?;
    find::check_appid(call, &body)?;
    find::check_number(&body, "/out_order_no")?;
    let (order, sub_mchid) = find::in_body(call, world, &body)?;
    let now = world.clocks.business;
    let receivers = body.get("receivers").and_then(Value::as_array);
    let mut shares = Vec::new();
    for (index, receiver) in receivers.into_iter().flatten().enumerate() {
        let amount = shape::number(receiver, "/amount");
        if amount < 1 {
            return Err(wrong_amount(&format!("/receivers/{index}/amount"), amount));
        }
        shares.push(Share {
            kind: shape::text(receiver, "/type").to_owned(),
            account: shape::text(receiver, "/account").to_owned(),
            amount,
            description: shape::text(receiver, "/description").to_owned(),
            detail_id: world.sequence.split_id(now),
            state: ShareState::Pending,
            fail_reason: None,
            returned: 0,
        });
    }
    let release = body.get("unfreeze_unsplit") == Some(&Value::Bool(true));
    let asked = Split {
        mchid: call.signer.id().as_str().to_owned(),
        sub_mchid,
        out_order_no: shape::text(&body, "/out_order_no").to_owned(),
        order_id: world.sequence.split_id(now),
        order,
        release: false,
        shares,
        returns: 0,
        asked: Document::new(&body),
        created: now,
        finished: None,
        settles: None,
    };
    let key = splits::accept(world, asked, release).map_err(refuse)?;
    split(world, &key).map(Reply::ok)
}

pub(super) fn query(call: &Call<'_>, world: &mut World<'_>, number: &str) -> Answer {
    let id = call.query_parameter("transaction_id")?;
    let issue = "the parameter is missing";
    let id = id.ok_or_else(|| Refusal::param("query", "transaction_id", Value::Null, issue))?;
    let key = Split::key_of(call.signer.id().as_str(), number);
    let found = world.store.splits.get(&key);
    let of_order = |found: &&Split| {
        let order = world.store.orders.get(&found.order);
        order.is_some_and(|order| order.transaction_id == id)
    };
    let found = found.filter(of_order).ok_or_else(Refusal::unknown_resource)?;
    let said = call.query_parameter("sub_mchid")?;
    check_sub_merchant(found.sub_mchid.as_deref(), said.as_deref())?;
    split(world, &key).map(Reply::ok)
}
