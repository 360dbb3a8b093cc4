//! `sensitive_rsa`: fields that travel encrypted.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use wxpay_proto::Sensitive;
use wxpay_proto::crypto::{Backend, Decryptor as _, Encryptor as _, Padding, PublicKey};
use wxpay_tests::journey::platform_id;
use wxpay_tests::keys::{key_text, private_key, public_key};
use wxpay_tests::vectors::Vector;

use crate::kinds::{Ours, assert_kind};

pub(crate) fn run(vector: &Vector, backend: Backend) {
    if vector.get("operation").is_some() {
        encrypt(vector, backend);
    } else {
        decrypt(vector, backend);
    }
}

fn encrypt(vector: &Vector, backend: Backend) {
    assert_eq!(vector.text("operation"), "encrypt");
    let mut field = Sensitive::new(vector.text("plaintext"));
    let key = public_key(vector.text("key"), backend);
    let error = field
        .seal(&key, &platform_id(), &mut |_: &mut [u8]| {})
        .expect_err("it is too long");
    let mut expected = vector.expected();
    assert_kind(&Ours::Crypto(&error), &expected.text("kind"));
    expected.finish();
}

fn decrypt(vector: &Vector, backend: Backend) {
    let key = private_key(vector.text("key"), backend);
    let padding = match vector.get("padding").and_then(Value::as_str) {
        None => Padding::OaepSha1,
        Some("PKCS1v15") => Padding::Pkcs1v15,
        Some(other) => panic!("the padding {other} is not known"),
    };
    let ciphertext = STANDARD.decode(vector.text("ciphertext")).expect("base64");
    let mut expected = vector.expected();
    match key.decrypt(padding, &ciphertext) {
        Ok(plaintext) => {
            let wanted = expected.text("plaintext");
            assert_eq!(plaintext.as_slice(), wanted.as_bytes());
            if padding == Padding::OaepSha1 {
                let mut field = Sensitive::new(vector.text("ciphertext"));
                field.open(&key).expect("it opens");
                assert_eq!(field.expose(), Some(wanted.as_str()));
            }
            // What the public half encrypts, in whatever form it came, the private half decrypts.
            let pem = vector.get("public_pkcs1_pem").and_then(Value::as_str);
            let pem = pem.unwrap_or_else(|| key_text(vector.text("key"), "public_spki_pem"));
            let public = PublicKey::from_pem(pem, backend).expect("a public key");
            let mut counter = 0_u8;
            let mut entropy = |bytes: &mut [u8]| {
                for byte in bytes {
                    counter = counter.wrapping_mul(29).wrapping_add(7);
                    *byte = counter;
                }
            };
            let again = public
                .encrypt(padding, wanted.as_bytes(), &mut entropy)
                .expect("it fits");
            assert_eq!(
                key.decrypt(padding, &again).expect("it opens").as_slice(),
                wanted.as_bytes()
            );
        }
        Err(error) => assert_kind(&Ours::Crypto(&error), &expected.text("kind")),
    }
    expected.finish();
}
