use http::Method;
use serde_json::{Value, json};

use super::client::{GLOBAL_APPID, Table, global};
use crate::{OrderRef, Settings};

const NUMBER: &str = "/v3/global/transactions/out-trade-no/G00001";
const HK_NUMBER: &str = "/hk/v3/transactions/out-trade-no/G00001";

#[test]
fn both_bases_lead_to_one_store() {
    let mut table = Table::merchant();
    let answer = table
        .post("/v3/global/transactions/native", &global("G00001"))
        .unwrap();
    assert!(
        answer["code_url"]
            .as_str()
            .unwrap()
            .starts_with("weixin://wxpay/bizpayurl"),
        "{answer}"
    );
    let order = table.get(&format!("{HK_NUMBER}?mchid=1900007291")).unwrap();
    assert_eq!(order["trade_state"], "NOTPAY");
    assert_eq!(order["amount"], json!({ "total": 888, "currency": "HKD" }));
    assert_eq!(order.get("success_time"), None);
    let id = order["id"].as_str().unwrap().to_owned();
    table.pay(&OrderRef::order("G00001")).unwrap();
    let order = table
        .get(&format!("/v3/global/transactions/id/{id}?mchid=1900007291"))
        .unwrap();
    assert_eq!(order["trade_state"], "SUCCESS");
    assert_eq!(order["success_time"], "2023-11-15T06:13:20+08:00");
    assert_eq!(
        order["amount"]["exchange_rate"],
        json!({ "type": "SETTLEMENT_RATE", "rate": 80_000_000 })
    );
    assert_eq!(order["amount"]["payer_total"], 710);
    let close = json!({ "mchid": "1900007291" });
    assert_eq!(
        table.refuse_post(&format!("{HK_NUMBER}/close"), &close),
        (400, "ORDERPAID".to_owned(), 268_449_538)
    );
    assert_eq!(
        table
            .refuse_post("/hk/v3/transactions/native", &global("G00001"))
            .1,
        "ORDERPAID"
    );
}

#[test]
fn closing_waits_five_minutes_and_is_not_repeated() {
    let mut table = Table::merchant();
    table
        .post("/hk/v3/transactions/native", &global("G00001"))
        .unwrap();
    let body = json!({ "mchid": "1900007291" });
    let close = format!("{NUMBER}/close");
    table.wait(299);
    assert_eq!(table.refuse_post(&close, &body).1, "INVALID_REQUEST");
    table.wait(1);
    assert_eq!(table.refusal(Method::PUT, &close, &body).1, "REQUIRE_POST_METHOD");
    let raw = table.call(Method::POST, &close, &body).unwrap();
    assert_eq!((raw.status.as_u16(), raw.body.len()), (204, 0));
    assert_eq!(
        table.refuse_post(&close, &body),
        (400, "ORDERCLOSED".to_owned(), 268_447_914)
    );
}

#[test]
fn an_order_can_be_closed_by_its_id() {
    let settings = Settings {
        min_close_age_global: 10,
        early_close_code: "TOO_EARLY".to_owned(),
        ..Settings::default()
    };
    let mut table = Table::of(settings, |profile| profile.merchant());
    table
        .post("/v3/global/transactions/native", &global("G00001"))
        .unwrap();
    let order = table.get(&format!("{NUMBER}?mchid=1900007291")).unwrap();
    let close = format!("/hk/v3/transactions/id/{}/close", order["id"].as_str().unwrap());
    let body = json!({ "mchid": "1900007291" });
    assert_eq!(table.refuse_post(&close, &body).1, "TOO_EARLY");
    table.wait(10);
    table.post(&close, &body).unwrap();
    let order = table.get(&format!("{NUMBER}?mchid=1900007291")).unwrap();
    assert_eq!(order["trade_state"], "CLOSED");
}

#[test]
fn an_institution_names_its_sub_merchant() {
    let mut table = Table::of(Settings::default(), |profile| profile.institution());
    let mut body = global("G00001");
    let members = body.as_object_mut().unwrap();
    members.remove("mchid");
    members.remove("appid");
    members.extend([
        ("sp_mchid".to_owned(), json!("1900000100")),
        ("sub_mchid".to_owned(), json!("1900000109")),
        ("sp_appid".to_owned(), json!(GLOBAL_APPID)),
    ]);
    table.post("/v3/global/transactions/native", &body).unwrap();
    table
        .get(&format!("{NUMBER}?sp_mchid=1900000100&sub_mchid=1900000109"))
        .unwrap();
    for (query, inner) in [
        ("", 268_435_461),
        ("?sp_mchid=1900000100", 268_435_461),
        ("?mchid=1900000100", 268_447_845),
        ("?sp_mchid=1900000100&sub_mchid=1900000110", 268_447_845),
        ("?sp_mchid=1900007291&sub_mchid=1900000109", 268_447_843),
    ] {
        let refusal = table.refusal(Method::GET, &format!("{NUMBER}{query}"), &Value::Null);
        assert_eq!((refusal.0, refusal.2), (400, inner), "{query}");
    }
    table.wait(300);
    let other = json!({ "sp_mchid": "1900000100", "sub_mchid": "1900000110" });
    assert_eq!(
        table.refuse_post(&format!("{NUMBER}/close"), &other).2,
        268_447_845
    );
    let unknown = json!({ "sp_mchid": "1900000100", "sub_mchid": "1900000109", "appid": "wx" });
    assert_eq!(
        table.refuse_post(&format!("{NUMBER}/close"), &unknown).2,
        270_924_358
    );
    let right = json!({ "sp_mchid": "1900000100", "sub_mchid": "1900000109" });
    table.post(&format!("{NUMBER}/close"), &right).unwrap();
}

#[test]
fn an_unknown_order_is_not_found() {
    let mut table = Table::merchant();
    for target in [
        format!("{NUMBER}?mchid=1900007291"),
        "/v3/global/transactions/id/42?mchid=1900007291".into(),
    ] {
        assert_eq!(
            table.refusal(Method::GET, &target, &Value::Null).1,
            "ORDER_NOT_EXIST"
        );
    }
    let mut body = global("G00001");
    body["trade_type"] = json!("APP");
    let path = "/v3/global/transactions/native";
    assert_eq!(
        table.refuse_post(path, &body).1,
        "PARAM_ERROR",
        "the path is another product's"
    );
    body = global("G00001");
    body["appid"] = json!("wx0000000000000000");
    assert_eq!(table.refuse_post(path, &body).1, "APPID_MCHID_NOT_MATCH");
    body = global("G00002");
    body["time_expire"] = json!("20231115071320");
    table.post(path, &body).unwrap();
    body["time_expire"] = json!("2023-11-15T07:13:20+08:00");
    table.post(path, &body).unwrap();
    body["time_expire"] = json!("tomorrow");
    assert_eq!(table.refuse_post(path, &body).1, "PARAM_ERROR");
}
