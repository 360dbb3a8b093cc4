//! Orders abroad, global (境外) and in Hong Kong (香港), which are one store: paid by code, refunded, listed.

use serde_json::json;
use wxpay_sim::{OrderRef, Simulator};
use wxpay_types::global::refunds as global_refunds;
use wxpay_types::global::transactions as global;
use wxpay_types::hk::refunds as hk_refunds;
use wxpay_types::hk::transactions as hk;

use crate::support::{client, typed};

const APPID: &str = "wx8888888888888888";

#[tokio::test]
async fn an_order_is_paid_and_refunded_at_either_address() {
    let simulator = Simulator::start().unwrap();
    let account = simulator.profile().merchant();
    let (client, mchid) = (client(&simulator, account), account.id().as_str());
    let create = json!({
        "appid": APPID, "mchid": mchid, "out_trade_no": "A00001", "description": "tea", "trade_type": "NATIVE",
        "merchant_category_code": "1011", "notify_url": "https://shop.example/paid",
        "amount": { "total": 888, "currency": "HKD" },
    });
    client.send(&typed::<global::NativePrepay>(create)).await.unwrap();
    simulator.pay(&OrderRef::order("A00001")).unwrap();
    let query = hk::QueryByOutTradeNo::default()
        .out_trade_no("A00001")
        .mchid(mchid);
    let paid = client.send(&query).await.unwrap();
    assert_eq!(
        paid.trade_state.as_ref().map(|state| state.as_str()),
        Some("SUCCESS")
    );
    let id = paid.id.clone().unwrap();

    let refund = |number: &str, amount: i64| {
        json!({
            "mchid": mchid, "appid": APPID, "out_trade_no": "A00001", "out_refund_no": number, "reason": "returned",
            "amount": { "refund": amount, "total": 888, "currency": "HKD" },
        })
    };
    let first: global_refunds::Create = typed(refund("AR0001", 500));
    let made = client.send(&first).await.unwrap();
    let again = client.send(&first).await.unwrap();
    assert_eq!(again.id, made.id);
    simulator.turn_business_clock(60);
    let second: hk_refunds::Create = typed(refund("AR0002", 388));
    client.send(&second).await.unwrap();
    simulator.turn_business_clock(60);
    let third: hk_refunds::Create = typed(refund("AR0003", 1));
    assert!(client.send(&third).await.is_err(), "more than was paid");

    let found = global_refunds::QueryByOutRefundNo::default()
        .out_refund_no("AR0002")
        .mchid(mchid);
    let found = client.send(&found).await.unwrap();
    assert_eq!(
        found.status.as_ref().map(|status| status.as_str()),
        Some("SUCCESS")
    );
    let list: hk_refunds::List =
        typed(json!({ "mchid": mchid, "transaction_id": id, "offset": 0, "count": 10 }));
    let list = client.send(&list).await.unwrap();
    assert_eq!(list.data.len(), 2);
}
