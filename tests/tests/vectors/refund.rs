//! `v2_refund_req_info`: AES-256-ECB with the MD5 of the APIv2 key, through the whole notification where there is one.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wxpay_proto::ApiV2Key;
use wxpay_proto::crypto::aes;
use wxpay_proto::v2::{NotificationError, UnverifiedNotification, xml};
use wxpay_tests::vectors::Vector;

use crate::kinds::{Ours, assert_kind};

pub(crate) fn run(vector: &Vector) {
    let mut expected = vector.expected();
    if vector.get("raw_aes_key").is_some() {
        let key = vector
            .text("raw_aes_key")
            .as_bytes()
            .try_into()
            .expect("32 bytes");
        let plaintext = expected.text("plaintext");
        let opened = aes::open_ecb(key, &vector.bytes("ciphertext")).expect("it opens");
        assert_eq!(opened.as_slice(), plaintext.as_bytes());
        let sealed = aes::seal_ecb(key, plaintext.as_bytes());
        assert_eq!(sealed, vector.bytes("ciphertext"));
        return expected.finish();
    }
    let info = vector.text("req_info");
    let body =
        format!("<xml><return_code>SUCCESS</return_code><req_info><![CDATA[{info}]]></req_info></xml>");
    let key = ApiV2Key::new(vector.text("api_v2_key")).expect("an APIv2 key");
    let opened = UnverifiedNotification::receive(body).open_refund(&key);
    if vector.fails() {
        let error = opened.expect_err("it must not open");
        assert_kind(&Ours::V2Notification(&error), &expected.text("kind"));
        return expected.finish();
    }
    // The primitive gives the plaintext byte for byte; the notification gives its fields, where it is XML.
    let aes_key = expected.text("aes_key_ascii");
    let aes_key = aes_key.as_bytes().try_into().expect("32 bytes");
    let plaintext = expected.text("plaintext");
    let ciphertext = STANDARD.decode(info).expect("base64");
    let by_hand = aes::open_ecb(aes_key, &ciphertext).expect("it opens");
    assert_eq!(by_hand.as_slice(), plaintext.as_bytes());
    assert_eq!(aes::seal_ecb(aes_key, plaintext.as_bytes()), ciphertext);
    match xml::read(plaintext.as_bytes()) {
        Ok(fields) => assert_eq!(opened.expect("it opens").claimed(), &fields),
        Err(error) => assert_eq!(opened.err(), Some(NotificationError::Plaintext(error))),
    }
    expected.finish();
}
