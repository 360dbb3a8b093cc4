use http::Method;
use serde_json::{Value, json};

use super::bodies::MERCHANT;
use super::client::{APPID, START, Table};
use super::control::control;
use crate::Simulator;

pub(super) const V3: &str = "/v3/papay";

/// An offer of v3.
pub(super) fn offer_v3(code: &str) -> Value {
    json!({
        "appid": APPID,
        "plan_id": 12535,
        "out_contract_code": code,
        "contract_display_account": "微信代扣用户A",
        "contract_notify_url": "https://merchant.example/contract",
        "out_user_code": "用户A",
    })
}

pub(super) fn charge_v3(number: &str, contract_id: &str, total: i64) -> Value {
    json!({
        "appid": APPID,
        "out_trade_no": number,
        "description": "会员",
        "transaction_notify_url": "https://merchant.example/charged",
        "contract_id": contract_id,
        "amount": { "total": total, "currency": "CNY" },
    })
}

#[test]
fn v3_offers_charges_announces_and_ends() {
    let mut table = Table::merchant();
    let ahead = format!("{V3}/scheduled-deduct-sign/contracts/pre-entrust-sign/h5");
    let answer = table.post(&ahead, &offer_v3("C1")).unwrap();
    assert!(answer["redirect_url"].is_string());
    let contract = format!("{V3}/sign/contracts/plan-id/12535/out-contract-code/C1");
    let unsigned = table.refusal(Method::GET, &contract, &Value::Null);
    assert_eq!((unsigned.0, unsigned.1.as_str()), (404, "RESOURCE_NOT_EXISTS"));
    let id = table.signs("C1");
    let known = table.get(&contract).unwrap();
    assert_eq!(
        (&known["contract_state"], &known["plan_id"]),
        (&json!("SIGNED"), &json!(12535))
    );
    assert_eq!(
        table.about("contract 1900007291/12535/C1")[0]["contract_state"],
        "SIGNED"
    );
    let notify = json!({ "mchid": MERCHANT, "appid": APPID, "estimated_amount": { "amount": 100 } });
    table
        .post(&format!("{V3}/contracts/{id}/notify"), &notify)
        .unwrap();
    let apply = format!("{V3}/pay/transactions/apply");
    let body = charge_v3("D00001", &id, 100);
    let first = table.post(&apply, &body).unwrap();
    assert_eq!(first["out_trade_no"], "D00001");
    assert_eq!(table.post(&apply, &body).unwrap(), first);
    let other = table.refuse_post(&apply, &charge_v3("D00001", &id, 101));
    assert_eq!(other.1, "INVALID_REQUEST");
    assert_eq!(
        table.platform.next_due().unwrap().as_secs(),
        START,
        "the contract's notification waits"
    );
    table.wait(3);
    let order = table
        .get(&format!(
            "/v3/pay/transactions/out-trade-no/D00001?mchid={MERCHANT}"
        ))
        .unwrap();
    assert_eq!(
        (&order["trade_state"], &order["trade_type"]),
        (&json!("SUCCESS"), &json!("PAP"))
    );
    assert_eq!(table.about("order 1900007291/D00001"), [order]);
    let ended = table
        .post(
            &format!("{contract}/terminate"),
            &json!({ "contract_termination_remark": "停用" }),
        )
        .unwrap();
    assert_eq!(ended["contract_state"], "TERMINATED");
    assert_eq!(
        ended["contract_terminate_info"]["contract_termination_mode"],
        "MCH_API_TERMINATE"
    );
    let _ = table.platform.poll(table.clocks);
    let events: Vec<String> = table
        .platform
        .notifications()
        .into_iter()
        .map(|told| told.event_type)
        .collect();
    assert_eq!(
        events,
        ["ENTRUST.SIGN", "ENTRUST.TERMINATE", "TRANSACTION.SUCCESS"]
    );
    assert_eq!(
        table.refuse_post(&apply, &charge_v3("D00002", &id, 1)).1,
        "INVALID_REQUEST"
    );
}

#[tokio::test]
async fn users_sign_by_control() {
    let simulator = Simulator::start().unwrap();
    let ahead = format!("{V3}/scheduled-deduct-sign/contracts/pre-entrust-sign/jsapi");
    super::https::call(&simulator, Method::POST, &ahead, &offer_v3("C1"), b"http/1.1").await;
    let (_, contracts) = control(&simulator, "contracts", None).await;
    assert_eq!(contracts[0]["state"], "OFFERED");
    let named = json!({ "number": "C1" });
    for (path, status) in [
        ("contracts/terminate", 409),
        ("contracts/sign", 200),
        ("contracts/sign", 409),
        ("contracts/break", 200),
        ("contracts/terminate", 200),
    ] {
        let (found, problem) = control(&simulator, path, Some(named.clone())).await;
        assert_eq!(found, status, "{path}: {problem}");
    }
    let nobodys = json!({ "number": "C2" });
    assert_eq!(control(&simulator, "contracts/sign", Some(nobodys)).await.0, 404);
    let (_, contracts) = control(&simulator, "contracts", None).await;
    assert_eq!(contracts[0]["state"], "TERMINATED");
}
