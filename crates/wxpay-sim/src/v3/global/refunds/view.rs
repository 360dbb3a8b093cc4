//! A refund as the global operations tell it.

use serde_json::{Map, Value, json};
use wxpay_proto::TimeText;

use crate::store::{Order, Refund, RefundState};
use crate::v3::global::query::RATE;
use crate::v3::view::converted;

/// One refund.
pub(super) fn view(refund: &Refund, order: &Order) -> Value {
    let mut body = row(refund, order);
    body.insert("transaction_id".to_owned(), json!(order.transaction_id));
    body.insert("out_trade_no".to_owned(), json!(order.out_trade_no));
    Value::Object(body)
}

/// A refund in the list of its order's.
pub(super) fn row(refund: &Refund, order: &Order) -> Map<String, Value> {
    let status = match refund.state {
        RefundState::Closed => "REFUNDCLOSE",
        state => state.as_str(),
    };
    let mut body = Map::from_iter([
        ("id".to_owned(), json!(refund.refund_id)),
        ("out_refund_no".to_owned(), json!(refund.out_refund_no)),
        ("channel".to_owned(), json!("ORIGINAL")),
        ("recv_account".to_owned(), json!(refund.received_by())),
        ("fund_source".to_owned(), json!("REFUND_SOURCE_UNSETTLED_FUNDS")),
        (
            "create_time".to_owned(),
            json!(TimeText::beijing(refund.created).as_str()),
        ),
        ("status".to_owned(), json!(status)),
        ("amount".to_owned(), amount(refund, order)),
    ]);
    if let Some(at) = refund.succeeded {
        let time = json!(TimeText::beijing(at).as_str());
        body.insert("success_time".to_owned(), time);
    }
    body
}

/// What goes back, in the order's currency and in the payer's.
pub(super) fn amount(refund: &Refund, order: &Order) -> Value {
    let rate = if order.currency == "CNY" {
        100_000_000
    } else {
        RATE
    };
    json!({
        "refund": refund.amount,
        "currency": order.currency,
        "payer_refund": converted(refund.payer_refund, rate),
        "payer_currency": "CNY",
        "exchange_rate": { "type": "SETTLEMENT_RATE", "rate": rate },
    })
}
