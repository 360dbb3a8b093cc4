//! `v3_response_verify`: signatures of answers, by their headers alone and through the whole journey.

use http::Method;
use serde_json::Value;
use wxpay_proto::crypto::Backend;
use wxpay_proto::v3::{Call, PlatformKeys, SignatureHeaders};
use wxpay_proto::{Error, KeyId, Outcome, UnixTime, Unsigned, VerifiedBy, VerifyError};
use wxpay_tests::journey::{merchant_key, stamp, v3_credentials};
use wxpay_tests::keys::platform_keys;
use wxpay_tests::vectors::Vector;

use crate::kinds::{Ours, assert_kind};

pub(crate) fn run(vector: &Vector, backend: Backend) {
    let now = UnixTime::from_secs(vector.number("now"));
    let trust = vector.object("trust").iter();
    let keys = platform_keys(
        trust.map(|(id, name)| (id.as_str(), name.as_str().expect("a name"))),
        backend,
    );
    let headers_only = by_headers(vector, &keys, now);
    let journey = by_journey(vector, &keys, now);

    let mut expected = vector.expected();
    match headers_only {
        Ok(id) => {
            // Exactly 300 s are let through here, as PHP and Node do.
            let defined_here = expected.take_if_any("implementation_defined").is_some();
            assert!(
                defined_here || expected.take("valid") == true,
                "it must not verify"
            );
            assert_eq!(
                journey.expect("the journey verifies too"),
                VerifiedBy::PlatformKey(id)
            );
        }
        Err(error) => {
            let wanted = expected.text("kind");
            assert_kind(&Ours::Verify(&error), &wanted);
            let journey = journey.expect_err("the journey must not verify");
            assert_kind(&Ours::Journey(&journey), &wanted);
            assert_eq!(journey.outcome(), Outcome::Unknown);
        }
    }
    expected.finish();
}

fn answer(vector: &Vector) -> http::Response<bytes::Bytes> {
    let status = u16::try_from(vector.number("status")).expect("a status");
    let mut answer = http::Response::builder().status(status);
    for (name, value) in vector.object("headers") {
        answer = answer.header(name, value.as_str().expect("a text"));
    }
    answer
        .body(vector.bytes("body_base64").into())
        .expect("an answer")
}

fn by_headers(vector: &Vector, keys: &PlatformKeys, now: UnixTime) -> Result<KeyId, VerifyError> {
    let answer = answer(vector);
    SignatureHeaders::read(answer.headers())?.verify(answer.body(), keys, now)
}

fn by_journey(vector: &Vector, keys: &PlatformKeys, now: UnixTime) -> Result<VerifiedBy, Error> {
    let call = Call::new(Method::POST, "/v3/pay/transactions/native");
    let signed = Unsigned::new(&call, &v3_credentials(), &stamp())
        .expect("a request")
        .sign(&merchant_key());
    let (_, pending) = signed.expect("a signed request").into_parts();
    let verified = pending.receive(answer(vector)).verify(keys, now)?;
    assert_eq!(verified.body(), &vector.bytes("body_base64"));
    assert_eq!(i64::from(verified.status().as_u16()), vector.number("status"));
    assert_eq!(
        verified.request_id(),
        vector.object("headers").get("Request-ID").and_then(Value::as_str)
    );
    Ok(verified.verified_by().clone())
}
