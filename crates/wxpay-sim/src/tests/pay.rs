use http::Method;
use serde_json::{Value, json};

use super::bodies::{MERCHANT, PARTNER, SUB_MERCHANT, codepay, native, partner_jsapi};
use super::client::{APPID, START, Table, refused};
use crate::{OrderKind, OrderRef, Payer};

const NATIVE: &str = "/v3/pay/transactions/native";
const ORDER: &str = "/v3/pay/transactions/out-trade-no/A00001";
const QUERY: &str = "/v3/pay/transactions/out-trade-no/A00001?mchid=1900007291";
const CLOSE: &str = "/v3/pay/transactions/out-trade-no/A00001/close";

fn unknown() -> (u16, String, u64) {
    (404, "ORDER_NOT_EXIST".to_owned(), 268_512_771)
}

#[test]
fn every_product_gives_its_handle_and_the_handle_leads_to_the_order() {
    let mut table = Table::merchant();
    for (index, product) in ["jsapi", "app", "h5", "native"].into_iter().enumerate() {
        let number = format!("A0000{index}");
        let mut body = native(&number);
        let name = match product {
            "jsapi" => {
                body["payer"] = json!({ "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" });
                "prepay_id"
            }
            "app" => "prepay_id",
            "h5" => {
                body["scene_info"]["h5_info"] = json!({ "type": "Wap" });
                "h5_url"
            }
            _ => "code_url",
        };
        let answer = table
            .post(&format!("/v3/pay/transactions/{product}"), &body)
            .unwrap();
        assert_eq!(answer.as_object().unwrap().len(), 1, "{answer}");
        let handle = answer[name].as_str().unwrap();
        let behind = |seconds| table.platform.order_behind(handle, table.clocks.turned(seconds));
        let order = OrderRef::new(OrderKind::Order, number).created_by(MERCHANT);
        let life = if product == "h5" { 300 } else { 7200 };
        assert_eq!(behind(life - 1), Some(order), "{product}");
        assert_eq!(behind(life), None, "{product}");
    }
}

#[test]
fn an_order_is_paid_by_whom_the_user_is_and_queried_both_ways() {
    let mut table = Table::merchant();
    table.post(NATIVE, &native("A00001")).unwrap();
    assert_eq!(
        table.get(QUERY).unwrap(),
        json!({
            "appid": APPID, "mchid": MERCHANT, "out_trade_no": "A00001",
            "trade_state": "NOTPAY", "trade_state_desc": "订单未支付",
        })
    );
    let order = OrderRef::order("A00001");
    table.platform.fail_payment(&order, table.clocks).unwrap();
    table.platform.abandon(&order, table.clocks).unwrap();
    assert_eq!(table.get(QUERY).unwrap()["trade_state"], "NOTPAY");
    let payer = Payer::default().openid("oABC").bank_type("ICBC_DEBIT").coupon(30);
    table.platform.pay_as(&order, &payer, table.clocks).unwrap();
    let paid = table.get(QUERY).unwrap();
    assert_eq!(paid["trade_state"], "SUCCESS");
    assert_eq!(paid["payer"], json!({ "openid": "oABC" }));
    assert_eq!(paid["bank_type"], "ICBC_DEBIT");
    assert_eq!(paid["attach"], "自定义数据");
    assert_eq!(paid["scene_info"], json!({ "device_id": "013467007045764" }));
    assert_eq!(
        paid["amount"],
        json!({ "total": 100, "payer_total": 70, "currency": "CNY", "payer_currency": "CNY" })
    );
    assert_eq!(paid["promotion_detail"][0]["amount"], 30);
    let id = paid["transaction_id"].as_str().unwrap();
    let by_id = format!("/v3/pay/transactions/id/{id}?mchid=1900007291");
    assert_eq!(table.get(&by_id).unwrap(), paid);
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 70);
}

#[test]
fn the_query_names_its_merchant_and_it_is_the_signer() {
    let mut table = Table::merchant();
    table.post(NATIVE, &native("A00001")).unwrap();
    let mut refusal = |query: &str| table.refusal(Method::GET, &format!("{ORDER}{query}"), &Value::Null);
    assert_eq!(refusal("").2, 268_435_461);
    assert_eq!(refusal("?mchid=1900000109").2, 268_447_843);
    assert_eq!(
        table.refusal(
            Method::GET,
            "/v3/pay/transactions/out-trade-no/A00002?mchid=1900007291",
            &Value::Null
        ),
        unknown()
    );
}

#[test]
fn parameters_are_held_against_the_catalogue() {
    let mut table = Table::merchant();
    type Case = (&'static str, fn(&mut Value), &'static str, u64);
    let cases: [Case; 9] = [
        ("unknown", |body| body["extra"] = json!(1), "/extra", 270_924_358),
        (
            "missing",
            |body| drop(body.as_object_mut().unwrap().remove("notify_url")),
            "/notify_url",
            268_435_461,
        ),
        (
            "null",
            |body| body["attach"] = Value::Null,
            "/attach",
            268_435_461,
        ),
        (
            "type",
            |body| body["amount"]["total"] = json!("100"),
            "/amount/total",
            268_435_461,
        ),
        (
            "zero",
            |body| body["amount"]["total"] = json!(0),
            "/amount/total",
            268_435_464,
        ),
        (
            "long",
            |body| body["description"] = json!("长".repeat(128)),
            "/description",
            268_435_461,
        ),
        (
            "number",
            |body| body["out_trade_no"] = json!("A1"),
            "/out_trade_no",
            268_435_461,
        ),
        (
            "address",
            |body| body["notify_url"] = json!("https://a.example/?b=c"),
            "/notify_url",
            268_435_461,
        ),
        (
            "merchant",
            |body| body["mchid"] = json!("1900000109"),
            "/mchid",
            268_447_843,
        ),
    ];
    for (case, change, field, inner) in cases {
        let mut body = native("A00001");
        change(&mut body);
        let error = refused(table.post(NATIVE, &body).unwrap_err());
        let code = match inner {
            270_924_358 => "INVALID_REQUEST",
            _ => "PARAM_ERROR",
        };
        assert_eq!(error.code.as_deref(), Some(code), "{case}: {error}");
        assert_eq!(
            (error.field(), error.inner_code()),
            (Some(field), Some(inner)),
            "{case}: {error}"
        );
    }
    let mut body = native("A00001");
    body["payer"] = json!({});
    let refusal = table.refuse_post("/v3/pay/transactions/jsapi", &body);
    assert_eq!(refusal, (400, "PARAM_ERROR".to_owned(), 268_501_013));
    let mut body = native("A00001");
    body["appid"] = json!("wx0000000000000000");
    assert_eq!(table.refuse_post(NATIVE, &body).1, "APPID_MCHID_NOT_MATCH");
}

#[test]
fn a_number_is_used_once_whatever_the_kind_of_order() {
    let mut table = Table::merchant();
    let first = table.post(NATIVE, &native("A00001")).unwrap();
    assert_ne!(table.post(NATIVE, &native("A00001")).unwrap(), first);
    let different = (400, "INVALID_REQUEST".to_owned(), 268_498_688);
    let mut body = native("A00001");
    body["amount"]["total"] = json!(101);
    assert_eq!(table.refuse_post(NATIVE, &body), different);
    assert_eq!(
        table.refuse_post("/v3/pay/transactions/app", &native("A00001")),
        different
    );
    let mut combined = super::client::combine("P1");
    combined["sub_orders"][0]["out_trade_no"] = json!("A00001");
    let jsapi = "/v3/combine-transactions/jsapi";
    assert_eq!(table.refuse_post(jsapi, &combined).1, "OUT_TRADE_NO_USED");
    table.post(jsapi, &super::client::combine("P1")).unwrap();
    assert_eq!(
        table.refuse_post(NATIVE, &native("P1_0001")).1,
        "OUT_TRADE_NO_USED"
    );
    let part = "/v3/pay/transactions/out-trade-no/P1_0001?mchid=1900007291";
    assert_eq!(table.refusal(Method::GET, part, &Value::Null), unknown());
    table.pay(&OrderRef::order("A00001")).unwrap();
    assert_eq!(
        table.refuse_post(NATIVE, &native("A00001")),
        (400, "ORDER_PAID".to_owned(), 268_449_538)
    );
}

#[test]
fn closing_and_paying_exclude_one_another_and_time_closes_too() {
    let mut table = Table::merchant();
    let close = json!({ "mchid": MERCHANT });
    assert_eq!(table.refuse_post(CLOSE, &close), unknown());
    table.post(NATIVE, &native("A00001")).unwrap();
    let raw = table.call(Method::POST, CLOSE, &close).unwrap();
    assert_eq!((raw.status.as_u16(), raw.body.len()), (204, 0));
    table.post(CLOSE, &close).unwrap();
    assert!(table.pay(&OrderRef::order("A00001")).is_err());
    assert_eq!(table.refuse_post(NATIVE, &native("A00001")).1, "ORDER_CLOSED");
    table.post(NATIVE, &native("A00002")).unwrap();
    table.pay(&OrderRef::order("A00002")).unwrap();
    let other = CLOSE.replace("A00001", "A00002");
    assert_eq!(table.refuse_post(&other, &close).1, "ORDER_PAID");
    table.post(NATIVE, &native("A00003")).unwrap();
    table.wait(7 * 86_400);
    let third = table.get(&QUERY.replace("A00001", "A00003")).unwrap();
    assert_eq!(third["trade_state"], "CLOSED");
}

#[test]
fn a_partner_acts_for_its_sub_merchant() {
    let mut table = Table::partner();
    let path = "/v3/pay/partner/transactions/jsapi";
    table.post(path, &partner_jsapi("A00001")).unwrap();
    let query =
        |sub| format!("/v3/pay/partner/transactions/out-trade-no/A00001?sp_mchid={PARTNER}&sub_mchid={sub}");
    table.pay(&OrderRef::order("A00001")).unwrap();
    let order = table.get(&query(SUB_MERCHANT)).unwrap();
    assert_eq!(order["sp_mchid"], PARTNER);
    assert_eq!(order["sub_mchid"], SUB_MERCHANT);
    assert_eq!(
        order["payer"],
        json!({ "sp_openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" })
    );
    assert_eq!(table.platform.balance(SUB_MERCHANT, "CNY"), 100);
    assert_eq!(
        table.refusal(Method::GET, &query("1900000111"), &Value::Null).2,
        268_447_845
    );
    assert_eq!(
        table.refusal(Method::GET, &query("1900000199"), &Value::Null).2,
        268_443_701
    );
    let mut body = partner_jsapi("A00001");
    body["sub_mchid"] = json!("1900000111");
    assert_eq!(
        table.refuse_post(path, &body).1,
        "ORDER_PAID",
        "one number over all sub-merchants"
    );
    let mut body = partner_jsapi("A00002");
    body["payer"] = json!({ "sub_openid": "oSub" });
    body["sub_appid"] = json!("wx8888888888888888");
    table.post(path, &body).unwrap();
    body["sub_mchid"] = json!(PARTNER);
    assert_eq!(table.refuse_post(path, &body).2, 268_443_705);
}

#[test]
fn a_code_payment_is_paid_at_once_or_waits_and_is_reversed_instead_of_closed() {
    let mut table = Table::merchant();
    let path = "/v3/pay/transactions/codepay";
    let paid = table.post(path, &codepay("A00001", 100)).unwrap();
    assert_eq!(
        (&paid["trade_state"], &paid["trade_type"]),
        (&json!("SUCCESS"), &json!("MICROPAY"))
    );
    let close = json!({ "mchid": MERCHANT });
    assert_eq!(table.refuse_post(CLOSE, &close).2, 268_449_641);
    let reverse = json!({ "appid": APPID, "mchid": MERCHANT });
    let target = "/v3/pay/transactions/out-trade-no/A00001/reverse";
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 100);
    assert_eq!(
        table.post(target, &reverse).unwrap(),
        json!({ "appid": APPID, "mchid": MERCHANT, "out_trade_no": "A00001" })
    );
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 0);
    table.post(target, &reverse).unwrap();
    assert_eq!(table.get(QUERY).unwrap()["trade_state"], "REVOKED");

    let waits = table.post(path, &codepay("A00002", 100_000)).unwrap();
    assert_eq!(waits["trade_state"], "USERPAYING");
    table.pay(&OrderRef::order("A00002")).unwrap();
    assert_eq!(
        table.get(&QUERY.replace("A00001", "A00002")).unwrap()["trade_state"],
        "SUCCESS"
    );
    table.post(path, &codepay("A00003", 100_000)).unwrap();
    table
        .platform
        .fail_payment(&OrderRef::order("A00003"), table.clocks)
        .unwrap();
    assert_eq!(
        table.get(&QUERY.replace("A00001", "A00003")).unwrap()["trade_state"],
        "PAYERROR"
    );
    assert!(
        table.platform.notifications().is_empty(),
        "code payments notify nobody"
    );
    let mut body = codepay("A00004", 1);
    body["payer"]["auth_code"] = json!("1234");
    assert_eq!(table.refuse_post(path, &body).1, "PARAM_ERROR");
    assert_eq!(table.clocks.business.as_secs(), START);
}
