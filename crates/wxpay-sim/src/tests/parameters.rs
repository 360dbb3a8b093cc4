use serde_json::{Value, json};

use super::client::{APPID, Table, combine, refused};
use crate::Settings;

const JSAPI: &str = "/v3/combine-transactions/jsapi";
const ORDER: &str = "/v3/combine-transactions/out-trade-no/P1";
const CLOSE: &str = "/v3/combine-transactions/out-trade-no/P1/close";

/// What is changed in a right body, the field that is complained about, and the inner code.
type Case = (&'static str, fn(&mut Value), &'static str, u64);

#[test]
fn parameters_are_checked_and_named() {
    let mut table = Table::merchant();
    let cases: [Case; 14] = [
        (
            "unknown",
            |body| body["sub_orders"][1]["extra"] = json!(1),
            "/sub_orders/1/extra",
            270_924_358,
        ),
        (
            "missing",
            |body| drop(body.as_object_mut().unwrap().remove("notify_url")),
            "/notify_url",
            268_435_461,
        ),
        (
            "empty",
            |body| body["sub_orders"][0]["attach"] = json!(""),
            "/sub_orders/0/attach",
            268_435_461,
        ),
        (
            "long",
            |body| body["sub_orders"][0]["description"] = json!("长".repeat(128)),
            "/sub_orders/0/description",
            268_435_461,
        ),
        (
            "type",
            |body| body["sub_orders"][0]["amount"]["total_amount"] = json!("100"),
            "/sub_orders/0/amount/total_amount",
            268_435_461,
        ),
        (
            "zero",
            |body| body["sub_orders"][0]["amount"]["total_amount"] = json!(0),
            "/sub_orders/0/amount/total_amount",
            268_435_461,
        ),
        (
            "null",
            |body| body["limit_pay"] = Value::Null,
            "/limit_pay",
            268_435_461,
        ),
        (
            "emoji",
            |body| body["sub_orders"][0]["attach"] = json!("😀"),
            "/sub_orders/0/attach",
            268_435_461,
        ),
        (
            "number",
            |body| body["combine_out_trade_no"] = json!("P 1"),
            "/combine_out_trade_no",
            268_435_461,
        ),
        (
            "twice",
            |body| body["sub_orders"][1]["out_trade_no"] = json!("P1_0001"),
            "/sub_orders/1/out_trade_no",
            268_435_461,
        ),
        (
            "one sub-order",
            |body| drop(body["sub_orders"].as_array_mut().unwrap().pop()),
            "/sub_orders",
            268_435_464,
        ),
        (
            "no openid",
            |body| body["combine_payer_info"] = json!({}),
            "/combine_payer_info/openid",
            268_501_013,
        ),
        (
            "another merchant",
            |body| body["combine_mchid"] = json!("1900000109"),
            "/combine_mchid",
            268_447_843,
        ),
        (
            "address",
            |body| body["notify_url"] = json!("yourapp.com"),
            "/notify_url",
            268_435_461,
        ),
    ];
    for (case, change, field, inner) in cases {
        let mut body = combine("P1");
        change(&mut body);
        let error = refused(table.post(JSAPI, &body).unwrap_err());
        let code = match case {
            "unknown" => "INVALID_REQUEST",
            _ => "PARAM_ERROR",
        };
        assert_eq!(
            (error.status, error.code.as_deref()),
            (400, Some(code)),
            "{case}: {error}"
        );
        assert_eq!(error.field(), Some(field), "{case}: {error}");
        assert_eq!(error.inner_code(), Some(inner), "{case}: {error}");
        assert!(error.authentic, "{case}");
    }
    let mut body = combine("P1");
    body["combine_mchid"] = json!("1900000109");
    let error = refused(table.post(JSAPI, &body).unwrap_err());
    assert_eq!(
        error.message.as_deref(),
        Some("http header mchid and payload mchid do not match")
    );
}

#[test]
fn what_is_not_documented_has_a_code_of_its_own_or_the_usual_one() {
    let mut body = combine("P1");
    body["sub_orders"][1]["extra"] = json!(1);
    let query = "/v3/pay/transactions/out-trade-no/A00001?mchid=1900007291&sub_mch_id=1";
    for code in ["INVALID_REQUEST", "PARAM_ERROR"] {
        let settings = Settings {
            undocumented_code: code.to_owned(),
            ..Settings::default()
        };
        let mut table = Table::of(settings, |profile| profile.merchant());
        for (error, place) in [
            (table.post(JSAPI, &body).unwrap_err(), "/body/sub_orders/1/extra"),
            (table.get(query).unwrap_err(), "/query/sub_mch_id"),
        ] {
            let error = refused(error);
            assert_eq!((error.status, error.code.as_deref()), (400, Some(code)));
            assert_eq!(error.inner_code(), Some(270_924_358), "{error}");
            let undocumented = "请求中含有未在API文档中定义的参数";
            assert_eq!(error.message.as_deref(), Some(undocumented));
            assert_eq!(error.detail.as_ref().unwrap()["value"], json!([place]));
        }
        // Only the code of this is changed.
        let wrong = combine("P 1");
        assert_eq!(table.refuse_post(JSAPI, &wrong).1, "PARAM_ERROR");
    }
}

#[test]
fn a_partner_names_sub_merchants_it_acts_for() {
    let mut table = Table::partner();
    let mut body = combine("P1");
    body["combine_mchid"] = json!("1900000109");
    body["sub_orders"].as_array_mut().unwrap().pop();
    body["sub_orders"][0]["mchid"] = json!("1900000109");
    assert_eq!(
        table.refuse_post(JSAPI, &body),
        (400, "PARAM_ERROR".to_owned(), 268_443_704)
    );
    body["sub_orders"][0]["sub_mchid"] = json!("1900000109");
    assert_eq!(
        table.refuse_post(JSAPI, &body),
        (400, "INVALID_REQUEST".to_owned(), 268_443_705)
    );
    body["sub_orders"][0]["sub_mchid"] = json!("1900000999");
    assert_eq!(
        table.refuse_post(JSAPI, &body),
        (403, "NOAUTH".to_owned(), 268_443_701)
    );
    body["sub_orders"][0]["sub_mchid"] = json!("1900000110");
    table.post(JSAPI, &body).unwrap();
    assert_eq!(
        table.get(ORDER).unwrap()["sub_orders"][0]["sub_mchid"],
        "1900000110"
    );
    let mut close = json!({
        "combine_appid": APPID,
        "sub_orders": [{ "mchid": "1900000109", "sub_mchid": "1900000111", "out_trade_no": "P1_0001" }],
    });
    assert_eq!(table.refuse_post(CLOSE, &close).1, "INVALID_REQUEST");
    close["sub_orders"][0]["sub_mchid"] = json!("1900000110");
    table.post(CLOSE, &close).unwrap();
    body["sub_orders"][0]["mchid"] = json!("1999999999");
    assert_eq!(table.refuse_post(JSAPI, &body).1, "MCH_NOT_EXISTS");
}

#[test]
fn sealed_fields_are_opened_and_compared_by_content() {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use wxpay_proto::crypto::{Encryptor as _, Padding};

    let mut table = Table::merchant();
    let seal = |table: &Table, text: &str| {
        let key = table
            .platform
            .profile()
            .platform_public_key()
            .key()
            .public_key()
            .clone();
        STANDARD.encode(
            key.encrypt(Padding::OaepSha1, text.as_bytes(), &mut |_: &mut [u8]| {})
                .unwrap(),
        )
    };
    let sealed = |table: &Table, name: &str| {
        let mut body = combine("P1");
        let (number, name) = (seal(table, "330106199001011234"), seal(table, name));
        body["combine_payer_info"]["identity"] = json!({ "type": "IDCARD", "number": number, "name": name });
        body
    };
    let (first, again) = (sealed(&table, "张三"), sealed(&table, "张三"));
    assert_ne!(first, again);
    table.post(JSAPI, &first).unwrap();
    table.post(JSAPI, &again).unwrap();
    let other = sealed(&table, "李四");
    assert_eq!(table.refuse_post(JSAPI, &other).2, 268_498_688);
    table.answer_key = table.platform.profile().platform_certificate().id().clone();
    let error = refused(table.post(JSAPI, &first).unwrap_err());
    assert_eq!(
        error.field(),
        Some("/combine_payer_info/identity/number"),
        "sealed for another key"
    );
}
