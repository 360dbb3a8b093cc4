//! The table of operations, looked at as a user does.

#![expect(clippy::unwrap_used, reason = "a command that cannot be run is a failed test")]

use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn wxpay(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_wxpay"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = wxpay(arguments);
    assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_search_finds_chinese_names_in_every_protocol() {
    let found = text(&["operations", "--search", "合单"]);
    for name in [
        "v3.combine-transactions.native_prepay",
        "v2.combine.close_combined_order",
    ] {
        let line = found.lines().find(|line| line.starts_with(name)).unwrap();
        assert!(line.contains("合单") && line.contains("[money"), "{line}");
    }
    assert!(
        found
            .lines()
            .all(|line| line.contains("合单") || line.contains("combine"))
    );
    let closed = "POST /pay/closecombinedorder  合单关单  [money; deprecated; closed 2021-09-01]";
    assert!(found.contains(closed), "{found}");
}

#[test]
fn a_search_is_of_words_in_any_case_and_hyphens_do_not_matter() {
    let found = text(&["operations", "--search", "v3.COMBINE_transactions close 合单"]);
    let names: Vec<_> = found
        .lines()
        .map(|line| line.split(' ').next().unwrap())
        .collect();
    assert_eq!(names, ["v3.combine-transactions.close"]);
    let nothing = wxpay(&["operations", "--search", "no such thing at all"]);
    assert_eq!(nothing.status.code(), Some(0));
    assert!(nothing.stdout.is_empty());
}

#[test]
fn machines_read_one_operation_a_line() {
    let found = text(&["operations", "--search", "合单", "--json"]);
    let operations: Vec<Value> = serde_json::from_str(&found).unwrap();
    assert_eq!(found.lines().count(), operations.len() + 2);
    let close = operations
        .iter()
        .find(|operation| operation["name"] == "v3.combine-transactions.close")
        .unwrap();
    assert_eq!(close["method"], "POST");
    assert_eq!(close["effect"], "money");
    assert_eq!(
        close["path"],
        "/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close"
    );
    let all: Vec<Value> = serde_json::from_str(&text(&["operations", "--json"])).unwrap();
    assert!(all.len() > operations.len());
    assert_eq!(
        text(&["operations", "--json", "--search", "no such thing at all"]),
        "[]\n"
    );
}

#[test]
fn one_operation_is_shown_with_its_fields() {
    for command in ["operation", "operations"] {
        let page = text(&[command, "v3.combine_transactions.close"]);
        for part in [
            "POST https://api.mch.weixin.qq.com/v3/combine-transactions/out-trade-no/",
            "  combine_out_trade_no (path): 合单商户订单号; text; required",
            "  sub_orders (body): ",
            "    mchid: ",
            "official pages:\n  https://pay.weixin.qq.com/",
        ] {
            assert!(page.contains(part), "{part} is not in {page}");
        }
    }
    let page: Value = serde_json::from_str(&text(&[
        "operation",
        "v3.combine-transactions.native_prepay",
        "--json",
    ]))
    .unwrap();
    let field = |name: &str| {
        let fields = page["request"].as_array().unwrap();
        fields.iter().find(|field| field["name"] == name).unwrap().clone()
    };
    assert_eq!(field("combine_appid")["required"], true);
    assert_eq!(field("combine_appid")["place"], "body");
    assert!(field("sub_orders")["limits"]["max_items"].is_u64());
    assert!(field("sub_orders")["fields"].is_array());
}

#[test]
fn an_unknown_operation_is_answered_with_similar_names() {
    let output = wxpay(&["operation", "v3.combine.clos"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("there is no operation `v3.combine.clos`"), "{said}");
    assert!(said.contains("v3.combine-transactions.close"), "{said}");
}

#[test]
fn a_reader_that_has_read_enough_is_no_error() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wxpay"));
    let piped = command
        .arg("operations")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut running = piped.spawn().unwrap();
    // More than a pipe holds, so that it is still writing.
    drop(running.stdout.take());
    let output = running.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(141), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
}
