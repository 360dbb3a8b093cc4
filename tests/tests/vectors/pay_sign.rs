//! `pay_sign_v3`: parameters for front ends, signed with the merchant's key or not at all.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde_json::Value;
use wxpay_proto::crypto::{Backend, Signature};
use wxpay_proto::v3::request_payment::{
    MedicalInsurance, MerchantTransfer, app, h5_redirect, jsapi, medical_insurance, mini_program,
};
use wxpay_proto::{MerchantId, Nonce, Stamp, UnixTime, UnsignedParameters};
use wxpay_tests::keys::private_key;
use wxpay_tests::vectors::{Expected, Vector};

pub(crate) fn run(vector: &Vector, backend: Backend) {
    let mut expected = vector.expected();
    let (appid, prepay_id) = (vector.get("appid"), vector.get("prepay_id"));
    let text = |value: Option<&Value>| value.and_then(Value::as_str).expect("a text").to_owned();
    match vector.name.as_str() {
        "h5_redirect_url" => {
            let url = h5_redirect(vector.text("h5_url"), vector.text("redirect_url"));
            assert_eq!(url.expect("a link"), expected.text("url"));
        }
        "merchant_transfer_user_confirm" => {
            let parameters =
                MerchantTransfer::new(&merchant(vector), text(appid), vector.text("package_info"))
                    .expect("parameters");
            let shown = serde_json::to_value(&parameters).expect("JSON");
            assert_eq!(shown, expected.take("jsapi_params"));
            assert_eq!(
                MerchantTransfer::BUSINESS_TYPE,
                expected.text("app_business_type")
            );
            assert_eq!(parameters.app_query(), expected.text("app_query"));
        }
        name => {
            let (appid, prepay_id, stamp) = (text(appid), text(prepay_id), stamp(vector));
            match name {
                "mini_program" => signed(vector, backend, &mut expected, || {
                    mini_program(appid.as_str(), &prepay_id, &stamp).expect("parameters")
                }),
                "medical_insurance_mixed" => {
                    let number = "202204022005169952975171534816";
                    signed(vector, backend, &mut expected, || {
                        medical_insurance(appid.as_str(), number, &prepay_id, &stamp).expect("parameters")
                    });
                    let whole =
                        MedicalInsurance::without_payment(appid.as_str(), number).expect("parameters");
                    let wanted = serde_json::json!({ "appid": appid, "mixTradeNo": number });
                    assert_eq!(serde_json::to_value(whole).expect("JSON"), wanted);
                }
                "jsapi" | "combine_jsapi" => signed(vector, backend, &mut expected, || {
                    jsapi(appid.as_str(), &prepay_id, &stamp).expect("parameters")
                }),
                other => panic!("no parameters are known for {other}"),
            }
            // The vectors have no app; it signs the bare prepay id in the place of the package.
            let unsigned =
                app(appid.as_str(), &merchant(vector), prepay_id.as_str(), &stamp).expect("parameters");
            let wanted = format!("{appid}\n{}\n{}\n{prepay_id}\n", stamp.timestamp, stamp.nonce);
            assert_eq!(unsigned.message(), wanted.as_bytes());
        }
    }
    expected.finish();
}

/// Signs in both ways, which must give the same.
fn signed<T: Serialize + PartialEq + std::fmt::Debug>(
    vector: &Vector,
    backend: Backend,
    expected: &mut Expected,
    prepare: impl Fn() -> UnsignedParameters<T>,
) {
    assert_eq!(
        STANDARD.encode(prepare().message()),
        expected.text("message_base64")
    );
    let key = private_key(vector.text("key"), backend);
    let parameters = prepare().sign(&key).expect("a signature");
    let wanted = expected.take("params");
    assert_eq!(serde_json::to_value(&parameters).expect("JSON"), wanted);
    let signature = expected.text("signature");
    assert_eq!(wanted["paySign"], signature);
    let elsewhere = Signature::from_base64(&signature).expect("base64");
    assert_eq!(prepare().attach(&elsewhere), parameters);
}

fn merchant(vector: &Vector) -> MerchantId {
    MerchantId::new(vector.text("mchid")).expect("a merchant number")
}

fn stamp(vector: &Vector) -> Stamp {
    let seconds = vector.text("timestamp").parse().expect("seconds");
    let nonce = Nonce::new(vector.text("nonce")).expect("a nonce");
    Stamp::new(UnixTime::from_secs(seconds), nonce)
}
