//! v2 requests: who signs, with which algorithm, and what is filled in.

use http::Method;
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::{Call, Credentials, Fields, SignType, verify_sign, xml};
use wxpay_proto::{BuildError, MerchantId, Outcome, SignTypeRule, Unsigned};
use wxpay_tests::journey::{MCHID, stamp, v2_credentials};
use wxpay_tests::keys::api_v2_key;

use crate::{ask_v2, header};

fn sent(call: &Call) -> Fields {
    let (request, _) = ask_v2(call).expect("a request");
    xml::read(request.body()).expect("XML")
}

#[test]
fn a_foreign_merchant_number_is_refused_with_both_numbers() {
    for field in ["mch_id", "mchid", "combine_mch_id"] {
        let error = ask_v2(&Call::new("/pay/orderquery").field(field, "1230000109")).expect_err("not ours");
        let wanted = BuildError::WrongMerchant {
            operation: "v2.call",
            field: match field {
                "mch_id" => "mch_id",
                "mchid" => "mchid",
                _ => "combine_mch_id",
            },
            found: "1230000109".to_owned(),
            signer: MCHID.to_owned(),
        };
        assert_eq!(error, wanted);
        let shown = error.to_string();
        assert!(shown.contains("1230000109") && shown.contains(MCHID), "{shown}");
        assert_eq!(wxpay_proto::Error::from(error).outcome(), Outcome::NotSent);
        assert!(ask_v2(&Call::new("/pay/orderquery").field(field, MCHID)).is_ok());
    }
    // A sub-merchant is not who signs, and in a combined order neither are the single orders' merchants.
    assert!(ask_v2(&Call::new("/pay/orderquery").field("sub_mch_id", "1230000109")).is_ok());
    let combined = Call::new("/pay/combinedorder")
        .field("combine_mch_id", MCHID)
        .field("mch_id", "1230000109");
    assert!(ask_v2(&combined).is_ok());
}

#[test]
fn what_is_sent_is_what_is_signed_and_verifies() {
    let call = Call::new("/pay/orderquery")
        .field("out_trade_no", "1")
        .field("attach", "a<b>&]]>\r\n微");
    let unsigned = Unsigned::new(&call, &v2_credentials(), &stamp()).expect("a request");
    let message = String::from_utf8(unsigned.message().to_vec()).expect("UTF-8");
    assert!(!message.contains("key="), "{message}");
    let fields = sent(&call);
    assert_eq!(verify_sign(&fields, &api_v2_key()), Ok(Algorithm::HmacSha256));
    assert_eq!(fields["attach"], "a<b>&]]>\r\n微");
    assert_eq!(fields["nonce_str"], stamp().nonce.as_str());
    let (request, _) = ask_v2(&call).expect("a request");
    assert_eq!(request.method(), Method::POST);
    assert_eq!(request.uri(), "https://api.mch.weixin.qq.com/pay/orderquery");
    assert!(header(&request, "content-type").is_some_and(|value| value.starts_with("text/xml")));
    assert!(header(&request, "user-agent").is_some());
}

#[test]
fn a_sign_that_was_given_is_replaced_and_a_nonce_is_kept() {
    let call = Call::new("/pay/orderquery")
        .field("sign", "0123")
        .field("nonce_str", "mine");
    let fields = sent(&call);
    assert_eq!(fields["nonce_str"], "mine");
    assert!(verify_sign(&fields, &api_v2_key()).is_ok());
}

#[test]
fn sign_type_follows_the_operation() {
    let call = |rule, given: Option<&str>| {
        let call = Call::new("/x").sign_type(rule);
        match given {
            Some(given) => call.field("sign_type", given),
            None => call,
        }
    };
    // Rule, given by the caller, what is sent as `sign_type`, what is signed with.
    let good = [
        (
            SignTypeRule::Choice,
            None,
            Some("HMAC-SHA256"),
            Algorithm::HmacSha256,
        ),
        (SignTypeRule::Choice, Some("MD5"), Some("MD5"), Algorithm::Md5),
        (
            SignTypeRule::Choice,
            Some("HMAC-SHA256"),
            Some("HMAC-SHA256"),
            Algorithm::HmacSha256,
        ),
        (
            SignTypeRule::HmacOnly,
            None,
            Some("HMAC-SHA256"),
            Algorithm::HmacSha256,
        ),
        (
            SignTypeRule::HmacOnly,
            Some("HMAC-SHA256"),
            Some("HMAC-SHA256"),
            Algorithm::HmacSha256,
        ),
        (SignTypeRule::Md5Only, None, None, Algorithm::Md5),
    ];
    for (rule, given, wanted, algorithm) in good {
        let fields = sent(&call(rule, given));
        assert_eq!(
            fields.get("sign_type").map(String::as_str),
            wanted,
            "{rule:?} {given:?}"
        );
        assert_eq!(
            verify_sign(&fields, &api_v2_key()),
            Ok(algorithm),
            "{rule:?} {given:?}"
        );
    }
    let bad = [
        (SignTypeRule::Choice, "RSA"),
        (SignTypeRule::Choice, "md5"),
        (SignTypeRule::HmacOnly, "MD5"),
        (SignTypeRule::Md5Only, "MD5"),
        (SignTypeRule::Md5Only, "HMAC-SHA256"),
    ];
    for (rule, given) in bad {
        let error = ask_v2(&call(rule, Some(given))).expect_err("it does not fit the operation");
        assert!(
            matches!(error, BuildError::SignType { .. }),
            "{rule:?} {given}: {error}"
        );
    }
}

#[test]
fn the_credentials_choose_where_there_is_a_choice() {
    let merchant = MerchantId::new(MCHID).expect("a merchant number");
    let credentials = Credentials::new(merchant).sign_type(SignType::Md5);
    let algorithm = |rule| {
        let call = Call::new("/x").sign_type(rule);
        Unsigned::new(&call, &credentials, &stamp())
            .expect("a request")
            .algorithm()
    };
    assert_eq!(algorithm(SignTypeRule::Choice), Algorithm::Md5);
    assert_eq!(algorithm(SignTypeRule::HmacOnly), Algorithm::HmacSha256);
}

#[test]
fn a_weak_answer_to_an_hmac_only_operation_is_refused() {
    use wxpay_proto::v2::sign;
    use wxpay_proto::{Error, VerifyError};
    use wxpay_tests::journey::{now, unsigned_answer};

    let answer = |algorithm| {
        let mut fields = Fields::from([("return_code".to_owned(), "SUCCESS".to_owned())]);
        let signature = sign(&fields, algorithm, &api_v2_key()).expect("a signature");
        fields.insert("sign".to_owned(), signature);
        let (_, pending) = ask_v2(&Call::new("/x").sign_type(SignTypeRule::HmacOnly)).expect("a request");
        pending
            .receive(unsigned_answer(200, xml::write(&fields).expect("XML")))
            .verify(&api_v2_key(), now())
    };
    assert!(answer(Algorithm::HmacSha256).is_ok());
    let error = answer(Algorithm::Md5).expect_err("MD5");
    assert!(
        matches!(
            error,
            Error::Unverified {
                source: VerifyError::WeakAlgorithm { .. },
                ..
            }
        ),
        "{error}"
    );
}

#[test]
fn what_xml_cannot_hold_is_not_sent() {
    for (name, value) in [
        ("attach", "a\u{1}"),
        ("attach", "\u{FFFE}"),
        ("a b", "1"),
        ("1a", "1"),
        ("", "1"),
    ] {
        let error = ask_v2(&Call::new("/x").field(name, value)).expect_err("no XML");
        assert!(
            matches!(error, BuildError::Body { .. }),
            "{name:?} {value:?}: {error}"
        );
    }
}
