//! Deductions by contract, over real sockets: offered in v3 and in v2, signed by the user, charged.

use http::Method;
use serde_json::{Value, json};
use wxpay_proto::{Outcome, SignTypeRule, TimeText, UnixTime, v2, v3};
use wxpay_sim::{ContractRef, Fault};

use crate::receiver::Receiver;
use crate::support::{APPID, client, money, say};

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

#[tokio::test]
async fn a_partner_schedules_a_deduction_and_makes_it_on_its_day() {
    const DAY: i64 = 86_400;
    let mut receiver = Receiver::start().await;
    let simulator = receiver.simulator();
    let account = simulator.profile().partner();
    let (client, sub_mchid) = (client(&simulator, account), account.sub_merchants()[0].as_str());
    let post = async |target: &str, body: Value| say(&client, Method::POST, target, body).await;
    // From noon in Beijing on, so that no day ends in between.
    let clock = (simulator.business_time().as_secs() + DAY / 3).rem_euclid(DAY);
    simulator.turn_business_clock(DAY + DAY / 2 - clock);
    let day = simulator.business_time().as_secs() + 2 * DAY;
    let day = TimeText::beijing(UnixTime::from_secs(day)).as_str()[..10].to_owned();
    let amount = json!({ "total": 1800, "currency": "CNY" });
    let offer = json!({
        "sp_appid": APPID, "sub_mchid": sub_mchid, "plan_id": 12535, "out_contract_code": "K1",
        "contract_display_account": "用户A", "contract_notify_url": receiver.url,
        "deduct_schedule": {
            "estimated_deduct_date": day, "estimated_deduct_amount": amount, "description": "车票",
        },
    });
    let ahead = "/v3/papay/scheduled-deduct-sign/partner/contracts/pre-entrust-sign/mini-program";
    let offered = post(ahead, offer).await.unwrap();
    assert!(offered["pre_entrustweb_id"].is_string(), "{offered}");
    let named = ContractRef::new("K1");
    let signed = simulator.control(|platform, clocks| platform.sign_contract(&named, None, clocks));
    let id = signed.unwrap();
    let (event, told) = receiver.told(&simulator, account).await;
    assert_eq!(
        (
            event.as_str(),
            &told["sub_mchid"],
            &told["deduct_schedule"]["schedule_state"]
        ),
        ("ENTRUST.SIGN", &json!(sub_mchid), &json!("NO_SCHEDULED"))
    );

    let charge = json!({
        "sp_appid": APPID, "sub_mchid": sub_mchid, "out_trade_no": "D20260003", "description": "车票",
        "transaction_notify_url": receiver.url, "contract_id": id, "amount": amount,
    });
    let apply = "/v3/papay/pay/partner/transactions/apply";
    let early = post(apply, charge.clone()).await;
    assert_eq!(early, Err("INVALID_REQUEST".to_owned()));
    simulator.turn_business_clock(DAY);
    let schedules = format!("/v3/papay/pay/partner/schedules/contract-id/{id}");
    let schedule = json!({ "sp_appid": APPID, "sub_mchid": sub_mchid, "schedule_amount": amount });
    // The answer is lost, and the query tells what became of it.
    simulator.fail_next(Fault::CutAfter);
    post(&format!("{schedules}/schedule"), schedule)
        .await
        .unwrap_err();
    let asked = format!("{schedules}?sub_mchid={sub_mchid}");
    let asked = say(&client, Method::GET, &asked, Value::Null).await.unwrap();
    assert_eq!(
        (&asked["schedule_state"], &asked["deduct_start_date"]),
        (&json!("SCHEDULED"), &json!(day))
    );
    simulator.turn_business_clock(DAY);
    post(apply, charge).await.unwrap();
    simulator.turn_business_clock(3);
    // The charge is told, and that the contract has run its course.
    let mut events = Vec::new();
    for _ in 0..2 {
        events.push(receiver.told(&simulator, account).await.0);
    }
    events.sort_unstable();
    assert_eq!(events, ["ENTRUST.TERMINATE", "TRANSACTION.SUCCESS"]);
    assert_eq!(money(&simulator, sub_mchid), 1800);
    assert!(receiver.is_silent());
}
