//! Fund-flow bills (资金账单): what came into a merchant's account on the day, and what left it.

use wxpay_proto::bill::{BillWriter, FundFlow};
use wxpay_proto::{TimeText, UnixTime};

use super::day::{Day, NoBill, spaced, text, yuan};
use super::trade::reversed;
use crate::accounts;
use crate::store::{Order, Record as _, RefundState, ReturnState, ShareState, Store, TransferState};

/// The account of fund-flow bills is in yuan.
const CURRENCY: &str = "CNY";

/// Money that came in, or, with an amount below 0, left.
#[derive(Clone, Debug)]
struct Flow {
    at: UnixTime,
    business: String,
    voucher: String,
    what: &'static str,
    amount: i64,
}

/// The bill of a merchant's account.
///
/// # Errors
/// [`NoBill`] when nothing happened on the day.
pub(crate) fn fund_flow(store: &Store, mchid: &str, day: Day) -> Result<String, NoBill> {
    let mut flows = flows(store, mchid);
    flows.sort_by_key(|flow| flow.at);
    let all: i64 = flows.iter().map(|flow| flow.amount).sum();
    let before = flows.iter().filter(|flow| day.follows(flow.at));
    let before: i64 = before.map(|flow| flow.amount).sum();
    // What was there before the first flow is what somebody has put there.
    let mut balance = accounts::balance(store, mchid, CURRENCY) - all + before;
    flows.retain(|flow| day.has(flow.at));
    if flows.is_empty() {
        return Err(NoBill::None);
    }
    let mut writer = BillWriter::new(FundFlow::COLUMNS).map_err(|_| NoBill::Unwritable)?;
    for flow in &flows {
        balance += flow.amount;
        let mut row = FundFlow::default();
        row.booking_time = Some(TimeText::from(spaced(flow.at)));
        row.business_id = Some(flow.business.clone());
        row.flow_id = Some(flow.business.clone());
        row.business_name = Some(flow.what.to_owned());
        row.business_type = Some(flow.what.to_owned());
        row.direction = Some(if flow.amount < 0 { "支出" } else { "收入" }.to_owned());
        row.amount = Some(flow.amount.abs());
        row.balance = Some(balance);
        row.applicant = Some("system".to_owned());
        row.voucher_no = Some(flow.voucher.clone());
        writer.record(&row).map_err(|_| NoBill::Unwritable)?;
    }
    let (came, left): (Vec<&Flow>, Vec<&Flow>) = flows.iter().partition(|flow| flow.amount >= 0);
    let sum = |flows: &[&Flow]| yuan(flows.iter().map(|flow| flow.amount.abs()).sum());
    let cells = [
        flows.len().to_string(),
        came.len().to_string(),
        sum(&came),
        left.len().to_string(),
        sum(&left),
    ];
    let bill = writer.summary(FundFlow::SUMMARY, cells);
    text(bill.map_err(|_| NoBill::Unwritable)?)
}

fn flows(store: &Store, mchid: &str) -> Vec<Flow> {
    let mut flows = Vec::new();
    let yuan = |order: &&Order| order.currency == CURRENCY;
    for order in store.orders.iter().filter(yuan) {
        if order.receiver() == mchid {
            of_order(store, order, &mut flows);
        }
        shares(store, order, mchid, &mut flows);
    }
    for transfer in store.transfers.iter().filter(|transfer| transfer.mchid == mchid) {
        let flow = |at, what, amount| Flow {
            at,
            business: transfer.transfer_bill_no.clone(),
            voucher: transfer.out_bill_no.clone(),
            what,
            amount,
        };
        flows.push(flow(transfer.created, "商家转账", -transfer.amount));
        if matches!(transfer.state, TransferState::Fail | TransferState::Cancelled) {
            flows.push(flow(transfer.updated, "商家转账退回", transfer.amount));
        }
    }
    flows
}

/// What a payment brought and its refunds took. A closed refund moved nothing in the end.
fn of_order(store: &Store, order: &Order, flows: &mut Vec<Flow>) {
    let Some(payment) = &order.payment else { return };
    let paid = |at, what, amount| Flow {
        at,
        business: order.transaction_id.clone(),
        voucher: order.out_trade_no.clone(),
        what,
        amount,
    };
    flows.push(paid(payment.at, "交易", order.payer_total()));
    if let Some(at) = reversed(order) {
        flows.push(paid(at, "撤销", -order.payer_total()));
    }
    let refunds = store.refunds.marked(&format!("order:{}", order.key()));
    for refund in refunds.filter(|refund| refund.state != RefundState::Closed) {
        flows.push(Flow {
            at: refund.created,
            business: refund.refund_id.clone(),
            voucher: refund.out_refund_no.clone(),
            what: "退款",
            amount: -refund.payer_refund,
        });
    }
}

/// What the sharing of a payment took from its receiver, or brought to somebody else.
fn shares(store: &Store, order: &Order, mchid: &str, flows: &mut Vec<Flow>) {
    let payer = order.receiver() == mchid;
    let splits = store.splits.marked(&format!("order:{}", order.key()));
    for split in splits.filter(|split| !split.release) {
        let flow = |at, what, amount| Flow {
            at,
            business: split.order_id.clone(),
            voucher: split.out_order_no.clone(),
            what,
            amount,
        };
        for share in &split.shares {
            if payer {
                flows.push(flow(split.created, "分账", -share.amount));
            }
            match (share.state, split.finished) {
                (ShareState::Success, Some(at)) if share.merchant() == Some(mchid) => {
                    flows.push(flow(at, "分账", share.amount));
                }
                (ShareState::Closed, Some(at)) if payer => flows.push(flow(at, "分账退回", share.amount)),
                _ => {}
            }
        }
    }
    let returns = store.split_returns.iter();
    for found in returns.filter(|found| found.state == ReturnState::Success) {
        let split = store.splits.get(&found.split);
        let (Some(at), true) = (
            found.finished,
            split.is_some_and(|split| split.order == order.key()),
        ) else {
            continue;
        };
        let flow = |amount| Flow {
            at,
            business: found.return_id.clone(),
            voucher: found.out_return_no.clone(),
            what: "分账回退",
            amount,
        };
        if payer {
            flows.push(flow(found.amount));
        }
        if found.return_mchid == mchid {
            flows.push(flow(-found.amount));
        }
    }
}
