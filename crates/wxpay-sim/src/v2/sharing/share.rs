//! Sharing a payment once or several times, ending that, and looking at it.

use serde_json::{Value, json};
use wxpay_proto::TimeText;
use wxpay_proto::v2::Fields;
use wxpay_types::schema::OperationInfo;

use super::refuse::{refuse, unknown};
use crate::orders;
use crate::splits;
use crate::store::{Document, Order, Record as _, Share, ShareState, Split};
use crate::v2::documented::Letter;
use crate::v2::refusal::Refusal;
use crate::world::World;

/// Shares, and releases what is left (单次分账).
pub(super) fn once(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    create(info, letter, world, true)
}

/// Shares, and keeps the rest for further shares (多次分账).
pub(super) fn more(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    create(info, letter, world, false)
}

fn create(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
    release: bool,
) -> Result<Fields, Refusal> {
    let now = world.clocks.business;
    let receivers: Value = serde_json::from_str(letter.text("receivers"))
        .map_err(|_| Refusal::param("receivers", "a JSON list is wanted"))?;
    let mut shares = Vec::new();
    for receiver in receivers.as_array().into_iter().flatten() {
        let text = |name: &str| receiver[name].as_str().unwrap_or_default().to_owned();
        let amount = receiver["amount"].as_i64().unwrap_or_default();
        if amount < 1 {
            return Err(Refusal::param("receivers", "an amount is an integer from 1 on"));
        }
        shares.push(Share {
            kind: text("type"),
            account: text("account"),
            amount,
            description: text("description"),
            detail_id: world.sequence.split_id(now),
            state: ShareState::Pending,
            fail_reason: None,
            returned: 0,
        });
    }
    let split = read(letter, world, shares, false)?;
    let key = splits::accept(world, split, release).map_err(refuse)?;
    told(info, letter, world, &key)
}

/// Releases what is left of a payment (完结分账).
pub(super) fn finish(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    let now = world.clocks.business;
    let split = read(letter, world, Vec::new(), true)?;
    let description = letter.text("description").to_owned();
    let share = |world: &mut World<'_>, account: String, amount: i64| Share {
        kind: "MERCHANT_ID".to_owned(),
        account,
        amount,
        description,
        detail_id: world.sequence.split_id(now),
        state: ShareState::Pending,
        fail_reason: None,
        returned: 0,
    };
    let key = splits::release(world, split, share).map_err(refuse)?;
    told(info, letter, world, &key)
}

pub(super) fn query(
    info: &OperationInfo,
    letter: &Letter<'_>,
    world: &mut World<'_>,
) -> Result<Fields, Refusal> {
    let key = Split::key_of(letter.merchant.id().as_str(), letter.text("out_order_no"));
    let id = payment(letter, world)?.key();
    let split = world.store.splits.get(&key).filter(|split| split.order == id);
    let split = split.ok_or_else(unknown)?;
    let finished = split
        .finished
        .map(|at| TimeText::compact_beijing(at).as_str().to_owned())
        .unwrap_or_default();
    let receivers = split.shares.iter().map(|share| {
        let mut told = json!({
            "type": share.kind,
            "account": share.account,
            "amount": share.amount,
            "description": share.description,
            "detail_id": share.detail_id,
            "finish_time": finished,
            "result": share.state.as_str(),
        });
        if let Some(mchid) = share.merchant() {
            told["receiver_mchid"] = json!(mchid);
        }
        if let Some(reason) = &share.fail_reason {
            told["fail_reason"] = json!(reason);
        }
        told
    });
    let receivers = Value::Array(receivers.collect()).to_string();
    let status = if split.finished.is_some() {
        "FINISHED"
    } else {
        "PROCESSING"
    };
    let mut fields = told(info, letter, world, &key)?;
    fields.insert("status".to_owned(), status.to_owned());
    fields.insert("receivers".to_owned(), receivers);
    Ok(fields)
}

/// The paid order that a call names, a part of a combined one included.
pub(super) fn payment<'a>(letter: &Letter<'_>, world: &'a World<'_>) -> Result<&'a Order, Refusal> {
    let sub_mchid = letter.sub_merchant()?;
    let id = letter.text("transaction_id");
    let order = orders::with_id(world.store, letter.merchant.id().as_str(), id);
    let order = order.filter(|order| order.payment.is_some() && order.sub_mchid == sub_mchid);
    order.ok_or_else(Refusal::unknown_order)
}

fn read(
    letter: &Letter<'_>,
    world: &mut World<'_>,
    shares: Vec<Share>,
    release: bool,
) -> Result<Split, Refusal> {
    if !letter.merchant.has_appid(letter.text("appid")) {
        return Err(Refusal::appid_mismatch());
    }
    let now = world.clocks.business;
    let order_id = world.sequence.split_id(now);
    Ok(Split {
        mchid: letter.merchant.id().as_str().to_owned(),
        sub_mchid: letter.sub_merchant()?,
        out_order_no: letter.text("out_order_no").to_owned(),
        order_id,
        order: payment(letter, world)?.key(),
        release,
        shares,
        returns: 0,
        asked: Document::new(&letter.lasting()),
        created: now,
        finished: None,
        settles: None,
    })
}

fn told(info: &OperationInfo, letter: &Letter<'_>, world: &World<'_>, key: &str) -> Result<Fields, Refusal> {
    let split = world.store.splits.get(key).ok_or_else(unknown)?;
    let mut fields = Fields::from([
        (
            "transaction_id".to_owned(),
            letter.text("transaction_id").to_owned(),
        ),
        ("out_order_no".to_owned(), split.out_order_no.clone()),
        ("order_id".to_owned(), split.order_id.clone()),
    ]);
    letter.repeat(info, &mut fields);
    Ok(fields)
}
