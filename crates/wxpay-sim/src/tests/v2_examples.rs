//! What v2's documented operations take, and how their answers read.

use wxpay_proto::v2::{Fields, xml};
use wxpay_proto::{SignTypeRule, TimeText};

use super::bodies::MERCHANT;
use super::client::{APPID, Table};

/// The fields of an answer whose operation does not sign it.
fn ask(rule: SignTypeRule, path: &str, fields: &[(&str, &str)]) -> Fields {
    let mut table = Table::merchant();
    let request = table.v2_request_by(rule, path, fields);
    let answer = xml::read(table.handle(&request).body()).unwrap();
    assert_eq!(answer["return_code"], "SUCCESS", "{answer:?}");
    answer
}

fn report(more: &[(&str, &str)]) -> Fields {
    let own = [
        ("appid", APPID),
        ("mch_id", MERCHANT),
        ("interface_url", "https://api.mch.weixin.qq.com/pay/unifiedorder"),
        ("user_ip", "8.8.8.8"),
    ];
    ask(SignTypeRule::Md5Only, "/payitil/report", &[&own, more].concat())
}

#[test]
fn a_report_has_the_form_of_code_payments_or_that_of_a_call() {
    let call = [
        ("execute_time_", "1000"),
        ("return_code", "SUCCESS"),
        ("return_msg", "OK"),
        ("result_code", "SUCCESS"),
        ("out_trade_no", "V00001"),
        ("time", "20231115061320"),
    ];
    assert_eq!(report(&call)["result_code"], "SUCCESS");
    let trades = r#"[{"out_trade_no":"V00001","begin_time":"20231115061320","end_time":"20231115061321","state":"OK"}]"#;
    assert_eq!(report(&[("trades", trades)])["result_code"], "SUCCESS");
    let broken = report(&[("trades", r#"[{"out_trade_no":"V00001"}]"#)]);
    assert_eq!(broken["result_code"], "FAIL");
    let late = report(&[("execute_time_", "1 s")]);
    assert!(late["err_code_des"].contains("execute_time_"), "{late:?}");
}

#[test]
fn a_time_without_an_example_or_with_a_words_is_one() {
    let number = [("mch_id", MERCHANT), ("partner_trade_no", "B00001")];
    let answer = ask(SignTypeRule::Md5Only, "/mmpaysptrans/query_bank", &number);
    let time = &answer["create_time"];
    assert_eq!(time, "2023-11-15 06:13:20");
    assert!(TimeText::from(time.as_str()).parse().is_ok(), "{time}");
    let answer = ask(
        SignTypeRule::HmacOnly,
        "/risk/getviolation",
        &[("mch_id", MERCHANT)],
    );
    let records: serde_json::Value = serde_json::from_str(&answer["violation_records"]).unwrap();
    let record = &records["violation_records"][0];
    assert_eq!(record["punish_time"], "2023-11-15 06:13:20", "{records}");
}

#[test]
fn what_has_succeeded_has_no_reason_of_a_failure() {
    let number = [
        ("appid", APPID),
        ("mch_id", MERCHANT),
        ("partner_trade_no", "T00001"),
    ];
    let answer = ask(
        SignTypeRule::Md5Only,
        "/mmpaymkttransfers/gettransferinfo",
        &number,
    );
    assert_eq!(answer["status"], "SUCCESS");
    assert!(!answer.contains_key("reason"), "{answer:?}");
}

#[test]
fn a_short_link_is_a_link() {
    let mut table = Table::merchant();
    let link = "weixin://wxpay/bizpayurl?pr=1";
    let fields = [("appid", APPID), ("mch_id", MERCHANT), ("long_url", link)];
    let answer = table.v2("/tools/shorturl", &fields).unwrap();
    let short = &answer["short_url"];
    assert!(short.starts_with("weixin://wxpay/"), "{short}");
}
