//! From the wire to the type.

use wxpay_proto::KeyId;
use wxpay_proto::crypto::{Aead, Backend};
use wxpay_proto::v3::notification::{NotificationDraft, seal};
use wxpay_proto::v3::{Scheme, UnverifiedNotification};
use wxpay_tests::journey::{PLATFORM, now, platform_id, stamp, trusted};
use wxpay_tests::keys::{api_v3_key, key_text, platform_keys, private_key};
use wxpay_types::events::v3::{Event, Refund, Transaction};

/// Sealed as WeChat Pay does, received, verified, opened, read.
fn through(draft: &NotificationDraft) -> Event {
    let signer = private_key(PLATFORM, Backend::AwsLc);
    let sealed = seal(draft, &api_v3_key(), &signer, &platform_id(), &stamp()).expect("sealed");
    let received = UnverifiedNotification::receive(&sealed.headers, sealed.body);
    let verified = received.verify(&trusted(), now()).expect("it verifies");
    let opened = verified.open(&api_v3_key()).expect("it opens");
    Event::from(&opened)
}

fn draft(event_type: &str, plaintext: &'static str) -> NotificationDraft {
    NotificationDraft::new("EV-1", event_type, "61f9c719728a", plaintext)
}

#[test]
fn a_payment_arrives() {
    let plaintext = r#"{"mchid":"1900007291","out_trade_no":"P1","trade_state":"SUCCESS","amount":{"total":100},"new":1}"#;
    let event = through(&draft("TRANSACTION.SUCCESS", plaintext).original_type("transaction"));
    let Event::TransactionSuccess(Transaction::Payment(payment)) = event else {
        panic!("{event:?}");
    };
    assert_eq!(payment.out_trade_no.as_deref(), Some("P1"));
    assert_eq!(payment.amount.and_then(|amount| amount.total), Some(100));
}

#[test]
fn profit_sharing_and_refunds_arrive() {
    let plaintext = r#"{"order_id":"30"}"#;
    let event = through(&draft("TRANSACTION.SUCCESS", plaintext).original_type("profitsharing"));
    assert!(matches!(
        event,
        Event::TransactionSuccess(Transaction::Profitsharing(_))
    ));
    let event = through(&draft(
        "REFUND.SUCCESS",
        r#"{"sp_mchid":"1","refund_status":"SUCCESS"}"#,
    ));
    assert!(matches!(event, Event::RefundSuccess(Refund::PartnerRefund(_))));
}

#[test]
fn national_algorithms_bring_the_same_events() {
    let plaintext = r#"{"mchid":"1900007291","out_trade_no":"P1","trade_state":"SUCCESS"}"#;
    let draft = draft("TRANSACTION.SUCCESS", plaintext)
        .original_type("transaction")
        .algorithm(Aead::Sm4Gcm)
        .scheme(Scheme::MerchantSm2);
    let (name, serial) = ("platform_sm2", key_text("platform_sm2", "serial_no"));
    let id = KeyId::new(serial).expect("a serial number");
    let signer = private_key(name, Backend::AwsLc);
    let sealed = seal(&draft, &api_v3_key(), &signer, &id, &stamp()).expect("sealed");
    let keys = platform_keys([(serial, name)], Backend::AwsLc);
    let received = UnverifiedNotification::receive(&sealed.headers, sealed.body);
    let opened = received
        .verify(&keys, now())
        .expect("it verifies")
        .open(&api_v3_key())
        .expect("it opens");
    let Event::TransactionSuccess(Transaction::Payment(payment)) = Event::from(&opened) else {
        panic!("{opened:?}");
    };
    assert_eq!(payment.out_trade_no.as_deref(), Some("P1"));
}

#[test]
fn what_is_new_arrives_too() {
    let event = through(&draft("TOMORROW.SUCCESS", r#"{"a":1}"#).original_type("tomorrow"));
    assert_eq!(event.event_type(), "TOMORROW.SUCCESS");
    assert_eq!(event.raw().map(|raw| raw.as_str()), Some(r#"{"a":1}"#));
}
