//! Deductions by contract, over real sockets: offered in v3 and in v2, signed by the user, charged.

use http::Method;
use serde_json::{Value, json};
use wxpay_proto::{Outcome, SignTypeRule, v2, v3};
use wxpay_sim::{ContractRef, Fault};

use crate::receiver::Receiver;
use crate::support::{APPID, client, money};

#[tokio::test]
async fn a_user_signs_and_is_charged_once_although_the_answer_is_lost() {
    let mut receiver = Receiver::start().await;
    let simulator = receiver.simulator();
    let merchant = simulator.profile().merchant();
    let client = client(&simulator, merchant);
    let offer = json!({
        "appid": APPID,
        "plan_id": 12535,
        "out_contract_code": "K1",
        "contract_display_account": "用户A",
        "contract_notify_url": receiver.url,
    });
    let ahead = "/v3/papay/scheduled-deduct-sign/contracts/pre-entrust-sign/jsapi";
    let post = |target: &str, body: &Value| v3::Call::new(Method::POST, target).body(body.to_string());
    client.send(&post(ahead, &offer)).await.unwrap();
    let named = ContractRef::new("K1");
    let signed = simulator.control(|platform, clocks| platform.sign_contract(&named, None, clocks));
    let contract_id = signed.unwrap();
    let (event, told) = receiver.told(&simulator, merchant).await;
    assert_eq!(
        (event.as_str(), &told["contract_id"]),
        ("ENTRUST.SIGN", &json!(contract_id))
    );
    let charge = json!({
        "appid": APPID,
        "out_trade_no": "D20260001",
        "description": "会员",
        "transaction_notify_url": receiver.url,
        "contract_id": contract_id,
        "amount": { "total": 1800, "currency": "CNY" },
    });
    let apply = post("/v3/papay/pay/transactions/apply", &charge);
    simulator.fail_next(Fault::CutAfter);
    let error = client.send(&apply).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    client.send(&apply).await.unwrap();
    simulator.turn_business_clock(3);
    let target = format!(
        "/v3/pay/transactions/out-trade-no/D20260001?mchid={}",
        merchant.id().as_str()
    );
    let order = client.send(&v3::Call::new(Method::GET, target)).await.unwrap();
    let order: Value = order.json().unwrap();
    assert_eq!(order["trade_state"], "SUCCESS");
    let (event, told) = receiver.told(&simulator, merchant).await;
    assert_eq!((event.as_str(), told), ("TRANSACTION.SUCCESS", order));
    assert_eq!(money(&simulator, merchant.id().as_str()), 1800);
    assert!(receiver.is_silent());
}

#[tokio::test]
async fn v2_charges_by_a_contract_and_ends_it() {
    let mut receiver = Receiver::start().await;
    let simulator = receiver.simulator();
    let merchant = simulator.profile().merchant();
    let client = client(&simulator, merchant);
    let call = |path: &str, fields: &[(&str, &str)]| {
        let call = v2::Call::new(path)
            .sign_type(SignTypeRule::Md5Only)
            .field("appid", APPID)
            .field("mch_id", merchant.id().as_str())
            .field("plan_id", "12535")
            .field("contract_code", "K1")
            .field("version", "1.0");
        let fields = fields.iter();
        fields.fold(call, |call, (name, text)| call.field(*name, *text))
    };
    let offer = [
        ("request_serial", "1000"),
        ("contract_display_account", "用户A"),
        ("notify_url", &receiver.url),
        ("timestamp", "1414488825"),
    ];
    client.send(&call("/papay/preentrustweb", &offer)).await.unwrap();
    let named = ContractRef::new("K1");
    let signed = simulator.control(|platform, clocks| platform.sign_contract(&named, None, clocks));
    let contract_id = signed.unwrap();
    let told = receiver.told_in_v2(merchant).await;
    assert_eq!(
        (told.field("change_type"), told.field("contract_id")),
        (Some("ADD"), Some(contract_id.as_str()))
    );

    let charge = [
        ("appid", APPID),
        ("mch_id", merchant.id().as_str()),
        ("body", "会员"),
        ("out_trade_no", "D20260002"),
        ("total_fee", "1800"),
        ("spbill_create_ip", "8.8.8.8"),
        ("notify_url", &receiver.url),
        ("trade_type", "PAP"),
        ("contract_id", &contract_id),
    ];
    let apply = v2::Call::new("/pay/pappayapply").sign_type(SignTypeRule::Md5Only);
    let fields = charge.iter();
    let apply = fields.fold(apply, |call, (name, text)| call.field(*name, *text));
    client.send(&apply).await.unwrap();
    assert_eq!(
        money(&simulator, merchant.id().as_str()),
        0,
        "the bank has not answered"
    );
    simulator.turn_business_clock(3);
    let told = receiver.told_in_v2(merchant).await;
    assert_eq!(
        (told.field("out_trade_no"), told.field("contract_id")),
        (Some("D20260002"), Some(contract_id.as_str()))
    );
    assert!(told.is_success());
    assert_eq!(money(&simulator, merchant.id().as_str()), 1800);

    let remark = [("contract_termination_remark", "停用")];
    for (path, fields, state) in [
        ("/papay/querycontract", &[][..], "SIGNED"),
        ("/papay/deletecontract", &remark[..], "TERMINATED"),
    ] {
        client.send(&call(path, fields)).await.unwrap();
        let contracts = simulator.control(|platform, _| platform.contracts());
        assert_eq!(contracts[0].state, state, "{path}");
    }
    let told = receiver.told_in_v2(merchant).await;
    assert_eq!(told.field("change_type"), Some("DELETE"));
    assert!(receiver.is_silent());
}
