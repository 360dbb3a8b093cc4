use http::{Method, StatusCode};
use serde_json::{Value, json};
use wxpay_proto::SignTypeRule;
use wxpay_proto::bill::{BillReader, FundFlow, Trade};
use wxpay_proto::crypto::FileDigest;
use wxpay_proto::file::{FileKey, SealedFile, unpack};

use super::bodies::{MERCHANT, PARTNER, SUB_MERCHANT, native, partner_jsapi, refund};
use super::client::{APPID, Table};
use crate::{OrderRef, Payer, Settings, TransferOutcome, TransferRef};

const TRADE: &str = "/v3/bill/tradebill";
const FLOW: &str = "/v3/bill/fundflowbill";
/// Far more than a bill here has, in bytes.
const LIMIT: u64 = 1 << 20;
/// The day of the tests, and a moment at which its bills are there: the tests begin at 06:13:20 Beijing time.
const DAY: &str = "bill_date=2023-11-15";
const MORNING: i64 = 86_400 + 3 * 3600;

impl Table {
    /// Asks for a bill, downloads it, and holds it against its digest.
    fn bill(&mut self, target: &str) -> Vec<u8> {
        let asked = self.get(target).unwrap();
        let url = asked["download_url"].as_str().unwrap().to_owned();
        let content = self.download(&url).unwrap();
        let text = if content.starts_with(b"\x1f\x8b") {
            unpack(&content, LIMIT).unwrap()
        } else {
            content
        };
        let digest = FileDigest::new(
            asked["hash_type"].as_str().unwrap(),
            asked["hash_value"].as_str().unwrap(),
        );
        digest.unwrap().check(&text).unwrap();
        text
    }

    fn download(&mut self, url: &str) -> Result<Vec<u8>, StatusCode> {
        let target = url.strip_prefix("https://api.mch.weixin.qq.com").unwrap();
        let request = self.request(Method::GET, target, &Value::Null);
        let response = self.handle(&request);
        if response.status() != 200 {
            return Err(response.status());
        }
        assert!(!response.headers().contains_key("wechatpay-signature"));
        Ok(response.body().to_vec())
    }

    fn no_bill(&mut self, target: &str) {
        let refusal = self.refusal(Method::GET, target, &Value::Null);
        assert_eq!(
            (refusal.0, refusal.1.as_str()),
            (400, "NO_STATEMENT_EXIST"),
            "{target}"
        );
    }
}

fn trades(bill: &[u8]) -> Vec<Trade> {
    let mut reader = BillReader::new();
    reader.push(bill);
    let mut trades = Vec::new();
    while let Some(row) = reader.next_row() {
        trades.push(Trade::from_row(&row.unwrap()).unwrap());
    }
    let end = reader.finish().unwrap();
    let summary = end.summary().unwrap();
    assert_eq!(summary.count(), Some(trades.len() as u64));
    let total: i64 = trades.iter().filter_map(|trade| trade.order_amount).sum();
    assert_eq!(summary.row().fen("订单总金额").unwrap(), Some(total));
    trades
}

fn flows(bill: &[u8]) -> Vec<FundFlow> {
    let mut reader = BillReader::new();
    reader.push(bill);
    let mut flows = Vec::new();
    while let Some(row) = reader.next_row() {
        flows.push(FundFlow::from_row(&row.unwrap()).unwrap());
    }
    assert_eq!(
        reader.finish().unwrap().summary().unwrap().count(),
        Some(flows.len() as u64)
    );
    flows
}

/// A merchant's day: A00001 of 100 fen paid, 30 of it refunded; A00002 paid with a coupon; A00003 not paid.
fn day() -> Table {
    let mut table = Table::of(Settings::default(), |profile| profile.merchant());
    for number in ["A00001", "A00002", "A00003"] {
        let mut body = native(number);
        body["description"] = json!("一,`二\n三");
        table.post("/v3/pay/transactions/native", &body).unwrap();
    }
    table.pay(&OrderRef::order("A00001")).unwrap();
    let payer = Payer::default().coupon(10);
    let order = OrderRef::order("A00002");
    table.platform.pay_as(&order, &payer, table.clocks).unwrap();
    table.wait(60);
    let body = refund("R1", "A00001", 30, 100);
    table.post("/v3/refund/domestic/refunds", &body).unwrap();
    table
}

#[test]
fn a_trade_bill_has_the_payments_and_refunds_of_its_day() {
    let mut table = day();
    let all = format!("{TRADE}?{DAY}");
    table.no_bill(&all);
    table.wait(MORNING);
    let rows = trades(&table.bill(&all));
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.out_trade_no.as_deref().unwrap(),
                row.trade_state.as_deref().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [("A00001", "SUCCESS"), ("A00002", "SUCCESS"), ("A00001", "REFUND")]
    );
    assert_eq!(
        (
            rows[1].order_amount,
            rows[1].settlement_amount,
            rows[1].coupon_amount
        ),
        (Some(100), Some(90), Some(10))
    );
    assert_eq!(
        (
            rows[2].refund_amount,
            rows[2].refund_requested,
            rows[2].order_amount
        ),
        (Some(30), Some(30), Some(0))
    );
    assert_eq!(rows[2].out_refund_no.as_deref(), Some("R1"));
    assert_eq!(rows[2].refund_status.as_deref(), Some("SUCCESS"));
    assert_eq!(rows[0].description.as_deref(), Some("一, `二 三"));
    assert_eq!(
        rows[0].trade_time.as_ref().unwrap().as_str(),
        "2023-11-15 06:13:20"
    );
    assert_eq!(trades(&table.bill(&format!("{all}&bill_type=ALL"))), rows);
    assert_eq!(trades(&table.bill(&format!("{all}&tar_type=GZIP"))), rows);
    assert_eq!(trades(&table.bill(&format!("{all}&bill_type=SUCCESS"))).len(), 2);
    let refunds = trades(&table.bill(&format!("{all}&bill_type=REFUND")));
    assert_eq!(refunds.len(), 1);
    let time = refunds[0].refund_success_time.as_ref().unwrap();
    assert_eq!(time.as_str(), "2023-11-15 06:14:23");
    table.no_bill(&format!("{all}&bill_type=RECHARGE_REFUND"));
    table.no_bill(&format!("{TRADE}?bill_date=2023-11-14"));
    table.no_bill(&format!("{TRADE}?bill_date=2023-11-16"));
    for wrong in [
        "?bill_date=20231115",
        "?bill_date=2023-13-01",
        "",
        "?bill_date=2023-11-15&tar_type=ZIP",
        "?bill_date=2023-11-15&bill_type=X",
    ] {
        let refusal = table.refusal(Method::GET, &format!("{TRADE}{wrong}"), &Value::Null);
        assert_eq!(refusal.1, "PARAM_ERROR", "{wrong}");
    }
    let undocumented = format!("{TRADE}?bill_date=2023-11-15&x=1");
    let refusal = table.refusal(Method::GET, &undocumented, &Value::Null);
    assert_eq!(refusal.1, "INVALID_REQUEST");
    table.wait(93 * 86_400);
    table.no_bill(&all);
}

#[test]
fn a_link_lives_five_minutes_and_is_its_merchants_alone() {
    let mut table = day();
    table.wait(MORNING);
    let asked = table.get(&format!("{TRADE}?{DAY}")).unwrap();
    let url = asked["download_url"].as_str().unwrap();
    let target = url.strip_prefix("https://api.mch.weixin.qq.com").unwrap();
    let mut unsigned = table.request(Method::GET, target, &Value::Null);
    unsigned.headers_mut().remove("authorization");
    assert_eq!(table.handle(&unsigned).status(), 401);
    let merchant = table.merchant.clone();
    table.merchant = table.platform.profile().partner().clone();
    assert_eq!(table.download(url), Err(StatusCode::BAD_REQUEST));
    table.merchant = merchant;
    table.wait(299);
    table.download(url).unwrap();
    table.download(url).unwrap();
    table.wait(1);
    assert_eq!(table.download(url), Err(StatusCode::BAD_REQUEST));
}

#[test]
fn a_fund_flow_bill_tells_what_came_and_left_and_what_is_left() {
    let mut table = day();
    let transfer = |number: &str| {
        json!({
            "appid": APPID,
            "out_bill_no": number,
            "transfer_scene_id": "1000",
            "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
            "transfer_amount": 20,
            "transfer_remark": "报销",
            "transfer_scene_report_infos": [{ "info_type": "活动名称", "info_content": "注册会员有礼" }],
        })
    };
    for number in ["T1", "T2"] {
        table
            .post("/v3/fund-app/mch-transfer/transfer-bills", &transfer(number))
            .unwrap();
        table.wait(1);
    }
    let settled =
        table
            .platform
            .settle_transfer(&TransferRef::new("T1"), &TransferOutcome::Expired, table.clocks);
    settled.unwrap();
    table.wait(MORNING);
    let rows = flows(&table.bill(&format!("{FLOW}?{DAY}")));
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row.voucher_no.as_deref().unwrap(),
                row.direction.as_deref().unwrap(),
                row.amount.unwrap(),
                row.balance.unwrap(),
            )
        })
        .collect();
    let (came, left) = ("收入", "支出");
    let expected = [
        ("A00001", came, 100, 100),
        ("A00002", came, 90, 190),
        ("R1", left, 30, 160),
        ("T1", left, 20, 140),
        ("T2", left, 20, 120),
        ("T1", came, 20, 140),
    ];
    assert_eq!(told, expected);
    assert_eq!(
        table.bill(&format!("{FLOW}?{DAY}&account_type=BASIC&tar_type=GZIP")),
        table.bill(&format!("{FLOW}?{DAY}"))
    );
    table.no_bill(&format!("{FLOW}?{DAY}&account_type=FEES"));
    table.wait(86_400);
    let rows = flows(&table.bill(&format!("{FLOW}?bill_date=2023-11-16")));
    assert_eq!(rows.len(), 1, "T2 was not confirmed within a day");
    assert_eq!(rows[0].balance, Some(table.platform.balance(MERCHANT, "CNY")));
}

#[test]
fn a_partners_bill_names_its_sub_merchants() {
    let mut table = Table::partner();
    table
        .post("/v3/pay/partner/transactions/jsapi", &partner_jsapi("A00001"))
        .unwrap();
    table.pay(&OrderRef::order("A00001")).unwrap();
    table.wait(MORNING);
    let rows = trades(&table.bill(&format!("{TRADE}?{DAY}")));
    assert_eq!(
        (rows[0].mchid.as_deref(), rows[0].sub_mchid.as_deref()),
        (Some(PARTNER), Some(SUB_MERCHANT))
    );
    assert_eq!(
        trades(&table.bill(&format!("{TRADE}?{DAY}&sub_mchid={SUB_MERCHANT}"))),
        rows
    );
    table.no_bill(&format!("{TRADE}?{DAY}&sub_mchid=1900000111"));
    let refusal = table.refusal(
        Method::GET,
        &format!("{TRADE}?{DAY}&sub_mchid=1900000999"),
        &Value::Null,
    );
    assert_eq!(refusal.1, "NOAUTH");
    assert_eq!(
        flows(&table.bill(&format!("{FLOW}?{DAY}&sub_mchid={SUB_MERCHANT}"))).len(),
        1
    );
}

#[test]
fn v2_downloads_the_same_fund_flow_bill_signed_with_hmac_alone() {
    let mut table = day();
    table.wait(MORNING);
    let ask = |table: &mut Table, rule, account_type: &str| {
        let fields = [
            ("appid", APPID),
            ("mch_id", MERCHANT),
            ("bill_date", "20231115"),
            ("account_type", account_type),
        ];
        let request = table.v2_request_by(rule, "/pay/downloadfundflow", &fields);
        table.handle(&request).body().to_vec()
    };
    let bill = table.bill(&format!("/v3/bill/fundflowbill?{DAY}"));
    assert_eq!(ask(&mut table, SignTypeRule::HmacOnly, "Basic"), bill);
    for (rule, account_type, problem) in [
        (SignTypeRule::HmacOnly, "Fees", "No Bill Exist"),
        (SignTypeRule::HmacOnly, "BASIC", "PARAM_ERROR"),
        (SignTypeRule::Md5Only, "Basic", "HMAC-SHA256"),
    ] {
        let refused = String::from_utf8(ask(&mut table, rule, account_type)).unwrap();
        assert!(refused.contains(problem), "{refused}");
    }
}

#[test]
fn v2_downloads_the_same_bill_or_says_that_there_is_none() {
    let mut table = day();
    table.wait(MORNING);
    let ask = |table: &mut Table, fields: &[(&str, &str)]| {
        let all = [&[("appid", APPID), ("mch_id", MERCHANT)], fields].concat();
        let request = table.v2_request("/pay/downloadbill", &all);
        let response = table.handle(&request);
        assert_eq!(response.status(), 200);
        response.body().to_vec()
    };
    let bill = table.bill(&format!("{TRADE}?{DAY}"));
    assert_eq!(ask(&mut table, &[("bill_date", "20231115")]), bill);
    let packed = ask(
        &mut table,
        &[
            ("bill_date", "20231115"),
            ("bill_type", "ALL"),
            ("tar_type", "GZIP"),
        ],
    );
    assert_eq!(unpack(&packed, LIMIT).unwrap(), bill);
    let none = ask(&mut table, &[("bill_date", "20231114")]);
    let none = String::from_utf8(none).unwrap();
    assert!(
        none.contains("No Bill Exist") && none.contains("20002") && none.contains("FAIL"),
        "{none}"
    );
    let wrong = ask(&mut table, &[("bill_date", "2023-11-15")]);
    assert!(String::from_utf8(wrong).unwrap().contains("bill_date"));
}

#[test]
fn a_sub_merchants_bill_is_encrypted_for_its_partner() {
    let mut table = Table::partner();
    let order = partner_jsapi("A00001");
    table.post("/v3/pay/partner/transactions/jsapi", &order).unwrap();
    table.pay(&OrderRef::order("A00001")).unwrap();
    table.wait(MORNING);
    let plain = table.bill(&format!("{FLOW}?{DAY}&sub_mchid={SUB_MERCHANT}"));
    let target =
        format!("/v3/bill/sub-merchant-fundflowbill?{DAY}&sub_mchid={SUB_MERCHANT}&account_type=BASIC");
    for (algorithm, packed) in [
        ("AEAD_AES_256_GCM", false),
        ("AEAD_AES_256_GCM", true),
        ("SM4_GCM", false),
    ] {
        let packing = if packed { "&tar_type=GZIP" } else { "" };
        let answer = table
            .get(&format!("{target}&algorithm={algorithm}{packing}"))
            .unwrap();
        assert_eq!(answer["download_bill_count"], 1);
        let bill = &answer["download_bill_list"][0];
        let text = |name: &str| bill[name].as_str().unwrap();
        let file = table.download(text("download_url")).unwrap();
        let key = FileKey::open(text("encrypt_key"), &table.key()).unwrap();
        let mut sealed = SealedFile::new(&key, text("nonce")).unwrap();
        sealed.push(&file);
        let mut opened = Vec::new();
        while let Some(piece) = sealed.next_piece().unwrap() {
            opened.extend_from_slice(piece.claimed());
        }
        let _proof = sealed.finish().unwrap();
        let opened = if packed {
            unpack(&opened, LIMIT).unwrap()
        } else {
            opened
        };
        assert_eq!(opened, plain, "{algorithm}");
        let digest = FileDigest::new(text("hash_type"), text("hash_value")).unwrap();
        digest.check(&opened).unwrap();
    }
    let refusal = table.refusal(Method::GET, &target, &Value::Null);
    assert_eq!(refusal.1, "PARAM_ERROR");
}
