use http::Method;
use serde_json::{Value, json};

use super::client::{Table, close, combine};
use crate::{OrderRef, PayError, RepeatedClose, Settings};

const JSAPI: &str = "/v3/combine-transactions/jsapi";
const ORDER: &str = "/v3/combine-transactions/out-trade-no/P1";
const CLOSE: &str = "/v3/combine-transactions/out-trade-no/P1/close";

#[test]
fn every_product_gives_its_handle() {
    let mut table = Table::merchant();
    for (index, product) in ["jsapi", "app", "native", "h5", "miniprogram"]
        .into_iter()
        .enumerate()
    {
        let mut body = combine(&format!("P{index}"));
        if product == "h5" {
            body["scene_info"]["h5_info"] = json!({ "type": "iOS" });
        }
        let answer = table
            .post(&format!("/v3/combine-transactions/{product}"), &body)
            .unwrap();
        let (name, start) = match product {
            "native" => ("code_url", "weixin://wxpay/bizpayurl/up?pr="),
            "h5" => ("h5_url", "https://wx.tenpay.com/"),
            _ => ("prepay_id", "wx20231115061320"),
        };
        assert_eq!(answer.as_object().unwrap().len(), 1, "{answer}");
        assert!(answer[name].as_str().unwrap().starts_with(start), "{answer}");
    }
}

#[test]
fn an_order_shows_what_a_payment_brings_only_after_it() {
    let mut table = Table::merchant();
    let mut body = combine("P1");
    body["sub_orders"][0]["goods_tag"] = json!("WXG");
    body["sub_orders"][1]["amount"] = json!({ "total_amount": 10, "currency": "USD" });
    table.post(JSAPI, &body).unwrap();
    let before = table.get(ORDER).unwrap();
    assert_eq!(
        before,
        json!({
            "combine_appid": "wxd678efh567hg6787",
            "combine_mchid": "1900007291",
            "combine_out_trade_no": "P1",
            "scene_info": { "device_id": "POS1:1" },
            "sub_orders": [
                { "mchid": "1900007291", "out_trade_no": "P1_0001", "trade_state": "NOTPAY",
                  "amount": { "total_amount": 100, "currency": "CNY" } },
                { "mchid": "1900007291", "out_trade_no": "P1_0002", "trade_state": "NOTPAY",
                  "amount": { "total_amount": 10, "currency": "USD" } },
            ],
        })
    );
    table.wait(60);
    table.pay(&OrderRef::combine("P1")).unwrap();
    let after = table.get(ORDER).unwrap();
    assert_eq!(
        after["combine_payer_info"]["openid"],
        "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
    );
    let id = after["combine_transaction_id"].as_str().unwrap();
    assert_eq!(id.len(), 28);
    let first = &after["sub_orders"][0];
    assert_eq!(first["trade_state"], "SUCCESS");
    assert_eq!(first["trade_type"], "JSAPI");
    assert_eq!(first["attach"], "深圳分店");
    assert_eq!(first["transaction_id"].as_str().unwrap().len(), 28);
    let time = first["success_time"].as_str().unwrap();
    assert!(
        time.starts_with("2023-11-15T06:14:20.") && time.ends_with("+08:00") && time.len() == 29,
        "{time}"
    );
    assert_eq!(
        first["amount"],
        json!({ "total_amount": 100, "payer_amount": 90, "currency": "CNY", "payer_currency": "CNY" })
    );
    let coupon = first["promotion_detail"][0].as_object().unwrap();
    assert_eq!(coupon.len(), 11, "every member of the page");
    assert_eq!(coupon["goods_detail"][0].as_object().unwrap().len(), 5);
    let second = &after["sub_orders"][1];
    assert_eq!(second["amount"]["settlement_rate"], 650_000_000);
    assert_eq!(second["amount"]["payer_amount"], 65);
    assert_eq!(second.get("promotion_detail"), None);
    assert_eq!(
        table.get(&format!("/v3/combine-transactions/id/{id}")).unwrap(),
        after
    );
    assert_eq!(
        table.pay(&OrderRef::combine("P1")),
        Err(PayError::Paid {
            order: OrderRef::combine("P1")
        })
    );
}

#[test]
fn an_unpaid_order_is_not_found_by_an_id() {
    let mut table = Table::merchant();
    table.post(JSAPI, &combine("P1")).unwrap();
    let unknown = (404, "ORDER_NOT_EXIST".to_owned(), 268_512_771);
    let ids = "/v3/combine-transactions/id/4200001234202311151234567890";
    assert_eq!(table.refusal(Method::GET, ids, &Value::Null), unknown);
    let other = "/v3/combine-transactions/out-trade-no/P2";
    assert_eq!(table.refusal(Method::GET, other, &Value::Null), unknown);
    assert_eq!(
        table.refuse_post(&format!("{other}/close"), &close("P2")),
        unknown
    );
}

#[test]
fn a_repeated_creation_gives_a_fresh_handle_and_another_one_is_refused() {
    let mut table = Table::merchant();
    let first = table.post(JSAPI, &combine("P1")).unwrap();
    assert_ne!(table.post(JSAPI, &combine("P1")).unwrap(), first);
    let different = (400, "INVALID_REQUEST".to_owned(), 268_498_688);
    let mut body = combine("P1");
    body["sub_orders"][0]["settle_info"] = json!({ "profit_sharing": true });
    assert_eq!(table.refuse_post(JSAPI, &body), different);
    assert_eq!(
        table.refuse_post("/v3/combine-transactions/app", &combine("P1")),
        different
    );
    let mut body = combine("P2");
    body["sub_orders"][1]["out_trade_no"] = json!("P1_0002");
    assert_eq!(table.refuse_post(JSAPI, &body).1, "OUT_TRADE_NO_USED");
    table.pay(&OrderRef::combine("P1")).unwrap();
    assert_eq!(
        table.refuse_post(JSAPI, &combine("P1")),
        (400, "ORDER_PAID".to_owned(), 268_449_538)
    );
    assert_eq!(
        table.refuse_post(CLOSE, &close("P1")),
        (400, "ORDER_PAID".to_owned(), 268_449_538)
    );
}

#[test]
fn closing_is_for_all_sub_orders_and_can_be_repeated() {
    let mut table = Table::merchant();
    table.post(JSAPI, &combine("P1")).unwrap();
    let changed = (400, "INVALID_REQUEST".to_owned(), 268_447_843);
    let mut body = close("P1");
    body["sub_orders"].as_array_mut().unwrap().pop();
    assert_eq!(table.refuse_post(CLOSE, &body), changed);
    let mut body = close("P1");
    body["sub_orders"][0]["out_trade_no"] = json!("P1_0003");
    assert_eq!(table.refuse_post(CLOSE, &body), changed);
    let mut body = close("P1");
    body["sub_orders"][0]["sub_mchid"] = json!("1900000110");
    assert_eq!(table.refuse_post(CLOSE, &body), changed);
    let mut body = close("P1");
    body["sub_orders"][0] = body["sub_orders"][1].clone();
    assert_eq!(table.refuse_post(CLOSE, &body), changed);
    let mut body = close("P1");
    body["combine_appid"] = json!("wx8888888888888888");
    assert_eq!(
        table.refuse_post(CLOSE, &body),
        changed,
        "bound to the merchant, but not the creation's"
    );
    body["combine_appid"] = json!("wx0000000000000000");
    assert_eq!(
        table.refuse_post(CLOSE, &body),
        (400, "APPID_MCHID_NOT_MATCH".to_owned(), 268_445_527)
    );

    let raw = table.call(Method::POST, CLOSE, &close("P1")).unwrap();
    assert_eq!((raw.status.as_u16(), raw.body.len()), (204, 0));
    assert!(raw.headers["request-id"].to_str().unwrap().ends_with("-0"));
    assert_eq!(
        table.get(ORDER).unwrap()["sub_orders"][1]["trade_state"],
        "CLOSED"
    );
    assert_eq!(
        table
            .call(Method::POST, CLOSE, &close("P1"))
            .unwrap()
            .status
            .as_u16(),
        204
    );
    assert_eq!(
        table.refuse_post(JSAPI, &combine("P1")),
        (400, "ORDER_CLOSED".to_owned(), 268_447_914)
    );
    assert!(matches!(
        table.pay(&OrderRef::combine("P1")),
        Err(PayError::Closed { .. })
    ));
}

#[test]
fn a_repeated_close_can_be_an_error() {
    let settings = Settings {
        v3_repeated_close: RepeatedClose::OrderClosed,
        ..Settings::default()
    };
    let mut table = Table::of(settings, |profile| profile.merchant());
    table.post(JSAPI, &combine("P1")).unwrap();
    table.post(CLOSE, &close("P1")).unwrap();
    assert_eq!(
        table.refuse_post(CLOSE, &close("P1")),
        (400, "ORDER_CLOSED".to_owned(), 268_447_914)
    );
}

#[test]
fn the_business_clock_ends_orders_and_the_wire_clock_stays() {
    let mut table = Table::merchant();
    table.post(JSAPI, &combine("P1")).unwrap();
    let mut body = combine("P2");
    body["time_expire"] = json!("2023-11-15T07:13:20+08:00");
    table.post(JSAPI, &body).unwrap();
    let second = "/v3/combine-transactions/out-trade-no/P2";
    table.wait(3599);
    assert_eq!(
        table.get(second).unwrap()["sub_orders"][0]["trade_state"],
        "NOTPAY"
    );
    table.wait(1);
    assert_eq!(
        table.get(second).unwrap()["sub_orders"][0]["trade_state"],
        "CLOSED"
    );
    assert_eq!(
        table.get(ORDER).unwrap()["sub_orders"][0]["trade_state"],
        "NOTPAY"
    );
    table.wait(7 * 86_400 - 3600);
    assert_eq!(
        table.get(ORDER).unwrap()["sub_orders"][0]["trade_state"],
        "CLOSED"
    );
    let mut body = combine("P3");
    body["time_expire"] = json!("2019-12-31T15:59:60+08:00");
    assert_eq!(
        table.refuse_post(JSAPI, &body),
        (400, "PARAM_ERROR".to_owned(), 268_435_464)
    );
}

#[test]
fn orders_of_others_are_not_seen() {
    let mut table = Table::merchant();
    table.post(JSAPI, &combine("P1")).unwrap();
    table.merchant = table.platform.profile().partner().clone();
    assert_eq!(
        table.refusal(Method::GET, ORDER, &Value::Null).1,
        "ORDER_NOT_EXIST"
    );
    let unknown = OrderRef::combine("P1").created_by("1900000109");
    assert!(matches!(table.pay(&unknown), Err(PayError::Unknown { .. })));
    table
        .pay(&OrderRef::combine("P1").created_by("1900007291"))
        .unwrap();
}

#[test]
fn operations_that_are_not_documented_are_refused_by_name() {
    let mut table = Table::merchant();
    let error = super::client::refused(table.get("/v3/unheard-of/things").unwrap_err());
    assert_eq!(
        (error.status, error.code.as_deref()),
        (404, Some("RESOURCE_NOT_EXISTS"))
    );
    assert!(
        error.authentic && error.message.as_deref().unwrap().contains("simulator"),
        "{error}"
    );
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let run = |seed| {
        let settings = Settings {
            seed,
            ..Settings::default()
        };
        let mut table = Table::of(settings, |profile| profile.merchant());
        let mut bytes = Vec::new();
        for (method, target, body) in [
            (Method::POST, JSAPI, combine("P1")),
            (Method::GET, ORDER, Value::Null),
            (Method::POST, CLOSE, close("P1")),
        ] {
            let request = table.request(method, target, &body);
            bytes.push(format!("{:?}", table.handle(&request)));
        }
        bytes
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}
