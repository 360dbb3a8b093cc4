use bytes::Bytes;
use http::Request;
use wxpay_proto::ApiV2Key;
use wxpay_proto::v2::{UnverifiedNotification, xml};

use super::bodies::{MERCHANT, native, refund};
use super::client::{APPID, Table};
use crate::{ClientCertificate, OrderRef, Reply, Settings};

const CREATE: &str = "/pay/unifiedorder";
const QUERY: &str = "/pay/orderquery";
const REFUND: &str = "/secapi/pay/refund";
const REFUND_QUERY: &str = "/pay/refundquery";
const NUMBER: (&str, &str) = ("out_trade_no", "V00001");

fn fields(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    let mut fields = vec![("appid", APPID), ("mch_id", MERCHANT)];
    fields.extend(more);
    fields
}

fn creation() -> Vec<(&'static str, &'static str)> {
    fields(&[
        NUMBER,
        ("body", "腾讯充值中心-QQ会员充值"),
        ("total_fee", "100"),
        ("spbill_create_ip", "123.12.12.123"),
        ("notify_url", "https://merchant.example/v2"),
        ("trade_type", "NATIVE"),
        ("attach", "深圳分店"),
    ])
}

fn refunding(number: &'static str, fee: &'static str) -> Vec<(&'static str, &'static str)> {
    fields(&[
        NUMBER,
        ("out_refund_no", number),
        ("total_fee", "100"),
        ("refund_fee", fee),
        ("notify_url", "https://merchant.example/v2-refund"),
    ])
}

#[test]
fn an_order_is_created_paid_told_and_queried_by_v3_as_well() {
    let mut table = Table::merchant();
    let answer = table.v2(CREATE, &creation()).unwrap();
    assert!(answer["code_url"].starts_with("weixin://wxpay/bizpayurl?pr="));
    assert!(answer["prepay_id"].starts_with("wx"));
    let before = table.v2(QUERY, &fields(&[NUMBER])).unwrap();
    assert_eq!(before["trade_state"], "NOTPAY");
    assert!(!before.contains_key("transaction_id"));
    table.pay(&OrderRef::order("V00001")).unwrap();
    let after = table.v2(QUERY, &fields(&[NUMBER])).unwrap();
    assert_eq!(after["trade_state"], "SUCCESS");
    assert_eq!(after["total_fee"], "100");
    assert_eq!(after["time_end"], "20231115061320");
    let v3 = table
        .get("/v3/pay/transactions/out-trade-no/V00001?mchid=1900007291")
        .unwrap();
    assert_eq!(v3["transaction_id"], after["transaction_id"]);
    assert_eq!(v3["attach"], "深圳分店");
    assert_eq!(table.v2_refusal(CREATE, &creation()), "ORDERPAID");

    let delivery = table.platform.poll(table.clocks).remove(0);
    let key = ApiV2Key::new(table.merchant.api_v2_key()).unwrap();
    let received = UnverifiedNotification::receive(delivery.request.body().clone());
    let verified = received.verify(&key, None).unwrap();
    assert!(verified.is_success());
    assert_eq!(
        verified.field("transaction_id"),
        Some(after["transaction_id"].as_str())
    );
    let mut reply = |body: &'static str| {
        let body = Bytes::from_static(body.as_bytes());
        table
            .platform
            .delivered(&delivery.id, &Reply::Answered { status: 200, body }, table.clocks)
    };
    assert!(!reply("<xml><return_code>FAIL</return_code></xml>"));
    assert!(!reply("ok"));
    assert!(reply("<xml><return_code><![CDATA[SUCCESS]]></return_code></xml>"));
}

#[test]
fn what_is_missing_or_wrong_is_named() {
    let mut table = Table::merchant();
    let cases = [
        ("body", "", "LACK_PARAMS"),
        ("total_fee", "x", "PARAM_ERROR"),
        ("total_fee", "0", "PARAM_ERROR"),
        ("trade_type", "JSAPI", "LACK_PARAMS"),
        ("trade_type", "MICROPAY", "PARAM_ERROR"),
        ("notify_url", "merchant.example", "PARAM_ERROR"),
        ("appid", "wx0000000000000000", "APPID_MCHID_NOT_MATCH"),
        ("time_expire", "20190101000000", "PARAM_ERROR"),
    ];
    for (name, value, code) in cases {
        let mut fields = creation();
        fields.retain(|(known, _)| *known != name);
        fields.push((name, value));
        assert_eq!(table.v2_refusal(CREATE, &fields), code, "{name}={value}");
    }
    let unheard = [creation(), vec![("unheard_of", "1")]].concat();
    table.v2(CREATE, &unheard).unwrap();
    assert_eq!(table.v2_refusal(CREATE, &creation()), "INVALID_REQUEST");
    assert_eq!(
        table.v2_refusal(QUERY, &fields(&[("out_trade_no", "V00002")])),
        "ORDERNOTEXIST"
    );
}

#[test]
fn the_query_of_an_order_alone_takes_no_field_that_is_not_documented() {
    let mut table = Table::merchant();
    table.v2(CREATE, &creation()).unwrap();
    let more = |name| fields(&[NUMBER, (name, "123.12.12.123")]);
    let refused = table.v2(QUERY, &more("spbill_create_ip")).unwrap_err();
    let told = refused.to_string();
    assert!(
        told.contains("请求中含有未在API文档中定义的参数 (spbill_create_ip)"),
        "{told}"
    );
    let request = table.v2_request(QUERY, &more("spbill_create_ip"));
    let answer = xml::read(table.handle(&request).body()).unwrap();
    assert_eq!(answer["return_code"], "FAIL");
    assert!(!answer.contains_key("result_code"), "{answer:?}");
    assert_eq!(
        table.v2(QUERY, &fields(&[NUMBER])).unwrap()["trade_state"],
        "NOTPAY"
    );
    table.wait(300);
    table.v2("/pay/closeorder", &more("spbill_create_ip")).unwrap();
}

#[test]
fn an_order_of_either_signature_is_closed_after_five_minutes() {
    let mut table = Table::merchant();
    let mut create = creation();
    create.push(("sign_type", "HMAC-SHA256"));
    table.v2(CREATE, &create).unwrap();
    let close = fields(&[NUMBER]);
    assert_eq!(table.v2_refusal("/pay/closeorder", &close), "INVALID_REQUEST");
    table.wait(300);
    table.v2("/pay/closeorder", &close).unwrap();
    assert_eq!(table.v2_refusal("/pay/closeorder", &close), "ORDERCLOSED");
    assert!(table.pay(&OrderRef::order("V00001")).is_err());
}

#[test]
fn refunds_are_made_told_and_queried_in_v2_and_seen_by_v3() {
    let settings = Settings {
        refund_interval: 0,
        ..Settings::default()
    };
    let mut table = Table::of(settings, |profile| profile.merchant());
    table.v2(CREATE, &creation()).unwrap();
    assert_eq!(
        table.v2_refusal(REFUND, &refunding("R1", "30")),
        "TRADE_STATE_ERROR"
    );
    table.pay(&OrderRef::order("V00001")).unwrap();
    assert_eq!(table.platform.poll(table.clocks).len(), 1);
    let first = table.v2(REFUND, &refunding("R1", "30")).unwrap();
    assert_eq!(first["refund_fee"], "30");
    assert_eq!(
        table.v2(REFUND, &refunding("R1", "30")).unwrap()["refund_id"],
        first["refund_id"]
    );
    assert_eq!(
        table.v2_refusal(REFUND, &refunding("R1", "31")),
        "INVALID_REQUEST"
    );
    assert_eq!(
        table.v2_refusal(REFUND, &refunding("R2", "71")),
        "INVALID_REQUEST"
    );
    let domestic = "/v3/refund/domestic/refunds";
    table.post(domestic, &refund("R3", "V00001", 20, 100)).unwrap();
    table.wait(3);
    let list = table.v2(REFUND_QUERY, &fields(&[NUMBER])).unwrap();
    assert_eq!(list["refund_count"], "2");
    assert_eq!(list["out_refund_no_1"], "R3");
    assert_eq!(list["refund_status_0"], "SUCCESS");
    assert_eq!(list["refund_success_time_0"], "2023-11-15 06:13:23");
    let one = table
        .v2(REFUND_QUERY, &fields(&[("out_refund_no", "R3")]))
        .unwrap();
    assert_eq!(
        (one["refund_count"].as_str(), one["refund_fee_0"].as_str()),
        ("1", "20")
    );
    assert_eq!(
        table.v2_refusal(REFUND_QUERY, &fields(&[("out_refund_no", "R9")])),
        "REFUNDNOTEXIST"
    );
    assert_eq!(table.get(&format!("{domestic}/R1")).unwrap()["status"], "SUCCESS");
    table.platform.set_balance(MERCHANT, 0);
    assert_eq!(table.v2_refusal(REFUND, &refunding("R4", "1")), "NOTENOUGH");

    let deliveries = table.platform.poll(table.clocks);
    let v2 = deliveries
        .iter()
        .find(|delivery| delivery.request.uri().path() == "/v2-refund")
        .unwrap();
    let key = ApiV2Key::new(table.merchant.api_v2_key()).unwrap();
    let received = UnverifiedNotification::receive(v2.request.body().clone());
    let opened = received.open_refund(&key).unwrap();
    assert_eq!(opened.claimed()["refund_status"], "SUCCESS");
    assert_eq!(opened.claimed()["refund_id"], first["refund_id"]);
    assert_eq!(opened.outer()["mch_id"], MERCHANT);
}

#[test]
fn a_code_payment_is_paid_waits_or_is_reversed() {
    let mut table = Table::merchant();
    let pay = |number: &'static str, fee: &'static str, code: &'static str| {
        fields(&[
            ("out_trade_no", number),
            ("body", "image形象店"),
            ("total_fee", fee),
            ("spbill_create_ip", "8.8.8.8"),
            ("auth_code", code),
        ])
    };
    const CODE: &str = "120061098828009406";
    let paid = table.v2("/pay/micropay", &pay("M00001", "100", CODE)).unwrap();
    assert_eq!(paid["trade_type"], "MICROPAY");
    assert_eq!(
        table.v2_refusal("/pay/micropay", &pay("M00002", "100", "1")),
        "AUTH_CODE_INVALID"
    );
    assert_eq!(
        table.v2_refusal("/pay/micropay", &pay("M00003", "100000", CODE)),
        "USERPAYING"
    );
    let third = fields(&[("out_trade_no", "M00003")]);
    assert_eq!(table.v2(QUERY, &third).unwrap()["trade_state"], "USERPAYING");
    let reversed = table.v2("/secapi/pay/reverse", &third).unwrap();
    assert_eq!(reversed["recall"], "N");
    assert_eq!(table.v2(QUERY, &third).unwrap()["trade_state"], "REVOKED");
    table.v2(CREATE, &creation()).unwrap();
    assert_eq!(
        table.v2_refusal("/secapi/pay/reverse", &fields(&[NUMBER])),
        "TRADE_STATE_ERROR"
    );
}

#[test]
fn a_refund_can_ask_for_the_client_certificate() {
    let settings = Settings {
        v2_client_certificate: true,
        ..Settings::default()
    };
    let mut table = Table::of(settings, |profile| profile.merchant());
    table
        .post("/v3/pay/transactions/native", &native("V00001"))
        .unwrap();
    table.pay(&OrderRef::order("V00001")).unwrap();
    let mut request = table.v2_request(REFUND, &refunding("R1", "30"));
    let status = |table: &mut Table, request: &Request<Bytes>| table.handle(request).status().as_u16();
    assert_eq!(status(&mut table, &request), 400);
    request
        .extensions_mut()
        .insert(ClientCertificate::of("1900000109"));
    assert_eq!(status(&mut table, &request), 400);
    request.extensions_mut().insert(ClientCertificate::of(MERCHANT));
    let answer = table.handle(&request);
    assert_eq!(xml::read(answer.body()).unwrap()["result_code"], "SUCCESS");
}
