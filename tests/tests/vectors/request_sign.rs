//! `v3_request_sign`: the message, its signature and the header; as strings, and through the whole journey.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wxpay_proto::crypto::{Algorithm, Backend, Signer as _};
use wxpay_proto::v3::{Authorization, Call, Credentials, canonical};
use wxpay_proto::{BrandId, Host, MerchantId, Nonce, Serial, Stamp, UnixTime, Unsigned};
use wxpay_tests::journey::platform_id;
use wxpay_tests::keys::private_key;
use wxpay_tests::vectors::Vector;

pub(crate) fn run(vector: &Vector, backend: Backend) {
    let mut expected = vector.expected();
    let (method, body) = (vector.text("method"), vector.bytes("body_base64"));
    if let Some(text) = vector.get("body_utf8") {
        assert_eq!(
            text.as_str().map(str::as_bytes),
            Some(body.as_slice()),
            "the vector itself"
        );
    }
    let (host, target) = Host::split(vector.text("url")).expect("one of WeChat Pay's hosts");
    assert_eq!(target, expected.text("request_target"));

    let (timestamp, nonce) = (vector.text("timestamp"), vector.text("nonce_str"));
    let message = canonical::request_message(method, target, timestamp, nonce, &body);
    assert_eq!(STANDARD.encode(&message), expected.text("message_base64"));
    if let Some(length) = expected.take_if_any("message_length_bytes") {
        assert_eq!(length, message.len());
    }

    let key = private_key(vector.text("key"), backend);
    let signature = key.sign(Algorithm::RsaSha256, &message).expect("a signature");
    assert_eq!(signature.to_base64(), expected.text("signature"));
    let header = expected.text("authorization");
    let wanted = Authorization::parse(&header).expect("an Authorization");

    // The whole journey gives the same message, the same header, and sends what was signed.
    let mut call = Call::new(method.parse().expect("a method"), target).host(host);
    if !body.is_empty() {
        call = call.body(body.clone());
    }
    let seconds = timestamp.parse().expect("seconds");
    let stamp = Stamp::new(UnixTime::from_secs(seconds), Nonce::new(nonce).expect("a nonce"));
    let unsigned = Unsigned::new(&call, &credentials(vector), &stamp).expect("a request");
    assert_eq!(unsigned.message(), message);
    let (request, _) = unsigned.sign(&key).expect("a signed request").into_parts();
    let sent = request.headers()["authorization"].to_str().expect("a text");
    assert_eq!(Authorization::parse(sent).expect("an Authorization"), wanted);
    assert_eq!(request.method(), method);
    assert_eq!(request.uri().to_string(), vector.text("url"));
    assert_eq!(request.body(), &body);
    expected.finish();
}

fn credentials(vector: &Vector) -> Credentials {
    let serial = Serial::new(vector.text("serial_no")).expect("a serial");
    let credentials = match vector.get("brand_id") {
        Some(_) => Credentials::brand(BrandId::new(vector.text("brand_id")).expect("a brand"), serial),
        None => Credentials::merchant(MerchantId::new(vector.text("mchid")).expect("a merchant"), serial),
    };
    credentials.answer_key(platform_id())
}
