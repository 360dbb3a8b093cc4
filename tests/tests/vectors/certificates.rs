//! `certificates`: the forms of a serial number, and the list that carries its own keys.

use http::{Method, Response};
use serde_json::Value;
use wxpay_proto::crypto::{Backend, Certificate};
use wxpay_proto::v3::certificates::{
    CertificatesError, CertificatesProof, FetchCertificates, Fetched, PlatformCertificates,
};
use wxpay_proto::v3::{Credentials, PlatformKey, PlatformKeys};
use wxpay_proto::{ApiV3Key, KeyId, MerchantId, Serial, UnixTime, Unsigned, Unverified};
use wxpay_tests::journey::{MCHID, merchant_key, stamp};
use wxpay_tests::keys::key_text;
use wxpay_tests::vectors::Vector;

use crate::kinds::{Ours, assert_kind};

pub(crate) fn serial(vector: &Vector, backend: Backend) {
    let mut expected = vector.expected();
    let certificate = Certificate::from_pem(vector.text("certificate_pem")).expect("a certificate");
    let (full, short) = (expected.text("openssl_serial"), expected.text("java_tostring16"));
    assert_eq!(certificate.serial().as_str(), full);
    let equal = [
        full.clone(),
        short.clone(),
        full.to_lowercase(),
        short.to_lowercase(),
    ]
    .iter()
    .all(|text| Serial::new(text).as_ref() == Ok(certificate.serial()));
    assert_eq!(expected.take("equal_as_integer"), equal);
    // Whatever form the header has, it finds the key.
    let key = PlatformKey::from_certificate(&certificate, backend).expect("a platform certificate");
    assert_eq!(key.id().as_str(), full);
    assert_eq!(KeyId::new(&short).as_ref(), Ok(key.id()));
    expected.finish();
}

pub(crate) fn list(vector: &Vector, backend: Backend) {
    let mut expected = vector.expected();
    let api_v3_key = ApiV3Key::new(vector.text("api_v3_key")).expect("an APIv3 key");
    let now = UnixTime::from_secs(vector.number("now"));
    let signer = KeyId::new(
        vector.object("headers")["Wechatpay-Serial"]
            .as_str()
            .expect("a text"),
    );
    let signer = signer.expect("a serial number");
    let bootstrapped = answer(vector).bootstrap(&api_v3_key, None, backend, now);
    // With keys that are known, the same answer passes or fails in the same way.
    let known: PlatformKeys = ["platform_rsa_old", "platform_rsa_new"]
        .map(|name| PlatformKey::from_certificate_pem(key_text(name, "certificate_pem"), backend))
        .into_iter()
        .collect::<Result<_, _>>()
        .expect("platform certificates");
    let verified = answer(vector).certificates(&known, &api_v3_key, backend, now);
    if vector.fails() {
        let kind = expected.text("kind");
        for outcome in [bootstrapped, verified] {
            let error = outcome.expect_err("it must fail");
            assert_kind(&Ours::Certificates(&error), &kind);
        }
        return expected.finish();
    }
    let bootstrapped = certificates(bootstrapped);
    let verified = certificates(verified);
    assert_eq!(
        bootstrapped.proof(),
        &CertificatesProof::ApiV3Key {
            signer: signer.clone(),
            root: false
        }
    );
    assert_eq!(verified.proof(), &CertificatesProof::PlatformKey(signer));
    let (serials, newest) = (expected.take("serials"), expected.text("newest"));
    let pems = expected.take("certificates_pem");
    for found in [bootstrapped, verified] {
        let ids: Vec<Value> = found
            .iter()
            .map(|certificate| certificate.key().id().as_str().into())
            .collect();
        assert_eq!(Value::Array(ids), serials);
        let first = found.newest().expect("a certificate");
        assert_eq!(first.certificate().serial().as_str(), newest);
        for certificate in found.iter() {
            assert_eq!(pems[certificate.key().id().as_str()], certificate.pem());
        }
        assert!(found.skipped().is_empty());
        assert_eq!(found.body(), &vector.bytes("body_base64"));
    }
    expected.finish();
}

/// The vector's answer to a fetch by a client that knows no key yet.
fn answer(vector: &Vector) -> Unverified<FetchCertificates> {
    let serial = Serial::new(key_text("merchant_rsa", "serial_no")).expect("a serial");
    let merchant = MerchantId::new(MCHID).expect("a merchant number");
    let fetch = FetchCertificates::default();
    let unsigned = Unsigned::new(&fetch, &Credentials::merchant(merchant, serial), &stamp());
    let signed = unsigned.expect("a request").sign(&merchant_key());
    let (request, pending) = signed.expect("a signed request").into_parts();
    assert_eq!(request.method(), Method::GET);
    assert_eq!(request.uri(), "https://api.mch.weixin.qq.com/v3/certificates");
    assert!(!request.headers().contains_key("wechatpay-serial"));
    let mut answer = Response::builder();
    for (name, value) in vector.object("headers") {
        answer = answer.header(name, value.as_str().expect("a text"));
    }
    pending.receive(
        answer
            .body(vector.bytes("body_base64").into())
            .expect("an answer"),
    )
}

fn certificates(outcome: Result<Fetched, CertificatesError>) -> PlatformCertificates {
    let fetched = outcome.expect("it must succeed");
    fetched.certificates().expect("certificates")
}
