//! Operations that the simulator has no product for: answered from the catalogue, by typed operations and untyped calls.

use wxpay_proto::crypto::FileDigest;
use wxpay_proto::file::{FileKey, SealedFile};
use wxpay_proto::{BrandId, JsonText, UnixTime, v3};
use wxpay_sim::Simulator;
use wxpay_types::v2::pay::{AuthCodeToOpenid, Report, Trade};
use wxpay_types::v3::bill::QuerySubMerchantFundFlowBill;

use crate::support::{APPID, builder, client, key};

#[tokio::test]
async fn an_encrypted_bill_is_asked_for_fetched_and_opened() {
    let simulator = Simulator::start().unwrap();
    let partner = simulator.profile().partner();
    let client = client(&simulator, partner);
    for algorithm in ["AEAD_AES_256_GCM", "SM4_GCM"] {
        let ask = QuerySubMerchantFundFlowBill::default()
            .sub_mchid("1900000110")
            .bill_date("2026-01-02")
            .account_type("BASIC")
            .algorithm(algorithm);
        let bills = client.send(&ask).await.unwrap();
        assert_eq!(bills.download_bill_count, Some(1));
        let bill = &bills.download_bill_list[0];
        let told = |text: &Option<String>| text.clone().unwrap();

        // What the merchant's key opens is the key of the file, and the digest is that of the text in it.
        let file_key = bill.encrypt_key.as_ref().and_then(|key| key.expose()).unwrap();
        let file_key = FileKey::open(file_key, &key(partner)).unwrap();
        let digest = FileDigest::new(&told(&bill.hash_type), &told(&bill.hash_value)).unwrap();
        let download = v3::Download::new(&told(&bill.download_url)).unwrap();
        let file = client.exchange(&download).await.unwrap();
        let sealed = SealedFile::new(&file_key, &told(&bill.nonce)).unwrap();
        let keys = simulator.profile().platform_keys();
        let file = file
            .sealed_file(sealed, Some(&digest), &keys, UnixTime::from_secs(0))
            .unwrap();
        assert!(!file.content().is_empty());
    }
}

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
