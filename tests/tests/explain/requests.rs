//! Requests that were refused with `SIGN_ERROR`.

use wxpay_proto::crypto::{Algorithm, Backend, Certificate, Signer as _};
use wxpay_proto::explain::{CauseKind, Signed, request};
use wxpay_proto::v3::canonical::request_message;
use wxpay_proto::v3::read_refusal;
use wxpay_proto::{Effect, Serial, SignInformation};
use wxpay_tests::keys::{key_text, private_key};
use wxpay_tests::vectors::file;

fn message(target: &str, body: &str) -> Vec<u8> {
    request_message("POST", target, "1700000000", "n0nce", body.as_bytes())
}

/// What the platform says that it saw, in the form of its real answers.
fn seen(method: &str, target: &str, body: &str) -> SignInformation {
    let whole = request_message(method, target, "1700000000", "n0nce", body.as_bytes());
    let head = whole.len() - body.len() - 1 + body.len().min(8);
    let refusal = serde_json::json!({ "code": "SIGN_ERROR", "detail": { "sign_information": {
        "method": method,
        "url": target,
        "truncated_sign_message": String::from_utf8_lossy(&whole[..head]),
        "sign_message_length": whole.len(),
    } } });
    let refusal = read_refusal("test", Effect::Money, 401, None, refusal.to_string().into());
    refusal.sign_information().expect("sign_information")
}

fn first(message: &[u8], seen: &SignInformation) -> (CauseKind, bool, String) {
    let cause = request(&Signed::new(message), Some(seen)).remove(0);
    (cause.kind, cause.proven, cause.advice)
}

/// A certificate whose serial number begins with a zero.
fn leading_zero() -> Certificate {
    let pems = file()["keys"]["certificates_for_serial_tests"]["pem"]
        .as_object()
        .expect("certificates");
    let certificates = pems
        .values()
        .map(|pem| Certificate::from_pem(pem.as_str().expect("PEM")).expect("a certificate"));
    let mut found = certificates.filter(|found| found.serial().as_str().starts_with('0'));
    found.next().expect("one of them begins with a zero")
}

#[test]
fn a_message_that_was_cut_within_a_character_claims_nothing() {
    let ours = message("/v3/x", "{\"a\":\"茶\"}");
    let whole = seen("POST", "/v3/x", "{\"a\":\"茶\"}");
    let shown = whole.truncated_sign_message.as_deref().expect("a message");
    assert!(shown.ends_with('\u{FFFD}'), "{shown:?}");
    assert!(
        request(&Signed::new(&ours), Some(&whole))
            .iter()
            .all(|cause| !cause.proven)
    );
}

#[test]
fn a_target_that_was_encoded_again_is_found() {
    let (kind, proven, _) = first(
        &message("/v3/x?a=%E8%8C%B6", "{}"),
        &seen("POST", "/v3/x?a=%e8%8c%b6", "{}"),
    );
    assert_eq!((kind, proven), (CauseKind::TargetReencoded, true));
    let (kind, ..) = first(
        &message("/v3/x?a=b+c", "{}"),
        &seen("POST", "/v3/x?a=b%20c", "{}"),
    );
    assert_eq!(kind, CauseKind::TargetReencoded);
    let (kind, ..) = first(&message("/v3/x", "{}"), &seen("POST", "/v3/y", "{}"));
    assert_eq!(kind, CauseKind::MessageDiffers);
}

#[test]
fn the_first_byte_that_differs_is_pointed_at() {
    let ours = message("/v3/x", "{\"a\":1}");
    let (kind, proven, advice) = first(&ours, &seen("POST", "/v3/x", "{\"b\":1}"));
    assert_eq!((kind, proven), (CauseKind::MessageDiffers, true));
    let index = ours.iter().position(|b| *b == b'a').expect("the body's a");
    assert!(advice.contains(&format!("number {index} ")), "{advice}");
}

#[test]
fn a_body_that_was_lost_is_told_by_its_length() {
    let (kind, proven, advice) = first(&message("/v3/x", "{\"a\":1}"), &seen("POST", "/v3/x", ""));
    assert_eq!((kind, proven), (CauseKind::MessageDiffers, true), "{advice}");
}

#[test]
fn another_method_and_a_lost_line_feed_are_found() {
    let (kind, ..) = first(&message("/v3/x", ""), &seen("GET", "/v3/x", ""));
    assert_eq!(kind, CauseKind::Method);
    let mut cut = message("/v3/x", "");
    cut.pop();
    let whole = seen("POST", "/v3/x", "");
    assert!(
        request(&Signed::new(&cut), Some(&whole))
            .iter()
            .any(|c| c.kind == CauseKind::MessageForm && c.proven)
    );
    let windows = String::from_utf8(message("/v3/x", ""))
        .expect("ASCII")
        .replace('\n', "\r\n");
    assert_eq!(first(windows.as_bytes(), &whole).0, CauseKind::MessageForm);
}

#[test]
fn key_serial_and_certificate_are_held_against_each_other() {
    let certificate =
        Certificate::from_pem(key_text("merchant_rsa", "certificate_pem")).expect("a certificate");
    let message = message("/v3/x", "{}");
    let same = seen("POST", "/v3/x", "{}");
    let sign = |name: &str| {
        private_key(name, Backend::AwsLc)
            .sign(Algorithm::RsaSha256, &message)
            .expect("a signature")
    };
    let (right, wrong) = (sign("merchant_rsa"), sign("bank_rsa"));
    let other = Serial::new("7132D72A03E93CDDF8C03BBD1F37EEDF0A1B2C3D").expect("a serial number");

    let signed = Signed::new(&message).certificate(&certificate, Backend::AwsLc);
    let causes = request(&signed.signature(&wrong), Some(&same));
    assert_eq!(
        (causes[0].kind, causes[0].proven),
        (CauseKind::KeyDoesNotFitCertificate, true)
    );
    let causes = request(&signed.signature(&right).serial(other.as_str()), Some(&same));
    assert_eq!((causes[0].kind, causes[0].proven), (CauseKind::WrongSerial, true));
    // The certificate's serial number begins with no zero here, so one that does is taken for the next.
    let zero = leading_zero();
    let text = zero.serial().as_str();
    assert!(text.starts_with('0'), "{text}");
    let signed_by_it = Signed::new(&message).certificate(&zero, Backend::AwsLc);
    let causes = request(&signed_by_it.serial(text.trim_start_matches('0')), Some(&same));
    assert_eq!(
        (causes[0].kind, causes[0].proven),
        (CauseKind::SerialZeroDropped, true)
    );
    assert!(causes[0].advice.contains(text), "{}", causes[0]);
    let whole = request(&signed_by_it.serial(zero.serial()), Some(&same));
    assert!(
        whole
            .iter()
            .all(|cause| cause.kind != CauseKind::SerialZeroDropped)
    );
    // Everything fits: what is left is a suspicion, and is called one.
    let causes = request(
        &signed.signature(&right).serial(certificate.serial()),
        Some(&same),
    );
    assert!(causes.iter().all(|cause| !cause.proven) && !causes.is_empty());
}
