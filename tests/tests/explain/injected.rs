//! Any message, any cause: what was injected is found by name and proven, and nothing else is claimed.

use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use wxpay_proto::crypto::{Backend, Certificate, MerchantKey, Signer as _};
use wxpay_proto::explain::{Cause, CauseKind, Evidence, answer};
use wxpay_proto::v3::canonical::answer_message;
use wxpay_proto::v3::{PlatformKey, PlatformKeys, Scheme};
use wxpay_proto::{ApiV3Key, KeyId, UnixTime};
use wxpay_tests::cases::cases;
use wxpay_tests::keys::{key_text, private_key, public_key};

const NOW: i64 = 1_700_000_000;
const RSA: &str = "7132D72A03E93CDDF8C03BBD1F37EEDF0A1B2C3D";
const OTHER: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
const SM2: &str = "PUB_KEY_ID_0119000072912024";
/// The merchant's own key, saved as WeChat Pay's.
const MIXED_UP: &str = "PUB_KEY_ID_0119000072912025";

fn keys() -> PlatformKeys {
    let pairs = [
        (RSA, "platform_rsa_old"),
        (OTHER, "platform_rsa_new"),
        (SM2, "platform_sm2"),
        (MIXED_UP, "merchant_rsa"),
    ];
    let key = |(id, name)| PlatformKey::new(KeyId::new(id).expect("an id"), public_key(name, Backend::AwsLc));
    pairs.into_iter().map(key).collect()
}

fn merchant() -> Certificate {
    Certificate::from_pem(key_text("merchant_rsa", "certificate_pem")).expect("a certificate")
}

/// What is done to a genuine message.
#[derive(Clone, Copy, Debug)]
enum Injected {
    Nothing,
    Pretty,
    Escaped,
    Slashes,
    LineFeedAdded,
    LineFeedLost,
    Windows,
    Mark,
    Latin1,
    OtherKey,
    OwnKey,
    KeyMixedUp,
    Unknown,
    Filtered(usize),
    TypeLost,
    Late(i64),
    Millis,
    Probe,
    Cut,
}

impl Injected {
    fn kind(self) -> Option<CauseKind> {
        Some(match self {
            Self::Nothing => return None,
            Self::Pretty | Self::Escaped | Self::Slashes => CauseKind::BodyReserialised,
            Self::LineFeedAdded | Self::LineFeedLost => CauseKind::LineEndLost,
            Self::Windows => CauseKind::LineEndsChanged,
            Self::Mark => CauseKind::ByteOrderMark,
            Self::Latin1 => CauseKind::CharacterSet,
            Self::OtherKey => CauseKind::WrongPlatformKey,
            Self::OwnKey | Self::KeyMixedUp => CauseKind::MerchantCertificate,
            Self::Unknown => CauseKind::UnknownSerial,
            Self::Filtered(_) => CauseKind::HeaderMissing,
            Self::TypeLost => CauseKind::SignatureType,
            Self::Late(_) => CauseKind::Clock,
            Self::Millis => CauseKind::Timestamp,
            Self::Probe => CauseKind::Probe,
            Self::Cut => CauseKind::SignatureDamaged,
        })
    }
}

fn injected() -> impl Strategy<Value = Injected> {
    use Injected as I;
    let plain = vec![
        I::Nothing,
        I::Pretty,
        I::Escaped,
        I::Slashes,
        I::LineFeedAdded,
        I::LineFeedLost,
        I::Windows,
        I::Mark,
        I::Latin1,
        I::OtherKey,
        I::OwnKey,
        I::KeyMixedUp,
        I::Unknown,
        I::TypeLost,
        I::Millis,
        I::Probe,
        I::Cut,
    ];
    prop_oneof![
        8 => prop::sample::select(plain),
        1 => (0..4_usize).prop_map(I::Filtered),
        1 => (301..100_000_i64).prop_map(I::Late),
        1 => (-100_000..-300_i64).prop_map(I::Late),
    ]
}

/// A JSON object as WeChat Pay writes it, with Chinese and a slash in it, so that every rewriting changes something.
fn body() -> impl Strategy<Value = String> {
    let text = "[a-z茶é/ \"\\\\]{0,8}";
    prop::collection::vec((text, any::<i32>()), 0..4).prop_map(|pairs| {
        let list: Vec<_> = pairs
            .iter()
            .map(|(text, number)| serde_json::json!({ "t": text, "n": number }))
            .collect();
        serde_json::json!({ "summary": "支付/成功", "list": list }).to_string()
    })
}

const NAMES: [&str; 4] = [
    "wechatpay-timestamp",
    "wechatpay-nonce",
    "wechatpay-serial",
    "wechatpay-signature",
];

fn sign(signer: &MerchantKey, body: &[u8], timestamp: &str, serial: &str) -> HeaderMap {
    let message = answer_message(timestamp, "n0nce", body);
    let signature = signer
        .sign(signer.algorithm(), &message)
        .expect("a signature")
        .to_base64();
    let mut headers = HeaderMap::new();
    for (name, value) in NAMES
        .into_iter()
        .zip([timestamp, "n0nce", serial, signature.as_str()])
    {
        headers.insert(name, HeaderValue::from_str(value).expect("a header"));
    }
    headers
}

/// A genuine message, and what arrives of it.
fn happen(body: &str, injected: Injected) -> (HeaderMap, Vec<u8>) {
    let value = || serde_json::from_str::<serde_json::Value>(body).expect("JSON");
    let key = match injected {
        Injected::OtherKey => "platform_rsa_new",
        Injected::OwnKey => "merchant_rsa",
        Injected::Unknown => "bank_rsa",
        Injected::TypeLost => "platform_sm2",
        _ => "platform_rsa_old",
    };
    let serial = match injected {
        Injected::KeyMixedUp => MIXED_UP,
        Injected::Unknown => "ABCDEF",
        Injected::TypeLost => SM2,
        _ => RSA,
    };
    let timestamp = match injected {
        Injected::Late(by) => (NOW - by).to_string(),
        Injected::Millis => (NOW * 1000).to_string(),
        _ => NOW.to_string(),
    };
    // What is signed ends in a line feed where one is to be lost or changed.
    let signed = match injected {
        Injected::LineFeedLost | Injected::Windows => format!("{body}\n"),
        _ => body.to_owned(),
    };
    let mut headers = sign(
        &private_key(key, Backend::AwsLc),
        signed.as_bytes(),
        &timestamp,
        serial,
    );
    let mut put = |name: &'static str, value: &str| {
        headers.insert(name, HeaderValue::from_str(value).expect("a header"));
    };
    match injected {
        Injected::Probe => put("wechatpay-signature", "WECHATPAY/SIGNTEST/x"),
        Injected::Cut => put("wechatpay-signature", "not base64"),
        Injected::Filtered(which) => {
            headers.remove(NAMES[which]);
        }
        _ => {}
    }
    let arrived = match injected {
        Injected::Pretty => serde_json::to_string_pretty(&value()).expect("JSON"),
        Injected::Escaped => {
            let escaped = body.chars().map(|c| {
                if c.is_ascii() {
                    c.to_string()
                } else {
                    format!("\\u{:04x}", u32::from(c))
                }
            });
            escaped.collect()
        }
        Injected::Slashes => body.replace('/', "\\/"),
        Injected::LineFeedAdded => format!("{body}\n"),
        Injected::Windows => format!("{body}\r\n"),
        Injected::Mark => format!("\u{FEFF}{body}"),
        Injected::Latin1 => body.bytes().map(char::from).collect(),
        _ => body.to_owned(),
    };
    (headers, arrived.into_bytes())
}

fn why(headers: &HeaderMap, body: &[u8]) -> Vec<Cause> {
    let (keys, merchant) = (keys(), merchant());
    let evidence = Evidence::new(headers, body, &keys, UnixTime::from_secs(NOW)).merchant(&merchant);
    answer(&evidence)
}

proptest! {
    // An RSA signature and up to a hundred verifications in each case.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases(2)) })]

    #[test]
    fn what_was_injected_is_found_and_nothing_else_is_claimed(body in body(), injected in injected()) {
        let (headers, arrived) = happen(&body, injected);
        let causes = why(&headers, &arrived);
        let proven: Vec<_> = causes.iter().filter(|cause| cause.proven).map(|cause| cause.kind).collect();
        prop_assert_eq!(&proven, &injected.kind().into_iter().collect::<Vec<_>>(), "{:?}: {:?}", injected, causes);
        prop_assert_eq!(causes.first().map(|cause| cause.kind), injected.kind());
    }

    /// Of what happens to the body, a proof is a signature that fits: where another message was signed, there is none.
    #[test]
    fn without_the_signature_no_rewriting_is_proven(body in body(), injected in injected(), other in "[a-z]{1,9}") {
        let (_, arrived) = happen(&body, injected);
        let headers = sign(&private_key("platform_rsa_old", Backend::AwsLc), other.as_bytes(), &NOW.to_string(), RSA);
        let causes = why(&headers, &arrived);
        prop_assert!(!causes.is_empty());
        prop_assert!(causes.iter().all(|cause| !cause.proven), "{causes:?}");
    }

    #[test]
    fn a_wrong_api_v3_key_is_proven_on_an_authentic_body_only(plaintext in "[a-z茶]{0,9}", sm: bool, text in "[0-9a-z]{32}", lost: bool) {
        use wxpay_proto::crypto::Aead;
        let right = ApiV3Key::new("0123456789abcdef0123456789ABCDEF").expect("a key");
        let aead = if sm { Aead::Sm4Gcm } else { Aead::Aes256Gcm };
        let sealed = aead.seal_base64(&right, "n0nce", "", plaintext.as_bytes()).expect("sealed");
        let resource = serde_json::json!({ "algorithm": aead.name(), "nonce": "n0nce", "ciphertext": sealed });
        let body = serde_json::json!({ "id": "1", "resource": resource }).to_string();
        let list = serde_json::json!({ "data": [{ "serial_no": "1", "encrypt_certificate": resource }] }).to_string();
        let (keys, other) = (keys(), ApiV3Key::new(text).expect("a key"));
        for body in [body, list] {
            let headers = sign(&private_key("platform_rsa_old", Backend::AwsLc), body.as_bytes(), &NOW.to_string(), RSA);
            let arrived = if lost { body.replace("\"nonce\"", " \"nonce\"") } else { body };
            let ask = |key| answer(&Evidence::new(&headers, arrived.as_bytes(), &keys, UnixTime::from_secs(NOW)).api_v3_key(key));
            let found = ask(&other).into_iter().find(|cause| cause.kind == CauseKind::WrongApiKey).expect("it is found");
            prop_assert_eq!(found.proven, !lost);
            prop_assert!(ask(&right).iter().all(|cause| cause.kind != CauseKind::WrongApiKey));
        }
    }
}

#[test]
fn an_expired_certificate_is_named() {
    let pem =
        wxpay_tests::vectors::file()["keys"]["certificates_for_serial_tests"]["pem"]["expired"].as_str();
    let key = PlatformKey::from_certificate_pem(pem.expect("PEM"), Backend::AwsLc).expect("a certificate");
    let end = key.not_after().expect("an end").as_secs();
    assert!(key.not_before().is_some_and(|start| start.as_secs() < end));
    let serial = key.id().to_string();
    let keys: PlatformKeys = [key].into_iter().collect();
    let now = end + 1;
    let headers = sign(
        &private_key("bank_rsa", Backend::AwsLc),
        b"{}",
        &now.to_string(),
        &serial,
    );
    let causes = answer(&Evidence::new(&headers, b"{}", &keys, UnixTime::from_secs(now)));
    assert_eq!(
        causes
            .iter()
            .map(|cause| (cause.kind, cause.proven))
            .collect::<Vec<_>>(),
        [(CauseKind::CertificateExpired, true)]
    );
}

#[test]
fn a_signature_type_that_says_something_else_is_named() {
    let mut headers = sign(
        &private_key("platform_rsa_old", Backend::AwsLc),
        b"{}",
        &NOW.to_string(),
        RSA,
    );
    headers.insert(
        "wechatpay-signature-type",
        HeaderValue::from_static(Scheme::MerchantSm2.name()),
    );
    let causes = why(&headers, b"{}");
    assert_eq!(
        (causes[0].kind, causes[0].proven, causes.len()),
        (CauseKind::SignatureType, true, 1)
    );
}
