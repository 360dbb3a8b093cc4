//! The flat messages of v2: sealed, verified, opened, and read with nothing lost.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};
use wxpay_catalogue::model::Protocol;
use wxpay_proto::ParseError;
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::notification::{OpenedEvent, seal, seal_event, seal_refund};
use wxpay_proto::v2::{Fields, UnauthenticatedRefund, UnverifiedNotification, VerifiedNotification};
use wxpay_tests::keys::{api_v2_key, api_v3_key};
use wxpay_types::events::v2;

use crate::facts::{events, object};

/// Flat fields of an object: its texts, and each list with two rows.
fn flat(object: &Map<String, Value>) -> Fields {
    let mut fields = Fields::new();
    for (name, value) in object {
        match value {
            Value::String(text) => {
                fields.insert(name.clone(), text.clone());
            }
            Value::Array(rows) => {
                for (number, row) in rows.iter().enumerate() {
                    let row = flat(row.as_object().expect("a row"));
                    let number = number.to_string();
                    fields.extend(
                        row.into_iter()
                            .map(|(name, text)| (name.replace("$n", &number), text)),
                    );
                }
            }
            other => {
                fields.insert(name.clone(), other.to_string());
            }
        }
    }
    fields
}

/// What the catalogue says of an object; lists have two rows.
fn composed(name: &str) -> Map<String, Value> {
    let mut object = object(events(Protocol::V2), name);
    for value in object.values_mut() {
        if let Value::Array(rows) = value {
            rows.push(rows[0].clone());
        }
    }
    // What says whether the communication succeeded is looked at before anything else.
    if let Some(code) = object.get_mut("return_code") {
        *code = "SUCCESS".into();
    }
    object
}

fn verified(name: &str) -> VerifiedNotification {
    let mut fields = flat(&composed(name));
    fields.remove("sign");
    let sealed = seal(&fields, Algorithm::HmacSha256, &api_v2_key()).expect("sealed");
    let notification = UnverifiedNotification::receive(sealed);
    notification.verify(&api_v2_key(), None).expect("it verifies")
}

fn opened(name: &str) -> OpenedEvent {
    let outer = Fields::from([("event_type".to_owned(), "CHECK.SUCCESS".to_owned())]);
    let event = flat(&composed(name));
    let sealed = seal_event(&outer, &event, "0123456789ab", &api_v3_key(), &api_v2_key()).expect("sealed");
    let notification = UnverifiedNotification::receive(sealed).verify(&api_v2_key(), None);
    let notification = notification.expect("it verifies");
    notification.open_event(&api_v3_key()).expect("it opens")
}

fn refund(outer: &str, inner: &str) -> UnauthenticatedRefund {
    let mut fields = flat(&composed(outer));
    fields.remove("sign");
    let sealed = seal_refund(&fields, &flat(&composed(inner)), &api_v2_key()).expect("sealed");
    let notification = UnverifiedNotification::receive(sealed);
    notification.open_refund(&api_v2_key()).expect("it opens")
}

fn written<T: Serialize>(read: Result<T, ParseError>) -> Value {
    serde_json::to_value(read.expect("it reads")).expect("JSON")
}

/// Each type with what it reads.
fn every() -> Vec<(&'static str, Value)> {
    macro_rules! read {
        ($($name:ident: $function:ident($from:expr),)*) => {
            vec![$((stringify!($name), written(v2::$name::$function(&$from)))),*]
        };
    }
    let claimed = refund("RefundProcessedMessage", "RefundProcessedResource");
    read! {
        EventCheckFailMessage: read(verified("EventCheckFailMessage")),
        EventCheckSuccessMessage: read(verified("EventCheckSuccessMessage")),
        EventTransactionFailMessage: read(verified("EventTransactionFailMessage")),
        EventTransactionSuccessMessage: read(verified("EventTransactionSuccessMessage")),
        EventCheckResource: read(opened("EventCheckResource")),
        EventTransactionResource: read(opened("EventTransactionResource")),
        CombinedTransactionsSuccessMessage: read(verified("CombinedTransactionsSuccessMessage")),
        TransactionSuccessMessage: read(verified("TransactionSuccessMessage")),
        VehicleStateChangedForParkingMessage: read(verified("VehicleStateChangedForParkingMessage")),
        RefundProcessedMessage: read_claimed(claimed),
        RefundProcessedResource: read_claimed(claimed),
    }
}

#[test]
fn every_message_reads_back_with_nothing_lost() {
    for (name, mut read) in every() {
        let mut given = Value::from(composed(name));
        // Both are made when the message is.
        for made in ["sign", "req_info"] {
            for value in [&mut read, &mut given] {
                value.as_object_mut().expect("an object").remove(made);
            }
        }
        assert_eq!(read, given, "{name}");
    }
}

#[test]
fn no_message_is_forgotten() {
    let read: BTreeSet<&str> = every().into_iter().map(|(name, _)| name).collect();
    let all = events(Protocol::V2).events.values();
    let known: BTreeSet<&str> = all
        .flat_map(|event| event.all_resources().chain(event.message.as_deref()))
        .collect();
    assert_eq!(read, known);
}

#[test]
fn a_payment_has_numbers_and_coupons() {
    let payment = v2::TransactionSuccessMessage::read(&verified("TransactionSuccessMessage"));
    let payment = payment.expect("it reads");
    assert_eq!(payment.total_fee, Some(1));
    assert_eq!(payment.coupons.len(), 2);
    assert_eq!(payment.coupons[1].coupon_id.as_deref(), Some("10000"));
    assert_eq!(payment.coupons[1].coupon_fee, Some(100));
    let claimed = refund("RefundProcessedMessage", "RefundProcessedResource");
    let claimed = v2::RefundProcessedResource::read_claimed(&claimed).expect("it reads");
    assert_eq!(claimed.refund_fee, Some(3960));
    assert!(claimed.success_time.expect("a time").parse().is_ok());
}
