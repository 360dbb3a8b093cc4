//! `errors`: v3's error bodies, and the inner code in a `Request-ID`.

use serde_json::Value;
use wxpay_proto::v3::read_refusal;
use wxpay_proto::{Effect, RetryAdvice, inner_code};
use wxpay_tests::vectors::Vector;

pub(crate) fn run(vector: &Vector) {
    let mut expected = vector.expected();
    if vector.get("request_id").is_some() {
        let wanted = expected.take("inner_code").as_u64();
        assert_eq!(inner_code(vector.text("request_id")), wanted);
        return expected.finish();
    }
    let status = u16::try_from(vector.number("status")).expect("a status");
    let body = vector.bytes("body_base64");
    let error = read_refusal("test", Effect::Money, status, None, body.clone().into());
    assert_eq!((error.status, &error.body[..]), (status, body.as_slice()));
    assert_eq!(
        error.code.clone().map_or(Value::Null, Value::from),
        expected.take("code")
    );
    let retry = match error.retry() {
        RetryAdvice::No => "no",
        RetryAdvice::SameParameters => "same_parameters",
        RetryAdvice::LaterSlower => "later_slower",
        other => panic!("{other:?} has no label"),
    };
    assert_eq!(retry, expected.text("retry"));

    let detail = error.detail.clone().unwrap_or(Value::Null);
    let texts = [
        ("message", error.message.as_deref()),
        ("field", error.field()),
        ("issue", error.issue()),
        ("location", error.location()),
        ("value", detail.get("value").and_then(Value::as_str)),
        ("detail_raw", detail.as_str()),
    ];
    for (member, found) in texts {
        if let Some(wanted) = expected.take_if_any(member) {
            assert_eq!(found.map(Value::from), Some(wanted), "{member}");
        }
    }
    if let Some(length) = expected.take_if_any("sign_message_length") {
        let information = error.sign_information().expect("sign_information");
        assert_eq!(information.sign_message_length, length.as_u64());
        let message = expected.text("truncated_sign_message");
        assert_eq!(information.truncated_sign_message, Some(message));
    }
    expected.finish();
}
