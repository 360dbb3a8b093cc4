//! What can be shown of requests and keys holds no secret.

use http::Method;
use wxpay_proto::crypto::Backend;
use wxpay_proto::v3::{Authorization, Call};
use wxpay_proto::{ApiV2Key, ApiV3Key, Unsigned};
use wxpay_tests::journey::{merchant_key, stamp, v3_credentials};
use wxpay_tests::keys::private_key;

#[test]
fn no_debug_form_shows_a_signature() {
    let call = Call::new(Method::GET, "/v3/x");
    let signed = Unsigned::new(&call, &v3_credentials(), &stamp())
        .expect("a request")
        .sign(&merchant_key());
    let signed = signed.expect("a signed request");
    let header = signed.request().headers()["authorization"].clone();
    assert!(header.is_sensitive());
    let text = header.to_str().expect("a text");
    let authorization = Authorization::parse(text).expect("an Authorization");
    let start = &authorization.signature[..16];
    let shown = [
        format!("{signed:?}"),
        format!("{:?}", signed.request()),
        format!("{authorization:?}"),
    ];
    for shown in shown {
        assert!(!shown.contains(start), "{shown}");
    }
}

#[test]
fn no_debug_form_shows_a_key() {
    const V2: &str = "192006250b4c09247ec02edce69f6a2d";
    const V3: &str = "Q9xV3kTestOnly0123456789abcdefGH";
    let (v2, v3) = (
        ApiV2Key::new(V2).expect("a key"),
        ApiV3Key::new(V3).expect("a key"),
    );
    assert_eq!(
        (v2.expose(), v3.expose().as_slice()),
        (V2.as_bytes(), V3.as_bytes())
    );
    assert_eq!(format!("{v2:?} {v3:?}"), "ApiV2Key(…) ApiV3Key(…)");
    for backend in Backend::ALL {
        assert_eq!(
            format!("{:?}", private_key("merchant_rsa", *backend)),
            "MerchantKey(…)"
        );
    }
}
