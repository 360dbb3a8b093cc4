use http::Method;
use serde_json::{Value, json};

use super::bodies::MERCHANT;
use super::client::{Table, global};
use crate::{OrderRef, Settings};

fn micropay(number: &str) -> Value {
    let mut body = global(number);
    body.as_object_mut().unwrap().remove("notify_url");
    body["trade_type"] = json!("MICROPAY");
    body["payer"] = json!({ "auth_code": "120061098828009406" });
    body
}

#[test]
fn a_code_payment_is_paid_and_reversed_on_either_base() {
    let mut table = Table::merchant();
    let reverse = json!({ "mchid": MERCHANT });
    let paid = table
        .post("/v3/global/micropay/transactions/pay", &micropay("G00001"))
        .unwrap();
    assert_eq!(paid["trade_state"], "SUCCESS");
    assert_eq!(table.platform.balance(MERCHANT, "HKD"), 888);
    let target = format!(
        "/v3/global/micropay/transactions/id/{}/reverse",
        paid["id"].as_str().unwrap()
    );
    let raw = table.call(Method::POST, &target, &reverse).unwrap();
    assert_eq!(raw.status.as_u16(), 204);
    assert_eq!(table.platform.balance(MERCHANT, "HKD"), 0);
    let query = "/hk/v3/transactions/out-trade-no/G00001?mchid=1900007291";
    assert_eq!(table.get(query).unwrap()["trade_state"], "REVOKED");
    table
        .post("/hk/v3/transactions/micropay", &micropay("G00002"))
        .unwrap();
    table
        .post("/hk/v3/transactions/out-trade-no/G00002/reverse", &reverse)
        .unwrap();
    table
        .post("/v3/global/transactions/native", &global("G00003"))
        .unwrap();
    let native = "/v3/global/transactions/out-trade-no/G00003/reverse";
    assert_eq!(table.refuse_post(native, &reverse).1, "INVALID_REQUEST");
    let domestic = "/v3/pay/transactions/out-trade-no/G00003?mchid=1900007291";
    assert_eq!(
        table.refusal(Method::GET, domestic, &Value::Null).1,
        "ORDER_NOT_EXIST"
    );
}

#[test]
fn refunds_are_made_listed_and_told_in_both_currencies() {
    let settings = Settings {
        refund_interval: 0,
        ..Settings::default()
    };
    let mut table = Table::of(settings, |profile| profile.merchant());
    table
        .post("/v3/global/transactions/native", &global("G00001"))
        .unwrap();
    table.pay(&OrderRef::order("G00001")).unwrap();
    let refund = |number: &str, amount: i64| {
        json!({
            "mchid": MERCHANT, "appid": "wx8888888888888888", "out_trade_no": "G00001", "out_refund_no": number,
            "amount": { "refund": amount, "total": 888, "currency": "HKD" },
            "notify_url": "https://merchant.example/refunded",
        })
    };
    let first = table.post("/hk/v3/refunds", &refund("R1", 100)).unwrap();
    assert_eq!(first["amount"]["refund"], 100);
    assert_eq!(first["amount"]["payer_refund"], 80);
    assert_eq!(
        table.post("/v3/global/refunds", &refund("R1", 100)).unwrap(),
        first
    );
    assert_eq!(
        table.refuse_post("/v3/global/refunds", &refund("R2", 789)).1,
        "INVALID_REQUEST"
    );
    table.post("/v3/global/refunds", &refund("R2", 788)).unwrap();
    table.wait(3);
    let one = table
        .get("/v3/global/refunds/out-refund-no/R1?mchid=1900007291")
        .unwrap();
    assert_eq!(
        (&one["status"], &one["out_trade_no"]),
        (&json!("SUCCESS"), &json!("G00001"))
    );
    let id = one["id"].as_str().unwrap();
    assert_eq!(
        table
            .get(&format!("/hk/v3/refunds/id/{id}?mchid=1900007291"))
            .unwrap(),
        one
    );
    let list = "/hk/v3/refunds?mchid=1900007291&out_trade_no=G00001&offset=1&count=10";
    let list = table.get(list).unwrap();
    assert_eq!(
        (&list["total_num"], &list["current_total_num"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(list["data"][0]["out_refund_no"], "R2");
    assert_eq!(table.platform.balance(MERCHANT, "HKD"), 0);
    assert_eq!(
        table.platform.poll(table.clocks).len(),
        3,
        "the payment and two refunds"
    );
    let domestic = "/v3/refund/domestic/refunds/R1";
    assert_eq!(
        table.refusal(Method::GET, domestic, &Value::Null).1,
        "RESOURCE_NOT_EXISTS"
    );
}
