//! The list of platform certificates: what was sealed is opened, and one changed byte is refused.

use http::Response;
use proptest::prelude::*;
use proptest::sample::Index;
use wxpay_proto::crypto::{Algorithm, Backend, Signer as _};
use wxpay_proto::v3::certificates::{CertificatesProof, FetchCertificates, seal};
use wxpay_proto::v3::{PlatformKeys, Scheme, canonical};
use wxpay_proto::{KeyId, Unsigned, Unverified};
use wxpay_tests::journey::{ANSWER_NONCE, NOW, merchant_key, now, stamp, v3_credentials};
use wxpay_tests::keys::{api_v3_key, key_text, private_key};

use crate::config;

/// The last has an SM2 key.
const NAMES: [&str; 3] = ["platform_rsa_old", "platform_rsa_new", "platform_sm2"];

/// An answer signed with the key `signer`, whose header names it.
fn answer(body: Vec<u8>, signer: &str) -> Unverified<FetchCertificates> {
    answer_instead(body.clone(), body, signer)
}

/// An answer in which `body` arrives instead of the body that was signed.
fn answer_instead(signed_body: Vec<u8>, body: Vec<u8>, signer: &str) -> Unverified<FetchCertificates> {
    let unsigned = Unsigned::new(&FetchCertificates::default(), &v3_credentials(), &stamp());
    let signed = unsigned
        .expect("a request")
        .sign(&merchant_key())
        .expect("signed");
    let message = canonical::answer_message(&NOW.to_string(), ANSWER_NONCE, &signed_body);
    let key = private_key(signer, Backend::AwsLc);
    let signature = key.sign(key.algorithm(), &message);
    let scheme = match key.algorithm() {
        Algorithm::Sm2Sm3 => Scheme::MerchantSm2,
        _ => Scheme::MerchantRsa,
    };
    let answer = Response::builder()
        .header("wechatpay-signature-type", scheme.name())
        .header("wechatpay-timestamp", NOW)
        .header("wechatpay-nonce", ANSWER_NONCE)
        .header("wechatpay-serial", key_text(signer, "serial_no"))
        .header("wechatpay-signature", signature.expect("a signature").to_base64());
    signed
        .into_parts()
        .1
        .receive(answer.body(body.into()).expect("an answer"))
}

fn list() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    prop::sample::subsequence(NAMES.to_vec(), 1..=3)
        .prop_shuffle()
        .prop_flat_map(|names| {
            let nonces = prop::collection::vec("[0-9a-f]{12}", names.len());
            (Just(names), nonces).prop_map(|(names, nonces)| names.into_iter().zip(nonces).collect())
        })
}

fn sealed(list: &[(&'static str, String)]) -> Vec<u8> {
    let certificates = list
        .iter()
        .map(|(name, nonce)| (key_text(name, "certificate_pem"), nonce.as_str()));
    seal(certificates, &api_v3_key()).expect("sealed")
}

proptest! {
    #![proptest_config(config(4))]

    #[test]
    fn what_was_sealed_is_opened(list in list(), index: Index) {
        let body = sealed(&list);
        let (signer, _) = list[index.index(list.len())];
        let fetched = answer(body.clone(), signer).bootstrap(&api_v3_key(), None, Backend::AwsLc, now()).expect("bootstrapped");
        let mut keys = PlatformKeys::new();
        fetched.merge_into(&mut keys, now());
        let found = fetched.certificates().expect("certificates");
        let serials: Vec<_> = found.iter().map(|found| found.certificate().serial().as_str()).collect();
        let wanted: Vec<_> = list.iter().map(|(name, _)| key_text(name, "serial_no")).collect();
        prop_assert_eq!(serials, wanted);
        let signer = KeyId::new(key_text(signer, "serial_no")).expect("a serial number");
        prop_assert_eq!(found.proof(), &CertificatesProof::ApiV3Key { signer, root: false });
        // What was bootstrapped verifies the next one.
        let again = answer(body, list[0].0).certificates(&keys, &api_v3_key(), Backend::AwsLc, now()).expect("verified");
        let again = again.certificates().expect("certificates");
        prop_assert!(matches!(again.proof(), CertificatesProof::PlatformKey(_)));
        prop_assert_eq!(again.keys().iter().count(), list.len());
    }

    #[test]
    fn a_signer_outside_the_list_is_refused(nonce in "[0-9a-f]{12}") {
        let body = sealed(&[(NAMES[0], nonce)]);
        prop_assert!(answer(body, NAMES[1]).bootstrap(&api_v3_key(), None, Backend::AwsLc, now()).is_err());
    }

    #[test]
    fn one_changed_byte_is_refused_even_when_somebody_signs_it(list in list(), index: Index, mask in 1..=255_u8) {
        let body = sealed(&list);
        let mut changed = body.clone();
        changed[index.index(body.len())] ^= mask;
        // Signed anew by whoever has the certificate's key, so that only the encryption stands in the way.
        let fetched = answer(changed.clone(), list[0].0).bootstrap(&api_v3_key(), None, Backend::AwsLc, now());
        if let Ok(fetched) = fetched {
            // Outside of what is encrypted there are texts that nothing depends on: times, and unknown names.
            let found = fetched.certificates().expect("certificates");
            let pems: Vec<_> = found.iter().map(|found| found.pem()).collect();
            let all: Vec<_> = list.iter().map(|(name, _)| key_text(name, "certificate_pem")).collect();
            prop_assert!(pems.iter().all(|pem| all.contains(pem)));
        }
        let fetched = answer_instead(body, changed, list[0].0);
        prop_assert!(fetched.bootstrap(&api_v3_key(), None, Backend::AwsLc, now()).is_err());
    }
}
