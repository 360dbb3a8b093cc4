//! One flipped bit anywhere in a signed answer, and it no longer verifies.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use wxpay_proto::UnixTime;
use wxpay_proto::crypto::{Algorithm, Backend, MerchantKey, Signature, Signer as _, Verifier as _};
use wxpay_proto::v3::{SignatureHeaders, canonical};
use wxpay_tests::journey::{NOW, PLATFORM, now, trusted};
use wxpay_tests::keys::{key_text, platform_keys, private_key, public_key};

use crate::{bytes, config};

#[derive(Clone, Debug)]
struct Answer {
    timestamp: i64,
    nonce: String,
    body: Vec<u8>,
}

fn answer() -> impl Strategy<Value = Answer> {
    (NOW - 300..=NOW + 300, "[0-9A-Za-z]{1,32}", bytes(120)).prop_map(|(timestamp, nonce, body)| Answer {
        timestamp,
        nonce,
        body,
    })
}

impl Answer {
    fn headers(&self, key: &MerchantKey) -> HeaderMap {
        let timestamp = self.timestamp.to_string();
        let message = canonical::answer_message(&timestamp, &self.nonce, &self.body);
        let signature = key
            .sign(Algorithm::RsaSha256, &message)
            .expect("a signature")
            .to_base64();
        let pairs = [
            ("wechatpay-timestamp", timestamp.as_str()),
            ("wechatpay-nonce", &self.nonce),
            ("wechatpay-signature", &signature),
            ("wechatpay-serial", key_text(PLATFORM, "public_key_id")),
        ];
        let header = |(name, value): (&'static str, &str)| {
            (
                http::HeaderName::from_static(name),
                value.parse::<HeaderValue>().expect("a header"),
            )
        };
        pairs.into_iter().map(header).collect()
    }
}

fn verifies(headers: &HeaderMap, body: &[u8]) -> bool {
    SignatureHeaders::read(headers).is_ok_and(|headers| headers.verify(body, &trusted(), now()).is_ok())
}

/// `bytes` with one bit flipped; none when there is no bit.
fn flip(bytes: &[u8], index: prop::sample::Index) -> Option<Vec<u8>> {
    let mut flipped = bytes.to_vec();
    let bit = (!bytes.is_empty()).then(|| index.index(bytes.len() * 8))?;
    flipped[bit / 8] ^= 1 << (bit % 8);
    Some(flipped)
}

proptest! {
    #![proptest_config(config(2))]

    #[test]
    fn one_flipped_bit_of_an_answer_is_noticed(answer in answer(), index: prop::sample::Index) {
        let headers = answer.headers(&private_key(PLATFORM, Backend::AwsLc));
        prop_assert!(verifies(&headers, &answer.body));
        if let Some(body) = flip(&answer.body, index) {
            prop_assert!(!verifies(&headers, &body), "{:?}", body);
        }
        for name in ["wechatpay-timestamp", "wechatpay-nonce", "wechatpay-signature", "wechatpay-serial"] {
            let value = flip(headers[name].as_bytes(), index).expect("no header is empty");
            // A value that cannot stand in a header cannot arrive in one.
            let Ok(value) = HeaderValue::from_bytes(&value) else { continue };
            let mut changed = headers.clone();
            changed.insert(name, value);
            // Capital or small, a letter of a serial number is the same number; this is an id, so it is not.
            prop_assert!(!verifies(&changed, &answer.body), "{}: {:?}", name, changed[name]);
        }
    }

    #[test]
    fn a_longer_or_shorter_body_is_noticed(answer in answer(), more in bytes(3)) {
        let headers = answer.headers(&private_key(PLATFORM, Backend::AwsLc));
        let longer = [&answer.body[..], &more].concat();
        prop_assert_eq!(verifies(&headers, &longer), more.is_empty());
        let shorter = &answer.body[..answer.body.len().saturating_sub(1)];
        prop_assert_eq!(verifies(&headers, shorter), answer.body.is_empty());
    }

    #[test]
    fn another_key_does_not_fit(answer in answer()) {
        let headers = answer.headers(&private_key("merchant_rsa", Backend::AwsLc));
        prop_assert!(!verifies(&headers, &answer.body));
    }

    #[test]
    fn both_backends_notice_one_flipped_bit(message in bytes(100), index: prop::sample::Index) {
        let key = private_key("merchant_rsa", Backend::AwsLc);
        let signature = key.sign(Algorithm::RsaSha256, &message).expect("a signature");
        let flipped = Signature::new(flip(signature.as_bytes(), index).expect("not empty"));
        for backend in Backend::ALL {
            let public = public_key("merchant_rsa", *backend);
            prop_assert_eq!(public.verify(Algorithm::RsaSha256, &message, &signature), Ok(()));
            prop_assert!(public.verify(Algorithm::RsaSha256, &message, &flipped).is_err());
            if let Some(other) = flip(&message, index) {
                prop_assert!(public.verify(Algorithm::RsaSha256, &other, &signature).is_err());
            }
        }
    }
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn no_signature_text_verifies_or_panics(signature in "\\PC{0,40}|[A-Za-z0-9+/]{342}==", body in bytes(20)) {
        let keys = |backend| platform_keys([("0A", "merchant_rsa")], backend);
        let Ok(value) = signature.parse::<HeaderValue>() else { return Ok(()) };
        let mut answer = http::Response::new(Bytes::from(body));
        answer.headers_mut().insert("wechatpay-timestamp", NOW.into());
        answer.headers_mut().insert("wechatpay-nonce", HeaderValue::from_static("n"));
        answer.headers_mut().insert("wechatpay-serial", HeaderValue::from_static("0a"));
        answer.headers_mut().insert("wechatpay-signature", value);
        for backend in Backend::ALL {
            let read = SignatureHeaders::read(answer.headers());
            let verified = read.and_then(|headers| headers.verify(answer.body(), &keys(*backend), UnixTime::from_secs(NOW)));
            prop_assert!(verified.is_err());
        }
    }
}
