use http::Method;
use serde_json::Value;
use wxpay_proto::ApiV3Key;
use wxpay_proto::crypto::{Aead, Certificate};

use super::client::Table;
use crate::{PlatformKeyMode, Rotation, Settings};

const LIST: &str = "/v3/certificates";

#[test]
fn two_certificates_overlap_and_open_with_the_api_v3_key() {
    let mut table = Table::merchant();
    let key = ApiV3Key::new(table.merchant.api_v3_key()).unwrap();
    let answer = table.get(LIST).unwrap();
    let data = answer["data"].as_array().unwrap();
    let profile = table.platform.profile();
    let wanted = [
        profile.platform_certificate(),
        profile.next_platform_certificate(),
    ];
    assert_eq!(data.len(), wanted.len());
    let mut since = Vec::new();
    for (entry, identity) in data.iter().zip(wanted) {
        let sealed = &entry["encrypt_certificate"];
        let text = |name: &str| sealed[name].as_str().unwrap();
        let aead = Aead::find(text("algorithm")).unwrap();
        let pem = aead
            .open_base64(&key, text("nonce"), text("associated_data"), text("ciphertext"))
            .unwrap();
        let certificate = Certificate::from_pem(std::str::from_utf8(&pem).unwrap()).unwrap();
        assert_eq!(
            certificate.serial().to_string(),
            entry["serial_no"].as_str().unwrap()
        );
        assert_eq!(entry["serial_no"], identity.id().as_str());
        since.push((certificate.not_before(), certificate.not_after()));
    }
    assert!(since[0].0 < since[1].0 && since[1].0 < since[0].1, "they overlap");
    table.answer_key = table.platform.profile().next_platform_certificate().id().clone();
    table.get(LIST).unwrap();
}

#[test]
fn who_has_a_public_key_alone_finds_no_certificate() {
    let settings = Settings {
        platform_keys: PlatformKeyMode::PublicKeyOnly,
        ..Settings::default()
    };
    let mut table = Table::of(settings, |profile| profile.merchant());
    let refusal = table.refusal(Method::GET, LIST, &Value::Null);
    assert_eq!((refusal.0, refusal.1.as_str()), (404, "RESOURCE_NOT_EXISTS"));
    table.answer_key = table.platform.profile().platform_certificate().id().clone();
    let refusal = table.refusal(Method::GET, LIST, &Value::Null);
    assert_eq!((refusal.0, refusal.1.as_str()), (400, "PARAM_ERROR"));
}

/// Which certificates are handed out, and which have signed some answers, for whoever asks for the first.
fn rotated(rotation: Rotation) -> ([bool; 2], [bool; 2]) {
    let mut table = Table::merchant();
    table.platform.rotate(rotation);
    let profile = table.platform.profile();
    let both = [
        profile.platform_certificate().id().clone(),
        profile.next_platform_certificate().id().clone(),
    ];
    table.answer_key = both[0].clone();
    let (mut listed, mut signed) = ([false; 2], [false; 2]);
    for _ in 0..32 {
        let request = table.request(Method::GET, LIST, &Value::Null);
        let answer = table.handle(&request);
        let serial = answer.headers()["wechatpay-serial"].to_str().unwrap().to_owned();
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        for (place, id) in both.iter().enumerate() {
            let entries = body["data"].as_array().unwrap().iter();
            listed[place] |= entries.clone().any(|entry| entry["serial_no"] == id.as_str());
            signed[place] |= serial == id.as_str();
        }
    }
    (listed, signed)
}

#[test]
fn a_certificate_is_replaced_step_by_step() {
    let (first, second, both) = ([true, false], [false, true], [true, true]);
    assert_eq!(rotated(Rotation::Before), (first, first));
    assert_eq!(rotated(Rotation::Overlap), (both, first));
    assert_eq!(rotated(Rotation::Mixed), (both, both));
    assert_eq!(rotated(Rotation::After), (second, second));
}
