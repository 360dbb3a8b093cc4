//! One type, several products; one product, several types; and what nobody knows yet.

use wxpay_types::events::v3::{
    Event, FailedTransaction, PartnerRefundResource, ProfitsharingResource, Refund, ServiceOrder, Transaction,
};

fn success(original_type: Option<&str>, plaintext: &str) -> Transaction {
    match Event::read("TRANSACTION.SUCCESS", original_type, plaintext.as_bytes()) {
        Event::TransactionSuccess(transaction) => transaction,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_success_is_told_by_its_shape() {
    let told = |plaintext| success(Some("transaction"), plaintext);
    assert!(matches!(told(r#"{"out_trade_no":"1"}"#), Transaction::Payment(_)));
    assert!(matches!(
        told(r#"{"sp_mchid":"1"}"#),
        Transaction::PartnerPayment(_)
    ));
    assert!(matches!(
        told(r#"{"id":"1","sp_mchid":"1"}"#),
        Transaction::GlobalPayment(_)
    ));
    assert!(matches!(
        told(r#"{"sp_mchid":"1","parking_info":{}}"#),
        Transaction::ParkingPayment(_)
    ));
    let Transaction::CombinePayment(combined) =
        told(r#"{"sub_orders":[{"out_trade_no":"2"}],"combine_out_trade_no":"1"}"#)
    else {
        panic!("a combined payment");
    };
    assert_eq!(combined.sub_orders[0].out_trade_no.as_deref(), Some("2"));
    // Null is as good as absent.
    assert!(matches!(
        told(r#"{"combine_out_trade_no":null}"#),
        Transaction::Payment(_)
    ));
    // What stands deeper tells nothing.
    assert!(matches!(
        told(r#"{"amount":{"id":1,"receiver":{}},"attach":"combine_out_trade_no"}"#),
        Transaction::Payment(_)
    ));
}

#[test]
fn profit_sharing_has_many_names() {
    let plaintext = r#"{"mchid":"1","order_id":"30","receiver":{"amount":888}}"#;
    let names = [
        ("PROFITSHARING", None),
        ("PROFITSHARING_RETURN", None),
        ("PROFITSHARING.SUCCESS", Some("profitsharing")),
        ("PROFITSHARING.RETURN", None),
        ("TRANSACTION.SUCCESS", Some("profitsharing")),
        ("TRANSACTION.SUCCESS", None),
    ];
    for (kind, original) in names {
        let event = Event::read(kind, original, plaintext.as_bytes());
        let share = event.resource::<ProfitsharingResource>().expect(kind);
        let receiver = share.receiver.as_ref().expect("a receiver");
        assert_eq!(receiver.amount, Some(888));
        assert_eq!(event.event_type(), kind);
        assert!(event.resource::<PartnerRefundResource>().is_none());
    }
    assert!(matches!(
        success(Some("profitsharing"), r#"{"order_id":"30"}"#),
        Transaction::Profitsharing(_)
    ));
}

#[test]
fn other_forms() {
    let refund = |text: &str| Event::read("REFUND.CLOSED", Some("refund"), text.as_bytes());
    assert!(matches!(refund("{}"), Event::RefundClosed(Refund::Refund(_))));
    assert!(matches!(
        refund(r#"{"sp_mchid":"1"}"#),
        Event::RefundClosed(Refund::PartnerRefund(_))
    ));
    assert!(matches!(
        refund(r#"{"id":"1"}"#),
        Event::RefundClosed(Refund::GlobalRefund(_))
    ));
    assert!(matches!(
        Event::read("PAYSCORE.USER_PAID", None, br#"{"sub_mchid":"1"}"#),
        Event::PayscoreUserPaid(ServiceOrder::PartnerServiceOrder(_))
    ));
    assert!(matches!(
        Event::read("TRANSACTION.FAIL", None, br#"{"parking_info":{"a":1}}"#),
        Event::TransactionFail(FailedTransaction::ParkingPayment(_))
    ));
}

#[test]
fn what_nobody_knows_passes_through() {
    let text = r#"{"new":[1,{"a":null}]}"#;
    let event = Event::read("NEW.EVENT", Some("new"), text.as_bytes());
    assert_eq!(event.event_type(), "NEW.EVENT");
    let raw = event.raw().expect("its JSON");
    assert_eq!(raw.as_str(), text);
    assert_eq!(raw.json::<serde_json::Value>().expect("JSON")["new"][0], 1);
    assert_eq!(serde_json::to_string(&event).expect("JSON"), text);
    assert!(
        !format!("{event:?}").contains("null"),
        "personal data is not shown"
    );
}

#[test]
fn a_resource_of_another_shape_keeps_its_json() {
    for text in [
        "[]",
        "[{\"mchid\":\"1\"}]",
        "null",
        "\"text\"",
        "",
        "no json",
        "{",
    ] {
        for kind in [
            "TRANSACTION.SUCCESS",
            "COMPLAINT.CREATE",
            "REFUND.SUCCESS",
            "",
            "BUDGET.LOCKED",
        ] {
            let event = Event::read(kind, None, text.as_bytes());
            assert_eq!(event.event_type(), kind);
            assert_eq!(event.raw().map(|raw| raw.as_str()), Some(text));
            assert!(serde_json::to_value(&event).is_ok());
        }
    }
    // Bytes that are no text are kept as far as they can be.
    let event = Event::read("A", None, b"\"\xff\"");
    assert_eq!(event.raw().map(|raw| raw.as_str()), Some("\"\u{FFFD}\""));
}
