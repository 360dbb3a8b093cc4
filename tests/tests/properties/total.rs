//! Whatever arrives: nothing panics, and nothing is believed without its proof.

use bytes::Bytes;
use http::{HeaderValue, Method};
use proptest::prelude::*;
use wxpay_proto::crypto::{Signature, Signer as _};
use wxpay_proto::v2::Fields;
use wxpay_proto::{Error, Host, Outcome, Unsigned, v2, v3};
use wxpay_tests::fuzz;
use wxpay_tests::journey::{now, stamp, trusted, v2_credentials, v3_credentials};
use wxpay_tests::keys::{api_v2_key, key_text};

use crate::{bytes, config, text};

/// Bodies that look like an answer of v3, like one of v2, or like nothing.
fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        bytes(80),
        "(\u{FEFF})?[\\[{]?(\"(code|message|detail|field|issue|data)\":(\"[A-Z_]{0,12}\"|[0-9.e-]{1,6}|null|\\{\\}|\\[\\]),?){0,4}[}\\]]?"
            .prop_map(String::into_bytes),
        "<xml>(<(return_code|result_code|err_code|sign|a)>(SUCCESS|FAIL|SYSTEMERROR|[0-9A-F]{32})?</(return_code|result_code|err_code|sign|a)>){0,4}(</xml>)?"
            .prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn no_refusal_panics(status in any::<[u8; 2]>(), body in body()) {
        fuzz::v3_refusal(&[&status[..], &body].concat());
    }

    #[test]
    fn no_key_file_panics(any in prop_oneof![
        text(60),
        "(-----BEGIN (RSA |EC |ENCRYPTED )?(PRIVATE KEY|PUBLIC KEY|CERTIFICATE)-----\n?([A-Z]+: x\n\n)?[A-Za-z0-9+/=\n]{0,60}\n?-----END (RSA |EC |ENCRYPTED )?(PRIVATE KEY|PUBLIC KEY|CERTIFICATE)-----){0,2}",
    ]) {
        fuzz::key_files(any.as_bytes());
    }

    #[test]
    fn no_v3_answer_is_believed_without_a_proof(
        status in 100..1000_u16,
        headers in prop::collection::vec((prop::sample::select(vec![
            "wechatpay-timestamp", "wechatpay-nonce", "wechatpay-signature", "wechatpay-serial", "wechatpay-signature-type", "request-id",
        ]), prop_oneof![
            "\\PC{0,12}",
            Just("1700000000".to_owned()),
            Just(key_text("platform_rsa_pubkey", "public_key_id").to_owned()),
            Just("WECHATPAY/SIGNTEST/AA".to_owned()),
        ]), 0..7),
        body in body(),
    ) {
        let call = v3::Call::new(Method::POST, "/v3/x");
        let unsigned = Unsigned::new(&call, &v3_credentials(), &stamp()).expect("a request");
        let (_, pending) = unsigned.attach(&Signature::new([0; 256])).expect("a signed request").into_parts();
        let mut answer = http::Response::new(Bytes::from(body));
        *answer.status_mut() = status.try_into().expect("a status");
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::try_from(value) {
                answer.headers_mut().insert(name, value);
            }
        }
        let error = pending.receive(answer).verify(&trusted(), now()).expect_err("nobody signed it");
        prop_assert!(error.api_error().is_none_or(|refusal| !refusal.authentic), "{}", error);
        let refused = error.outcome() == Outcome::Refused;
        prop_assert!(!refused || matches!(&error, Error::Refused(said) if said.code.is_some()), "{}", error);
        prop_assert_ne!(error.outcome(), Outcome::NotSent);
    }

    #[test]
    fn no_v2_answer_is_believed_without_a_proof(status in 100..1000_u16, body in body()) {
        let call = v2::Call::new("/pay/x").field("a", "1");
        let unsigned = Unsigned::new(&call, &v2_credentials(), &stamp()).expect("a request");
        let signature = api_v2_key().sign(unsigned.algorithm(), unsigned.message()).expect("a signature");
        let (_, pending) = unsigned.attach(&signature).expect("a signed request").into_parts();
        let mut answer = http::Response::new(Bytes::from(body));
        *answer.status_mut() = status.try_into().expect("a status");
        match pending.receive(answer).verify(&api_v2_key(), now()) {
            Ok(answer) => prop_assert!(answer.verified().is_none()),
            Err(error) => prop_assert!(error.api_error().is_none_or(|refusal| !refusal.authentic), "{}", error),
        }
    }

    #[test]
    fn no_fields_make_v2_panic(fields in prop::collection::btree_map(text(8), text(8), 0..6)) {
        let mut call = v2::Call::new("/pay/x");
        let wanted: Fields = fields.clone();
        for (name, value) in fields {
            call = call.field(name, value);
        }
        if let Ok(unsigned) = Unsigned::new(&call, &v2_credentials(), &stamp()) {
            let sent = unsigned.attach(&Signature::new([0; 32]));
            if let Ok(signed) = sent {
                let read = v2::xml::read(signed.request().body()).expect("XML");
                for (name, value) in wanted.iter().filter(|(name, _)| !["sign", "sign_type", "nonce_str"].contains(&name.as_str())) {
                    prop_assert_eq!(read.get(name), Some(value));
                }
            }
        }
    }

    #[test]
    fn an_address_is_wechat_pays_or_refused(url in prop_oneof![
        text(30),
        "https?://[a-z.@:]{0,6}(api|api2|apihk)?\\.?mch\\.weixin\\.qq\\.com[a-z.@:0-9\\\\]{0,6}[/?#]?[ -~]{0,12}",
    ]) {
        if let Ok((host, target)) = Host::split(&url) {
            let lower = url.to_ascii_lowercase();
            let rest = lower.strip_prefix("https://").and_then(|rest| rest.strip_prefix(host.as_str()));
            let rest = rest.map(|rest| rest.strip_prefix(":443").unwrap_or(rest)).expect("another host");
            prop_assert!(rest.is_empty() || rest.starts_with(['/', '?', '#']), "{}", url);
            prop_assert!(url.contains(target));
        }
    }
}
