//! Refusals: what was said, whether it is proven, and whether the call may have been executed all the same.

use bytes::Bytes;
use wxpay_proto::v3::Call;
use wxpay_proto::{ApiError, Effect, Error, Outcome, RetryAdvice, VerifyError};
use wxpay_tests::journey::{REQUEST_ID, now, signed_answer, trusted, unsigned_answer};

use crate::ask_v3;
use crate::operations::CloseOrder;

const BODY: &str = r#"{"code":"PARAM_ERROR","message":"参数错误","detail":{"field":"/amount/currency","value":"XYZ","issue":"Currency code is invalid","location":"body"}}"#;

fn receive(effect: Effect, answer: http::Response<Bytes>) -> Error {
    let call = Call::new(http::Method::POST, "/v3/x").effect(effect);
    let (_, pending) = ask_v3(&call).expect("a request");
    pending
        .receive(answer)
        .verify(&trusted(), now())
        .expect_err("a refusal")
}

fn refusal(error: &Error) -> &ApiError {
    error.api_error().expect("WeChat Pay's error")
}

#[test]
fn a_signed_4xx_is_authentic_and_keeps_everything() {
    let error = receive(Effect::Money, signed_answer(400, BODY));
    assert!(matches!(error, Error::Refused(_)));
    let refusal = refusal(&error);
    assert!(refusal.authentic);
    assert_eq!((refusal.operation, refusal.status), ("v3.call", 400));
    assert_eq!(
        (refusal.code.as_deref(), refusal.message.as_deref()),
        (Some("PARAM_ERROR"), Some("参数错误"))
    );
    let detail = (refusal.field(), refusal.issue(), refusal.location());
    assert_eq!(
        detail,
        (
            Some("/amount/currency"),
            Some("Currency code is invalid"),
            Some("body")
        )
    );
    assert_eq!(
        (refusal.request_id.as_deref(), refusal.inner_code()),
        (Some(REQUEST_ID), Some(268_435_461))
    );
    assert_eq!(refusal.body, BODY);
    assert_eq!(error.outcome(), Outcome::Refused);
    assert_eq!(refusal.retry(), RetryAdvice::No);
    let shown = error.to_string();
    for part in [
        "v3.call",
        "400",
        "PARAM_ERROR",
        "参数错误",
        "/amount/currency",
        REQUEST_ID,
    ] {
        assert!(shown.contains(part), "{shown}");
    }
    assert!(!shown.contains("not signed"), "{shown}");
}

#[test]
fn an_unsigned_4xx_with_a_code_is_refused_but_not_authentic() {
    for effect in [Effect::Read, Effect::Write, Effect::Money] {
        let error = receive(effect, unsigned_answer(401, r#"{"code":"SIGN_ERROR"}"#));
        assert!(matches!(error, Error::Refused(_)));
        assert!(!refusal(&error).authentic);
        assert_eq!(error.outcome(), Outcome::Refused, "{effect:?}");
        assert!(error.to_string().contains("not signed"), "{error}");
    }
}

#[test]
fn an_unsigned_4xx_without_a_code_is_clear_for_reads_only() {
    let bodies = [
        "",
        "<html>403 Forbidden</html>",
        "[]",
        "{}",
        r#"{"message":"x"}"#,
        r#"{"code":""}"#,
        "null",
    ];
    for body in bodies {
        for (effect, outcome) in [
            (Effect::Read, Outcome::Refused),
            (Effect::Write, Outcome::Unknown),
            (Effect::Money, Outcome::Unknown),
        ] {
            let error = receive(effect, unsigned_answer(403, body));
            assert_eq!(refusal(&error).code, None, "{body}");
            assert_eq!(error.outcome(), outcome, "{effect:?} {body}");
        }
    }
}

#[test]
fn a_signed_4xx_without_a_code_is_wechat_pays_word() {
    let error = receive(Effect::Money, signed_answer(404, ""));
    assert!(refusal(&error).authentic);
    assert_eq!(error.outcome(), Outcome::Refused);
}

#[test]
fn after_a_5xx_nothing_is_known() {
    for (answer, code) in [
        (
            unsigned_answer(500, r#"{"code":"SYSTEM_ERROR"}"#),
            Some("SYSTEM_ERROR"),
        ),
        (
            signed_answer(500, r#"{"code":"SYSTEMERROR"}"#),
            Some("SYSTEMERROR"),
        ),
        (
            unsigned_answer(502, "<html><head><title>502 Bad Gateway</title></head></html>"),
            None,
        ),
        (unsigned_answer(503, ""), None),
        (
            signed_answer(500, r#"{"code":"PARAM_ERROR"}"#),
            Some("PARAM_ERROR"),
        ),
    ] {
        let error = receive(Effect::Money, answer);
        assert_eq!(refusal(&error).code.as_deref(), code);
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(refusal(&error).retry(), RetryAdvice::SameParameters);
    }
}

#[test]
fn a_system_error_is_unclear_under_any_status() {
    let error = receive(Effect::Money, signed_answer(400, r#"{"code":"SYSTEM_ERROR"}"#));
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[test]
fn a_redirect_is_no_answer() {
    let error = receive(Effect::Money, unsigned_answer(302, ""));
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[test]
fn too_many_calls_are_slowed_down() {
    for body in [
        r#"{"code":"FREQUENCY_LIMITED"}"#,
        r#"{"code":"RATELIMIT_EXCEEDED"}"#,
        "",
    ] {
        let error = receive(Effect::Read, unsigned_answer(429, body));
        assert_eq!(refusal(&error).retry(), RetryAdvice::LaterSlower, "{body}");
    }
}

#[test]
fn a_byte_order_mark_hides_nothing() {
    let error = receive(
        Effect::Money,
        signed_answer(400, "\u{FEFF}{\"code\":\"PARAM_ERROR\"}"),
    );
    assert_eq!(refusal(&error).code.as_deref(), Some("PARAM_ERROR"));
}

#[test]
fn a_detail_may_have_any_type() {
    for (text, field) in [
        (r#""free text""#, None),
        ("12", None),
        ("[1]", None),
        ("null", None),
        ("true", None),
        (r#"{"field":7}"#, None),
        (r#"{"field":"a","value":12}"#, Some("a")),
    ] {
        let body = format!(r#"{{"code":"INVALID_REQUEST","detail":{text}}}"#);
        let error = receive(Effect::Money, signed_answer(400, body));
        let refusal = refusal(&error);
        assert_eq!(refusal.code.as_deref(), Some("INVALID_REQUEST"), "{text}");
        assert_eq!(refusal.field(), field, "{text}");
        assert_eq!(refusal.detail.is_some(), text != "null", "{text}");
    }
}

#[test]
fn a_refusal_with_a_bad_signature_is_not_believed_but_keeps_what_it_claims() {
    let mut answer = signed_answer(400, r#"{"code":"ORDER_CLOSED"}"#);
    *answer.body_mut() = Bytes::from_static(br#"{"code":"PARAM_ERROR"}"#);
    let error = receive(Effect::Money, answer);
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
    assert_eq!(refusal(&error).code.as_deref(), Some("PARAM_ERROR"));
    assert!(!refusal(&error).authentic);
    assert!(error.to_string().contains("PARAM_ERROR"), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(!error.is_already_closed());
}

#[test]
fn an_empty_204_is_verified_over_its_empty_body() {
    let close = CloseOrder {
        out_trade_no: Some("1".to_owned()),
        mchid: None,
    };
    let (_, pending) = ask_v3(&close).expect("a request");
    let closed = pending
        .receive(signed_answer(204, ""))
        .verify(&trusted(), now())
        .expect("closed");
    assert_eq!(closed.status(), 204);

    // The same headers over another body, or no headers at all, prove nothing.
    let mut changed = signed_answer(204, "");
    *changed.body_mut() = Bytes::from_static(b" ");
    for answer in [changed, unsigned_answer(204, "")] {
        let (_, pending) = ask_v3(&close).expect("a request");
        let error = pending
            .receive(answer)
            .verify(&trusted(), now())
            .expect_err("no proof");
        assert!(matches!(error, Error::Unverified { .. }), "{error}");
        assert_eq!(error.outcome(), Outcome::Unknown);
    }
}

#[test]
fn a_success_without_headers_is_taken_for_forged() {
    let error = receive(Effect::Read, unsigned_answer(200, "{}"));
    let missing = VerifyError::MissingHeader {
        name: "Wechatpay-Timestamp",
    };
    assert!(
        matches!(&error, Error::Unverified { source, .. } if *source == missing),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(error.api_error().is_none());
}

#[test]
fn an_authentic_body_in_another_form_is_unreadable() {
    let operation = crate::operations::QueryOrder {
        out_trade_no: Some("1".to_owned()),
        mchid: None,
    };
    let (_, pending) = ask_v3(&operation).expect("a request");
    let error = pending
        .receive(signed_answer(200, "not json"))
        .verify(&trusted(), now());
    let error = error.expect_err("no JSON");
    assert!(
        matches!(&error, Error::Unreadable { body, .. } if body == "not json"),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::Unknown);
}

#[test]
fn an_order_that_is_closed_already_is_told() {
    for code in ["ORDER_CLOSED", "ORDERCLOSED"] {
        let error = receive(
            Effect::Money,
            signed_answer(400, format!(r#"{{"code":"{code}"}}"#)),
        );
        assert!(error.is_already_closed());
        assert_eq!(refusal(&error).code.as_deref(), Some(code));
    }
}
