//! `v2_front_sign`: parameters for front ends that are signed with the APIv2 key.

use serde::Serialize;
use serde_json::Value;
use wxpay_proto::v2::SignType;
use wxpay_proto::v2::request_payment::{
    Contract, Coupon, Link, app, h5_coupon, jsapi, mini_program_red_packet, payscore_confirm,
};
use wxpay_proto::{ApiV2Key, MerchantId, Nonce, Stamp, UnixTime, UnsignedParameters};
use wxpay_tests::vectors::{Expected, Vector};

pub(crate) fn run(vector: &Vector) {
    let mut expected = vector.expected();
    let inputs = Inputs(vector);
    let text = |name| inputs.text(name);
    let sign_type = match vector.text("sign_type") {
        "MD5" => SignType::Md5,
        _ => SignType::HmacSha256,
    };
    match vector.name.as_str() {
        "jsapi_md5" | "jsapi_hmac" => {
            let stamp = inputs.stamp("timeStamp", "nonceStr");
            let prepay_id = text("package").strip_prefix("prepay_id=").expect("a prepay id");
            let unsigned = jsapi(text("appId"), prepay_id, sign_type, &stamp).expect("parameters");
            shown(vector, &mut expected, unsigned, "paySign");
        }
        "app_hmac" => {
            let stamp = inputs.stamp("timestamp", "noncestr");
            let merchant = inputs.merchant("partnerid");
            let unsigned =
                app(text("appid"), &merchant, text("prepayid"), sign_type, &stamp).expect("parameters");
            shown(vector, &mut expected, unsigned, "sign");
        }
        "mini_program_red_packet" => {
            let stamp = inputs.stamp("timeStamp", "nonceStr");
            let unsigned =
                mini_program_red_packet(text("appId"), text("package"), &stamp).expect("parameters");
            let found = signed(vector, &mut expected, unsigned);
            let mut wanted = expected.take("params");
            // The vector lists the appid, which is signed and not handed over, and both forms of the package.
            let members = wanted.as_object_mut().expect("an object");
            members.remove("appId");
            let sent = members.remove("package_sent").expect("the package as it is sent");
            members.insert("package".to_owned(), sent);
            assert_eq!(found["paySign"], expected.take("sign"));
            assert_eq!(found, wanted);
        }
        "payscore_confirm" => {
            let stamp = inputs.stamp("timestamp", "nonce_str");
            let prepare = || payscore_confirm(&inputs.merchant("mch_id"), text("package"), &stamp);
            let key = key(vector);
            let parameters = prepare().expect("parameters").sign(&key).expect("a signature");
            let named = prepare().expect("parameters").member("signature");
            let named = named.sign(&key).expect("a signature");
            assert_eq!(
                named.parameters().get("signature"),
                parameters.parameters().get("sign")
            );
            let mut found = signed(vector, &mut expected, prepare().expect("parameters"));
            assert_eq!(found["sign"], expected.take("sign"));
            found["businessType"] = parameters.business_type().into();
            assert_eq!(found, expected.take("params"));
        }
        "h5_coupon" => {
            let coupon = Coupon::new(text("stock_id"), text("out_request_no")).code(text("coupon_code"));
            let merchant = inputs.merchant("send_coupon_merchant");
            link(
                vector,
                &mut expected,
                h5_coupon(&merchant, &coupon, text("open_id")).expect("parameters"),
            );
        }
        "papay_entrustweb_md5" => link(vector, &mut expected, inputs.contract().entrust_web(inputs.now())),
        "papay_h5entrustweb_hmac" => {
            let contract = inputs.contract();
            let unsigned = contract.h5_entrust_web(text("clientip"), inputs.now());
            link(vector, &mut expected, unsigned.expect("parameters"));
        }
        other => panic!("no parameters are known for {other}"),
    }
    expected.finish();
}

/// The signed parameters of a vector.
struct Inputs<'a>(&'a Vector);

impl<'a> Inputs<'a> {
    fn text(&self, name: &str) -> &'a str {
        self.0.object("signed_params")[name].as_str().expect("a text")
    }

    fn merchant(&self, name: &str) -> MerchantId {
        MerchantId::new(self.text(name)).expect("a merchant number")
    }

    fn now(&self) -> UnixTime {
        UnixTime::from_secs(self.text("timestamp").parse().expect("seconds"))
    }

    fn stamp(&self, time: &str, nonce: &str) -> Stamp {
        let seconds = self.text(time).parse().expect("seconds");
        let nonce = Nonce::new(self.text(nonce)).expect("a nonce");
        Stamp::new(UnixTime::from_secs(seconds), nonce)
    }

    fn contract(&self) -> Contract {
        let serial = self.text("request_serial").parse().expect("a number");
        let contract = Contract::new(
            self.text("appid"),
            &self.merchant("mch_id"),
            self.text("plan_id"),
            self.text("contract_code"),
            serial,
            self.text("contract_display_account"),
            self.text("notify_url"),
        );
        contract.expect("a contract")
    }
}

fn key(vector: &Vector) -> ApiV2Key {
    ApiV2Key::new(vector.text("api_v2_key")).expect("an APIv2 key")
}

/// Compares the message, signs, and gives what is handed over.
fn signed<T: Serialize>(vector: &Vector, expected: &mut Expected, unsigned: UnsignedParameters<T>) -> Value {
    // The core's message lacks the key, so that it can be shown.
    let message = String::from_utf8(unsigned.message().to_vec()).expect("UTF-8");
    let whole = format!("{message}&key={}", vector.text("api_v2_key"));
    assert_eq!(whole, expected.text("string_to_sign"));
    let parameters = unsigned.sign(&key(vector)).expect("a signature");
    serde_json::to_value(parameters).expect("JSON")
}

fn shown<T: Serialize>(
    vector: &Vector,
    expected: &mut Expected,
    unsigned: UnsignedParameters<T>,
    member: &str,
) {
    let found = signed(vector, expected, unsigned);
    assert_eq!(found[member], expected.take("sign"));
    assert_eq!(found, expected.take("params"));
}

fn link(vector: &Vector, expected: &mut Expected, unsigned: UnsignedParameters<Link>) {
    let parameters = unsigned_link(vector, expected, unsigned);
    assert_eq!(parameters.to_string(), expected.text("url"));
}

fn unsigned_link(vector: &Vector, expected: &mut Expected, unsigned: UnsignedParameters<Link>) -> Link {
    let message = String::from_utf8(unsigned.message().to_vec()).expect("UTF-8");
    let whole = format!("{message}&key={}", vector.text("api_v2_key"));
    assert_eq!(whole, expected.text("string_to_sign"));
    let link = unsigned.sign(&key(vector)).expect("a signature");
    assert_eq!(
        link.parameters().get("sign"),
        Some(expected.text("sign").as_str())
    );
    assert_eq!(
        serde_json::to_value(link.parameters()).expect("JSON"),
        expected.take("params")
    );
    link
}
