//! Giving shares back, and looking at what became of it.

use serde_json::Value;

use super::find::check_number;
use super::refuse::{refuse_return, wrong_amount};
use super::view::split_return;
use crate::split_returns;
use crate::splits;
use crate::store::{Document, Record as _, ReturnState, Split, SplitReturn};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::Call;
use crate::v3::refund::check_sub_merchant;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

pub(super) fn create(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let body = schema_check::body(call, "v3.profitsharing.create_return_order", &[])?;
    check_number(&body, "/out_return_no")?;
    let amount = shape::number(&body, "/amount");
    if amount < 1 {
        return Err(wrong_amount("/amount", amount));
    }
    let now = world.clocks.business;
    let split = find(call, world, &body)?;
    let said = shape::given(&body, "/sub_mchid");
    check_sub_merchant(split.sub_mchid.as_deref(), said.as_deref())?;
    let split = split.key();
    let asked = SplitReturn {
        mchid: call.signer.id().as_str().to_owned(),
        out_return_no: shape::text(&body, "/out_return_no").to_owned(),
        return_id: world.sequence.split_id(now),
        split,
        return_mchid: shape::text(&body, "/return_mchid").to_owned(),
        amount,
        description: shape::text(&body, "/description").to_owned(),
        asked: Document::new(&body),
        created: now,
        state: ReturnState::Processing,
        fail_reason: None,
        finished: None,
        settles: None,
    };
    let key = split_returns::accept(world, asked).map_err(refuse_return)?;
    split_return(world, &key).map(Reply::ok)
}

pub(super) fn query(call: &Call<'_>, world: &mut World<'_>, number: &str) -> Answer {
    let order = call.query_parameter("out_order_no")?;
    let issue = "the parameter is missing";
    let order = order.ok_or_else(|| Refusal::param("query", "out_order_no", Value::Null, issue))?;
    let mchid = call.signer.id().as_str();
    let key = SplitReturn::key_of(mchid, number);
    let found = world.store.split_returns.get(&key);
    let found = found.filter(|found| found.split == Split::key_of(mchid, &order));
    let split = found.and_then(|found| world.store.splits.get(&found.split));
    let split = split.ok_or_else(Refusal::unknown_resource)?;
    let said = call.query_parameter("sub_mchid")?;
    check_sub_merchant(split.sub_mchid.as_deref(), said.as_deref())?;
    split_return(world, &key).map(Reply::ok)
}

/// The request whose share goes back, by either of its numbers.
fn find<'a>(call: &Call<'_>, world: &'a World<'_>, body: &Value) -> Result<&'a Split, Refusal> {
    let mchid = call.signer.id().as_str();
    let id = shape::given(body, "/order_id");
    let found = splits::by_either(
        world.store,
        mchid,
        id.as_deref(),
        shape::text(body, "/out_order_no"),
    );
    found.ok_or_else(Refusal::unknown_resource)
}
