//! What v3's notifications say (protocol sections 4.2 to 4.4, appendix C).

use serde_json::{Value, json};
use wxpay_proto::{TimeText, UnixTime};

use super::combine;
use super::global;
use super::pay;
use crate::outbox::Note;
use crate::store::{
    Combined, Form, Order, Record as _, Refund, RefundState, Schedule, Store, TradeType, Transfer,
    TransferState,
};

/// An order was paid. A code payment's merchant learns it from the answer alone.
pub(crate) fn order_paid(order: &Order, now: UnixTime) -> Option<Note> {
    paid(order, pay::view(order, now))
}

/// A global order was paid.
pub(crate) fn global_paid(order: &Order, now: UnixTime) -> Option<Note> {
    paid(order, global::view(order, now))
}

fn paid(order: &Order, resource: Value) -> Option<Note> {
    if order.trade_type == TradeType::Micropay {
        return None;
    }
    let url = order.notify_url.clone()?;
    let key = Order::key_of(&order.mchid, &order.out_trade_no);
    Some(success(&order.mchid, url, resource, format!("order {key}")))
}

/// A combined order was paid: it is told by its own members, and the event is the ordinary one.
pub(crate) fn combined_paid(store: &Store, order: &Combined, now: UnixTime) -> Option<Note> {
    let url = order.notify_url.clone()?;
    let about = format!("combined {}", Combined::key_of(&order.mchid, &order.number));
    Some(success(
        &order.mchid,
        url,
        combine::view(store, order, now),
        about,
    ))
}

fn success(mchid: &str, url: String, resource: Value, about: String) -> Note {
    Note {
        mchid: mchid.to_owned(),
        url,
        form: Form::V3,
        event_type: "TRANSACTION.SUCCESS".to_owned(),
        summary: "支付成功".to_owned(),
        original_type: "transaction".to_owned(),
        resource,
        about,
        schedule: Schedule::Day,
    }
}

/// A refund came to an end, or to a halt. Without an address in its request nobody is told.
pub(crate) fn refund_settled(refund: &Refund, order: &Order) -> Option<Note> {
    let (event, summary) = match refund.state {
        RefundState::Success => ("REFUND.SUCCESS", "退款成功"),
        RefundState::Closed => ("REFUND.CLOSED", "退款关闭"),
        RefundState::Abnormal => ("REFUND.ABNORMAL", "退款异常"),
        RefundState::Processing => return None,
    };
    let coupon = order.payment.as_ref().map_or(0, |payment| payment.coupon);
    let mut resource = json!({
        "out_trade_no": order.out_trade_no,
        "transaction_id": order.transaction_id,
        "out_refund_no": refund.out_refund_no,
        "refund_id": refund.refund_id,
        "refund_status": refund.state.as_str(),
        "user_received_account": refund.received_by(),
        "amount": {
            "total": order.total,
            "refund": refund.amount,
            "payer_total": order.total - coupon,
            "payer_refund": refund.payer_refund,
        },
    });
    match &refund.sub_mchid {
        None => resource["mchid"] = json!(refund.mchid),
        Some(sub_mchid) => {
            resource["sp_mchid"] = json!(refund.mchid);
            resource["sub_mchid"] = json!(sub_mchid);
        }
    }
    if let Some(at) = refund.succeeded {
        resource["success_time"] = json!(TimeText::beijing(at).as_str());
    }
    Some(Note {
        mchid: refund.mchid.clone(),
        url: refund.notify_url.clone()?,
        form: Form::V3,
        event_type: event.to_owned(),
        summary: summary.to_owned(),
        original_type: "refund".to_owned(),
        resource,
        about: format!("refund {}", Refund::key_of(&refund.mchid, &refund.out_refund_no)),
        schedule: Schedule::Day,
    })
}

/// A transfer came to its end. Without an address in its request nobody is told.
pub(crate) fn transfer_ended(transfer: &Transfer) -> Option<Note> {
    match transfer.state {
        TransferState::Success | TransferState::Fail | TransferState::Cancelled => {}
        TransferState::WaitUserConfirm | TransferState::Transfering | TransferState::Canceling => {
            return None;
        }
    }
    let mut resource = json!({
        "mchid": transfer.mchid,
        "out_bill_no": transfer.out_bill_no,
        "transfer_bill_no": transfer.transfer_bill_no,
        "state": transfer.state.as_str(),
        "transfer_amount": transfer.amount,
        "openid": transfer.openid,
        "create_time": TimeText::beijing(transfer.created).as_str(),
        "update_time": TimeText::beijing(transfer.updated).as_str(),
    });
    if let Some(reason) = &transfer.fail_reason {
        resource["fail_reason"] = json!(reason);
    }
    Some(Note {
        mchid: transfer.mchid.clone(),
        url: transfer.notify_url.clone()?,
        form: Form::V3,
        event_type: "MCHTRANSFER.BILL.FINISHED".to_owned(),
        summary: "商家转账单据终态通知".to_owned(),
        original_type: "mch_payment".to_owned(),
        resource,
        about: format!("transfer {}", transfer.key()),
        schedule: Schedule::Transfer,
    })
}
