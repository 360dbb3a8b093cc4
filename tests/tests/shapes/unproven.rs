//! v2's answers without a signature: what each rule makes of them.

use wxpay_proto::crypto::Algorithm;
use wxpay_proto::proof::Checked;
use wxpay_proto::v2::{Fields, sign, xml};
use wxpay_proto::{Error, Outcome, VerifiedBy, VerifyError};
use wxpay_tests::journey::{now, unsigned_answer};
use wxpay_tests::keys::api_v2_key;

use crate::ask_v2;
use crate::operations::{AlwaysSigned, NeverSigned, SometimesSigned};

fn success() -> Fields {
    let pairs = [
        ("return_code", "SUCCESS"),
        ("result_code", "SUCCESS"),
        ("payment_no", "10<1>"),
    ];
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn body(fields: &Fields) -> String {
    xml::write(fields).expect("XML")
}

fn with_sign(mut fields: Fields, algorithm: Algorithm) -> Fields {
    let signature = sign(&fields, algorithm, &api_v2_key()).expect("a signature");
    fields.insert("sign".to_owned(), signature);
    fields
}

#[test]
fn never_signed_gives_what_is_claimed() {
    let mut wrong = success();
    wrong.insert("sign".to_owned(), "not looked at".to_owned());
    for fields in [success(), wrong] {
        let (_, pending) = ask_v2(&NeverSigned::default()).expect("a request");
        let answer = pending
            .receive(unsigned_answer(200, body(&fields)))
            .verify(&api_v2_key(), now());
        assert_eq!(answer.expect("an answer").claimed().fields["payment_no"], "10<1>");
    }
}

#[test]
fn signed_if_present_tells_which_it_was() {
    let ask = |fields: &Fields| {
        let (_, pending) = ask_v2(&SometimesSigned::default()).expect("a request");
        pending
            .receive(unsigned_answer(200, body(fields)))
            .verify(&api_v2_key(), now())
    };
    let unproven = ask(&success()).expect("an answer");
    assert!(matches!(unproven, Checked::Unauthenticated(_)));
    assert_eq!(unproven.claimed().fields["payment_no"], "10<1>");

    for algorithm in [Algorithm::Md5, Algorithm::HmacSha256] {
        let proven = ask(&with_sign(success(), algorithm))
            .expect("an answer")
            .verified()
            .expect("a proof");
        let by = VerifiedBy::ApiV2Key {
            algorithm,
            asked: Algorithm::HmacSha256,
        };
        assert_eq!(proven.verified_by(), &by);
    }

    let mut changed = with_sign(success(), Algorithm::HmacSha256);
    changed.insert("payment_no".to_owned(), "11".to_owned());
    let error = ask(&changed).expect_err("a signature that is there must verify");
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
fn always_signed_takes_nothing_less() {
    let ask = |fields: &Fields| {
        let (_, pending) = ask_v2(&AlwaysSigned::default()).expect("a request");
        pending
            .receive(unsigned_answer(200, body(fields)))
            .verify(&api_v2_key(), now())
    };
    let error = ask(&success()).expect_err("no signature");
    assert!(
        matches!(
            error,
            Error::Unverified {
                source: VerifyError::MissingSign,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(ask(&with_sign(success(), Algorithm::Md5)).is_ok());
}

#[test]
fn a_failure_of_the_business_is_as_authentic_as_its_signature() {
    let mut failure = success();
    failure.insert("result_code".to_owned(), "FAIL".to_owned());
    failure.insert("err_code".to_owned(), "NOTENOUGH".to_owned());
    failure.insert("err_code_des".to_owned(), "余额不足".to_owned());

    let (_, pending) = ask_v2(&AlwaysSigned::default()).expect("a request");
    let signed = body(&with_sign(failure.clone(), Algorithm::HmacSha256));
    let error = pending
        .receive(unsigned_answer(200, signed))
        .verify(&api_v2_key(), now());
    let error = error.expect_err("a refusal");
    let refusal = error.api_error().expect("WeChat Pay's error");
    assert_eq!(refusal.code.as_deref(), Some("NOTENOUGH"));
    assert_eq!(refusal.message.as_deref(), Some("余额不足"));
    assert!(refusal.authentic);
    assert_eq!(error.outcome(), Outcome::Refused);

    let (_, pending) = ask_v2(&NeverSigned::default()).expect("a request");
    let error = pending
        .receive(unsigned_answer(200, body(&failure)))
        .verify(&api_v2_key(), now());
    let error = error.expect_err("a refusal");
    assert!(
        error.api_error().is_some_and(|refusal| !refusal.authentic),
        "{error}"
    );

    // Where signatures are the rule, a failure without one is not believed, but its code is not hidden either.
    let (_, pending) = ask_v2(&AlwaysSigned::default()).expect("a request");
    let error = pending
        .receive(unsigned_answer(200, body(&failure)))
        .verify(&api_v2_key(), now());
    let error = error.expect_err("a refusal without a signature");
    assert!(
        matches!(
            error,
            Error::Unverified {
                source: VerifyError::MissingSign,
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(
        error.api_error().and_then(|refusal| refusal.code.as_deref()),
        Some("NOTENOUGH")
    );
    assert_eq!(error.outcome(), Outcome::Unknown);
}
