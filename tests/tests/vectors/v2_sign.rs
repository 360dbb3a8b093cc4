//! `v2_sign`: v2's message and both signatures.

use serde_json::Value;
use wxpay_proto::ApiV2Key;
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::{Fields, canonical, sign, verify_sign};
use wxpay_tests::vectors::Vector;

pub(crate) fn run(vector: &Vector) {
    let mut expected = vector.expected();
    let key = vector.text("api_v2_key");
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let fields: Fields = vector
        .object("params")
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();

    // The core's message lacks the key, so that it can be shown.
    let message = canonical::message(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    assert_eq!(format!("{message}&key={key}"), expected.text("string_to_sign"));

    let key = ApiV2Key::new(key).expect("an APIv2 key");
    for (member, algorithm) in [
        ("sign_md5", Algorithm::Md5),
        ("sign_hmac_sha256", Algorithm::HmacSha256),
    ] {
        let signature = sign(&fields, algorithm, &key).expect("a signature");
        assert_eq!(signature, expected.text(member));
        let mut signed = fields.clone();
        signed.insert("sign".to_owned(), signature);
        assert_eq!(verify_sign(&signed, &key), Ok(algorithm));
    }
    // Says what other SDKs do with no parameter at all; nothing to compare.
    if let Some(variant) = expected.take_if_any("php_js_variant") {
        assert_eq!(variant, "string '&key=...'");
    }
    expected.finish();
}
