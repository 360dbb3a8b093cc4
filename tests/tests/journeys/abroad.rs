//! Orders abroad, global (境外) and in Hong Kong (香港), which are one store: paid by code, refunded, listed.

use http::Method;
use serde_json::{Value, json};
use wxpay_proto::{Host, v3};
use wxpay_sim::{OrderRef, Simulator};
use wxpay_types::global::refunds as global_refunds;
use wxpay_types::global::transactions as global;
use wxpay_types::hk::refunds as hk_refunds;
use wxpay_types::hk::transactions as hk;

use crate::receiver::Receiver;
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

/// The bases of both regions, which lead to one store, and their hosts.
const BASES: [(&str, Host); 2] = [
    ("/v3/global/transactions", Host::API_HK),
    ("/hk/v3/transactions", Host::API),
];

#[tokio::test]
async fn an_institution_is_paid_in_every_way_on_both_bases_and_told() {
    let mut receiver = Receiver::start().await;
    let simulator = receiver.simulator();
    let account = simulator.profile().institution();
    let (client, sp_mchid) = (client(&simulator, account), account.id().as_str());
    let sub_mchid = account.sub_merchants()[0].as_str();
    let mut sum = 0;
    for (base, (path, host)) in BASES.into_iter().enumerate() {
        for (way, member, trade_type) in [
            ("jsapi", "prepay_id", "JSAPI"),
            ("app", "prepay_id", "APP"),
            ("mweb", "mweb_url", "MWEB"),
            ("native", "code_url", "NATIVE"),
        ] {
            let number = format!("WAY-{base}-{way}");
            let mut order = json!({
                "sp_appid": APPID, "sp_mchid": sp_mchid, "sub_mchid": sub_mchid, "out_trade_no": number,
                "description": "tea", "trade_type": trade_type, "merchant_category_code": "1011",
                "notify_url": receiver.url, "amount": { "total": 888, "currency": "HKD" },
            });
            match way {
                "jsapi" => order["payer"] = json!({ "sp_openid": "oUser" }),
                "mweb" => {
                    let store = json!({ "id": "0001", "name": "Kowloon", "address": "1 Nathan Road" });
                    order["scene_info"] = json!({ "payer_client_ip": "14.17.22.32", "store_info": store });
                }
                _ => {}
            }
            let call = v3::Call::new(Method::POST, format!("{path}/{way}"));
            let made = client
                .send(&call.host(host).body(order.to_string()))
                .await
                .unwrap();
            let made: Value = made.json().unwrap();
            let behind = simulator
                .control(|platform, clocks| platform.order_behind(made[member].as_str().unwrap(), clocks));
            simulator.pay(&behind.unwrap()).unwrap();
            let (event, told) = receiver.told(&simulator, account).await;
            assert_eq!(event, "TRANSACTION.SUCCESS");
            assert_eq!(
                (&told["out_trade_no"], &told["trade_type"], &told["sub_mchid"]),
                (&json!(number), &json!(trade_type), &json!(sub_mchid))
            );
            // The other base finds what this one has made.
            let (other, host) = BASES[1 - base];
            let query = format!("{other}/out-trade-no/{number}?sp_mchid={sp_mchid}&sub_mchid={sub_mchid}");
            let found = client
                .send(&v3::Call::new(Method::GET, query).host(host))
                .await
                .unwrap();
            assert_eq!(found.json::<Value>().unwrap(), told);
            sum += 888;
            let has = simulator.control(|platform, _| platform.balance(sub_mchid, "HKD"));
            assert_eq!(has, sum);
        }
    }
    assert!(receiver.is_silent());
}

#[tokio::test]
async fn a_code_is_paid_at_once_or_after_the_password_and_reversed() {
    let simulator = Simulator::start().unwrap();
    let account = simulator.profile().merchant();
    let (client, mchid) = (client(&simulator, account), account.id().as_str());
    let pay = |number: &str, total: i64| -> global::Micropay {
        typed(json!({
            "appid": APPID, "mchid": mchid, "out_trade_no": number, "description": "tea", "trade_type": "MICROPAY",
            "merchant_category_code": "1011", "payer": { "auth_code": "130061098828009406" },
            "amount": { "total": total, "currency": "HKD" },
        }))
    };
    let state = async |number: &str| {
        let query = global::QueryByOutTradeNo::default();
        let found = client
            .send(&query.out_trade_no(number).mchid(mchid))
            .await
            .unwrap();
        found.trade_state.as_ref().unwrap().as_str().to_owned()
    };
    let money = || simulator.control(|platform, _| platform.balance(mchid, "HKD"));
    client.send(&pay("AC0001", 888)).await.unwrap();
    assert_eq!((state("AC0001").await.as_str(), money()), ("SUCCESS", 888));
    client.send(&pay("AC0002", 100_000)).await.unwrap();
    assert_eq!((state("AC0002").await.as_str(), money()), ("USERPAYING", 888));
    simulator.pay(&OrderRef::order("AC0002")).unwrap();
    assert_eq!((state("AC0002").await.as_str(), money()), ("SUCCESS", 100_888));
    let reverse = hk::ReverseByOutTradeNo::default().mchid(mchid);
    client.send(&reverse.out_trade_no("AC0002")).await.unwrap();
    assert_eq!((state("AC0002").await.as_str(), money()), ("REVOKED", 888));
}
