//! v2's orders, told of: every way to pay, for a merchant and a sub-merchant, their refunds, and combined orders.

#![expect(
    clippy::unwrap_used,
    reason = "a journey that cannot be set up is a failed test"
)]

use serde_json::{Value, json};
use wxpay_hyper::Client;
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::{ErrorCode, JsonText, v2};
use wxpay_sim::{Merchant, OrderRef, Simulator};
use wxpay_types::v2::combine::{CombinedOrder, Order, QueryCombinedOrder, SceneInfo, SubOrderList};
use wxpay_types::v2::pay::{Micropay, OrderQuery, Refund, Reverse, UnifiedOrder};

use crate::receiver::Receiver;
use crate::support::{APPID, api_v2_key, builder, money, typed};

/// A client of v2 alone, with its certificate.
fn client(simulator: &Simulator, account: &Merchant) -> Client {
    builder(simulator)
        .api_v2(v2::Credentials::new(account.id().clone()), api_v2_key(account))
        .client_certificate_pem(account.certificate_pem(), account.private_key_pem())
        .build()
        .unwrap()
}

/// Members of an account's requests, with those that all of them have.
fn of(account: &Merchant, sub_mch_id: Option<&str>, mut members: Value) -> Value {
    members["appid"] = json!(APPID);
    members["mch_id"] = json!(account.id().as_str());
    if let Some(sub_mch_id) = sub_mch_id {
        members["sub_mch_id"] = json!(sub_mch_id);
    }
    members
}

/// Every way to pay, and what becomes of the last payment's refund.
async fn paid_told_and_refunded(
    simulator: &Simulator,
    receiver: &mut Receiver,
    account: &Merchant,
    sub_mch_id: Option<&str>,
) {
    let client = client(simulator, account);
    let owner = sub_mch_id.unwrap_or_else(|| account.id().as_str());
    for (index, kind) in ["JSAPI", "APP", "MWEB", "NATIVE"].into_iter().enumerate() {
        let number = format!("TWIN-{kind}");
        let order = json!({
            "body": "茶", "attach": "深圳", "out_trade_no": number, "total_fee": 100, "product_id": "1",
            "spbill_create_ip": "8.8.8.8", "notify_url": receiver.url, "trade_type": kind, "openid": "oUser",
        });
        let create: UnifiedOrder = typed(of(account, sub_mch_id, order));
        client.send(&create).await.unwrap();
        simulator.pay(&OrderRef::order(&*number)).unwrap();
        let told = receiver.told_in_v2(account).await;
        let said = |name: &str| told.field(name).map(str::to_owned);
        assert!(told.is_success());
        assert_eq!(
            (said("out_trade_no"), said("sub_mch_id").as_deref()),
            (Some(number.clone()), sub_mch_id)
        );
        let query: OrderQuery = typed(of(account, sub_mch_id, json!({ "out_trade_no": number })));
        let found = client.send(&query).await.unwrap();
        assert_eq!(
            found.trade_state.as_ref().map(|state| state.as_str()),
            Some("SUCCESS")
        );
        assert_eq!(found.transaction_id, said("transaction_id"));
        assert_eq!(money(simulator, owner), 100 * (index as i64 + 1), "{kind}");
    }

    let refund = json!({
        "out_trade_no": "TWIN-NATIVE", "out_refund_no": "TWINREFUND", "total_fee": 100, "refund_fee": 40,
        "notify_url": receiver.url,
    });
    let refund: Refund = typed(of(account, sub_mch_id, refund));
    client.send(&refund).await.unwrap();
    simulator.turn_business_clock(3);
    let told = receiver.told_of_a_v2_refund(account).await;
    let said = |name: &str| told.claimed().get(name).map(String::as_str);
    assert_eq!(
        (said("out_refund_no"), said("refund_status"), said("refund_fee")),
        (Some("TWINREFUND"), Some("SUCCESS"), Some("40"))
    );
    assert_eq!(money(simulator, owner), 360);
}

#[tokio::test]
async fn a_merchants_orders_are_paid_told_and_refunded() {
    let mut receiver = Receiver::start().await;
    let simulator = receiver.simulator();
    let account = simulator.profile().merchant();
    paid_told_and_refunded(&simulator, &mut receiver, account, None).await;
    assert!(receiver.is_silent());
}

#[tokio::test]
async fn a_sub_merchants_orders_are_paid_told_and_refunded() {
    let mut receiver = Receiver::start().await;
    let simulator = receiver.simulator();
    let account = simulator.profile().partner();
    let sub_mch_id = account.sub_merchants()[0].as_str();
    paid_told_and_refunded(&simulator, &mut receiver, account, Some(sub_mch_id)).await;
    assert_eq!(money(&simulator, account.id().as_str()), 0);
}

#[tokio::test]
async fn a_combined_order_is_paid_told_once_and_queried() {
    let mut receiver = Receiver::start().await;
    let simulator = receiver.simulator();
    let account = simulator.profile().partner();
    let (client, mchid) = (client(&simulator, account), account.id().as_str());
    let part = |index: usize| {
        let part = Order::default().appid(APPID).mch_id(mchid);
        part.sub_mch_id(&account.sub_merchants()[index])
            .body("茶")
            .attach("深圳")
            .fee_type("CNY")
            .total_fee(88)
            .out_trade_no(format!("TWINPART-{index}"))
    };
    let parts = SubOrderList::default()
        .order_num(2)
        .order_list(vec![part(0), part(1)]);
    let create = CombinedOrder::default()
        .combine_appid(APPID)
        .combine_mch_id(mchid)
        .combine_out_trade_no("TWINALL")
        .spbill_create_ip("8.8.8.8")
        .notify_url(&*receiver.url)
        .trade_type("NATIVE")
        .scene_info(JsonText::new(&SceneInfo::default().payer_client_ip("14.17.22.32")).unwrap())
        .sub_order_list(JsonText::new(&parts).unwrap());
    client.send(&create).await.unwrap();
    simulator.pay(&OrderRef::combine("TWINALL")).unwrap();
    let told = receiver.told_in_v2(account).await;
    assert_eq!(told.field("combine_out_trade_no"), Some("TWINALL"));
    assert_eq!(told.algorithm(), Algorithm::HmacSha256);
    let query = QueryCombinedOrder::default()
        .combine_appid(APPID)
        .combine_mch_id(mchid)
        .combine_out_trade_no("TWINALL");
    let found = client.send(&query).await.unwrap();
    let found = String::from_utf8_lossy(found.body()).into_owned();
    assert!(
        found.contains("TWINPART-0") && found.contains("SUCCESS"),
        "{found}"
    );
    let has = [0, 1].map(|part| money(&simulator, &account.sub_merchants()[part]));
    assert_eq!(has, [88, 88]);
    assert!(receiver.is_silent());
}

#[tokio::test]
async fn a_code_is_paid_at_once_or_the_money_goes_back() {
    let simulator = Simulator::start().unwrap();
    let account = simulator.profile().merchant();
    let (client, mchid) = (client(&simulator, account), account.id().as_str());
    let pay = |number: &str, fee: i64| -> Micropay {
        let payment = json!({
            "body": "茶", "out_trade_no": number, "total_fee": fee, "spbill_create_ip": "8.8.8.8",
            "auth_code": "134567890123456789",
        });
        typed(of(account, None, payment))
    };
    let state = async |number: &str| {
        let query: OrderQuery = typed(of(account, None, json!({ "out_trade_no": number })));
        let found = client.send(&query).await.unwrap();
        found.trade_state.as_ref().unwrap().as_str().to_owned()
    };
    let paid = client.send(&pay("CODE0001", 100)).await.unwrap();
    assert!(paid.transaction_id.is_some());
    assert_eq!(
        (state("CODE0001").await.as_str(), money(&simulator, mchid)),
        ("SUCCESS", 100)
    );

    // The user is asked for the password, types it, and the till that asks again finds the payment.
    let waits = client.send(&pay("CODE0002", 100_000)).await.unwrap_err();
    let told = waits.api_error().unwrap();
    assert_eq!(told.kind(), Some(ErrorCode::UserPaying), "{waits}");
    assert_eq!(state("CODE0002").await, "USERPAYING");
    assert_eq!(money(&simulator, mchid), 100);
    simulator.pay(&OrderRef::order("CODE0002")).unwrap();
    assert_eq!(state("CODE0002").await, "SUCCESS");
    assert_eq!(money(&simulator, mchid), 100_100);

    // A till that gives up takes back what was paid, once.
    let reverse: Reverse = typed(of(account, None, json!({ "out_trade_no": "CODE0002" })));
    client.send(&reverse).await.unwrap();
    assert_eq!(
        (state("CODE0002").await.as_str(), money(&simulator, mchid)),
        ("REVOKED", 100)
    );
    let _ = client.send(&reverse).await;
    assert_eq!(money(&simulator, mchid), 100);
    assert!(simulator.pay(&OrderRef::order("CODE0002")).is_err());
}
