//! Requests as they were sent by another program: what does their signature cover?

use proptest::prelude::*;
use proptest::test_runner::Config;
use wxpay_proto::UnixTime;
use wxpay_proto::crypto::{Algorithm, Backend, Certificate, MerchantKey, Signer as _};
use wxpay_proto::explain::{Cause, CauseKind, Sent, sent};
use wxpay_proto::v3::{Authorization, Scheme};
use wxpay_tests::cases::cases;
use wxpay_tests::keys::{key_text, private_key};

const TARGET: &str = "/v3/pay/transactions/out-trade-no/A%E8%8C%B6?mchid=1900007291&a=b%2Fc";
const BODY: &str = r#"{"description":"茶/伞","amount":{"total":1}}"#;
const NONCE: &str = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";

fn certificate() -> Certificate {
    Certificate::from_pem(key_text("merchant_rsa", "certificate_pem")).expect("a certificate")
}

/// The header of a program that signs `message`.
fn authorization(key: &MerchantKey, message: &[u8]) -> Authorization {
    let certificate = certificate();
    let signature = key.sign(Algorithm::RsaSha256, message).expect("a signature");
    Authorization {
        scheme: Scheme::MerchantRsa,
        identity: certificate.merchant().unwrap_or("1900007291").to_owned(),
        nonce_str: NONCE.to_owned(),
        timestamp: "1700000000".to_owned(),
        serial_no: certificate.serial().to_string(),
        signature: signature.to_base64(),
    }
}

fn explain(method: &str, target: &str, body: &[u8], authorization: &Authorization) -> Vec<Cause> {
    let certificate = certificate();
    let request = Sent::new(method, target, body, authorization, &certificate, Backend::AwsLc);
    sent(&request.now(UnixTime::from_secs(1_700_000_001)))
}

/// What is said of a POST whose program signed `message` in the place of the right one.
fn explain_message(message: &str) -> Vec<Cause> {
    let key = private_key("merchant_rsa", Backend::AwsLc);
    explain(
        "POST",
        TARGET,
        BODY.as_bytes(),
        &authorization(&key, message.as_bytes()),
    )
}

#[test]
fn a_request_that_is_right_has_no_cause() {
    assert_eq!(
        explain_message(&format!("POST\n{TARGET}\n1700000000\n{NONCE}\n{BODY}\n")),
        []
    );
}

#[test]
fn every_wrong_message_is_proven_by_name() {
    let path = "/v3/pay/transactions/out-trade-no/A%E8%8C%B6";
    let spaced = r#"{"description": "茶/伞", "amount": {"total": 1}}"#;
    let escaped = r#"{"description":"\u8336\/\u4f1e","amount":{"total":1}}"#;
    let differs = CauseKind::MessageDiffers;
    let again = CauseKind::TargetReencoded;
    let form = CauseKind::MessageForm;
    let written = CauseKind::BodyReserialised;
    for (message, wanted) in [
        (format!("POST\n{TARGET}\n1700000000\n{NONCE}\n{BODY}"), vec![form]),
        (
            format!("POST\r\n{TARGET}\r\n1700000000\r\n{NONCE}\r\n{BODY}\r\n"),
            vec![form],
        ),
        (
            format!("POST\\n{TARGET}\\n1700000000\\n{NONCE}\\n{BODY}\\n"),
            vec![form],
        ),
        (format!("POST{TARGET}1700000000{NONCE}{BODY}"), vec![form]),
        (
            format!("POST\n{TARGET}\n{NONCE}\n1700000000\n{BODY}\n"),
            vec![form],
        ),
        (format!("1700000000\n{NONCE}\n{BODY}\n"), vec![form]),
        (
            format!("post\n{TARGET}\n1700000000\n{NONCE}\n{BODY}\n"),
            vec![CauseKind::Method],
        ),
        (
            format!("GET\n{TARGET}\n1700000000\n{NONCE}\n{BODY}\n"),
            vec![CauseKind::Method],
        ),
        (
            format!("POST\n{path}\n1700000000\n{NONCE}\n{BODY}\n"),
            vec![differs],
        ),
        (
            format!("POST\nhttps://api.mch.weixin.qq.com{TARGET}\n1700000000\n{NONCE}\n{BODY}\n"),
            vec![differs],
        ),
        (
            format!(
                "POST\n/v3/pay/transactions/out-trade-no/A茶?mchid=1900007291&a=b/c\n1700000000\n{NONCE}\n{BODY}\n"
            ),
            vec![again],
        ),
        (
            format!(
                "POST\n{}\n1700000000\n{NONCE}\n{BODY}\n",
                TARGET.replace("%E8%8C%B6", "%e8%8c%b6").replace("%2F", "%2f")
            ),
            vec![again],
        ),
        (
            format!("POST\n{TARGET}\n1700000000000\n{NONCE}\n{BODY}\n"),
            vec![CauseKind::Timestamp],
        ),
        (format!("POST\n{TARGET}\n1700000000\n{NONCE}\n\n"), vec![differs]),
        (
            format!("POST\n{TARGET}\n1700000000\n{NONCE}\n{spaced}\n"),
            vec![written],
        ),
        (
            format!("POST\n{TARGET}\n1700000000\n{NONCE}\n{escaped}\n"),
            vec![written],
        ),
        // Two mistakes at once.
        (
            format!("POST\n{path}\n1700000000\n{NONCE}\n{BODY}"),
            vec![differs, form],
        ),
    ] {
        let causes = explain_message(&message);
        let kinds: Vec<_> = causes.iter().map(|cause| cause.kind).collect();
        assert_eq!(kinds, wanted, "{message}: {causes:?}");
        assert!(causes.iter().all(|cause| cause.proven), "{message}: {causes:?}");
    }
}

#[test]
fn a_get_whose_program_signed_a_body_is_found() {
    let key = private_key("merchant_rsa", Backend::AwsLc);
    for body in ["{}", "null"] {
        let message = format!("GET\n{TARGET}\n1700000000\n{NONCE}\n{body}\n");
        let causes = explain("GET", TARGET, b"", &authorization(&key, message.as_bytes()));
        assert_eq!(
            (causes[0].kind, causes[0].proven),
            (CauseKind::MessageDiffers, true),
            "{causes:?}"
        );
    }
}

#[test]
fn what_stands_in_the_header_is_looked_at_first() {
    let key = private_key("merchant_rsa", Backend::AwsLc);
    let right = authorization(
        &key,
        format!("POST\n{TARGET}\n1700000000\n{NONCE}\n{BODY}\n").as_bytes(),
    );
    let kinds = |authorization: &Authorization| {
        let causes = explain("POST", TARGET, BODY.as_bytes(), authorization);
        assert!(causes.iter().all(|cause| cause.proven), "{causes:?}");
        causes.iter().map(|cause| cause.kind).collect::<Vec<_>>()
    };
    let mut other = right.clone();
    other.serial_no = key_text("platform_rsa_old", "serial_no").to_owned();
    assert_eq!(kinds(&other), [CauseKind::WrongSerial]);
    let mut other = right.clone();
    other.identity = "1230000109".to_owned();
    assert_eq!(kinds(&other), [CauseKind::WrongSerial]);
    let mut other = right.clone();
    other.signature.truncate(100);
    other.signature.push('!');
    assert_eq!(kinds(&other), [CauseKind::SignatureDamaged]);
    let mut other = right;
    other.signature = "ab".repeat(256);
    assert_eq!(kinds(&other), [CauseKind::SignatureForm]);
    let late = format!("POST\n{TARGET}\n1600000000\n{NONCE}\n{BODY}\n");
    let mut other = authorization(&key, late.as_bytes());
    other.timestamp = "1600000000".to_owned();
    assert_eq!(kinds(&other), [CauseKind::Clock]);
    let late = format!("POST\n{TARGET}\n1700000000000\n{NONCE}\n{BODY}\n");
    let mut other = authorization(&key, late.as_bytes());
    other.timestamp = "1700000000000".to_owned();
    assert_eq!(kinds(&other), [CauseKind::Timestamp]);
}

#[test]
fn another_key_is_suspected_and_not_proven() {
    let key = private_key("platform_rsa_old", Backend::AwsLc);
    let message = format!("POST\n{TARGET}\n1700000000\n{NONCE}\n{BODY}\n");
    let causes = explain(
        "POST",
        TARGET,
        BODY.as_bytes(),
        &authorization(&key, message.as_bytes()),
    );
    assert_eq!(causes[0].kind, CauseKind::KeyDoesNotFitCertificate);
    assert!(causes.iter().all(|cause| !cause.proven), "{causes:?}");
}

proptest! {
    #![proptest_config(Config::with_cases(cases(8)))]

    /// A cause is proven for a request that was signed as it was sent: never.
    #[test]
    fn nothing_is_claimed_about_what_is_right(
        method in "GET|POST|PUT|DELETE",
        target in "/[a-zA-Z0-9/%?=&+._-]{0,40}",
        body in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let key = private_key("merchant_rsa", Backend::AwsLc);
        let message = [format!("{method}\n{target}\n1700000000\n{NONCE}\n").as_bytes(), &body, b"\n"].concat();
        prop_assert_eq!(explain(&method, &target, &body, &authorization(&key, &message)), vec![]);
    }

    /// What is no usual mistake is not taken for one.
    #[test]
    fn nothing_is_proven_about_something_quite_different(other in "[a-z]{1,40}") {
        let key = private_key("merchant_rsa", Backend::AwsLc);
        let causes = explain("POST", TARGET, BODY.as_bytes(), &authorization(&key, other.as_bytes()));
        prop_assert!(!causes.is_empty() && causes.iter().all(|cause| !cause.proven), "{:?}", causes);
    }
}
