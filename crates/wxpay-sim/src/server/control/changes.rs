//! What control changes.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use wxpay_proto::TimeText;

use super::super::desk::Desk;
use super::reply::{Answer, Problem};
use super::{complaints, contracts, deliveries, rules, transfers, views};
use crate::fault::Fault;
use crate::order::{OrderKind, OrderRef, PayError, Payer, RefundOutcome, RefundRef, SettleError};

/// Every path of a change, behind the API's own.
pub(super) const PATHS: [&str; 25] = [
    "orders/pay",
    "orders/fail",
    "orders/abandon",
    "refunds/settle",
    "complaints/create",
    "complaints/reply",
    "complaints/continue",
    "complaints/withdraw",
    "transfers/settle",
    "contracts/sign",
    "contracts/terminate",
    "contracts/break",
    "balance",
    "clock",
    "faults",
    "faults/clear",
    "rules/add",
    "rules/remove",
    "rules/switch",
    "scenario",
    "notifications/resend",
    "notifications/hold",
    "deliveries/reply",
    "exchanges/clear",
    "reset",
];

/// An order, and who pays it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Order {
    number: String,
    /// Needed only when two accounts use the same number.
    mchid: Option<String>,
    #[serde(default)]
    combined: bool,
    openid: Option<String>,
    bank_type: Option<String>,
    /// What a coupon takes off, in fen.
    coupon: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Refund {
    number: String,
    mchid: Option<String>,
    outcome: Outcome,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Success,
    Closed,
    Abnormal,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Balance {
    mchid: String,
    /// Fen.
    balance: i64,
}

/// By how many seconds, or to when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clock {
    seconds: Option<i64>,
    to: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Faults {
    fault: String,
    #[serde(default = "once")]
    times: u32,
}

fn once() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Resent {
    id: String,
    #[serde(default)]
    probe: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Held {
    id: String,
    seconds: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// How many faults may wait, so that nobody waits for a million of them.
const FAULTS: u32 = 1000;

pub(super) async fn make(desk: &Desk, path: &str, body: &[u8]) -> Answer {
    match path {
        "orders/pay" => {
            let order: Order = read(body)?;
            let (order, payer) = named(order);
            let paid = desk.act(|platform, clocks| platform.pay_as(&order, &payer, clocks));
            paid.await?.map_err(not_paid)?;
        }
        "orders/fail" => {
            let (order, _) = named(read(body)?);
            let failed = desk.act(|platform, clocks| platform.fail_payment(&order, clocks));
            failed.await?.map_err(not_paid)?;
        }
        "orders/abandon" => {
            let (order, _) = named(read(body)?);
            let abandoned = desk.act(|platform, clocks| platform.abandon(&order, clocks));
            abandoned.await?.map_err(not_paid)?;
        }
        "refunds/settle" => settle(desk, read(body)?).await?,
        "transfers/settle" => transfers::settle(desk, read(body)?).await?,
        "balance" => {
            let Balance { mchid, balance } = read(body)?;
            desk.act(|platform, _| platform.set_balance(&mchid, balance))
                .await?;
        }
        "complaints/create" => return complaints::create(desk, read(body)?).await,
        "complaints/reply" => complaints::reply(desk, read(body)?).await?,
        "complaints/continue" => complaints::go_on(desk, read(body)?).await?,
        "complaints/withdraw" => complaints::withdraw(desk, read(body)?).await?,
        "contracts/sign" => return contracts::sign(desk, read(body)?).await,
        "contracts/terminate" => contracts::terminate(desk, read(body)?).await?,
        "contracts/break" => contracts::spoil(desk, read(body)?).await?,
        "clock" => return turn(desk, read(body)?).await,
        "faults" => return spoil(desk, read(body)?).await,
        "faults/clear" => {
            let Nothing {} = read(body)?;
            desk.act(|platform, _| platform.forget_faults()).await?;
        }
        "rules/add" => return rules::add(desk, read(body)?).await,
        "rules/remove" => rules::remove(desk, read(body)?).await?,
        "rules/switch" => rules::switch(desk, read(body)?).await?,
        "scenario" => rules::play(desk, body).await?,
        "notifications/resend" => {
            let Resent { id, probe } = read(body)?;
            let resent = desk.act(|platform, clocks| platform.resend(&id, probe, clocks));
            known(resent.await?, &id)?;
        }
        "notifications/hold" => {
            let Held { id, seconds } = read(body)?;
            let held = desk.act(|platform, clocks| platform.hold(&id, seconds, clocks));
            known(held.await?, &id)?;
        }
        "deliveries/reply" => return deliveries::reply(desk, body).await,
        "exchanges/clear" => {
            let Nothing {} = read(body)?;
            desk.clear_log();
        }
        "reset" => {
            let Nothing {} = read(body)?;
            desk.reset().await?;
        }
        _ => return Err(Problem::missing(path)),
    }
    Ok(json!({ "done": path }))
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body).map_err(|error| Problem::bad(format!("the body: {error}")))
}

fn named(order: Order) -> (OrderRef, Payer) {
    let kind = if order.combined {
        OrderKind::Combine
    } else {
        OrderKind::Order
    };
    let mut named = OrderRef::new(kind, order.number);
    if let Some(mchid) = order.mchid {
        named = named.created_by(mchid);
    }
    let payer = Payer {
        openid: order.openid,
        bank_type: order.bank_type,
        coupon: order.coupon,
    };
    (named, payer)
}

fn not_paid(error: PayError) -> Problem {
    match error {
        PayError::Unknown { .. } => Problem::missing(error),
        _ => Problem::conflict(error),
    }
}

async fn settle(desk: &Desk, refund: Refund) -> Result<(), Problem> {
    let mut named = RefundRef::new(refund.number);
    if let Some(mchid) = refund.mchid {
        named = named.created_by(mchid);
    }
    let outcome = match refund.outcome {
        Outcome::Success => RefundOutcome::Success,
        Outcome::Closed => RefundOutcome::Closed,
        Outcome::Abnormal => RefundOutcome::Abnormal,
    };
    let settled = desk.act(|platform, clocks| platform.settle_refund(&named, outcome, clocks));
    settled.await?.map_err(|error| match error {
        SettleError::Unknown { .. } => Problem::missing(error),
        _ => Problem::conflict(error),
    })
}

async fn turn(desk: &Desk, clock: Clock) -> Answer {
    let to = match (clock.seconds, &clock.to) {
        (Some(_), None) => None,
        (None, Some(to)) => {
            let time = TimeText::new(to.as_str()).parse();
            Some(time.map_err(|error| Problem::bad(format!("`to`: {error}")))?)
        }
        _ => return Err(Problem::bad("wanted is `seconds` or `to`")),
    };
    let turned = desk.act(|platform, clocks| {
        let by = to.map_or(0, |to| to.seconds_since(clocks.business));
        platform.turn_business_clock(clock.seconds.unwrap_or(by));
    });
    turned.await?;
    Ok(views::clocks(desk.clocks()))
}

async fn spoil(desk: &Desk, faults: Faults) -> Answer {
    let fault = Fault::find(&faults.fault).ok_or_else(|| {
        let known = Fault::names();
        Problem::bad(format!("`fault`: {:?} is none of {known}", faults.fault))
    })?;
    if faults.times > FAULTS {
        return Err(Problem::bad(format!("`times`: at most {FAULTS}")));
    }
    let times = faults.times;
    desk.act(|platform, _| (0..times).for_each(|_| platform.fail_next(fault)))
        .await?;
    Ok(json!({ "fault": fault.name(), "times": times }))
}

fn known(found: bool, id: &str) -> Result<(), Problem> {
    found
        .then_some(())
        .ok_or_else(|| Problem::missing(format!("there is no notification {id}")))
}

/// Every path is known to [`make`]; a test sees to it.
#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Platform, Profile, Settings};

    #[tokio::test]
    async fn every_path_leads_somewhere() {
        let platform = Platform::new(Profile::test(), Settings::default());
        let desk = Desk::new(platform, None);
        for path in PATHS {
            let answer = make(&desk, path, b"1").await;
            let Problem(status, problem) = answer.unwrap_err();
            assert_eq!(status, 400, "{path}: {problem}");
        }
    }
}
