//! What there is, for whoever looks on.

use serde::Serialize;
use wxpay_proto::{TimeText, UnixTime};

use super::Platform;
use crate::clocks::Clocks;
use crate::store::{Moment, Order, Refund, State, Transfer};

/// An order, as whoever looks on sees it ([`Platform::orders`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Ordered {
    /// Who created it.
    pub mchid: String,
    /// The sub-merchant that it was created for.
    pub sub_mchid: Option<String>,
    /// The merchant's number of it.
    pub number: String,
    /// The number of the combined order that it is a part of.
    pub part_of: Option<String>,
    /// WeChat Pay's number of it, which clients learn when it is paid.
    pub transaction_id: String,
    /// `JSAPI`, `NATIVE` …
    pub trade_type: &'static str,
    /// `NOTPAY`, `SUCCESS` …, by the business clock.
    pub state: &'static str,
    /// What it is for.
    pub description: String,
    /// What the merchant wants to be told again.
    pub attach: Option<String>,
    /// In the currency's smallest unit.
    pub total: i64,
    /// `CNY`, `HKD` …
    pub currency: String,
    /// What was refunded or is being refunded, in the currency's smallest unit.
    pub refunded: i64,
    /// When it was created, by the business clock.
    pub created: String,
    /// When it closes by itself unless it is paid, by the business clock.
    pub expires: String,
    /// When it was paid.
    pub paid: Option<String>,
    /// The contract that it is deducted by or signs when it is paid: merchant, template and the merchant's number of it,
    /// `1900007291/12535/C1`.
    pub contract: Option<String>,
    /// Where its notification goes.
    pub notify_url: Option<String>,
    /// What happened to it, oldest first: when and what.
    pub history: Vec<(String, String)>,
}

/// A refund, as whoever looks on sees it ([`Platform::refunds`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Refunded {
    /// Who asked for it.
    pub mchid: String,
    /// The merchant's number of it.
    pub number: String,
    /// WeChat Pay's number of it.
    pub refund_id: String,
    /// The merchant's number of its order.
    pub order: String,
    /// `PROCESSING`, `SUCCESS`, `CLOSED` or `ABNORMAL`.
    pub state: &'static str,
    /// In the smallest unit of the order's currency.
    pub amount: i64,
    /// `CNY`, `HKD` …
    pub currency: String,
    /// When it was asked for, by the business clock.
    pub created: String,
    /// When it succeeded.
    pub succeeded: Option<String>,
    /// When it succeeds by itself.
    pub settles: Option<String>,
    /// What happened to it, oldest first: when and what.
    pub history: Vec<(String, String)>,
}

/// A merchant transfer bill (商家转账单), as whoever looks on sees it ([`Platform::transfers`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Transferred {
    /// Who asked for it.
    pub mchid: String,
    /// The merchant's number of it.
    pub number: String,
    /// WeChat Pay's number of it.
    pub transfer_bill_no: String,
    /// Who gets the money.
    pub openid: String,
    /// `WAIT_USER_CONFIRM`, `TRANSFERING`, `SUCCESS` …
    pub state: &'static str,
    /// In fen.
    pub amount: i64,
    /// What the merchant says about it.
    pub remark: String,
    /// Why it failed.
    pub fail_reason: Option<String>,
    /// When it was asked for, by the business clock.
    pub created: String,
    /// When its state changed last, by the business clock.
    pub updated: String,
    /// When its state changes by itself, by the business clock.
    pub changes: Option<String>,
    /// What happened to it, oldest first: when and what.
    pub history: Vec<(String, String)>,
}

impl Platform {
    /// Every order and every part of a combined one, oldest first.
    #[must_use]
    pub fn orders(&self, clocks: Clocks) -> Vec<Ordered> {
        let mut orders: Vec<&Order> = self.store.orders.iter().collect();
        orders.sort_by_key(|order| order.created);
        orders
            .into_iter()
            .map(|order| ordered(order, clocks.business))
            .collect()
    }

    /// Every merchant transfer bill, oldest first.
    #[must_use]
    pub fn transfers(&self) -> Vec<Transferred> {
        let mut transfers: Vec<&Transfer> = self.store.transfers.iter().collect();
        transfers.sort_by_key(|transfer| transfer.created);
        transfers.into_iter().map(transferred).collect()
    }

    /// Every refund, oldest first.
    #[must_use]
    pub fn refunds(&self) -> Vec<Refunded> {
        let mut refunds: Vec<&Refund> = self.store.refunds.iter().collect();
        refunds.sort_by_key(|refund| refund.created);
        refunds.into_iter().map(|refund| self.refunded(refund)).collect()
    }

    pub(super) fn refunded(&self, refund: &Refund) -> Refunded {
        let order = self.store.orders.get(&refund.order);
        let currency = order.map(|order| order.currency.clone()).unwrap_or_default();
        refunded(refund, currency)
    }
}

pub(super) fn ordered(order: &Order, now: UnixTime) -> Ordered {
    Ordered {
        mchid: order.mchid.clone(),
        sub_mchid: order.sub_mchid.clone(),
        number: order.out_trade_no.clone(),
        part_of: order.combined.as_deref().map(number),
        transaction_id: order.transaction_id.clone(),
        trade_type: order.trade_type.as_str(),
        state: order.trade_state(now),
        description: order.description.clone(),
        attach: order.attach.clone(),
        total: order.total,
        currency: order.currency.clone(),
        refunded: order.refunded,
        created: text(order.created),
        expires: text(order.expires),
        paid: order.payment.as_ref().map(|payment| text(payment.at)),
        contract: order.contract.clone(),
        notify_url: order.notify_url.clone(),
        history: told(moments(order, now)),
    }
}

/// What happened to an order, and that its time ran out.
pub(super) fn moments(order: &Order, now: UnixTime) -> Vec<Moment> {
    let mut moments = order.history.clone();
    if order.state == State::Open && order.state(now) == State::Closed {
        moments.push(Moment::new(order.expires, "expired"));
    }
    moments
}

fn told(moments: Vec<Moment>) -> Vec<(String, String)> {
    let told = moments.into_iter().map(|moment| (text(moment.at), moment.what));
    told.collect()
}

fn refunded(refund: &Refund, currency: String) -> Refunded {
    Refunded {
        mchid: refund.mchid.clone(),
        number: refund.out_refund_no.clone(),
        refund_id: refund.refund_id.clone(),
        order: number(&refund.order),
        state: refund.state.as_str(),
        amount: refund.amount,
        currency,
        created: text(refund.created),
        succeeded: refund.succeeded.map(text),
        settles: refund.settles.map(text),
        history: told(refund.moments()),
    }
}

pub(super) fn transferred(transfer: &Transfer) -> Transferred {
    Transferred {
        mchid: transfer.mchid.clone(),
        number: transfer.out_bill_no.clone(),
        transfer_bill_no: transfer.transfer_bill_no.clone(),
        openid: transfer.openid.clone(),
        state: transfer.state.as_str(),
        amount: transfer.amount,
        remark: transfer.remark.clone(),
        fail_reason: transfer.fail_reason.clone(),
        created: text(transfer.created),
        updated: text(transfer.updated),
        changes: transfer.changes.map(text),
        history: told(transfer.moments()),
    }
}

/// The number in a key.
fn number(key: &str) -> String {
    key.split_once('/').map_or(key, |(_, number)| number).to_owned()
}

pub(super) fn text(time: UnixTime) -> String {
    TimeText::beijing(time).as_str().to_owned()
}
