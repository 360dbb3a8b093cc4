//! Parameters for front ends that no vector has.

use serde_json::json;
use wxpay_proto::crypto::{Algorithm, CryptoError};
use wxpay_proto::v2::SignType;
use wxpay_proto::v2::request_payment as v2;
use wxpay_proto::v3::request_payment as v3;
use wxpay_proto::{MerchantId, UnixTime};
use wxpay_tests::journey::{MCHID, merchant_key, now, stamp};
use wxpay_tests::keys::api_v2_key;

fn merchant() -> MerchantId {
    MerchantId::new(MCHID).expect("a merchant number")
}

#[test]
fn an_app_gets_its_members_in_small_letters() {
    let unsigned = v3::app("wx8888888888888888", &merchant(), "wx2014", &stamp()).expect("parameters");
    let app = unsigned.sign(&merchant_key()).expect("a signature");
    let shown = serde_json::to_value(&app).expect("JSON");
    assert_eq!(
        shown,
        json!({
            "appid": "wx8888888888888888",
            "partnerid": MCHID,
            "prepayid": "wx2014",
            "package": "Sign=WXPay",
            "noncestr": "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
            "timestamp": "1700000000",
            "sign": app.sign,
        })
    );
    assert!(app.sign.len() > 300);
}

#[test]
fn in_partner_mode_the_payers_openid_says_whose_appid_is_signed() {
    assert_eq!(v3::partner_appid("sp", Some("sub"), None), Ok("sp"));
    assert_eq!(v3::partner_appid("sp", Some("sub"), Some("")), Ok("sp"));
    assert_eq!(v3::partner_appid("sp", Some("sub"), Some("openid")), Ok("sub"));
    let error = v3::partner_appid("sp", None, Some("openid")).expect_err("no appid");
    assert_eq!(
        error.to_string(),
        "`sub_appid` is missing, though the payer is named by a sub_openid"
    );
}

#[test]
fn a_transfer_names_the_sub_merchant_of_a_partner() {
    let sub = MerchantId::new("1230000109").expect("a merchant number");
    let transfer = v3::MerchantTransfer::new(&merchant(), "wx1", "a+b==").expect("parameters");
    let transfer = transfer.sub_merchant(&sub, Some("wx2")).open_id("o1");
    let shown = serde_json::to_value(&transfer).expect("JSON");
    let wanted = json!({
        "mchId": MCHID, "appId": "wx1", "package": "a+b==",
        "subMchId": "1230000109", "subAppId": "wx2", "openId": "o1",
    });
    assert_eq!(shown, wanted);
    let query = "appId=wx1&mchId=1900007291&package=a%2Bb%3D%3D&subMchId=1230000109&subAppId=wx2&openId=o1";
    assert_eq!(transfer.app_query(), query);
}

#[test]
fn an_h5_link_takes_one_redirect() {
    let link = v3::h5_redirect("https://wx.tenpay.com/x", "https://a/").expect("a link");
    assert_eq!(link, "https://wx.tenpay.com/x?redirect_url=https%3A%2F%2Fa%2F");
    assert!(v3::h5_redirect(&link, "https://a/").is_err());
    assert!(v3::h5_redirect("https://wx.tenpay.com/x#y", "https://a/").is_err());
}

/// The message is the one that the official page of the plugin prints for these values.
#[test]
fn coupons_of_the_plugin_are_flattened() {
    let issuer = MerchantId::new("10016226").expect("a merchant number");
    let coupons = [
        v2::Coupon::new("1234567", "abc123").code("asdsada"),
        v2::Coupon::new("2345678", "123abc").code("asdsada"),
    ];
    let unsigned = v2::send_coupons(&issuer, coupons).expect("parameters");
    let message = "coupon_code0=asdsada&coupon_code1=asdsada&out_request_no0=abc123&out_request_no1=123abc\
                   &send_coupon_merchant=10016226&stock_id0=1234567&stock_id1=2345678";
    assert_eq!(unsigned.message(), message.as_bytes());
    assert_eq!(unsigned.algorithm(), Algorithm::HmacSha256);
    let shown = serde_json::to_value(unsigned.sign(&api_v2_key()).expect("a signature")).expect("JSON");
    let params = json!([
        { "stock_id": "1234567", "out_request_no": "abc123", "coupon_code": "asdsada" },
        { "stock_id": "2345678", "out_request_no": "123abc", "coupon_code": "asdsada" },
    ]);
    assert_eq!(shown["send_coupon_params"], params);
    assert_eq!(shown["send_coupon_merchant"], "10016226");
    assert!(v2::send_coupons(&issuer, []).is_err());
}

#[test]
fn a_contract_in_a_mini_program_has_neither_version_nor_nonce() {
    let contract = v2::Contract::new(
        "wx426a3015555a46be",
        &merchant(),
        "106",
        "122",
        123,
        "张三",
        "https://www.qq.com/",
    );
    let contract = contract
        .expect("a contract")
        .with("sub_mch_id", "1223816104")
        .expect("another");
    let unsigned = contract.mini_program(UnixTime::from_secs(1_414_488_825));
    let message = "appid=wx426a3015555a46be&contract_code=122&contract_display_account=张三&mch_id=1900007291\
                   &notify_url=https://www.qq.com/&plan_id=106&request_serial=123&sub_mch_id=1223816104&timestamp=1414488825";
    assert_eq!(unsigned.message(), message.as_bytes());
    let shown = serde_json::to_value(unsigned.sign(&api_v2_key()).expect("a signature")).expect("JSON");
    assert_eq!(shown["path"], "pages/index/index");
    assert_eq!(shown["extraData"]["timestamp"], "1414488825");
    assert_eq!(shown["extraData"]["sign"].as_str().map(str::len), Some(32));
    for taken in ["appid", "sub_mch_id", "sign", "clientip"] {
        assert!(contract.clone().with(taken, "x").is_err(), "{taken}");
    }
    assert!(contract.h5_entrust_web("", now()).is_err());
}

#[test]
fn each_kind_of_key_signs_its_own() {
    let v3 = v3::jsapi("wx1", "wx2", &stamp()).expect("parameters");
    assert!(matches!(
        v3.sign(&api_v2_key()),
        Err(CryptoError::Unsupported { .. })
    ));
    let v2 = v2::jsapi("wx1", "wx2", SignType::HmacSha256, &stamp()).expect("parameters");
    assert!(matches!(
        v2.sign(&merchant_key()),
        Err(CryptoError::Unsupported { .. })
    ));
}
