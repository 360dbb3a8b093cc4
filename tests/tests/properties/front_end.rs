//! Parameters for front ends: what is signed is what is handed over, whoever signs.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Serialize;
use serde_json::Value;
use wxpay_proto::crypto::Signer;
use wxpay_proto::v2::SignType;
use wxpay_proto::v2::request_payment as v2;
use wxpay_proto::v3::canonical::request_payment_message;
use wxpay_proto::v3::request_payment as v3;
use wxpay_proto::{MerchantId, Nonce, ParameterError, Stamp, UnixTime, UnsignedParameters, v2 as protocol};
use wxpay_tests::journey::{MCHID, merchant_key, stamp};
use wxpay_tests::keys::api_v2_key;

use crate::{config, text};

fn value() -> impl Strategy<Value = String> {
    text(12).prop_map(|text| text.chars().filter(|c| !c.is_control()).collect::<String>() + "x")
}

fn merchant() -> MerchantId {
    MerchantId::new(MCHID).expect("a merchant number")
}

/// Signs here and elsewhere, which must give the same; gives the message and what is handed over.
fn signed<T: Serialize>(
    prepare: impl Fn() -> Result<UnsignedParameters<T>, ParameterError>,
    signer: &impl Signer,
) -> (String, Value) {
    let unsigned = prepare().expect("parameters");
    let message = String::from_utf8(unsigned.message().to_vec()).expect("UTF-8");
    let signature = signer
        .sign(unsigned.algorithm(), unsigned.message())
        .expect("a signature");
    let elsewhere = serde_json::to_value(unsigned.attach(&signature)).expect("JSON");
    let here = prepare().expect("parameters").sign(signer).expect("a signature");
    assert_eq!(serde_json::to_value(here).expect("JSON"), elsewhere);
    (message, elsewhere)
}

/// The texts of an object, without the signature.
fn fields(object: &Value, signature: &str) -> BTreeMap<String, String> {
    let members = object.as_object().expect("an object").iter();
    members
        .filter(|(name, _)| *name != signature)
        .map(|(name, value)| {
            (
                name.clone(),
                value.as_str().expect("every member is a text").to_owned(),
            )
        })
        .collect()
}

fn message(fields: &BTreeMap<String, String>) -> String {
    protocol::canonical::message(fields.iter().map(|(name, value)| (name.as_str(), value.as_str())))
}

/// What a link says, read as a browser does.
fn query(link: &str) -> BTreeMap<String, String> {
    let (_, query) = link.split_once('?').expect("a query");
    let query = query.split('#').next().unwrap_or_default();
    let decode = |text: &str| {
        let bytes = percent_encoding::percent_decode_str(text);
        bytes.decode_utf8().expect("UTF-8").into_owned()
    };
    let pairs = query.split('&').map(|pair| pair.split_once('=').expect("a pair"));
    pairs.map(|(name, value)| (decode(name), decode(value))).collect()
}

proptest! {
    // RSA signs each case twice.
    #![proptest_config(config(8))]

    #[test]
    fn v3_hands_over_what_it_signs(appid in value(), prepay_id in value(), number in value()) {
        let key = merchant_key();
        let (lines, object) = signed(|| v3::jsapi(appid.as_str(), &prepay_id, &stamp()), &key);
        let of = |name: &str| object[name].as_str().expect("a text").to_owned();
        let wanted = request_payment_message(&of("appId"), &of("timeStamp"), &of("nonceStr"), &of("package"));
        prop_assert_eq!(lines.as_bytes(), wanted);

        let (mini, object) = signed(|| v3::mini_program(appid.as_str(), &prepay_id, &stamp()), &key);
        prop_assert_eq!(&mini, &lines);
        prop_assert_eq!(object.get("appId"), None);

        let (mixed, object) = signed(|| v3::medical_insurance(appid.as_str(), number.as_str(), &prepay_id, &stamp()), &key);
        prop_assert_eq!(&mixed, &lines);
        prop_assert_eq!(&object["mixTradeNo"], &number);

        let (app, object) = signed(|| v3::app(appid.as_str(), &merchant(), prepay_id.as_str(), &stamp()), &key);
        let of = |name: &str| object[name].as_str().expect("a text").to_owned();
        let wanted = request_payment_message(&of("appid"), &of("timestamp"), &of("noncestr"), &of("prepayid"));
        prop_assert_eq!(app.as_bytes(), wanted);
        prop_assert_eq!(&of("package"), "Sign=WXPay");
    }
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn v2_hands_over_what_it_signs(appid in value(), prepay_id in value(), hmac in any::<bool>()) {
        let key = api_v2_key();
        let sign_type = if hmac { SignType::HmacSha256 } else { SignType::Md5 };
        let (line, object) = signed(|| v2::jsapi(appid.as_str(), &prepay_id, sign_type, &stamp()), &key);
        prop_assert_eq!(&line, &message(&fields(&object, "paySign")));
        let (mini, object) = signed(|| v2::mini_program(appid.as_str(), &prepay_id, sign_type, &stamp()), &key);
        prop_assert_eq!(&mini, &line);
        prop_assert_eq!(object.get("appId"), None);
        let (app, object) = signed(|| v2::app(appid.as_str(), &merchant(), prepay_id.as_str(), sign_type, &stamp()), &key);
        prop_assert_eq!(app, message(&fields(&object, "sign")));
    }

    #[test]
    fn payscore_hands_over_what_it_signs(package in value(), service in value(), order in value(), member in "[a-z]{4,9}") {
        let key = api_v2_key();
        let (line, object) = signed(|| v2::payscore_confirm(&merchant(), package.as_str(), &stamp()), &key);
        prop_assert_eq!(line, message(&fields(&object, "sign")));
        let detail = || v2::payscore_detail(&merchant(), service.as_str(), order.as_str(), &stamp());
        let (line, object) = signed(|| detail().map(|unsigned| unsigned.member(member.clone())), &key);
        prop_assert_eq!(line, message(&fields(&object, &member)));
        let parameters = detail().expect("parameters").sign(&key).expect("a signature");
        let read = query(&format!("?{}", parameters.query()));
        prop_assert_eq!(read, fields(&serde_json::to_value(&parameters).expect("JSON"), ""));
        prop_assert_eq!(parameters.business_type(), "wxpayScoreDetail");
    }

    #[test]
    fn links_say_what_they_sign(texts in prop::array::uniform6(value()), serial in any::<u64>(), now in any::<i64>()) {
        let key = api_v2_key();
        let [appid, plan, code, account, url, more] = texts.clone();
        let contract = v2::Contract::new(appid, &merchant(), plan, code, serial, account, url).expect("a contract");
        let contract = contract.with("outerid", more).expect("another parameter");
        let now = UnixTime::from_secs(now);
        let (line, link) = signed(|| Ok(contract.entrust_web(now)), &key);
        let mut read = query(link.as_str().expect("a link"));
        prop_assert!(protocol::verify_sign(&read, &key).is_ok());
        prop_assert_eq!(&line, &message(&read));
        prop_assert_eq!(read.remove("version"), Some("1.0".to_owned()));

        let (_, link) = signed(|| contract.h5_entrust_web("119.145.83.6", now), &key);
        prop_assert!(protocol::verify_sign(&query(link.as_str().expect("a link")), &key).is_ok());

        let (line, object) = signed(|| Ok(contract.mini_program(now)), &key);
        prop_assert_eq!(line, message(&fields(&object["extraData"], "sign")));
        prop_assert_eq!(&object["appId"], "wxbd687630cd02ce1d");

        let [stock, request, code, openid, ..] = texts;
        let coupon = v2::Coupon::new(stock, request);
        for coupon in [coupon.clone(), coupon.code(code)] {
            let (_, link) = signed(|| v2::h5_coupon(&merchant(), &coupon, openid.as_str()), &key);
            let link = link.as_str().expect("a link");
            prop_assert!(link.ends_with("#wechat_redirect"));
            prop_assert!(protocol::verify_sign(&query(link), &key).is_ok());
        }
    }

    #[test]
    fn coupons_are_signed_with_their_indices(coupons in prop::collection::vec((value(), value(), prop::option::of(value())), 1..4)) {
        let key = api_v2_key();
        let of = |(stock, request, code): &(String, String, Option<String>)| {
            let coupon = v2::Coupon::new(stock.as_str(), request.as_str());
            code.iter().fold(coupon, |coupon, code| coupon.code(code.as_str()))
        };
        let (line, object) = signed(|| v2::send_coupons(&merchant(), coupons.iter().map(of).collect::<Vec<_>>()), &key);
        let mut flat = BTreeMap::from([("send_coupon_merchant".to_owned(), MCHID.to_owned())]);
        for (index, coupon) in object["send_coupon_params"].as_array().expect("a list").iter().enumerate() {
            flat.extend(fields(coupon, "").into_iter().map(|(name, value)| (format!("{name}{index}"), value)));
        }
        prop_assert_eq!(line, message(&flat));
    }

    #[test]
    fn an_h5_link_comes_back_where_it_should(back in value()) {
        let link = v3::h5_redirect("https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2", &back);
        prop_assert_eq!(query(&link.expect("a link")).remove("redirect_url"), Some(back));
    }

    #[test]
    fn no_parameter_moves_the_lines_of_the_message(before in value(), after in value(), control in prop::sample::select(&['\n', '\r', '\0', '\u{85}'][..])) {
        let text = format!("{before}{control}{after}");
        for refused in [
            v3::jsapi(text.as_str(), "wx1", &stamp()).err(),
            v3::mini_program("wx1", &text, &stamp()).err(),
            v3::app("wx1", &merchant(), text.as_str(), &stamp()).err(),
            v2::jsapi("wx1", &text, SignType::Md5, &stamp()).err(),
            v2::payscore_confirm(&merchant(), text.as_str(), &stamp()).err(),
            v3::MerchantTransfer::new(&merchant(), "wx1", text.as_str()).err(),
        ] {
            prop_assert!(refused.is_some_and(|error| error.problem.contains("control")));
        }
        prop_assert!(v3::jsapi("", "wx1", &stamp()).is_err());
    }

    #[test]
    fn two_messages_are_alike_only_for_the_same_parts(parts in prop::collection::vec(("[a1]{1,2}", 0_i64..12, "[a1]{1,2}", "[a1]{1,2}"), 12)) {
        let message = |(appid, time, nonce, prepay_id): &(String, i64, String, String)| {
            let stamp = Stamp::new(UnixTime::from_secs(*time), Nonce::new(nonce.as_str()).expect("a nonce"));
            v3::jsapi(appid.as_str(), prepay_id, &stamp).expect("parameters").message().to_vec()
        };
        for one in &parts {
            for other in &parts {
                prop_assert_eq!(message(one) == message(other), one == other);
            }
        }
    }
}
