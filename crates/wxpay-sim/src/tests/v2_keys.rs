//! The platform's keys that v2 hands out, and what is encrypted for them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wxpay_proto::crypto::{Aead, Backend, Certificate, Encryptor as _, Padding, PublicKey};
use wxpay_proto::v2::{Fields, xml};
use wxpay_proto::{ApiV3Key, SignTypeRule};

use super::bodies::MERCHANT;
use super::client::Table;
use crate::{PlatformKeyMode, Settings};

const GET_KEY: &str = "/risk/getpublickey";
const GET_CERTIFICATES: &str = "/risk/getcertficates";

/// The fields of an answer whose operation does not sign it.
fn ask(table: &mut Table, rule: SignTypeRule, path: &str, fields: &[(&str, &str)]) -> Fields {
    let request = table.v2_request_by(rule, path, fields);
    let response = table.handle(&request);
    let answer = xml::read(response.body()).unwrap();
    assert_eq!(answer["return_code"], "SUCCESS", "{answer:?}");
    answer
}

fn bank_key(table: &mut Table) -> PublicKey {
    let answer = ask(table, SignTypeRule::Choice, GET_KEY, &[("mch_id", MERCHANT)]);
    assert_eq!(answer["result_code"], "SUCCESS", "{answer:?}");
    let pem = &answer["pub_key"];
    assert!(pem.starts_with("-----BEGIN RSA PUBLIC KEY-----\n"), "{pem}");
    PublicKey::from_pem(pem, Backend::AwsLc).unwrap()
}

fn seal(key: &PublicKey, text: &str) -> String {
    let sealed = key.encrypt(Padding::OaepSha1, text.as_bytes(), &mut |_: &mut [u8]| {});
    STANDARD.encode(sealed.unwrap())
}

fn pay(table: &mut Table, key: &PublicKey) -> Fields {
    let (number, name) = (seal(key, "6222020000000000000"), seal(key, "张三"));
    let fields = [
        ("mch_id", MERCHANT),
        ("partner_trade_no", "B00001"),
        ("enc_bank_no", &number),
        ("enc_true_name", &name),
        ("bank_code", "1001"),
        ("amount", "100000"),
    ];
    ask(table, SignTypeRule::Md5Only, "/mmpaysptrans/pay_bank", &fields)
}

fn certificates(table: &mut Table) -> Vec<Certificate> {
    let key = ApiV3Key::new(table.merchant.api_v3_key()).unwrap();
    let answer = table
        .v2_by(SignTypeRule::HmacOnly, GET_CERTIFICATES, &[("mch_id", MERCHANT)])
        .unwrap();
    let text = &answer["certificates"];
    assert!(text.len() <= 6000, "{}", text.len());
    let list: serde_json::Value = serde_json::from_str(text).unwrap();
    let open = |entry: &serde_json::Value| {
        let sealed = &entry["encrypt_certificate"];
        let text = |name: &str| sealed[name].as_str().unwrap();
        let pem = Aead::find(text("algorithm"))
            .unwrap()
            .open_base64(&key, text("nonce"), text("associated_data"), text("ciphertext"))
            .unwrap();
        let certificate = Certificate::from_pem(std::str::from_utf8(&pem).unwrap()).unwrap();
        assert_eq!(
            certificate.serial().to_string(),
            entry["serial_no"].as_str().unwrap()
        );
        certificate
    };
    list["data"].as_array().unwrap().iter().map(open).collect()
}

#[test]
fn what_is_sealed_with_the_banks_key_is_taken() {
    let mut table = Table::merchant();
    let key = bank_key(&mut table);
    let answer = pay(&mut table, &key);
    assert_eq!(answer["result_code"], "SUCCESS", "{answer:?}");
    assert_eq!(answer["partner_trade_no"], "B00001");
}

#[test]
fn what_is_sealed_with_another_key_is_refused_in_words_of_v2() {
    let mut table = Table::merchant();
    let own = Certificate::from_pem(table.merchant.certificate_pem()).unwrap();
    let key = PublicKey::from_certificate(&own, Backend::AwsLc).unwrap();
    let answer = pay(&mut table, &key);
    assert_eq!(answer["err_code"], "PARAM_ERROR", "{answer:?}");
    let told = &answer["err_code_des"];
    assert!(told.contains("enc_bank_no") && told.contains(GET_KEY), "{told}");
    assert!(!told.contains("Wechatpay-Serial"), "{told}");
}

#[test]
fn certificates_open_with_the_api_v3_key_and_seal_as_well() {
    let mut table = Table::merchant();
    let listed = certificates(&mut table);
    assert_eq!(listed.len(), 2);
    for certificate in listed {
        let key = PublicKey::from_certificate(&certificate, Backend::AwsLc).unwrap();
        let answer = pay(&mut table, &key);
        assert_eq!(answer["result_code"], "SUCCESS", "{answer:?}");
    }
}

#[test]
fn who_has_a_public_key_alone_gets_no_certificates_but_the_banks_key() {
    let settings = Settings {
        platform_keys: PlatformKeyMode::PublicKeyOnly,
        ..Settings::default()
    };
    let mut table = Table::of(settings, |profile| profile.merchant());
    let fields = [("mch_id", MERCHANT), ("sign_type", "HMAC-SHA256")];
    assert_eq!(table.v2_refusal(GET_CERTIFICATES, &fields), "RESOURCE_NOT_EXISTS");
    let key = bank_key(&mut table);
    assert_eq!(pay(&mut table, &key)["result_code"], "SUCCESS");
}
