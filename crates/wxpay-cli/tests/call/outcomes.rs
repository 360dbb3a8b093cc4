//! How calls end that do not succeed, and what is said about it.

use serde_json::json;
use wxpay_sim::Fault;

use crate::world::{CLOSE, QUERY, World, close_of, partner, sets};

#[test]
fn a_refusal_ends_with_1_and_is_told_in_full() {
    let world = World::new("refusal", partner);
    let run = world
        .call(QUERY, &["--set", "combine_out_trade_no=NOBODYS"])
        .ends(1);
    assert_eq!(run.out, "");
    let run = run
        .says("query_by_out_trade_no: refused")
        .says("status: 404, signed");
    run.says("code: ").says("Request-ID: ");
}

#[test]
fn what_cannot_be_sent_ends_with_2_and_is_named() {
    let world = World::new("not-sent", partner);
    let values = close_of("X");
    let without_number = sets(&values[1..]);
    for (name, arguments, said) in [
        (CLOSE, without_number, "path parameter `combine_out_trade_no`"),
        (CLOSE, vec!["--set", "sub_orders.0.mchid"], "wanted is name=value"),
        (
            CLOSE,
            vec!["--json", "no-such-file.json"],
            "--json no-such-file.json",
        ),
        ("v3.nothing", vec![], "there is no operation `v3.nothing`"),
        ("v3.bill.download", vec!["--set", "token=a"], "--digest"),
    ] {
        world.call(name, &arguments).ends(2).says(said);
    }
    assert!(world.simulator.log().is_empty(), "something was sent");
}

#[test]
fn an_unclear_answer_ends_with_3_and_names_the_query() {
    let world = World::new("unknown", partner);
    world.create("CALL0004").ends(0);
    for fault in [Fault::ServerErrorAfter, Fault::TamperBody] {
        world.simulator.fail_next(fault);
        let run = world.call(CLOSE, &sets(&close_of("CALL0004"))).ends(3);
        assert_eq!(run.out, "");
        run.says("it may have been executed")
            .says(
                "Query, never repeat blindly: wxpay call v3.combine-transactions.query_by_out_trade_no \
                 --set combine_out_trade_no=CALL0004\n",
            )
            .says("settled when the answer says one of SUCCESS")
            .says("Request-ID: ");
    }
    world.simulator.fail_next(Fault::OtherOrder);
    let run = world
        .call(QUERY, &["--set", "combine_out_trade_no=CALL0004"])
        .ends(3);
    run.says("authentic answer about").says("It only reads");
}

#[test]
fn money_at_wechat_pay_itself_asks_for_yes() {
    let world = World::new("real", partner);
    let mut profile = world.profile();
    profile.as_object_mut().unwrap().remove("base_url");
    world.write("profile.json", &profile);
    let run = world.call(CLOSE, &sets(&close_of("CALL0005"))).ends(2);
    run.says("--yes").says("--dry-run");
}

#[test]
fn a_profile_says_what_is_wrong_with_it() {
    let world = World::new("profile", partner);
    let account = world.simulator.profile().partner();
    let (key, pem) = (account.api_v2_key(), account.private_key_pem());
    for (entry, value, said) in [
        ("private_key", json!("keys/pub_key.pem"), "`private_key`: "),
        (
            "certificate",
            json!("keys/platform_cert.pem"),
            "the API certificate of merchant 1900000109",
        ),
        ("certificate", json!("keys/none.pem"), "`certificate`: "),
        ("merchant", json!("nobody"), "`merchant`: "),
        (
            "api_v2_key",
            json!({ "env": "WXPAY_NO_SUCH_VARIABLE" }),
            "the one named is not set",
        ),
        ("api_v2_key", json!(key), "never stands in the profile itself"),
        (
            "api_v2_key",
            json!({ "key": key }),
            "never stands in the profile itself",
        ),
        ("api_v2_key", json!({ "file": key }), "`api_v2_key.file`: "),
        ("api_v2_key", json!({ "env": key }), "`api_v2_key.env`: "),
        ("private_key", json!(pem), "this is a file's content"),
        (
            "platform_certificates",
            json!(["keys/apiclient_cert.pem"]),
            "`platform_certificates`: ",
        ),
        ("base_url", json!("http://127.0.0.1"), "`base_url`: "),
        (
            "certificate_serial",
            json!("1111111111111111111111111111111111111111"),
            "the certificate's own is",
        ),
        ("privat_key", json!("x"), "privat_key"),
    ] {
        let mut profile = world.profile();
        profile[entry] = value;
        let path = world.write("wrong.json", &profile);
        world
            .run(&["profile", &path])
            .ends(2)
            .says(said)
            .says("wrong.json");
    }
    let path = world.write("right.json", &world.profile());
    let run = world.run(&["profile", &path]).ends(0);
    assert!(
        run.out
            .contains("merchant: 1900000109, signing with the key of certificate "),
        "{}",
        run.out
    );
    let example = world.run(&["profile", "--example"]).ends(0);
    assert!(example.json()["private_key"].is_string());
}
