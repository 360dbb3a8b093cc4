//! Money that leaves the merchant otherwise: transfers to users, and shares of a payment.

use http::Method;
use serde_json::{Value, json};
use wxpay_sim::{OrderRef, Setup, Simulator, TransferOutcome, TransferRef};

use crate::receiver::Receiver;
use crate::support::{APPID, client, money, say};

const BILLS: &str = "/v3/fund-app/mch-transfer/transfer-bills";

#[tokio::test]
async fn a_transfer_is_confirmed_or_taken_back() {
    let mut receiver = Receiver::start().await;
    let simulator = receiver.simulator();
    let account = simulator.profile().merchant();
    let client = client(&simulator, account);
    let url = receiver.url.clone();
    let transfer = |number: &str, amount: i64| {
        json!({
            "appid": APPID, "out_bill_no": number, "notify_url": url, "transfer_scene_id": "1000", "openid": "oUser",
            "transfer_amount": amount, "transfer_remark": "报销",
            "transfer_scene_report_infos": [{ "info_type": "活动名称", "info_content": "新会员有礼" }],
        })
    };
    let post = |target: String, body: Value| {
        let client = &client;
        async move { say(client, Method::POST, &target, body).await }
    };
    let state = async |number: &str| {
        let target = format!("{BILLS}/out-bill-no/{number}");
        let bill = say(&client, Method::GET, &target, Value::Null).await.unwrap();
        bill["state"].as_str().unwrap().to_owned()
    };
    let made = post(BILLS.to_owned(), transfer("T0001", 300)).await.unwrap();
    assert_eq!(made["state"], "WAIT_USER_CONFIRM");
    assert!(made["package_info"].is_string());
    let again = post(BILLS.to_owned(), transfer("T0001", 300)).await.unwrap();
    assert_eq!(again["transfer_bill_no"], made["transfer_bill_no"]);
    assert!(post(BILLS.to_owned(), transfer("T0001", 301)).await.is_err());
    let confirmed = simulator.control(|platform, clocks| {
        platform.settle_transfer(&TransferRef::new("T0001"), &TransferOutcome::Confirmed, clocks)
    });
    confirmed.unwrap();
    simulator.turn_business_clock(3);
    assert_eq!(state("T0001").await, "SUCCESS");
    assert_eq!(ended(&mut receiver, &simulator).await, ["T0001", "SUCCESS"]);
    assert_eq!(money(&simulator, account.id().as_str()), -300);
    assert!(
        post(format!("{BILLS}/out-bill-no/T0001/cancel"), Value::Null)
            .await
            .is_err()
    );

    post(BILLS.to_owned(), transfer("T0002", 300)).await.unwrap();
    let canceling = post(format!("{BILLS}/out-bill-no/T0002/cancel"), Value::Null)
        .await
        .unwrap();
    assert_eq!(canceling["state"], "CANCELING");
    simulator.turn_business_clock(3);
    assert_eq!(state("T0002").await, "CANCELLED");
    assert_eq!(ended(&mut receiver, &simulator).await, ["T0002", "CANCELLED"]);
    // Nobody confirms for a day.
    post(BILLS.to_owned(), transfer("T0003", 300)).await.unwrap();
    simulator.turn_business_clock(86_400);
    assert_eq!(state("T0003").await, "FAIL");
    assert_eq!(ended(&mut receiver, &simulator).await, ["T0003", "FAIL"]);
    // Only what arrived is gone.
    assert_eq!(money(&simulator, account.id().as_str()), -300);
    assert!(receiver.is_silent());
}

/// What is told of a transfer: its number and the state in which it ended.
async fn ended(receiver: &mut Receiver, simulator: &Simulator) -> [String; 2] {
    let (event, told) = receiver.told(simulator, simulator.profile().merchant()).await;
    assert_eq!(event, "MCHTRANSFER.BILL.FINISHED");
    ["out_bill_no", "state"].map(|name| told[name].as_str().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_payment_is_shared_returned_and_the_rest_released() {
    let mut shared_with = Receiver::start().await;
    let mut setup = Setup::default();
    // The partner is whom the merchant shares with, and wants to be told.
    let partner = setup.profile.partner().id().as_str().to_owned();
    setup
        .settings
        .split_notify_urls
        .insert(partner, shared_with.url.clone());
    let simulator = shared_with.simulator_with(setup);
    let profile = simulator.profile();
    let (client, mchid) = (
        client(&simulator, profile.merchant()),
        profile.merchant().id().as_str(),
    );
    let receiver = profile.partner().id().as_str();
    let post = |target: &'static str, body: Value| {
        let client = &client;
        async move { say(client, Method::POST, target, body).await }
    };
    let order = json!({
        "appid": APPID, "mchid": mchid, "description": "茶", "out_trade_no": "P00001",
        "notify_url": "https://shop.example/paid", "amount": { "total": 1000 },
        "settle_info": { "profit_sharing": true },
    });
    post("/v3/pay/transactions/native", order).await.unwrap();
    simulator.pay(&OrderRef::order("P00001")).unwrap();
    let target = format!("/v3/pay/transactions/out-trade-no/P00001?mchid={mchid}");
    let paid = say(&client, Method::GET, &target, Value::Null).await.unwrap();
    let id = paid["transaction_id"].as_str().unwrap();
    let share = |number: &str, amount: i64| {
        json!({
            "appid": APPID, "transaction_id": id, "out_order_no": number, "unfreeze_unsplit": false,
            "receivers": [
                { "type": "MERCHANT_ID", "account": receiver, "amount": amount, "description": "分给商户" },
            ],
        })
    };
    // Nobody whom it has not named, nothing within the first minute, no more than three tenths.
    const ORDERS: &str = "/v3/profitsharing/orders";
    assert!(post(ORDERS, share("PS1", 200)).await.is_err());
    let named =
        json!({ "appid": APPID, "type": "MERCHANT_ID", "account": receiver, "relation_type": "PARTNER" });
    post("/v3/profitsharing/receivers/add", named).await.unwrap();
    assert!(post(ORDERS, share("PS1", 200)).await.is_err());
    simulator.turn_business_clock(60);
    assert_eq!(
        post(ORDERS, share("PS0", 301)).await,
        Err("RULE_LIMIT".to_owned())
    );
    let shared = post(ORDERS, share("PS1", 200)).await.unwrap();
    assert_eq!(shared["state"], "PROCESSING");
    // The same number is the same sharing; with another amount it is refused.
    let again = post(ORDERS, share("PS1", 200)).await.unwrap();
    assert_eq!(again["order_id"], shared["order_id"]);
    assert!(post(ORDERS, share("PS1", 100)).await.is_err());
    simulator.turn_business_clock(3);
    let target = format!("{ORDERS}/PS1?transaction_id={id}");
    let done = say(&client, Method::GET, &target, Value::Null).await.unwrap();
    assert_eq!(
        (&done["state"], &done["receivers"][0]["result"]),
        (&json!("FINISHED"), &json!("SUCCESS"))
    );
    let (event, told) = shared_with.told(&simulator, profile.partner()).await;
    assert_eq!(
        (event.as_str(), &told["receiver"]["amount"]),
        ("PROFITSHARING.SUCCESS", &json!(200))
    );

    const RETURNS: &str = "/v3/profitsharing/return-orders";
    let back = |amount: i64| {
        json!({
            "out_order_no": "PS1", "out_return_no": "PR1", "return_mchid": receiver, "amount": amount,
            "description": "用户退款",
        })
    };
    let first = post(RETURNS, back(50)).await.unwrap();
    let again = post(RETURNS, back(50)).await.unwrap();
    assert_eq!(again["return_id"], first["return_id"]);
    assert!(post(RETURNS, back(51)).await.is_err());
    simulator.turn_business_clock(3);
    let target = "/v3/profitsharing/return-orders/PR1?out_order_no=PS1";
    let returned = say(&client, Method::GET, target, Value::Null).await.unwrap();
    assert_eq!(returned["result"], "SUCCESS");
    let (event, told) = shared_with.told(&simulator, profile.partner()).await;
    assert_eq!(
        (event.as_str(), &told["receiver"]["amount"]),
        ("PROFITSHARING.RETURN", &json!(50))
    );
    assert_eq!(
        [mchid, receiver].map(|mchid| money(&simulator, mchid)),
        [850, 150]
    );
    let release = json!({ "transaction_id": id, "out_order_no": "PS2", "description": "解冻全部剩余资金" });
    post("/v3/profitsharing/orders/unfreeze", release).await.unwrap();
    simulator.turn_business_clock(3);
    let target = format!("/v3/profitsharing/transactions/{id}/amounts");
    let left = say(&client, Method::GET, &target, Value::Null).await.unwrap();
    assert_eq!(left["unsplit_amount"], 0);
}
