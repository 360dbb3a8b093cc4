//! Giving shares back, and looking at what became of it.

use wxpay_proto::TimeText;
use wxpay_proto::v2::Fields;
use wxpay_types::schema::OperationInfo;

use super::refuse::{refuse_return, unknown};
use crate::split_returns;
use crate::splits;
use crate::store::{Document, Record as _, ReturnState, Split, SplitReturn};
use crate::v2::documented::Letter;
use crate::v2::refusal::Refusal;
use crate::world::World;

pub(super) fn create(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    let amount: i64 = letter.text("return_amount").parse().unwrap_or_default();
    if amount < 1 {
        return Err(Refusal::param("return_amount", "an integer from 1 on is wanted"));
    }
    let now = world.clocks.business;
    let split = find(letter, world)?.key();
    let asked = SplitReturn {
        mchid: letter.merchant.id().as_str().to_owned(),
        out_return_no: letter.text("out_return_no").to_owned(),
        return_id: world.sequence.split_id(now),
        split,
        return_mchid: letter.text("return_account").to_owned(),
        amount,
        description: letter.text("description").to_owned(),
        asked: Document::new(&letter.lasting()),
        created: now,
        state: ReturnState::Processing,
        fail_reason: None,
        finished: None,
        settles: None,
    };
    let key = split_returns::accept(world, asked).map_err(refuse_return)?;
    told(info, letter, world, &key)
}

pub(super) fn query(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    let split = find(letter, world)?.key();
    let key = SplitReturn::key_of(letter.merchant.id().as_str(), letter.text("out_return_no"));
    let found = world.store.split_returns.get(&key);
    found.filter(|found| found.split == split).ok_or_else(unknown)?;
    told(info, letter, world, &key)
}

/// The request whose share goes back, by either of its numbers.
fn find<'a>(letter: &Letter<'_>, world: &'a World<'_>) -> Result<&'a Split, Refusal> {
    let id = Some(letter.text("order_id")).filter(|id| !id.is_empty());
    let mchid = letter.merchant.id().as_str();
    let found = splits::by_either(world.store, mchid, id, letter.text("out_order_no"));
    let sub_mchid = letter.sub_merchant()?;
    found
        .filter(|split| split.sub_mchid == sub_mchid)
        .ok_or_else(unknown)
}

fn told(info: &OperationInfo, letter: &Letter<'_>, world: &World<'_>, key: &str) -> Result<Fields, Refusal> {
    let found = world.store.split_returns.get(key).ok_or_else(unknown)?;
    let split = world.store.splits.get(&found.split).ok_or_else(unknown)?;
    let mut fields = Fields::new();
    let mut put = |name: &str, text: &str| fields.insert(name.to_owned(), text.to_owned());
    put("order_id", &split.order_id);
    put("out_order_no", &split.out_order_no);
    put("out_return_no", &found.out_return_no);
    put("return_no", &found.return_id);
    put("return_account_type", "MERCHANT_ID");
    put("return_account", &found.return_mchid);
    put("return_amount", &found.amount.to_string());
    put("description", &found.description);
    put("result", found.state.as_str());
    if let Some(reason) = &found.fail_reason {
        put("fail_reason", reason);
    }
    if let Some(at) = found.finished {
        put("finish_time", TimeText::compact_beijing(at).as_str());
    }
    letter.repeat(info, &mut fields);
    Ok(fields)
}
