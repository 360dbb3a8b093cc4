//! `official_doc_v3`: the signatures printed in WeChat Pay's documentation; as strings, and through the whole journey.

use http::Response;
use wxpay_proto::crypto::{
    Algorithm, Backend, MerchantKey, PublicKey, Signature, Signer as _, Verifier as _,
};
use wxpay_proto::v3::{Authorization, Call, Credentials, PlatformKey, PlatformKeys};
use wxpay_proto::{KeyId, MerchantId, Nonce, Pending, Serial, Stamp, UnixTime, Unsigned};
use wxpay_tests::journey::{platform_id, v3_credentials};
use wxpay_tests::keys::{key_text, private_key};
use wxpay_tests::vectors::Vector;

/// The name that the test gives to the printed public key.
const PRINTED_KEY: &str = "PUB_KEY_ID_0114232134912410000000000000";

pub(crate) fn run(vector: &Vector, backend: Backend) {
    let message = vector.text("message");
    let lines: Vec<&str> = message.splitn(5, '\n').collect();
    let mut expected = vector.expected();
    if vector.get("public_key_pem").is_some() {
        let key = PublicKey::from_pem(vector.text("public_key_pem"), backend).expect("a public key");
        let signature = Signature::from_base64(vector.text("signature")).expect("base64");
        let found = key
            .verify(Algorithm::RsaSha256, message.as_bytes(), &signature)
            .is_ok();
        assert_eq!(expected.take("valid"), found);
        answered(&lines, vector.text("signature"), key);
    } else {
        let key = private_key(vector.text("key"), backend);
        let signature = key
            .sign(Algorithm::RsaSha256, message.as_bytes())
            .expect("a signature");
        let printed = expected.text("signature");
        assert_eq!(signature.to_base64(), printed);
        if lines[1].starts_with('/') {
            asked(message, &lines, &printed, vector.text("key"), &key);
        }
    }
    expected.finish();
}

/// The printed request is sent with the printed signature.
fn asked(message: &str, lines: &[&str], printed: &str, key_name: &str, key: &MerchantKey) {
    let body = lines[4].strip_suffix('\n').expect("the body's line");
    let mut call = Call::new(lines[0].parse().expect("a method"), lines[1]);
    if !body.is_empty() {
        call = call.body(body.as_bytes().to_vec());
    }
    let merchant = MerchantId::new(key_text(key_name, "mchid")).expect("a merchant");
    let serial = Serial::new(key_text(key_name, "serial_no")).expect("a serial");
    let credentials = Credentials::merchant(merchant, serial).answer_key(platform_id());
    let unsigned = Unsigned::new(&call, &credentials, &stamp(lines[2], lines[3])).expect("a request");
    assert_eq!(unsigned.message(), message.as_bytes());
    let (request, _) = unsigned.sign(key).expect("a signed request").into_parts();
    let sent = request.headers()["authorization"].to_str().expect("a text");
    let sent = Authorization::parse(sent).expect("an Authorization");
    assert_eq!(sent.signature, printed);
    assert_eq!(request.body(), body.as_bytes());
}

/// The printed answer is verified as every answer is.
fn answered(lines: &[&str], signature: &str, key: PublicKey) {
    let id = KeyId::new(PRINTED_KEY).expect("a key's id");
    let keys: PlatformKeys = [PlatformKey::new(id, key)].into_iter().collect();
    let call = Call::new(http::Method::POST, "/v3/pay/transactions/native");
    let unsigned = Unsigned::new(&call, &v3_credentials(), &stamp(lines[0], lines[1])).expect("a request");
    let signed = unsigned.attach(&Signature::new([0; 256])).expect("signed");
    let pending: Pending<Call> = signed.into_parts().1;
    let response = Response::builder()
        .header("Wechatpay-Timestamp", lines[0])
        .header("Wechatpay-Nonce", lines[1])
        .header("Wechatpay-Signature", signature)
        .header("Wechatpay-Serial", PRINTED_KEY)
        .body(lines[2].as_bytes().to_vec().into())
        .expect("an answer");
    let answer = pending.receive(response).verify(&keys, seconds(lines[0]));
    assert_eq!(answer.expect("it verifies").body(), lines[2].as_bytes());
}

fn stamp(timestamp: &str, nonce: &str) -> Stamp {
    Stamp::new(seconds(timestamp), Nonce::new(nonce).expect("a nonce"))
}

fn seconds(text: &str) -> UnixTime {
    UnixTime::from_secs(text.parse().expect("seconds"))
}
