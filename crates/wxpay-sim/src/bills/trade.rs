//! Trade bills (交易账单): a row for each payment and each refund of the day.

use wxpay_proto::bill::{BillWriter, Trade};
use wxpay_proto::{DecimalText, TimeText, UnixTime};

use super::day::{Day, NoBill, cell, spaced, text, yuan};
use crate::store::{Dialect, Order, Record as _, Refund, RefundState, State, Store};

/// Which rows a trade bill has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TradeKind {
    All,
    Success,
    Refund,
}

impl TradeKind {
    /// By the official word; payments and refunds when nothing is said.
    pub(crate) fn find(word: Option<&str>) -> Option<Self> {
        match word {
            None | Some("ALL") => Some(Self::All),
            Some("SUCCESS") => Some(Self::Success),
            Some("REFUND") => Some(Self::Refund),
            Some(_) => None,
        }
    }

    fn columns(self) -> &'static [&'static str] {
        match self {
            Self::All => &Trade::ALL,
            Self::Success => &Trade::SUCCESS,
            Self::Refund => &Trade::REFUND,
        }
    }
}

/// The bill of the orders that a merchant or partner created, of one of its sub-merchants if one is named.
///
/// # Errors
/// [`NoBill`] when nothing happened on the day.
pub(crate) fn trade(
    store: &Store,
    mchid: &str,
    sub_mchid: Option<&str>,
    day: Day,
    kind: TradeKind,
) -> Result<String, NoBill> {
    let rows = rows(store, mchid, sub_mchid, day, kind);
    if rows.is_empty() {
        return Err(NoBill::None);
    }
    let mut writer = BillWriter::new(kind.columns()).map_err(|_| NoBill::Unwritable)?;
    for row in &rows {
        writer.record(row).map_err(|_| NoBill::Unwritable)?;
    }
    let sum = |amount: fn(&Trade) -> Option<i64>| yuan(rows.iter().filter_map(amount).sum());
    let cells = [
        rows.len().to_string(),
        sum(|row| row.settlement_amount),
        sum(|row| row.refund_amount),
        sum(|row| row.coupon_refund_amount),
        "0.00000".to_owned(),
        sum(|row| row.order_amount),
        sum(|row| row.refund_requested),
    ];
    let bill = writer.summary(Trade::SUMMARY, cells);
    text(bill.map_err(|_| NoBill::Unwritable)?)
}

fn rows(store: &Store, mchid: &str, sub_mchid: Option<&str>, day: Day, kind: TradeKind) -> Vec<Trade> {
    let wanted = |order: &&Order| {
        order.mchid == mchid
            && order.dialect != Dialect::Global
            && sub_mchid.is_none_or(|sub_mchid| order.sub_mchid.as_deref() == Some(sub_mchid))
    };
    let mut rows = Vec::new();
    for order in store.orders.iter().filter(wanted) {
        let Some(payment) = &order.payment else { continue };
        if kind != TradeKind::Refund && day.has(payment.at) {
            rows.push((payment.at, paid(order, payment.at)));
        }
        if kind == TradeKind::Success {
            continue;
        }
        for refund in store.refunds.marked(&format!("order:{}", order.key())) {
            if day.has(refund.created) {
                rows.push((refund.created, refunded(order, refund)));
            }
        }
        if let Some(at) = reversed(order).filter(|at| kind == TradeKind::All && day.has(*at)) {
            rows.push((at, taken_back(order, at)));
        }
    }
    rows.sort_by_key(|(at, _)| *at);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// When a paid order was taken back.
pub(super) fn reversed(order: &Order) -> Option<UnixTime> {
    let mut history = order.history.iter().rev();
    let moment = history.find(|moment| moment.what == "reversed")?;
    (order.state == State::Revoked && order.payment.is_some()).then_some(moment.at)
}

/// What the rows of an order have in common. The simulator takes no fees.
fn row(order: &Order, at: UnixTime, state: &str) -> Trade {
    let mut row = Trade::default();
    let number = || Some("0".to_owned());
    row.trade_time = Some(TimeText::from(spaced(at)));
    row.appid = Some(order.appid.clone());
    row.mchid = Some(order.mchid.clone());
    row.sub_mchid = order.sub_mchid.clone().or_else(number);
    row.device_info = Some(cell(order.device_id.as_deref().unwrap_or_default()));
    row.transaction_id = Some(order.transaction_id.clone());
    row.out_trade_no = Some(order.out_trade_no.clone());
    row.openid = Some(cell(order.payer()));
    row.trade_type = Some(order.trade_type.as_str().to_owned());
    row.trade_state = Some(state.to_owned());
    row.bank_type = order.payment.as_ref().map(|payment| cell(&payment.bank_type));
    row.currency = Some(order.currency.clone());
    row.settlement_amount = Some(0);
    row.coupon_amount = Some(0);
    row.refund_id = number();
    row.out_refund_no = number();
    row.refund_amount = Some(0);
    row.coupon_refund_amount = Some(0);
    row.description = Some(cell(&order.description));
    row.attach = Some(cell(order.attach.as_deref().unwrap_or_default()));
    row.fee = Some(DecimalText::from("0.00000"));
    row.rate = Some("0.00%".to_owned());
    row.order_amount = Some(0);
    row.refund_requested = Some(0);
    row
}

fn paid(order: &Order, at: UnixTime) -> Trade {
    let mut row = row(order, at, "SUCCESS");
    row.settlement_amount = Some(order.payer_total());
    row.coupon_amount = Some(order.total - order.payer_total());
    row.order_amount = Some(order.total);
    row
}

fn refunded(order: &Order, refund: &Refund) -> Trade {
    let mut row = row(order, refund.created, "REFUND");
    let time = |at: UnixTime| TimeText::from(spaced(at));
    row.refund_request_time = Some(time(refund.created));
    row.refund_success_time = refund.succeeded.map(time);
    row.refund_id = Some(refund.refund_id.clone());
    row.out_refund_no = Some(refund.out_refund_no.clone());
    row.refund_amount = Some(refund.payer_refund);
    row.coupon_refund_amount = Some(refund.amount - refund.payer_refund);
    let elsewhere = refund.elsewhere.is_some();
    row.refund_type = Some(if elsewhere { "OTHER_BANKCARD" } else { "ORIGINAL" }.to_owned());
    let status = match refund.state {
        RefundState::Success => "SUCCESS",
        RefundState::Processing => "PROCESSING",
        RefundState::Closed => "FAIL",
        RefundState::Abnormal => "CHANGE",
    };
    row.refund_status = Some(status.to_owned());
    row.refund_requested = Some(refund.amount);
    row
}

fn taken_back(order: &Order, at: UnixTime) -> Trade {
    let mut row = row(order, at, "REVOKED");
    row.refund_amount = Some(order.payer_total());
    row.coupon_refund_amount = Some(order.total - order.payer_total());
    row.refund_type = Some("ORIGINAL".to_owned());
    row.refund_status = Some("SUCCESS".to_owned());
    row.refund_requested = Some(order.total);
    row
}
