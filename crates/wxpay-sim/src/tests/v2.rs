use bytes::Bytes;
use http::Request;
use wxpay_proto::ApiV2Key;
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::{Fields, sign, xml};

use super::client::{APPID, Table};
use crate::{Fault, OrderRef};

const CREATE: &str = "/pay/combinedorder";
const QUERY: &str = "/pay/querycombinedorder";
const CLOSE: &str = "/pay/closecombinedorder";

const ORDERS: &str = r#"{"order_num":2,"order_list":[
    {"appid":"wxd678efh567hg6787","mch_id":"1900007291","body":"a<b","attach":"x","out_trade_no":"1","fee_type":"CNY","total_fee":1},
    {"appid":"wxd678efh567hg6787","mch_id":"1900007291","body":"子订单","attach":"y","out_trade_no":"2","fee_type":"CNY","total_fee":2}]}"#;

fn basics() -> Vec<(&'static str, &'static str)> {
    vec![
        ("combine_appid", APPID),
        ("combine_mch_id", "1900007291"),
        ("combine_out_trade_no", "V1"),
        ("sign_type", "HMAC-SHA256"),
    ]
}

fn creation() -> Vec<(&'static str, &'static str)> {
    let mut fields = basics();
    fields.extend([
        ("spbill_create_ip", "8.8.8.8"),
        ("notify_url", "https://yourapp.com/notify"),
        ("trade_type", "NATIVE"),
        ("scene_info", r#"{"payer_client_ip":"14.17.22.32"}"#),
        ("sub_order_list", ORDERS),
    ]);
    fields
}

fn with(
    mut fields: Vec<(&'static str, &'static str)>,
    name: &'static str,
    value: &'static str,
) -> Vec<(&'static str, &'static str)> {
    fields.retain(|(known, _)| *known != name);
    fields.push((name, value));
    fields
}

#[test]
fn an_order_is_created_paid_and_queried() {
    let mut table = Table::merchant();
    let answer = table.v2(CREATE, &creation()).unwrap();
    assert!(answer["code_url"].starts_with("weixin://wxpay/bizpayurl/up?pr="));
    assert!(answer["prepay_id"].starts_with("wx"));
    let before = table.v2(QUERY, &basics()).unwrap();
    assert_eq!(before["trade_state"], "NOTPAY");
    assert!(!before["sub_order_list"].contains("transaction_id"));
    table.pay(&OrderRef::combine("V1")).unwrap();
    let after = table.v2(QUERY, &basics()).unwrap();
    assert_eq!(after["trade_state"], "SUCCESS");
    assert!(after["sub_order_list"].contains("transaction_id"));
    assert!(after.contains_key("combine_openid"));
    table.wait(60);
    let list = r#"[{"mchid":"1900007291","out_trade_no":"1"},{"mchid":"1900007291","out_trade_no":"2"}]"#;
    assert_eq!(
        table.v2_refusal(CLOSE, &with(basics(), "sub_order_list", list)),
        "ORDERPAID"
    );
    assert_eq!(table.v2_refusal(CREATE, &creation()), "ORDERPAID");
}

#[test]
fn closing_waits_a_minute_takes_both_shapes_and_is_not_repeated() {
    let lists = [
        r#"[{"mchid":"1900007291","out_trade_no":"2"},{"mchid":"1900007291","out_trade_no":"1"}]"#,
        r#"[{"mch_id":"1900007291","out_trade_no":"1"},{"mch_id":"1900007291","out_trade_no":"2"}]"#,
    ];
    for list in lists {
        let mut table = Table::merchant();
        table.v2(CREATE, &creation()).unwrap();
        table.v2(CREATE, &creation()).unwrap();
        let close = with(basics(), "sub_order_list", list);
        table.wait(59);
        assert_eq!(table.v2_refusal(CLOSE, &close), "INVALID_REQUEST");
        table.wait(1);
        table.v2(CLOSE, &close).unwrap();
        assert_eq!(table.v2_refusal(CLOSE, &close), "ORDERCLOSED");
        assert_eq!(table.v2(QUERY, &basics()).unwrap()["trade_state"], "CLOSED");
    }
}

#[test]
fn business_failures_are_signed() {
    let mut table = Table::merchant();
    table.v2(CREATE, &creation()).unwrap();
    table.wait(60);
    let list = r#"[{"mchid":"1900007291","out_trade_no":"1"},{"mchid":"1900007291","out_trade_no":"2"}]"#;
    let close = with(basics(), "sub_order_list", list);
    let cases = [
        (
            CLOSE,
            with(close.clone(), "combine_out_trade_no", "V2"),
            "ORDERNOTEXIST",
        ),
        (
            CLOSE,
            with(close.clone(), "combine_appid", "wx0000000000000000"),
            "APPID_MCHID_NOT_MATCH",
        ),
        (
            CLOSE,
            with(close.clone(), "combine_appid", "wx8888888888888888"),
            "INVALID_REQUEST",
        ),
        (
            CLOSE,
            with(
                close.clone(),
                "sub_order_list",
                r#"[{"mchid":"1900007291","out_trade_no":"1"}]"#,
            ),
            "INVALID_REQUEST",
        ),
        (
            CLOSE,
            with(close.clone(), "sub_order_list", "[{}]"),
            "PARAM_ERROR",
        ),
        (CLOSE, with(close, "sub_order_list", ""), "LACK_PARAMS"),
        (
            CREATE,
            with(creation(), "notify_url", "https://other.example"),
            "INVALID_REQUEST",
        ),
        (
            CREATE,
            with(creation(), "combine_out_trade_no", "V2"),
            "OUT_TRADE_NO_USED",
        ),
        (CREATE, with(creation(), "scene_info", "{}"), "PARAM_ERROR"),
        (CREATE, with(creation(), "trade_type", "JSAPI"), "LACK_PARAMS"),
        (
            CREATE,
            with(creation(), "time_expire", "20190101000000"),
            "PARAM_ERROR",
        ),
    ];
    for (path, fields, code) in cases {
        assert_eq!(table.v2_refusal(path, &fields), code, "{path} {fields:?}");
    }
}

/// What a communication failure says, after making sure that it is one and not signed.
fn failure(table: &mut Table, request: &Request<Bytes>) -> String {
    let fields = xml::read(table.handle(request).body()).unwrap();
    assert_eq!(fields["return_code"], "FAIL");
    assert_eq!(fields.len(), 2, "{fields:?}");
    fields["return_msg"].clone()
}

fn post(body: impl Into<Bytes>) -> Request<Bytes> {
    Request::post(QUERY).body(body.into()).unwrap()
}

#[test]
fn communication_failures_are_not_signed() {
    let mut table = Table::merchant();
    let key = ApiV2Key::new(table.merchant.api_v2_key()).unwrap();
    let mut fields: Fields = basics()
        .iter()
        .map(|(name, text)| ((*name).into(), (*text).into()))
        .collect();
    fields.insert("nonce_str".into(), "a".into());
    let signed = |fields: &Fields, algorithm| {
        let mut fields = fields.clone();
        fields.insert("sign".into(), sign(&fields, algorithm, &key).unwrap());
        xml::write(&fields).unwrap()
    };
    let right = signed(&fields, Algorithm::HmacSha256);
    assert!(
        xml::read(table.handle(&post(right.clone())).body())
            .unwrap()
            .contains_key("sign")
    );
    assert_eq!(failure(&mut table, &post(right.replace("V1", "V2"))), "签名错误");
    assert_eq!(
        failure(&mut table, &post(signed(&fields, Algorithm::Md5))),
        "签名错误"
    );
    assert!(failure(&mut table, &post("<xml><a>")).starts_with("XML格式错误"));
    assert!(failure(&mut table, &post("<!DOCTYPE a><xml/>")).starts_with("XML格式错误"));
    assert!(failure(&mut table, &post("")).contains("POST_DATA_EMPTY"));
    assert!(failure(&mut table, &post("<xml/>")).starts_with("缺少参数"));
    assert!(
        failure(&mut table, &Request::get(QUERY).body(Bytes::new()).unwrap()).contains("REQUIRE_POST_METHOD")
    );
    fields.insert("combine_mch_id".into(), "1999999999".into());
    assert!(failure(&mut table, &post(signed(&fields, Algorithm::HmacSha256))).starts_with("商户号不存在"));
    fields.insert("sign_type".into(), "MD5".into());
    assert!(failure(&mut table, &post(signed(&fields, Algorithm::Md5))).starts_with("签名类型错误"));
    let unknown = Request::post("/pay/unifiedorders").body(Bytes::new()).unwrap();
    assert!(failure(&mut table, &unknown).contains("simulator"));
}

#[test]
fn faults_spoil_answers() {
    use wxpay_proto::{Error, Outcome, VerifyError};

    let mut table = Table::merchant();
    table.v2(CREATE, &creation()).unwrap();
    for fault in [Fault::TamperBody, Fault::WrongSignature] {
        table.platform.fail_next(fault);
        let error = table.v2(QUERY, &basics()).unwrap_err();
        assert!(
            matches!(
                &error,
                Error::Unverified {
                    source: VerifyError::Mismatch { .. },
                    ..
                }
            ),
            "{error}"
        );
    }
    table.platform.fail_next(Fault::Probe);
    let error = table.v2(QUERY, &basics()).unwrap_err();
    assert!(
        matches!(
            &error,
            Error::Unverified {
                source: VerifyError::NotDecodable { .. },
                ..
            }
        ),
        "{error}"
    );
    table.platform.fail_next(Fault::OtherOrder);
    assert_eq!(table.v2(QUERY, &basics()).unwrap()["combine_out_trade_no"], "V0");
    table.wait(60);
    let list = r#"[{"mchid":"1900007291","out_trade_no":"1"},{"mchid":"1900007291","out_trade_no":"2"}]"#;
    let close = with(basics(), "sub_order_list", list);
    table.platform.fail_next(Fault::ServerErrorBefore);
    assert_eq!(table.v2(CLOSE, &close).unwrap_err().outcome(), Outcome::Unknown);
    assert_eq!(table.v2(QUERY, &basics()).unwrap()["trade_state"], "NOTPAY");
    table.platform.fail_next(Fault::ServerErrorAfter);
    assert_eq!(table.v2_refusal(CLOSE, &close), "SYSTEMERROR");
    assert_eq!(table.v2(QUERY, &basics()).unwrap()["trade_state"], "CLOSED");
}
