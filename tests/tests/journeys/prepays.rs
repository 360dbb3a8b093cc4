//! Every way to ask for a payment, from the handle that the front end is given to the money and the notification.

#![expect(
    clippy::unwrap_used,
    reason = "a journey that cannot be set up is a failed test"
)]

use http::Method;
use serde_json::{Value, json};
use wxpay_sim::{Merchant, Simulator};

use crate::receiver::Receiver;
use crate::support::{APPID, client, money, say};

/// The last segment of a path, the member that it answers with, and the type that the payment is told with.
const WAYS: [(&str, &str, &str); 4] = [
    ("jsapi", "prepay_id", "JSAPI"),
    ("app", "prepay_id", "APP"),
    ("h5", "h5_url", "MWEB"),
    ("native", "code_url", "NATIVE"),
];

/// What only some ways of paying ask for. Mini programs (小程序) pay by JSAPI.
fn scene(way: &str, order: &mut Value, payer: &Value) {
    match way {
        "jsapi" => order["payer"] = payer.clone(),
        "h5" => {
            order["scene_info"] = json!({ "payer_client_ip": "14.17.22.32", "h5_info": { "type": "Wap" } });
        }
        _ => {}
    }
}

/// The user pays what a handle leads to.
fn pays(simulator: &Simulator, handle: &str) {
    let paid = simulator.control(|platform, clocks| {
        let order = platform.order_behind(handle, clocks).unwrap();
        platform.pay(&order, clocks)
    });
    paid.unwrap();
}

/// Asks for a payment, has it made, and gives what was told of it.
async fn paid(
    simulator: &Simulator,
    receiver: &mut Receiver,
    account: &Merchant,
    target: &str,
    (order, member): (&Value, &str),
) -> Value {
    let client = client(simulator, account);
    let answer = say(&client, Method::POST, target, order.clone()).await;
    let answer = answer.unwrap();
    pays(simulator, answer[member].as_str().unwrap());
    let (event, told) = receiver.told(simulator, account).await;
    assert_eq!(event, "TRANSACTION.SUCCESS", "{target}");
    told
}

#[tokio::test]
async fn a_merchants_payments_arrive_as_money_and_are_told() {
    let mut receiver = Receiver::start().await;
    let simulator = receiver.simulator();
    let account = simulator.profile().merchant();
    let mchid = account.id().as_str();
    for (index, (way, member, trade_type)) in WAYS.into_iter().enumerate() {
        let number = format!("WAY-{way}");
        let mut order = json!({
            "appid": APPID, "mchid": mchid, "description": "茶", "out_trade_no": number, "attach": "深圳",
            "notify_url": receiver.url, "amount": { "total": 100 },
        });
        scene(way, &mut order, &json!({ "openid": "oUser" }));
        let target = format!("/v3/pay/transactions/{way}");
        let told = paid(&simulator, &mut receiver, account, &target, (&order, member)).await;
        assert_eq!(told["trade_type"], trade_type);
        // The query says what the notification said.
        let target = format!("/v3/pay/transactions/out-trade-no/{number}?mchid={mchid}");
        let client = client(&simulator, account);
        assert_eq!(say(&client, Method::GET, &target, Value::Null).await, Ok(told));
        assert_eq!(money(&simulator, mchid), 100 * (index as i64 + 1));
    }
    assert!(receiver.is_silent());
}

#[tokio::test]
async fn a_sub_merchants_payments_arrive_as_its_own_money() {
    let mut receiver = Receiver::start().await;
    let simulator = receiver.simulator();
    let account = simulator.profile().partner();
    let (sp_mchid, sub_mchid) = (account.id().as_str(), account.sub_merchants()[0].as_str());
    for (index, (way, member, trade_type)) in WAYS.into_iter().enumerate() {
        let number = format!("WAY-{way}");
        let mut order = json!({
            "sp_appid": APPID, "sp_mchid": sp_mchid, "sub_mchid": sub_mchid, "description": "茶",
            "out_trade_no": number, "notify_url": receiver.url, "amount": { "total": 100 },
        });
        scene(way, &mut order, &json!({ "sp_openid": "oUser" }));
        let target = format!("/v3/pay/partner/transactions/{way}");
        let told = paid(&simulator, &mut receiver, account, &target, (&order, member)).await;
        assert_eq!(
            (&told["trade_type"], &told["sub_mchid"]),
            (&json!(trade_type), &json!(sub_mchid))
        );
        let target = format!(
            "/v3/pay/partner/transactions/out-trade-no/{number}?sp_mchid={sp_mchid}&sub_mchid={sub_mchid}"
        );
        let client = client(&simulator, account);
        assert_eq!(say(&client, Method::GET, &target, Value::Null).await, Ok(told));
        let has = [sub_mchid, sp_mchid].map(|mchid| money(&simulator, mchid));
        assert_eq!(has, [100 * (index as i64 + 1), 0]);
    }
}

#[tokio::test]
async fn a_combined_payment_is_told_once_and_a_part_of_it_refunded() {
    let mut receiver = Receiver::start().await;
    let simulator = receiver.simulator();
    let account = simulator.profile().partner();
    let (mchid, subs) = (account.id().as_str(), account.sub_merchants());
    let ways = [&WAYS[..], &[("miniprogram", "prepay_id", "JSAPI")]].concat();
    for (index, (way, member, trade_type)) in ways.into_iter().enumerate() {
        let part = |index: usize| {
            json!({
                "mchid": mchid, "sub_mchid": subs[index], "out_trade_no": format!("PART-{way}-{index}"),
                "attach": "深圳", "description": "茶", "amount": { "total_amount": 100, "currency": "CNY" },
            })
        };
        let number = format!("ALL-{way}");
        let mut order = json!({
            "combine_appid": APPID, "combine_mchid": mchid, "combine_out_trade_no": number,
            "scene_info": { "payer_client_ip": "14.17.22.32" }, "sub_orders": [part(0), part(1)],
            "combine_payer_info": { "openid": "oUser" }, "notify_url": receiver.url,
        });
        if way == "h5" {
            order["scene_info"]["h5_info"] = json!({ "type": "Wap" });
        }
        let target = format!("/v3/combine-transactions/{way}");
        let told = paid(&simulator, &mut receiver, account, &target, (&order, member)).await;
        assert_eq!(told["combine_out_trade_no"], number.as_str());
        let client = client(&simulator, account);
        let target = format!("/v3/combine-transactions/out-trade-no/{number}");
        let found = say(&client, Method::GET, &target, Value::Null).await;
        assert_eq!(found.as_ref(), Ok(&told));
        let parts = told["sub_orders"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        assert_eq!(parts.len(), 2);
        assert!(
            parts.iter().all(|part| part["trade_type"] == trade_type),
            "{told}"
        );
        let has = [0, 1].map(|part| money(&simulator, &subs[part]));
        assert_eq!(has, [100 * (index as i64 + 1); 2]);
    }

    let client = client(&simulator, account);
    let refund = json!({
        "out_trade_no": "PART-native-1", "out_refund_no": "PARTREFUND", "sub_mchid": subs[1],
        "notify_url": receiver.url, "amount": { "refund": 60, "total": 100, "currency": "CNY" },
    });
    let made = say(&client, Method::POST, "/v3/refund/domestic/refunds", refund).await;
    assert!(made.is_ok_and(|made| made["status"] == "PROCESSING"));
    simulator.turn_business_clock(3);
    let (event, told) = receiver.told(&simulator, account).await;
    assert_eq!(
        (event.as_str(), &told["out_refund_no"]),
        ("REFUND.SUCCESS", &json!("PARTREFUND"))
    );
    let has = [0, 1].map(|part| money(&simulator, &subs[part]));
    assert_eq!(has, [500, 440]);
    let target = "/v3/combine-transactions/out-trade-no/ALL-native";
    let found = say(&client, Method::GET, target, Value::Null)
        .await
        .unwrap_or_default();
    let states = [0, 1].map(|part| found["sub_orders"][part]["trade_state"].clone());
    assert_eq!(states, ["SUCCESS", "REFUND"]);
    assert!(receiver.is_silent());
}
