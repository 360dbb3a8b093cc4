//! v2's orders from the creation to the bill.

use serde_json::json;
use wxpay_proto::v2;
use wxpay_sim::{OrderRef, Simulator};
use wxpay_types::v2::pay::{CloseOrder, DownloadBill, OrderQuery, Refund, RefundQuery, UnifiedOrder};

use crate::support::{APPID, api_v2_key, builder, typed};

#[tokio::test]
async fn an_order_is_created_queried_closed_or_paid_refunded_and_billed() {
    let simulator = Simulator::start().unwrap();
    let account = simulator.profile().merchant();
    let mchid = account.id().as_str();
    let client = builder(&simulator)
        .api_v2(v2::Credentials::new(account.id().clone()), api_v2_key(account))
        .client_certificate_pem(account.certificate_pem(), account.private_key_pem())
        .build()
        .unwrap();
    // JSAPI, APP, H5 and Native.
    for (number, kind) in [
        ("V0001", "JSAPI"),
        ("V0002", "APP"),
        ("V0003", "MWEB"),
        ("V0004", "NATIVE"),
    ] {
        let create = UnifiedOrder::default()
            .appid(APPID)
            .mch_id(mchid)
            .body("<茶> & \"]]>\"")
            .out_trade_no(number)
            .total_fee(888)
            .spbill_create_ip("8.8.8.8")
            .notify_url("https://shop.example/paid")
            .trade_type(kind)
            .openid("oUser")
            .product_id("1");
        let made = client.send(&create).await.unwrap();
        assert!(made.prepay_id.is_some(), "{kind}");
        assert_eq!(made.mweb_url.is_some(), kind == "MWEB");
        assert_eq!(made.code_url.is_some(), kind == "NATIVE");
    }
    let query = |number: &str| {
        OrderQuery::default()
            .appid(APPID)
            .mch_id(mchid)
            .out_trade_no(number)
    };
    let state = async |number: &str| {
        let found = client.send(&query(number)).await.unwrap();
        found.trade_state.as_ref().unwrap().as_str().to_owned()
    };
    assert_eq!(state("V0001").await, "NOTPAY");
    let close = CloseOrder::default()
        .appid(APPID)
        .mch_id(mchid)
        .out_trade_no("V0002");
    assert!(client.send(&close).await.is_err(), "five minutes have not passed");
    simulator.turn_business_clock(300);
    client.send(&close).await.unwrap();
    assert_eq!(state("V0002").await, "CLOSED");
    let unknown = client.send(&query("V0009")).await.unwrap_err();
    assert_eq!(
        unknown.api_error().unwrap().code.as_deref(),
        Some("ORDERNOTEXIST")
    );

    simulator.pay(&OrderRef::order("V0001")).unwrap();
    assert_eq!(state("V0001").await, "SUCCESS");
    let refund = Refund::default()
        .appid(APPID)
        .mch_id(mchid)
        .out_trade_no("V0001")
        .out_refund_no("VR001")
        .total_fee(888)
        .refund_fee(88);
    client.send(&refund).await.unwrap();
    simulator.turn_business_clock(3);
    let refunded = RefundQuery::default()
        .appid(APPID)
        .mch_id(mchid)
        .out_refund_no("VR001");
    let found = client.send(&refunded).await.unwrap();
    let states: Vec<_> = found
        .refunds
        .iter()
        .map(|refund| refund.refund_status.clone())
        .collect();
    assert_eq!(states.len(), 1);
    assert_eq!(states[0].as_deref(), Some("SUCCESS"));

    let now = wxpay_proto::TimeText::beijing(simulator.business_time());
    let day = now.as_str()[..10].replace('-', "");
    simulator.turn_business_clock(2 * 86_400);
    let bill: DownloadBill =
        typed(json!({ "appid": APPID, "mch_id": mchid, "bill_date": day, "bill_type": "ALL" }));
    let file = client.send(&bill).await.unwrap();
    let text = String::from_utf8_lossy(file.claimed().content()).into_owned();
    assert!(text.contains("`V0001,") && text.contains("`VR001,"), "{text}");
    assert!(!text.contains("`V0003,"), "an order that was not paid: {text}");
}
