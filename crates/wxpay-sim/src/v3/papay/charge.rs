//! Charging users (受理扣款), and announcing it (预扣费通知).

use serde_json::{Value, json};

use super::contract::unknown;
use crate::contracts::{self, NotDeducted};
use crate::orders::{self, Conflict};
use crate::store::{Dialect, Document, Order, TradeType};
use crate::v3::answer::{Answer, Reply};
use crate::v3::call::{Call, check_number};
use crate::v3::inner;
use crate::v3::refusal::Refusal;
use crate::v3::schema_check;
use crate::v3::shape;
use crate::world::World;

/// Accepts a deduction. What came of it, the notification and the order's query tell.
pub(super) fn apply(call: &Call<'_>, world: &mut World<'_>) -> Answer {
    let now = world.clocks.business;
    let body = schema_check::body(call, "v3.papay.apply_transaction", &[])?;
    let (appid, number) = (shape::text(&body, "/appid"), shape::text(&body, "/out_trade_no"));
    check_number("/out_trade_no", number, 1, "")?;
    if !call.signer.has_appid(appid) {
        return Err(Refusal::appid_mismatch());
    }
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
        out_trade_no: number.to_owned(),
        transaction_id: world.sequence.transaction_id(now),
        appid: appid.to_owned(),
        description: shape::text(&body, "/description").to_owned(),
        attach: shape::given(&body, "/attach"),
        total,
        currency: currency.clone(),
        notify_url: Some(url.to_owned()),
        asked: Document::new(&body),
        ..Order::blank(Dialect::V3, TradeType::Pap, now, orders::expiry(now, None))
    };
    contracts::deduct(world, order, shape::text(&body, "/contract_id")).map_err(refuse)?;
    Ok(Reply::ok(json!({
        "out_trade_no": number,
        "amount": { "total": total, "currency": currency },
    })))
}

/// Takes note that the user was told of a deduction, or of another try of one. Nothing depends on it here.
pub(super) fn announce(call: &Call<'_>, world: &mut World<'_>, name: &str, id: &str) -> Answer {
    let body = schema_check::body(call, name, &[("contract_id", id)])?;
    call.check_signer("body", "/mchid", shape::text(&body, "/mchid"))?;
    let contract = contracts::by_id(world.store, call.signer.id().as_str(), id);
    let contract = contract.ok_or_else(unknown)?;
    if contract.is_good(world.clocks.business) {
        return Ok(Reply::no_content());
    }
    let issue = "the contract is not in force";
    Err(Refusal::param("url", "contract_id", Value::from(id), issue))
}

fn refuse(why: NotDeducted) -> Refusal {
    match why {
        NotDeducted::NoContract => {
            let message = "签约协议未生效 (no such contract in force)";
            Refusal::new(400, "INVALID_REQUEST", inner::NOT_VALID_ANY_MORE, message)
        }
        NotDeducted::Order(Conflict::Paid) => Refusal::paid(),
        NotDeducted::Order(Conflict::Closed) => Refusal::closed(),
        NotDeducted::Order(Conflict::Different) => Refusal::other_parameters(),
        NotDeducted::Order(Conflict::Used | Conflict::PartUsed(_)) => Refusal::number_used("out_trade_no"),
    }
}
