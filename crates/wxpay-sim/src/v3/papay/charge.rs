//! Charging users (受理扣款), and announcing it (预扣费通知).

use serde_json::{Value, json};

use super::mode::Mode;
use super::refuse::{not_deducted, untimely};
use crate::contracts;
use crate::deduction_days::{self, Untimely};
use crate::orders;
use crate::store::{Announced, Dialect, Document, Order, Record as _, TradeType};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::{Call, check_number};
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

/// Accepts a deduction. What came of it, the notification and the order's query tell.
pub(super) fn apply(mode: Mode, call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let now = world.clocks.business;
    let body = schema_check::body(call, &mode.operation("apply_transaction"), &[])?;
    let number = shape::text(&body, "/out_trade_no");
    check_number("/out_trade_no", number, 1, "")?;
    let (appid, sub_mchid) = (mode.appid(call, &body)?, mode.sub_mchid(call, &body)?);
    let url = shape::text(&body, "/transaction_notify_url");
    if !url.starts_with("https://") {
        let issue = "an absolute address by https is wanted";
        return Err(Refusal::param(
            "body",
            "/transaction_notify_url",
            url.into(),
            issue,
        ));
    }
    let total = shape::number(&body, "/amount/total");
    if total < 1 {
        let issue = "an integer from 1 on is wanted";
        let refusal = Refusal::param("body", "/amount/total", total.into(), issue);
        return Err(refusal.with_inner(inner::OUT_OF_RANGE));
    }
    let currency = shape::given(&body, "/amount/currency").unwrap_or_else(|| "CNY".to_owned());
    let order = Order {
        mchid: call.signer.id().as_str().to_owned(),
        sub_mchid,
        out_trade_no: number.to_owned(),
        transaction_id: world.sequence.transaction_id(now),
        appid,
        sub_appid: shape::given(&body, "/sub_appid"),
        description: shape::text(&body, "/description").to_owned(),
        attach: shape::given(&body, "/attach"),
        total,
        currency: currency.clone(),
        notify_url: Some(url.to_owned()),
        asked: Document::new(&body),
        ..Order::blank(Dialect::V3, TradeType::Pap, now, orders::expiry(now, None))
    };
    contracts::deduct(world, order, shape::text(&body, "/contract_id")).map_err(not_deducted)?;
    Ok(Reply::ok(json!({
        "out_trade_no": number,
        "amount": { "total": total, "currency": currency },
    })))
}

/// Tells the user of a deduction that is to come: it may be made after two days, and not be more.
pub(super) fn announce(mode: Mode, call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    let (now, quiet) = (world.clocks.business, world.settings.quiet_hours);
    let body = schema_check::body(
        call,
        &mode.operation("pre_notify_contract"),
        &[("contract_id", id)],
    )?;
    let key = told(mode, call, world, id, &body)?;
    if quiet && !(7 * 3600..22 * 3600).contains(&deduction_days::clock(now)) {
        return Err(untimely(Untimely::Night));
    }
    let announced = Announced {
        at: now,
        amount: shape::number(&body, "/estimated_amount/amount"),
        days: body
            .pointer("/deduct_duration/count")
            .and_then(Value::as_i64)
            .unwrap_or(deduction_days::USUAL),
    };
    world
        .store
        .contracts
        .edit(&key, |contract| contract.announced = Some(announced));
    Ok(Reply::no_content())
}

/// Tells the user that a deduction will be tried again (重试扣费通知). Nothing depends on it.
pub(super) fn say_again(mode: Mode, call: &Call<'_>, world: &mut World<'_>, id: &str) -> Answer {
    let body = schema_check::body(
        call,
        &mode.operation("fail_notify_contract"),
        &[("contract_id", id)],
    )?;
    told(mode, call, world, id, &body)?;
    Ok(Reply::no_content())
}

/// The key of the contract whose user is told something, which must be in force.
fn told(mode: Mode, call: &Call<'_>, world: &World<'_>, id: &str, body: &Value) -> Result<String, Refusal> {
    mode.check_signer(call, body)?;
    mode.appid(call, body)?;
    let contract = mode.by_id(call, world.store, id, body)?;
    if contract.is_good(world.clocks.business) {
        return Ok(contract.key());
    }
    let issue = "the contract is not in force";
    Err(Refusal::param("url", "contract_id", Value::from(id), issue))
}
