//! Deductions by contract, over real sockets: offered in v3 and in v2, signed by the user, charged.

use http::Method;
use serde_json::{Value, json};
use wxpay_proto::{Outcome, SignTypeRule, v2, v3};
use wxpay_sim::{ContractRef, Fault, Simulator};

use crate::support::{APPID, client};

#[tokio::test]
async fn a_user_signs_and_is_charged_once_although_the_answer_is_lost() {
    let simulator = Simulator::start().unwrap();
    let merchant = simulator.profile().merchant();
    let client = client(&simulator, merchant);
    let offer = json!({
        "appid": APPID,
        "plan_id": 12535,
        "out_contract_code": "K1",
        "contract_display_account": "用户A",
        "contract_notify_url": "https://shop.example/contracts",
    });
    let ahead = "/v3/papay/scheduled-deduct-sign/contracts/pre-entrust-sign/jsapi";
    let post = |target: &str, body: &Value| v3::Call::new(Method::POST, target).body(body.to_string());
    client.send(&post(ahead, &offer)).await.unwrap();
    let named = ContractRef::new("K1");
    let signed = simulator.control(|platform, clocks| platform.sign_contract(&named, None, clocks));
    let contract_id = signed.unwrap();
    let charge = json!({
        "appid": APPID,
        "out_trade_no": "D20260001",
        "description": "会员",
        "transaction_notify_url": "https://shop.example/charged",
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
    let balance = simulator.control(|platform, _| platform.balance(merchant.id().as_str(), "CNY"));
    assert_eq!(balance, 1800);
}

#[tokio::test]
async fn v2_looks_at_a_contract_and_ends_it() {
    let simulator = Simulator::start().unwrap();
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
        ("notify_url", "https://shop.example/contracts"),
        ("timestamp", "1414488825"),
    ];
    client.send(&call("/papay/preentrustweb", &offer)).await.unwrap();
    let named = ContractRef::new("K1");
    let signed = simulator.control(|platform, clocks| platform.sign_contract(&named, None, clocks));
    signed.unwrap();
    let remark = [("contract_termination_remark", "停用")];
    for (path, fields, state) in [
        ("/papay/querycontract", &[][..], "SIGNED"),
        ("/papay/deletecontract", &remark[..], "TERMINATED"),
    ] {
        client.send(&call(path, fields)).await.unwrap();
        let contracts = simulator.control(|platform, _| platform.contracts());
        assert_eq!(contracts[0].state, state, "{path}");
    }
}
