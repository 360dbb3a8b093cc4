use http::Method;
use serde_json::Value;
use wxpay_proto::{Error, Outcome, VerifyError};

use super::client::{Table, close, combine};
use crate::Fault;

const ORDER: &str = "/v3/combine-transactions/out-trade-no/P1";

/// What a client says about a query's answer that was spoiled.
fn spoiled(fault: Fault) -> Error {
    let mut table = Table::merchant();
    table
        .post("/v3/combine-transactions/jsapi", &combine("P1"))
        .unwrap();
    table.platform.fail_next(fault);
    let error = table.get(ORDER).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    table.get(ORDER).expect("a fault spoils one answer only");
    error
}

fn verify_error(fault: Fault) -> VerifyError {
    match spoiled(fault) {
        Error::Unverified { source, .. } => source,
        other => panic!("{fault:?}: {other}"),
    }
}

#[test]
fn signatures_are_spoiled() {
    assert!(matches!(
        verify_error(Fault::TamperBody),
        VerifyError::Mismatch { .. }
    ));
    assert!(matches!(
        verify_error(Fault::WrongSignature),
        VerifyError::Mismatch { .. }
    ));
    assert!(matches!(verify_error(Fault::Stale), VerifyError::Expired { .. }));
    assert!(matches!(
        verify_error(Fault::UnknownSerial),
        VerifyError::UnknownSerial { .. }
    ));
    assert!(matches!(
        verify_error(Fault::MissingSignature),
        VerifyError::MissingHeader { .. }
    ));
    assert!(matches!(verify_error(Fault::Probe), VerifyError::Probe));
}

#[test]
fn servers_fail() {
    for fault in [
        Fault::ServerErrorBefore,
        Fault::ServerErrorAfter,
        Fault::BadGateway,
    ] {
        let error = super::client::refused(spoiled(fault));
        assert!(!error.authentic, "{fault:?}");
        assert_eq!(error.status, if fault == Fault::BadGateway { 502 } else { 500 });
        assert_eq!(error.code.is_some(), fault != Fault::BadGateway);
    }
}

#[test]
fn a_server_error_comes_before_or_after_the_effect() {
    for (fault, state) in [
        (Fault::ServerErrorBefore, "NOTPAY"),
        (Fault::BadGateway, "NOTPAY"),
        (Fault::ServerErrorAfter, "CLOSED"),
    ] {
        let mut table = Table::merchant();
        table
            .post("/v3/combine-transactions/jsapi", &combine("P1"))
            .unwrap();
        table.platform.fail_next(fault);
        table.post(&format!("{ORDER}/close"), &close("P1")).unwrap_err();
        assert_eq!(table.get(ORDER).unwrap()["sub_orders"][0]["trade_state"], state);
    }
}

#[test]
fn an_answer_about_another_order_is_authentic() {
    let mut table = Table::merchant();
    table
        .post("/v3/combine-transactions/jsapi", &combine("P1"))
        .unwrap();
    table.platform.fail_next(Fault::OtherOrder);
    let answer = table.get(ORDER).unwrap();
    assert_eq!(answer["combine_out_trade_no"], "P0");
    assert_eq!(answer["sub_orders"][0]["out_trade_no"], "P1_0000");
}

#[test]
fn an_answer_without_a_body_can_be_tampered_with() {
    let mut table = Table::merchant();
    table
        .post("/v3/combine-transactions/jsapi", &combine("P1"))
        .unwrap();
    table.platform.fail_next(Fault::TamperBody);
    let error = table
        .call(Method::POST, &format!("{ORDER}/close"), &close("P1"))
        .unwrap_err();
    assert!(
        matches!(
            error,
            Error::Unverified {
                source: VerifyError::Mismatch { .. },
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn faults_wait_in_line_and_have_names() {
    let mut table = Table::merchant();
    table.platform.fail_next(Fault::BadGateway);
    table.platform.fail_next(Fault::Stale);
    let request = table.request(Method::GET, ORDER, &Value::Null);
    assert_eq!(table.handle(&request).status(), 502);
    assert_eq!(table.handle(&request).status(), 404);
    for fault in Fault::ALL {
        assert_eq!(Fault::find(fault.name()), Some(*fault));
    }
    assert_eq!(Fault::find("none"), None);
}
