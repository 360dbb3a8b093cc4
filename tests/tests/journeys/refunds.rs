//! Refunds in parts, closed ones, and those that go elsewhere.

#![expect(
    clippy::unwrap_used,
    reason = "a journey that cannot be set up is a failed test"
)]

use serde_json::{Value, json};
use wxpay_hyper::Client;
use wxpay_proto::Outcome;
use wxpay_sim::{OrderRef, RefundOutcome, RefundRef, Setup, Simulator};
use wxpay_types::v3::pay_partner_transactions as partner;
use wxpay_types::v3::pay_transactions::{NativePrepay, QueryByOutTradeNo};
use wxpay_types::v3::refund::{ApplyAbnormalRefund, Create, QueryByOutRefundNo};

use crate::receiver::Receiver;
use crate::support::{APPID, client, money, typed};

/// A simulator that settles no refund by itself, and a paid order of 888 fen.
async fn paid() -> (Simulator, Client) {
    let mut setup = Setup::default();
    setup.settings.refund_seconds = None;
    let simulator = Simulator::start_with(setup).unwrap();
    let account = simulator.profile().merchant();
    let client = client(&simulator, account);
    let order = json!({
        "appid": APPID, "mchid": account.id().as_str(), "description": "茶", "out_trade_no": "R00001",
        "notify_url": "https://shop.example/paid", "amount": { "total": 888 },
    });
    client.send(&typed::<NativePrepay>(order)).await.unwrap();
    simulator.pay(&OrderRef::order("R00001")).unwrap();
    (simulator, client)
}

fn refund(number: &str, amount: i64) -> Create {
    typed(json!({
        "out_trade_no": "R00001", "out_refund_no": number, "reason": "商品已售完",
        "amount": { "refund": amount, "total": 888, "currency": "CNY" },
    }))
}

fn settle(simulator: &Simulator, number: &str, outcome: RefundOutcome) {
    let settled = simulator
        .control(|platform, clocks| platform.settle_refund(&RefundRef::new(number), outcome, clocks));
    settled.unwrap();
}

async fn status(client: &Client, number: &str) -> String {
    let query = QueryByOutRefundNo::default().out_refund_no(number);
    let found = client.send(&query).await.unwrap();
    found.status.as_ref().unwrap().as_str().to_owned()
}

#[tokio::test]
async fn an_order_is_refunded_in_parts_and_never_beyond_its_amount() {
    let (simulator, client) = paid().await;
    let first = client.send(&refund("RA1", 500)).await.unwrap();
    assert_eq!(
        first.status.as_ref().map(|status| status.as_str()),
        Some("PROCESSING")
    );
    // The same again is the same refund; with another amount it is refused.
    let again = client.send(&refund("RA1", 500)).await.unwrap();
    assert_eq!(again.refund_id, first.refund_id);
    assert_eq!(
        client.send(&refund("RA1", 501)).await.unwrap_err().outcome(),
        Outcome::Refused
    );
    settle(&simulator, "RA1", RefundOutcome::Success);
    assert_eq!(status(&client, "RA1").await, "SUCCESS");

    // A minute must lie between two refunds of an order.
    assert_eq!(
        client.send(&refund("RA2", 388)).await.unwrap_err().outcome(),
        Outcome::Refused
    );
    simulator.turn_business_clock(60);
    assert_eq!(
        client.send(&refund("RA2", 389)).await.unwrap_err().outcome(),
        Outcome::Refused
    );
    client.send(&refund("RA2", 388)).await.unwrap();
    settle(&simulator, "RA2", RefundOutcome::Success);
    let mchid = simulator.profile().merchant().id().as_str();
    let query = QueryByOutTradeNo::default().mchid(mchid).out_trade_no("R00001");
    let order = client.send(&query).await.unwrap();
    assert_eq!(
        order.trade_state.as_ref().map(|state| state.as_str()),
        Some("REFUND")
    );
    let refunds = simulator.control(|platform, _| platform.refunds());
    assert_eq!(refunds.iter().map(|refund| refund.amount).sum::<i64>(), 888);
}

#[tokio::test]
async fn a_closed_refund_leaves_the_money_and_an_abnormal_one_finds_another_way() {
    let (simulator, client) = paid().await;
    client.send(&refund("RB1", 888)).await.unwrap();
    settle(&simulator, "RB1", RefundOutcome::Closed);
    assert_eq!(status(&client, "RB1").await, "CLOSED");
    simulator.turn_business_clock(60);
    let second = client.send(&refund("RB2", 888)).await.unwrap();
    settle(&simulator, "RB2", RefundOutcome::Abnormal);
    assert_eq!(status(&client, "RB2").await, "ABNORMAL");
    let elsewhere = json!({
        "refund_id": second.refund_id.clone().unwrap(), "out_refund_no": "RB2", "type": "MERCHANT_BANK_CARD",
    });
    let elsewhere: ApplyAbnormalRefund = typed::<ApplyAbnormalRefund>(Value::clone(&elsewhere));
    client.send(&elsewhere).await.unwrap();
    assert_eq!(status(&client, "RB2").await, "PROCESSING");
    settle(&simulator, "RB2", RefundOutcome::Success);
    assert_eq!(status(&client, "RB2").await, "SUCCESS");
    let unknown = QueryByOutRefundNo::default().out_refund_no("RB9");
    assert_eq!(
        client
            .send(&unknown)
            .await
            .unwrap_err()
            .api_error()
            .unwrap()
            .status,
        404
    );
}

#[tokio::test]
async fn a_partner_refunds_for_its_sub_merchant_and_is_told() {
    let mut receiver = Receiver::start().await;
    let simulator = receiver.simulator();
    let account = simulator.profile().partner();
    let (client, sp_mchid) = (client(&simulator, account), account.id().as_str());
    let [sub_mchid, other] = [0, 1].map(|index| account.sub_merchants()[index].as_str());
    let order = json!({
        "sp_appid": APPID, "sp_mchid": sp_mchid, "sub_mchid": sub_mchid, "description": "茶",
        "out_trade_no": "R00001", "notify_url": receiver.url, "amount": { "total": 888 },
    });
    client.send(&typed::<partner::NativePrepay>(order)).await.unwrap();
    simulator.pay(&OrderRef::order("R00001")).unwrap();
    receiver.told(&simulator, account).await;

    // Without the sub-merchant, or with another one, it is nobody's order.
    assert_eq!(
        client.send(&refund("RP1", 500)).await.unwrap_err().outcome(),
        Outcome::Refused
    );
    let of = |sub_mchid: &str| refund("RP1", 500).sub_mchid(sub_mchid).notify_url(&*receiver.url);
    assert_eq!(
        client.send(&of(other)).await.unwrap_err().outcome(),
        Outcome::Refused
    );
    let own = of(sub_mchid);
    let made = client.send(&own).await.unwrap();
    assert_eq!(
        made.status.as_ref().map(|status| status.as_str()),
        Some("PROCESSING")
    );
    simulator.turn_business_clock(3);
    let (event, told) = receiver.told(&simulator, account).await;
    assert_eq!(event, "REFUND.SUCCESS");
    assert_eq!(
        (&told["sp_mchid"], &told["sub_mchid"], &told["amount"]["refund"]),
        (&json!(sp_mchid), &json!(sub_mchid), &json!(500))
    );
    let query = QueryByOutRefundNo::default().out_refund_no("RP1");
    assert!(client.send(&query.clone().sub_mchid(other)).await.is_err());
    let found = client.send(&query.sub_mchid(sub_mchid)).await.unwrap();
    assert_eq!(found.refund_id, made.refund_id);
    assert_eq!(
        [sub_mchid, other, sp_mchid].map(|mchid| money(&simulator, mchid)),
        [388, 0, 0]
    );
    // What was told is not told again when the refund is asked for again.
    client.send(&own).await.unwrap();
    assert!(receiver.is_silent());
}
