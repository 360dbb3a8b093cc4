//! `official_doc_v3`: the signatures printed in WeChat Pay's documentation.

use wxpay_proto::crypto::{Algorithm, Backend, PublicKey, Signature, Signer as _, Verifier as _};
use wxpay_tests::keys::private_key;
use wxpay_tests::vectors::Vector;

pub(crate) fn run(vector: &Vector, backend: Backend) {
    let message = vector.text("message").as_bytes();
    let mut expected = vector.expected();
    if vector.get("public_key_pem").is_some() {
        let key = PublicKey::from_pem(vector.text("public_key_pem"), backend).expect("a public key");
        let signature = Signature::from_base64(vector.text("signature")).expect("base64");
        let found = key.verify(Algorithm::RsaSha256, message, &signature).is_ok();
        assert_eq!(expected.take("valid"), found);
    } else {
        let key = private_key(vector.text("key"), backend);
        let signature = key.sign(Algorithm::RsaSha256, message).expect("a signature");
        assert_eq!(signature.to_base64(), expected.text("signature"));
    }
    expected.finish();
}
