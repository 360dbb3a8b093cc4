use bytes::Bytes;
use http::{Request, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::{Fields, sign, xml};
use wxpay_proto::{ApiV2Key, Error, SignTypeRule};

use super::bodies::MERCHANT;
use super::client::{APPID, Table, refused};
use crate::{ContractError, ContractRef, OrderRef, Platform, Profile, RefundOutcome, RefundRef, Settings};

/// What every offer of v2 has.
fn offer(code: &str) -> Vec<(&str, &str)> {
    vec![
        ("appid", APPID),
        ("mch_id", MERCHANT),
        ("plan_id", "12535"),
        ("contract_code", code),
        ("request_serial", "1000"),
        ("contract_display_account", "微信代扣"),
        ("notify_url", "https://merchant.example/contract"),
        ("version", "1.0"),
        ("timestamp", "1414488825"),
    ]
}

/// What every deduction of v2 has.
pub(super) fn charge<'a>(number: &'a str, contract_id: &'a str, total: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("appid", APPID),
        ("mch_id", MERCHANT),
        ("body", "水电代扣"),
        ("out_trade_no", number),
        ("total_fee", total),
        ("spbill_create_ip", "8.8.8.8"),
        ("notify_url", "https://merchant.example/charged"),
        ("trade_type", "PAP"),
        ("contract_id", contract_id),
    ]
}

impl Table {
    /// A page of v2's, as a link leads to it.
    fn page(&mut self, path: &str, fields: &[(&str, &str)], algorithm: Algorithm) -> Response<Bytes> {
        let key = ApiV2Key::new(self.merchant.api_v2_key()).unwrap();
        let fields: Fields = fields
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        let made = sign(&fields, algorithm, &key).unwrap();
        let pairs = fields.iter().map(|(name, text)| {
            let text = utf8_percent_encode(text, NON_ALPHANUMERIC);
            format!("{name}={text}&")
        });
        let target = format!("{path}?{}sign={made}", pairs.collect::<String>());
        let request = Request::get(target).body(Bytes::new()).unwrap();
        self.handle(&request)
    }

    /// A contract of v2, signed. Gives its id.
    fn contract(&mut self, code: &str) -> String {
        assert_eq!(
            self.page("/papay/entrustweb", &offer(code), Algorithm::Md5)
                .status(),
            200
        );
        self.signs(code)
    }

    pub(super) fn signs(&mut self, code: &str) -> String {
        self.platform
            .sign_contract(&ContractRef::new(code), None, self.clocks)
            .unwrap()
    }

    fn query_contract(&mut self, id: &str) -> Result<Fields, String> {
        let fields = [
            ("appid", APPID),
            ("mch_id", MERCHANT),
            ("contract_id", id),
            ("version", "1.0"),
        ];
        self.md5("/papay/querycontract", &fields)
            .map_err(|error| refused(error).code.clone().unwrap())
    }

    fn charged(&mut self, number: &str) -> String {
        let fields = [("appid", APPID), ("mch_id", MERCHANT), ("out_trade_no", number)];
        self.md5("/pay/paporderquery", &fields).unwrap()["trade_state"].clone()
    }

    pub(super) fn md5(&mut self, path: &str, fields: &[(&str, &str)]) -> Result<Fields, Error> {
        self.v2_by(SignTypeRule::Md5Only, path, fields)
    }

    fn md5_refusal(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let error = refused(self.md5(path, fields).unwrap_err());
        assert!(error.authentic, "{error}");
        error.code.clone().unwrap()
    }

    /// What was told about something, oldest first.
    pub(super) fn about(&self, what: &str) -> Vec<Value> {
        let told = self.platform.notifications();
        let told = told.iter().filter(|told| told.about == what);
        told.map(|told| serde_json::from_str(&told.resource).unwrap())
            .collect()
    }
}

#[test]
fn a_contract_is_offered_signed_queried_and_ended() {
    let mut table = Table::merchant();
    let page = table.page("/papay/entrustweb", &offer("C1"), Algorithm::Md5);
    assert_eq!(page.status(), 200);
    assert!(!page.headers().contains_key("wxpay-sim-documented"));
    let contracts = table.platform.contracts();
    assert_eq!(
        (contracts[0].state, contracts[0].code.as_str()),
        ("OFFERED", "C1")
    );
    let id = contracts[0].contract_id.clone();
    assert_eq!(table.query_contract(&id).unwrap_err(), "CONTRACT_NOT_EXIST");
    assert_eq!(table.signs("C1"), id);
    let told = table.about("contract 1900007291/12535/C1");
    assert_eq!(told[0]["change_type"], "ADD");
    assert_eq!(told[0]["contract_id"], json!(id));
    assert_eq!(told[0]["request_serial"], "1000");
    let known = table.query_contract(&id).unwrap();
    assert_eq!(
        (known["contract_state"].as_str(), known["contract_code"].as_str()),
        ("0", "C1")
    );
    assert_eq!(known["contract_signed_time"], "2023-11-15 06:13:20");
    let by_code = [
        ("appid", APPID),
        ("mch_id", MERCHANT),
        ("plan_id", "12535"),
        ("contract_code", "C1"),
        ("version", "1.0"),
    ];
    let same = table.md5("/papay/querycontract", &by_code).unwrap();
    assert_eq!(same["contract_id"], id);
    let mut ended = by_code.to_vec();
    ended.push(("contract_termination_remark", "签约信息有误"));
    table.wait(1);
    for _ in 0..2 {
        let answer = table.md5("/papay/deletecontract", &ended).unwrap();
        assert_eq!(answer["contract_id"], id);
    }
    let _ = table.platform.poll(table.clocks);
    let told = table.about("contract 1900007291/12535/C1");
    assert_eq!(told.len(), 2, "a repetition tells nothing");
    assert_eq!(
        (&told[1]["change_type"], &told[1]["contract_termination_mode"]),
        (&json!("DELETE"), &json!("3"))
    );
    let known = table.query_contract(&id).unwrap();
    assert_eq!(known["contract_state"], "1");
    assert_eq!(known["contract_termination_remark"], "签约信息有误");
}

#[test]
fn contracts_are_offered_by_links_and_ahead_of_apps() {
    let mut table = Table::merchant();
    let mut h5 = offer("C1");
    h5.extend([("clientip", "119.145.83.6"), ("sign_type", "HMAC-SHA256")]);
    let answer = table.page("/papay/h5entrustweb", &h5, Algorithm::HmacSha256);
    let answer = xml::read(answer.body()).unwrap();
    assert!(answer["redirect_url"].starts_with("https://payapp.weixin.qq.com/"));
    let app = table.md5("/papay/preentrustweb", &offer("C2")).unwrap();
    let pre = ContractRef::new(app["pre_entrustweb_id"].as_str());
    table
        .platform
        .sign_contract(&pre, Some("oHandle"), table.clocks)
        .unwrap();
    let signed = &table.platform.contracts()[1];
    assert_eq!((signed.state, signed.openid.as_str()), ("SIGNED", "oHandle"));
    assert_eq!(
        table.md5_refusal("/papay/preentrustweb", &offer("C2")),
        "CONTRACT_EXISTED"
    );
    let mut other = offer("C1");
    other[5] = ("contract_display_account", "别人");
    assert_eq!(
        table.md5_refusal("/papay/preentrustweb", &other),
        "INVALID_REQUEST"
    );
    table.platform.terminate_contract(&pre, table.clocks).unwrap();
    assert_eq!(
        table.md5_refusal("/papay/preentrustweb", &offer("C2")),
        "CONTRACT_CODE_USED"
    );
    let forged = table.page("/papay/entrustweb", &offer("C3"), Algorithm::HmacSha256);
    assert_eq!(
        xml::read(forged.body()).unwrap()["return_code"],
        "FAIL",
        "MD5 signs this one"
    );
    assert_eq!(table.platform.contracts().len(), 2);
    let over = ContractError::Over {
        number: pre.number.clone(),
    };
    assert_eq!(table.platform.sign_contract(&pre, None, table.clocks), Err(over));
    let nobodys = ContractRef::new("C1").offered_by("1900000001");
    assert!(matches!(
        table.platform.terminate_contract(&nobodys, table.clocks),
        Err(ContractError::Unknown { .. })
    ));
}

#[test]
fn a_deduction_is_accepted_made_told_and_refunded() {
    let mut table = Table::merchant();
    let id = table.contract("C1");
    let fields = charge("D00001", &id, "888");
    table.md5("/pay/pappayapply", &fields).unwrap();
    assert_eq!(table.charged("D00001"), "NOTPAY");
    table.md5("/pay/pappayapply", &fields).unwrap();
    assert_eq!(
        table.md5_refusal("/pay/pappayapply", &charge("D00001", &id, "889")),
        "INVALID_REQUEST"
    );
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 0);
    table.wait(3);
    assert_eq!(table.charged("D00001"), "SUCCESS");
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 888);
    assert_eq!(table.md5_refusal("/pay/pappayapply", &fields), "ORDERPAID");
    let told = table.about("order 1900007291/D00001");
    assert_eq!(told.len(), 1);
    assert_eq!(
        (
            &told[0]["trade_state"],
            &told[0]["contract_id"],
            &told[0]["total_fee"]
        ),
        (&json!("SUCCESS"), &json!(id), &json!("888"))
    );
    let refund = super::bodies::refund("R1", "D00001", 800, 888);
    table.post("/v3/refund/domestic/refunds", &refund).unwrap();
    table
        .platform
        .settle_refund(&RefundRef::new("R1"), RefundOutcome::Success, table.clocks)
        .unwrap();
    assert_eq!(table.charged("D00001"), "REFUND");
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 88);
}

#[test]
fn a_deduction_fails_without_money_or_contract() {
    let mut table = Table::merchant();
    let id = table.contract("C1");
    let named = ContractRef::new(id.as_str());
    table.platform.break_contract(&named, true).unwrap();
    table
        .md5("/pay/pappayapply", &charge("D00001", &id, "888"))
        .unwrap();
    table.wait(3);
    assert_eq!(table.charged("D00001"), "PAYERROR");
    let told = table.about("order 1900007291/D00001");
    assert_eq!(
        (&told[0]["result_code"], &told[0]["err_code"]),
        (&json!("FAIL"), &json!("NOTENOUGH"))
    );
    table.platform.break_contract(&named, false).unwrap();
    table
        .md5("/pay/pappayapply", &charge("D00002", &id, "888"))
        .unwrap();
    table.platform.terminate_contract(&named, table.clocks).unwrap();
    table.wait(3);
    assert_eq!(
        table.charged("D00002"),
        "PAYERROR",
        "the contract has ended meanwhile"
    );
    assert_eq!(
        table.md5_refusal("/pay/pappayapply", &charge("D00003", &id, "888")),
        "CONTRACT_NOT_EXIST"
    );
    assert_eq!(table.platform.balance(MERCHANT, "CNY"), 0);
}

#[test]
fn a_payment_signs_the_contract_that_came_with_its_order() {
    let mut table = Table::merchant();
    let fields = [
        ("appid", APPID),
        ("mch_id", MERCHANT),
        ("contract_mchid", MERCHANT),
        ("contract_appid", APPID),
        ("out_trade_no", "A00001"),
        ("body", "会员"),
        ("notify_url", "https://merchant.example/paid"),
        ("total_fee", "100"),
        ("spbill_create_ip", "8.8.8.8"),
        ("trade_type", "NATIVE"),
        ("plan_id", "12535"),
        ("contract_code", "C1"),
        ("request_serial", "1695"),
        ("contract_display_account", "微信代扣"),
        ("contract_notify_url", "https://merchant.example/contract"),
    ];
    let answer = table.md5("/pay/contractorder", &fields).unwrap();
    assert_eq!(answer["contract_result_code"], "SUCCESS");
    assert!(answer["code_url"].starts_with("weixin://"));
    assert_eq!(table.platform.contracts()[0].state, "OFFERED");
    table.pay(&OrderRef::order("A00001")).unwrap();
    assert_eq!(table.platform.contracts()[0].state, "SIGNED");
    assert_eq!(
        table.platform.poll(table.clocks).len(),
        2,
        "the payment and the contract"
    );
    let mut again = fields;
    again[4].1 = "A00002";
    let answer = table.md5("/pay/contractorder", &again).unwrap();
    assert_eq!(answer["contract_result_code"], "FAIL");
    assert_eq!(answer["contract_err_code"], "CONTRACT_EXISTED");
    assert!(answer["code_url"].starts_with("weixin://"));
}

#[test]
fn contracts_and_deductions_survive_a_restart() {
    let mut table = Table::merchant();
    let id = table.contract("C1");
    table
        .md5("/pay/pappayapply", &charge("D00001", &id, "888"))
        .unwrap();
    let contracts = table.platform.contracts();
    let changes = table.platform.take_changes();
    table.platform = Platform::restore(Profile::test(), Settings::default(), changes).unwrap();
    assert_eq!(table.platform.contracts(), contracts);
    table.wait(3);
    assert_eq!(table.charged("D00001"), "SUCCESS");
}
