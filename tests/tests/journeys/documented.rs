//! Operations that the simulator has no product for: answered from the catalogue, by typed operations and untyped calls.

use wxpay_proto::{BrandId, JsonText, v3};
use wxpay_sim::Simulator;
use wxpay_types::v2::pay::{AuthCodeToOpenid, Report, Trade};

use crate::support::{APPID, builder, client, key};

#[tokio::test]
async fn v2_operations_are_answered_signed_or_unsigned_as_documented() {
    let simulator = Simulator::start().unwrap();
    let merchant = simulator.profile().merchant();
    let client = client(&simulator, merchant);
    let ask = AuthCodeToOpenid::default()
        .appid(APPID)
        .mch_id(merchant.id().as_str())
        .auth_code("120269300684844649");
    let answer = client.send(&ask).await.unwrap();
    assert_eq!(answer.appid.as_deref(), Some(APPID));
    assert!(answer.openid.is_some());

    let trade = Trade::default()
        .out_trade_no("P1")
        .begin_time("20260102030405")
        .end_time("20260102030406")
        .state("OK");
    let report = Report::default()
        .appid(APPID)
        .mch_id(merchant.id().as_str())
        .interface_url("https://api.mch.weixin.qq.com/pay/micropay/total")
        .user_ip("8.8.8.8")
        .trades(JsonText::new(&vec![trade]).unwrap());
    let answer = client.send(&report).await.unwrap();
    assert!(answer.claimed().return_code.is_some());
    assert!(
        answer.verified().is_none(),
        "this operation's answers are not signed"
    );
}

#[tokio::test]
async fn a_brand_signs_its_own_operations() {
    let simulator = Simulator::start().unwrap();
    let merchant = simulator.profile().merchant();
    let number = BrandId::new(merchant.id().as_str()).unwrap();
    let brand = v3::Credentials::new(v3::Account::Brand(number), merchant.serial().clone());
    let client = builder(&simulator).brand(brand, key(merchant)).build().unwrap();
    let target = "/brand/marketing/product-coupon/product-coupons/1000000013";
    let answer = client
        .send(&v3::Call::new(http::Method::GET, target))
        .await
        .unwrap();
    let answer: serde_json::Value = answer.json().unwrap();
    assert_eq!(answer["product_coupon_id"], "1000000013");
    let sent = simulator.log().pop().unwrap();
    let told = sent.response.headers()["wxpay-sim-documented"].to_str().unwrap();
    assert!(told.starts_with("v3.brand"), "{told}");
}

#[tokio::test]
async fn what_the_documentation_objects_to_is_refused_with_its_pointer() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, simulator.profile().merchant());
    let call = v3::Call::new(http::Method::POST, "/v3/payscore/serviceorder").body(r#"{"appid": 1}"#);
    let error = client.send(&call).await.unwrap_err();
    let error = error.api_error().unwrap();
    assert_eq!((error.status, error.code.as_deref()), (400, Some("PARAM_ERROR")));
    assert_eq!(error.location(), Some("body"));
    assert!(error.field().unwrap().starts_with('/'), "{error}");
}
