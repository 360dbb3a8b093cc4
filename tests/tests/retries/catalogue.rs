//! The rules on the operations that there are.

use std::time::Duration;

use wxpay_proto::retry::{Attempts, Budget, Facts, Failure, Jitter, Next};
use wxpay_proto::v3::Call;
use wxpay_proto::{BuildError, Effect, Host, Operation, Outcome, Written};
use wxpay_types::{global, table, v2, v3};

use crate::refusal;

fn facts<O: Operation>(operation: &O) -> Facts {
    Written::new(operation).expect("a request").facts()
}

fn system_error(facts: Facts, effect: Effect) -> Next {
    let refusal = refusal(effect, 500, "SYSTEM_ERROR");
    Attempts::new(facts, Budget::default()).failed(&Failure::Refused(&refusal), Duration::ZERO, Jitter::NONE)
}

#[test]
fn a_refund_with_its_number_is_repeated_and_one_without_is_not() {
    let amount = v3::refund::Amount::default().refund(1).total(1).currency("CNY");
    let refund = v3::refund::Create::default().out_refund_no("R1").amount(amount);
    assert!(facts(&refund).has_key());
    assert!(matches!(
        system_error(facts(&refund), Effect::Money),
        Next::Again { .. }
    ));
    // A refund of v3 without a number is not even written; one of these is.
    for without in [
        global::refunds::Create::default(),
        global::refunds::Create::default().out_refund_no(""),
    ] {
        let Next::Stop(stop) = system_error(facts(&without), Effect::Money) else {
            panic!("that could refund twice")
        };
        assert_eq!(stop.outcome, Outcome::Unknown);
        assert_eq!(stop.settled_by, Some("global.refunds.query_by_out_refund_no"));
    }
    for without in [
        v3::refund::Create {
            out_refund_no: None,
            ..refund.clone()
        },
        refund.out_refund_no(""),
    ] {
        let refused = Written::new(&without).err();
        assert!(
            matches!(refused, Some(BuildError::Documented { .. })),
            "{refused:?}"
        );
    }
    let refund = v2::pay::Refund::default().out_refund_no("R1");
    assert!(facts(&refund).has_key());
    assert!(!facts(&v2::pay::Refund::default()).has_key());
}

#[test]
fn a_key_in_the_path_is_one() {
    let close = v3::pay_transactions::Close::default()
        .out_trade_no("T1")
        .mchid("1900007291");
    assert!(facts(&close).has_key());
}

#[test]
fn a_code_payment_is_never_repeated_once_it_was_sent() {
    let payment = v3::pay_transactions::Codepay::default()
        .appid("wx1")
        .mchid("1900000001")
        .description("Tea")
        .out_trade_no("T1")
        .payer(v3::pay_transactions::CodepayPayer::default().auth_code("130061098828009406"))
        .amount(v3::pay_transactions::Amount::default().total(1))
        .scene_info(v3::pay_transactions::CodepaySceneInfo::default());
    let Next::Stop(stop) = system_error(facts(&payment), Effect::Money) else {
        panic!("that could charge twice")
    };
    assert_eq!(stop.settled_by, Some("v3.pay-transactions.query_by_out_trade_no"));
    assert!(!facts(&v2::pay::Micropay::default().out_trade_no("T1")).has_key());
}

#[test]
fn code_payments_transfers_of_v2_and_red_packets_have_no_key() {
    let mut seen = 0;
    for info in table::operations() {
        let v2_payout = info.family.starts_with("v2/") && info.path.contains("/mmpay");
        let code = ["/codepay", "/micropay", "/micropay/transactions/pay"]
            .iter()
            .any(|end| info.path.ends_with(end));
        if info.effect == Effect::Money && (v2_payout || code) && !info.path.contains("coupon") {
            assert_eq!(info.idempotent_by, None, "{}", info.name);
            seen += 1;
        }
    }
    assert!(seen >= 14, "only {seen} were looked at");
}

#[test]
fn a_call_spelled_out_has_no_key_and_keeps_its_effect() {
    let body = r#"{"out_refund_no":"R1"}"#;
    let call = Call::new(http::Method::POST, "/v3/refund/domestic/refunds").body(body);
    assert!(!facts(&call).has_key());
    let lost = |call: &Call| {
        Attempts::new(facts(call), Budget::default()).failed(&Failure::Lost, Duration::ZERO, Jitter::NONE)
    };
    assert!(matches!(lost(&call), Next::Stop(_)));
    let Next::Again { attempts, .. } = lost(&call.clone().effect(Effect::Read)) else {
        panic!("a read")
    };
    assert_eq!(attempts.host(), Host::API2);
    let Next::Again { attempts, .. } = lost(&Call::new(http::Method::GET, "/hk/v3/certificates")) else {
        panic!("a read")
    };
    assert_eq!(attempts.host(), Host::API, "a global operation stays where it is");
}

#[test]
fn a_request_goes_to_the_host_that_was_decided_on() {
    use wxpay_tests::journey::{merchant_key, stamp, v3_credentials};
    let call = Call::new(http::Method::GET, "/v3/certificates");
    let send = |host| {
        let written = Written::new(&call).expect("a request").on(host);
        let unsigned = written.unsigned(&v3_credentials(), &stamp()).expect("a request");
        unsigned
            .sign(&merchant_key())
            .expect("a signature")
            .into_parts()
            .0
    };
    let [main, backup, _] = Host::SAME_SERVICE.map(send);
    assert_eq!(backup.uri().host(), Some("api2.mch.weixin.qq.com"));
    assert_eq!(main.uri().path_and_query(), backup.uri().path_and_query());
    assert_eq!(
        main.headers(),
        backup.headers(),
        "the signature does not cover the host"
    );
}
