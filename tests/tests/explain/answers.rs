//! Answers and notifications.

use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use wxpay_proto::crypto::{Algorithm, Backend, Certificate, Signer as _};
use wxpay_proto::explain::{Cause, CauseKind, Evidence, answer};
use wxpay_proto::v3::canonical::answer_message;
use wxpay_proto::v3::{PlatformKey, PlatformKeys};
use wxpay_proto::{KeyId, UnixTime};
use wxpay_tests::cases::cases;
use wxpay_tests::keys::{key_text, private_key, public_key};

const NOW: i64 = 1_700_000_000;
const OLD: &str = "7132D72A03E93CDDF8C03BBD1F37EEDF0A1B2C3D";
const NEW: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";

fn keys() -> PlatformKeys {
    [(OLD, "platform_rsa_old"), (NEW, "platform_rsa_new")]
        .into_iter()
        .map(|(id, name)| PlatformKey::new(KeyId::new(id).expect("an id"), public_key(name, Backend::AwsLc)))
        .collect()
}

/// Headers of an answer that was signed over `body` at `timestamp`, by the key of that name.
fn headers(body: &[u8], timestamp: &str, serial: &str, key: &str) -> HeaderMap {
    let message = answer_message(timestamp, "n0nce", body);
    let signature = private_key(key, Backend::AwsLc)
        .sign(Algorithm::RsaSha256, &message)
        .expect("a signature")
        .to_base64();
    let mut headers = HeaderMap::new();
    for (name, value) in [
        ("wechatpay-timestamp", timestamp),
        ("wechatpay-nonce", "n0nce"),
        ("wechatpay-serial", serial),
        ("wechatpay-signature", signature.as_str()),
    ] {
        headers.insert(name, HeaderValue::from_str(value).expect("a header"));
    }
    headers
}

fn now() -> String {
    NOW.to_string()
}

fn why(headers: &HeaderMap, body: &[u8]) -> Vec<Cause> {
    answer(&Evidence::new(headers, body, &keys(), UnixTime::from_secs(NOW)))
}

/// The first cause, which has to be proven.
fn proven(headers: &HeaderMap, body: &[u8]) -> CauseKind {
    let causes = why(headers, body);
    let first = causes.first().expect("a cause");
    assert!(first.proven, "{causes:?}");
    first.kind
}

const BODY: &str =
    r#"{"state":"支付成功","url":"https://a.b/c","n":1.50,"list":[1,2],"empty":{},"s":"a\"b\\"}"#;

#[test]
fn what_verifies_needs_no_explanation() {
    assert!(
        why(
            &headers(BODY.as_bytes(), &now(), OLD, "platform_rsa_old"),
            BODY.as_bytes()
        )
        .is_empty()
    );
}

#[test]
fn a_body_that_was_written_again_is_found() {
    let signed = headers(BODY.as_bytes(), &now(), OLD, "platform_rsa_old");
    let python = r#"{"state": "\u652f\u4ed8\u6210\u529f", "url": "https://a.b/c", "n": 1.50, "list": [1, 2], "empty": {}, "s": "a\"b\\"}"#;
    let php = r#"{"state":"\u652f\u4ed8\u6210\u529f","url":"https:\/\/a.b\/c","n":1.50,"list":[1,2],"empty":{},"s":"a\"b\\"}"#;
    let pretty = serde_json::to_string_pretty(&serde_json::json!({ "a": [1, { "b": "茶" }] })).expect("JSON");
    for changed in [python, php] {
        assert_eq!(
            proven(&signed, changed.as_bytes()),
            CauseKind::BodyReserialised,
            "{changed}"
        );
    }
    // A backslash before a slash is a backslash, and not the slash's escape.
    let backslash = r#"{"t":"\\/","u":"a/b"}"#;
    let signed_slash = headers(backslash.as_bytes(), &now(), OLD, "platform_rsa_old");
    for changed in [r#"{ "t": "\\/", "u": "a/b" }"#, r#"{"t":"\\\/","u":"a\/b"}"#] {
        let changed = changed.replace("{ ", "{").replace(" }", "}");
        assert_eq!(
            proven(&signed_slash, changed.as_bytes()),
            CauseKind::BodyReserialised,
            "{changed}"
        );
    }
    let compact = r#"{"a":[1,{"b":"茶"}]}"#;
    let signed = headers(compact.as_bytes(), &now(), OLD, "platform_rsa_old");
    assert_eq!(proven(&signed, pretty.as_bytes()), CauseKind::BodyReserialised);
}

#[test]
fn line_ends_marks_and_character_sets_are_found() {
    let text = "{\"a\":\n\"茶é\"}\n";
    let signed = headers(text.as_bytes(), &now(), OLD, "platform_rsa_old");
    assert_eq!(
        proven(&signed, text.trim_end().as_bytes()),
        CauseKind::LineEndLost
    );
    assert_eq!(
        proven(&signed, text.replace('\n', "\r\n").as_bytes()),
        CauseKind::LineEndsChanged
    );
    assert_eq!(
        proven(&signed, format!("\u{FEFF}{text}").as_bytes()),
        CauseKind::ByteOrderMark
    );
    let latin1: String = text.bytes().map(char::from).collect();
    assert_eq!(proven(&signed, latin1.as_bytes()), CauseKind::CharacterSet);
}

#[test]
fn keys_and_serial_numbers_are_told_apart() {
    let body = BODY.as_bytes();
    assert_eq!(
        proven(&headers(body, &now(), OLD, "platform_rsa_new"), body),
        CauseKind::WrongPlatformKey
    );
    let unknown = headers(body, &now(), "ABCDEF", "platform_rsa_old");
    assert!(
        why(&unknown, body)
            .iter()
            .any(|cause| cause.kind == CauseKind::UnknownSerial && cause.proven)
    );

    let merchant = Certificate::from_pem(key_text("merchant_rsa", "certificate_pem")).expect("a certificate");
    let own = headers(body, &now(), merchant.serial().as_str(), "merchant_rsa");
    let keys = keys();
    let evidence = Evidence::new(&own, body, &keys, UnixTime::from_secs(NOW)).merchant(&merchant);
    assert_eq!(answer(&evidence)[0].kind, CauseKind::MerchantCertificate);
}

#[test]
fn clocks_probes_and_lost_headers_are_found() {
    let body = BODY.as_bytes();
    let early = headers(body, &(NOW - 4_000).to_string(), OLD, "platform_rsa_old");
    let causes = why(&early, body);
    assert_eq!((causes[0].kind, causes.len()), (CauseKind::Clock, 1));
    assert!(causes[0].advice.contains("4000 s ahead"), "{}", causes[0]);
    let millis = headers(body, &(NOW * 1000).to_string(), OLD, "platform_rsa_old");
    assert_eq!(proven(&millis, body), CauseKind::Timestamp);

    let mut probe = headers(body, &now(), OLD, "platform_rsa_old");
    probe.insert(
        "wechatpay-signature",
        HeaderValue::from_static("WECHATPAY/SIGNTEST/abc"),
    );
    assert_eq!(proven(&probe, body), CauseKind::Probe);
    let mut damaged = headers(body, &now(), OLD, "platform_rsa_old");
    damaged.insert("wechatpay-signature", HeaderValue::from_static("not*base64"));
    assert_eq!(proven(&damaged, body), CauseKind::SignatureDamaged);
    let mut filtered = headers(body, &now(), OLD, "platform_rsa_old");
    filtered.remove("wechatpay-nonce");
    assert_eq!(proven(&filtered, body), CauseKind::HeaderMissing);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(8)))]

    /// A body that has nothing to do with the signature proves nothing.
    #[test]
    fn nothing_is_claimed_without_proof(body in ".{0,60}", other in "[a-z]{61,70}") {
        let signed = headers(other.as_bytes(), &now(), OLD, "platform_rsa_old");
        let causes = why(&signed, body.as_bytes());
        prop_assert!(!causes.is_empty());
        prop_assert!(causes.iter().all(|cause| !cause.proven), "{causes:?}");
    }

    /// Any JSON that a serializer with blanks or escapes has written again is recognised.
    #[test]
    fn any_reserialised_json_is_found(texts in prop::collection::vec("[a-z茶é/ ]{0,8}", 1..4)) {
        let value: Vec<_> = texts.iter().map(|text| serde_json::json!({ "k": text })).collect();
        let compact = serde_json::to_string(&value).expect("JSON");
        let pretty = serde_json::to_string_pretty(&value).expect("JSON");
        let signed = headers(compact.as_bytes(), &now(), OLD, "platform_rsa_old");
        prop_assert_eq!(proven(&signed, pretty.as_bytes()), CauseKind::BodyReserialised);
    }
}
