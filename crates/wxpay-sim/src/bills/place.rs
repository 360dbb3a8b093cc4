//! Which bills tell of a record.

use wxpay_proto::UnixTime;

use super::day::Day;
use super::trade::reversed;
use crate::store::{Dialect, Order, Refund, RefundState, Transfer, TransferState};

/// Which kind of bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum BillKind {
    /// 交易账单.
    Trade,
    /// 资金账单.
    FundFlow,
}

/// A bill that tells of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) kind: BillKind,
    pub(crate) day: Day,
}

/// The bills that an order's payment is in, and its reversal.
pub(crate) fn of_order(order: &Order) -> Vec<Place> {
    let times = order.payment.as_ref().map(|payment| payment.at);
    places(order, times.into_iter().chain(reversed(order)), true)
}

/// The bills that a refund of an order is in. A closed one moved nothing in the end.
pub(crate) fn of_refund(order: &Order, refund: &Refund) -> Vec<Place> {
    let moved = refund.state != RefundState::Closed;
    places(order, [refund.created], moved)
}

/// The bills that a transfer is in: when its money left, and when it came back.
pub(crate) fn of_transfer(transfer: &Transfer) -> Vec<Place> {
    let back = matches!(transfer.state, TransferState::Fail | TransferState::Cancelled);
    let times = [transfer.created]
        .into_iter()
        .chain(back.then_some(transfer.updated));
    sorted(times.map(|at| place(BillKind::FundFlow, at)).collect())
}

fn places(order: &Order, times: impl IntoIterator<Item = UnixTime>, moved: bool) -> Vec<Place> {
    // There are no such bills of global orders here, and the account of fund-flow bills is in yuan.
    let traded = order.dialect != Dialect::Global;
    let moved = moved && order.currency == "CNY";
    let mut places = Vec::new();
    for at in times {
        places.extend(traded.then(|| place(BillKind::Trade, at)));
        places.extend(moved.then(|| place(BillKind::FundFlow, at)));
    }
    sorted(places)
}

fn place(kind: BillKind, at: UnixTime) -> Place {
    Place {
        kind,
        day: Day::of(at),
    }
}

fn sorted(mut places: Vec<Place>) -> Vec<Place> {
    places.sort_unstable();
    places.dedup();
    places
}
