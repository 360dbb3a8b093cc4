//! What an answer's headers say of the next attempt.

use std::time::Duration;

use http::Method;
use wxpay_proto::retry::{Attempts, Budget, Facts, Failure, Jitter, Next, Reason};
use wxpay_proto::{ApiError, Effect, Error, Meta, Unsigned, http_date, v2, v3};
use wxpay_tests::journey::{
    merchant_key, now, stamp, trusted, unsigned_answer, v2_credentials, v3_credentials,
};
use wxpay_tests::keys::api_v2_key;

fn answer(headers: &[(&'static str, &str)], body: &'static str) -> http::Response<bytes::Bytes> {
    let mut answer = unsigned_answer(429, body);
    for (name, value) in headers {
        answer
            .headers_mut()
            .insert(*name, value.parse().expect("a header"));
    }
    answer
}

fn refused(error: Error) -> ApiError {
    match error {
        Error::Refused(refusal) => *refusal,
        other => panic!("{other}"),
    }
}

fn v3_refusal(headers: &[(&'static str, &str)]) -> ApiError {
    let call = v3::Call::new(Method::GET, "/v3/x");
    let unsigned = Unsigned::new(&call, &v3_credentials(), &stamp()).expect("a request");
    let (_, pending) = unsigned.sign(&merchant_key()).expect("a signature").into_parts();
    let answer = answer(headers, r#"{"code":"FREQUENCY_LIMITED"}"#);
    refused(
        pending
            .receive(answer)
            .verify(&trusted(), now())
            .expect_err("a refusal"),
    )
}

#[test]
fn retry_after_is_read_in_both_forms() {
    let seconds = |headers: &[_]| v3_refusal(headers).retry_after.map(|wait| wait.as_secs());
    assert_eq!(seconds(&[]), None);
    assert_eq!(seconds(&[("retry-after", "7")]), Some(7));
    assert_eq!(seconds(&[("retry-after", "0")]), Some(0));
    let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    let later = ("retry-after", "Sun, 06 Nov 1994 08:51:07 GMT");
    assert_eq!(seconds(&[date, later]), Some(90));
    assert_eq!(
        seconds(&[("date", later.1), ("retry-after", date.1)]),
        Some(0),
        "it has passed"
    );
    assert_eq!(seconds(&[later]), None, "there is nothing to count from");
    for nonsense in [
        "-1",
        "soon",
        "1.5",
        "99999999999999999999",
        "Sun, 06 Nov 1994 08:49:37",
    ] {
        assert_eq!(seconds(&[date, ("retry-after", nonsense)]), None, "{nonsense}");
    }
}

#[test]
fn v2_refusals_have_it_too() {
    let call = v2::Call::new("/pay/orderquery").effect(Effect::Read);
    let unsigned = Unsigned::new(&call, &v2_credentials(), &stamp()).expect("a request");
    let (_, pending) = unsigned.sign(&api_v2_key()).expect("a signature").into_parts();
    let body = "<xml><return_code>FAIL</return_code><return_msg>FREQUENCY_LIMITED</return_msg></xml>";
    let answer = answer(&[("retry-after", "3")], body);
    let refusal = refused(
        pending
            .receive(answer)
            .verify(&api_v2_key(), now())
            .expect_err("a refusal"),
    );
    assert_eq!(refusal.retry_after, Some(Duration::from_secs(3)));
}

#[test]
fn a_wait_is_as_long_as_asked_for_or_not_at_all() {
    let read = Facts::new(&Meta::new("test.read", Method::GET, "/v3/x"), false);
    let next = |seconds: &str, spent| {
        let refusal = v3_refusal(&[("retry-after", seconds)]);
        let attempts = Attempts::new(read, Budget::default());
        attempts.failed(&Failure::Refused(&refusal), spent, Jitter::NONE)
    };
    let waits = |next: &Next| match next {
        Next::Again { after, .. } => Ok(*after),
        Next::Stop(stop) => Err(stop.reason),
    };
    assert_eq!(
        waits(&next("0", Duration::ZERO)),
        Ok(Duration::from_secs(1)),
        "slower all the same"
    );
    assert_eq!(waits(&next("20", Duration::ZERO)), Ok(Duration::from_secs(20)));
    assert_eq!(waits(&next("20", Duration::from_secs(10))), Err(Reason::Time));
    assert_eq!(waits(&next("3600", Duration::ZERO)), Err(Reason::Time));
}

#[test]
fn an_http_date_is_a_moment() {
    let seconds = |text| http_date(text).map(|time| time.as_secs());
    assert_eq!(seconds("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
    assert_eq!(seconds("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
    assert_eq!(
        seconds("Thu, 29 Feb 2024 23:59:60 GMT"),
        Some(1_709_251_200),
        "a leap second"
    );
    for nonsense in [
        "",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:49:37 CST",
        "Sun, 06 Nov +994 08:49:37 GMT",
    ] {
        assert_eq!(seconds(nonsense), None, "{nonsense}");
    }
}
