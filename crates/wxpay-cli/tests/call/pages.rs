//! Addresses for a browser.

use std::collections::BTreeMap;

use wxpay_proto::crypto::{Algorithm, Signer as _};
use wxpay_proto::{ApiV2Key, v2};

use crate::world::{World, merchant};

#[test]
fn a_signed_address_is_printed_and_not_sent() {
    let world = World::new("page", merchant);
    let arguments = [
        "--set",
        "appid=wx1",
        "--set",
        "mch_id=1900007291",
        "--set",
        "request_serial=1000",
        "--set",
        "contract_code=1 2",
        "--set",
        "timestamp=1414488825",
    ];
    let run = world.call("v2.papay.entrust_web", &arguments).ends(0);
    let address = run.out.trim_end();
    let query = address
        .strip_prefix("https://api.mch.weixin.qq.com/papay/entrustweb?")
        .unwrap();
    let mut fields: BTreeMap<&str, String> = query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (name, value.replace("%20", " ")))
        .collect();
    assert_eq!(fields["contract_code"], "1 2");
    let sign = fields.remove("sign").unwrap();
    let message = v2::canonical::message(fields.iter().map(|(name, value)| (*name, value.as_str())));
    let key = ApiV2Key::new(world.simulator.profile().merchant().api_v2_key()).unwrap();
    assert_eq!(
        key.sign(Algorithm::Md5, message.as_bytes()).unwrap().to_hex(),
        sign
    );
    run.says("nothing was sent");
    assert!(world.simulator.log().is_empty(), "it was sent");
}

#[test]
fn an_address_without_a_signature() {
    let world = World::new("page-plain", merchant);
    let arguments = ["--set", "appid=wx1", "--set", "redirect_uri=https://a/?b"];
    let run = world.call("v2.realname.auth_index", &arguments).ends(0);
    assert!(
        run.out
            .starts_with("https://payapp.mch.weixin.qq.com/appauth/authindex?")
            && run.out.contains("redirect_uri=https%3A%2F%2Fa%2F%3Fb")
            && !run.out.contains("sign="),
        "{}",
        run.out
    );
}
