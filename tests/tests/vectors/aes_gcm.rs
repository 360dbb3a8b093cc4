//! `aes_256_gcm`: the resource's cipher by its name in messages, opened, and sealed to the same bytes.

use wxpay_proto::ApiV3Key;
use wxpay_proto::crypto::Aead;
use wxpay_tests::vectors::Vector;

use crate::kinds::{Ours, assert_kind};

pub(crate) fn run(vector: &Vector) {
    let mut expected = vector.expected();
    let (nonce, aad) = (vector.text("nonce"), vector.text("associated_data"));
    let key = match ApiV3Key::new(vector.text("api_v3_key")) {
        Ok(key) => key,
        Err(error) => {
            assert_kind(&Ours::Key(&error), &expected.text("kind"));
            return expected.finish();
        }
    };
    let aead = Aead::find("AEAD_AES_256_GCM").expect("the algorithm");
    match aead.open_base64(&key, nonce, aad, vector.text("ciphertext")) {
        Ok(plaintext) => {
            assert_eq!(plaintext.as_slice(), expected.text("plaintext").as_bytes());
            let sealed = aead.seal_base64(&key, nonce, aad, &plaintext);
            assert_eq!(sealed.as_deref(), Ok(vector.text("ciphertext")));
        }
        Err(error) => assert_kind(&Ours::Crypto(&error), &expected.text("kind")),
    }
    expected.finish();
}
