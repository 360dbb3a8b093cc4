//! Fetching the platform certificates: each region, the root, what is not trusted, and the 404 that is no error.

use http::Response;
use serde_json::{Value, json};
use wxpay_proto::crypto::{Aead, Algorithm, Backend, Certificate, Signer as _};
use wxpay_proto::v3::certificates::{
    CertificatesError, CertificatesProof, FetchCertificates, Fetched, PlatformCertificates, Region, seal,
};
use wxpay_proto::v3::{PlatformKey, PlatformKeys, canonical};
use wxpay_proto::{ApiV3Key, Error, UnixTime, Unverified, VerifyError};
use wxpay_tests::journey::{ANSWER_NONCE, NOW, now, trusted, unsigned_answer};
use wxpay_tests::keys::{api_v3_key, key_text, private_key};

use crate::ask_v3;

const OLD: &str = "platform_rsa_old";
const NEW: &str = "platform_rsa_new";

fn uri(fetch: &FetchCertificates) -> String {
    ask_v3(fetch).expect("a request").0.uri().to_string()
}

/// An answer to a fetch, signed by one of the vectors' keys at the moment `signed_at`.
fn answer(body: impl Into<bytes::Bytes>, signer: &str, signed_at: i64) -> Unverified<FetchCertificates> {
    let body = body.into();
    let message = canonical::answer_message(&signed_at.to_string(), ANSWER_NONCE, &body);
    let signature = private_key(signer, Backend::AwsLc).sign(Algorithm::RsaSha256, &message);
    let answer = Response::builder()
        .header("wechatpay-timestamp", signed_at)
        .header("wechatpay-nonce", ANSWER_NONCE)
        .header("wechatpay-serial", key_text(signer, "serial_no"))
        .header("wechatpay-signature", signature.expect("a signature").to_base64());
    let (_, pending) = ask_v3(&FetchCertificates::default()).expect("a request");
    pending.receive(answer.body(body).expect("an answer"))
}

fn sealed(names: &[&str]) -> Vec<u8> {
    let certificates = names
        .iter()
        .map(|name| (key_text(name, "certificate_pem"), "61f9c719728a"));
    seal(certificates, &api_v3_key()).expect("sealed")
}

fn bootstrap(
    answer: Unverified<FetchCertificates>,
    root: Option<&Certificate>,
    now: UnixTime,
) -> Result<PlatformCertificates, CertificatesError> {
    let fetched = answer.bootstrap(&api_v3_key(), root, Backend::AwsLc, now)?;
    Ok(fetched.certificates().expect("certificates"))
}

#[test]
fn every_region_has_its_address() {
    let mainland = "https://api.mch.weixin.qq.com/v3/certificates";
    assert_eq!(uri(&FetchCertificates::default()), mainland);
    let all = FetchCertificates::new(Region::Mainland).algorithm_type("ALL");
    assert_eq!(uri(&all), format!("{mainland}?algorithm_type=ALL"));
    let hong_kong = "https://api.mch.weixin.qq.com/hk/v3/certificates";
    assert_eq!(uri(&FetchCertificates::new(Region::HongKong)), hong_kong);
    let global = "https://apihk.mch.weixin.qq.com/v3/global/certificates";
    assert_eq!(uri(&FetchCertificates::new(Region::Global)), global);
}

#[test]
fn a_root_with_an_sm2_key_is_one_too() {
    let certificate = |name| Certificate::from_pem(key_text(name, "certificate_pem")).expect("a certificate");
    let (sm2, rsa) = (certificate("platform_sm2"), certificate(OLD));
    let at = sm2.not_before();
    assert_eq!(sm2.check_issuer(&sm2, Backend::AwsLc, at), Ok(()));
    assert!(sm2.check_issuer(&rsa, Backend::AwsLc, at).is_err());
    assert!(rsa.check_issuer(&sm2, Backend::AwsLc, at).is_err());
}

#[test]
fn a_root_is_held_against_every_certificate() {
    // The vectors' certificates are their own issuers, so each is a root for itself and for no other.
    let root = |name| Certificate::from_pem(key_text(name, "certificate_pem")).expect("a certificate");
    let at = root(OLD).not_before();
    let one = || answer(sealed(&[OLD]), OLD, at.as_secs());
    for backend in Backend::ALL {
        assert_eq!(root(OLD).check_issuer(&root(OLD), *backend, at), Ok(()));
        assert!(root(OLD).check_issuer(&root(NEW), *backend, at).is_err());
        let early = UnixTime::from_secs(at.as_secs() - 1);
        assert!(root(OLD).check_issuer(&root(OLD), *backend, early).is_err());
    }
    let found = bootstrap(one(), Some(&root(OLD)), at).expect("trusted");
    assert!(matches!(
        found.proof(),
        CertificatesProof::ApiV3Key { root: true, .. }
    ));
    let error = bootstrap(one(), Some(&root(NEW)), at).expect_err("another root");
    assert!(matches!(error, CertificatesError::Root { .. }), "{error}");
}

#[test]
fn without_a_signature_by_one_of_its_own_a_list_is_refused() {
    let error = bootstrap(answer(sealed(&[OLD]), NEW, NOW), None, now()).expect_err("another signer");
    let CertificatesError::Call(Error::Unverified { source, .. }) = error else {
        panic!("{error}")
    };
    assert!(matches!(source, VerifyError::UnknownSerial { .. }));
    let (_, pending) = ask_v3(&FetchCertificates::default()).expect("a request");
    let unsigned = pending.receive(unsigned_answer(200, sealed(&[OLD])));
    let error = bootstrap(unsigned, None, now()).expect_err("no signature");
    assert!(error.to_string().contains("Wechatpay-Timestamp"), "{error}");
}

#[test]
fn an_entry_must_be_the_certificate_that_it_says() {
    let mut list: Value = serde_json::from_slice(&sealed(&[OLD, NEW])).expect("JSON");
    let other = list["data"][1]["serial_no"].clone();
    list["data"][0]["serial_no"] = other;
    let error = bootstrap(answer(list.to_string(), OLD, NOW), None, now()).expect_err("another serial");
    assert!(
        matches!(error, CertificatesError::SerialMismatch { .. }),
        "{error}"
    );
    // A merchant's certificate has no place in the list.
    let error =
        bootstrap(answer(sealed(&["merchant_rsa"]), OLD, NOW), None, now()).expect_err("a merchant's");
    assert!(matches!(error, CertificatesError::Unreadable { .. }), "{error}");
    let key = ApiV3Key::new("x".repeat(32)).expect("a key");
    let error = answer(sealed(&[OLD]), OLD, NOW).bootstrap(&key, None, Backend::AwsLc, now());
    assert!(error.expect_err("another key").to_string().contains("APIv3 key"));
}

#[test]
fn an_algorithm_of_another_build_is_skipped_unless_there_is_nothing_else() {
    let mut list: Value = serde_json::from_slice(&sealed(&[OLD, NEW])).expect("JSON");
    list["data"][1]["encrypt_certificate"]["algorithm"] = "AEAD_ROT13".into();
    let found = bootstrap(answer(list.to_string(), OLD, NOW), None, now()).expect("one is left");
    assert_eq!((found.iter().count(), found.skipped().len()), (1, 1));
    list["data"][0]["encrypt_certificate"]["algorithm"] = "AEAD_ROT13".into();
    let error = bootstrap(answer(list.to_string(), OLD, NOW), None, now()).expect_err("nothing is left");
    assert!(matches!(
        error,
        CertificatesError::NoCertificate {
            expired: 0,
            skipped: 2
        }
    ));
    assert!(Aead::find("AEAD_ROT13").is_err());
}

#[test]
fn what_has_expired_is_left_out_and_discarded() {
    let certificate = Certificate::from_pem(key_text(OLD, "certificate_pem")).expect("a certificate");
    let end = certificate.not_after().as_secs();
    let last = UnixTime::from_secs(end);
    let found = bootstrap(answer(sealed(&[OLD]), OLD, end), None, last).expect("its last second");
    let mut keys = found.keys();
    let after = UnixTime::from_secs(end + 1);
    let error = bootstrap(answer(sealed(&[OLD]), OLD, end), None, after).expect_err("expired");
    assert!(matches!(
        error,
        CertificatesError::Call(Error::Unverified {
            source: VerifyError::CertificateExpired { .. },
            ..
        })
    ));
    // With a key that never expires the list is verified, and holds nothing that is left.
    keys.discard_expired(last);
    assert_eq!(keys.iter().count(), 1);
    keys.add(trusted().iter().next().expect("a key").clone());
    keys.discard_expired(after);
    let left: Vec<&PlatformKey> = keys.iter().collect();
    assert_eq!((left.len(), left[0].not_after()), (1, None));
}

#[test]
fn a_404_with_a_code_means_that_the_public_key_is_all_there_is() {
    let fetch = |status, body: &str| {
        let (_, pending) = ask_v3(&FetchCertificates::default()).expect("a request");
        pending.receive(unsigned_answer(status, body.to_owned()))
    };
    for code in ["RESOURCE_NOT_EXISTS", "NOT_FOUND"] {
        let body = json!({"code": code, "message": "无可用的平台证书"}).to_string();
        let bootstrapped = fetch(404, &body).bootstrap(&api_v3_key(), None, Backend::AwsLc, now());
        let verified = fetch(404, &body).certificates(&trusted(), &api_v3_key(), Backend::AwsLc, now());
        for outcome in [bootstrapped, verified] {
            let fetched = outcome.expect("no error");
            let mut keys = trusted();
            fetched.merge_into(&mut keys, now());
            assert_eq!(keys.iter().count(), 1);
            let Fetched::PublicKeyMode(error) = fetched else {
                panic!("{fetched:?}")
            };
            assert_eq!(error.code.as_deref(), Some(code));
        }
    }
    for (status, body) in [(404, "<html>"), (403, "{\"code\":\"NO_AUTH\"}"), (502, "")] {
        let outcome = fetch(status, body).bootstrap(&api_v3_key(), None, Backend::AwsLc, now());
        let error = outcome.expect_err("an error");
        assert!(
            matches!(error, CertificatesError::Call(Error::Refused(_))),
            "{error}"
        );
    }
}

#[test]
fn merging_keeps_what_is_valid_and_replaces_what_comes_again() {
    let mut keys: PlatformKeys = trusted();
    for names in [&[OLD][..], &[OLD, NEW], &[NEW]] {
        let list = answer(sealed(names), names[0], NOW);
        let fetched = list.bootstrap(&api_v3_key(), None, Backend::AwsLc, now());
        fetched.expect("bootstrapped").merge_into(&mut keys, now());
    }
    assert_eq!(keys.iter().count(), 3);
}
