//! `wxpay sign front-end` of what is no order: what comes out is what the core makes of the same members.

use serde_json::{Value, json};
use wxpay_proto::crypto::{Backend, MerchantKey, Signer};
use wxpay_proto::v2::request_payment::{self as of_v2, Contract, Coupon};
use wxpay_proto::v3::request_payment as of_v3;
use wxpay_proto::{ApiV2Key, MerchantId, Nonce, Stamp, UnixTime, UnsignedParameters};

use crate::vectors::key;
use crate::world::{API_V2_KEY, MCHID, World};

const STAMP: [&str; 6] = [
    "--timestamp",
    "1700000000",
    "--nonce",
    "N1",
    "--profile",
    "shop.json",
];

fn signed<T: serde::Serialize>(unsigned: UnsignedParameters<T>, signer: &impl Signer) -> Value {
    serde_json::to_value(unsigned.sign(signer).unwrap()).unwrap()
}

fn arguments<'a>(kind: &'a str, rest: &[&'a str]) -> Vec<&'a str> {
    [&["sign", "front-end", kind], rest, &STAMP].concat()
}

#[test]
fn what_comes_out_is_what_the_core_makes() {
    let world = World::new("sign-front-end-members");
    let v2 = ApiV2Key::new(API_V2_KEY).unwrap();
    let v3 = MerchantKey::from_pem(key("merchant_rsa", "private_pkcs8_pem"), Backend::AwsLc).unwrap();
    let merchant = MerchantId::new(MCHID).unwrap();
    let now = UnixTime::from_secs(1_700_000_000);
    let stamp = Stamp::new(now, Nonce::new("N1").unwrap());
    let contract = Contract::new(
        "wx2",
        &merchant,
        "12535",
        "C1",
        7,
        "茶馆",
        "https://a.example/n?b=c",
    )
    .unwrap();
    let contract = contract.with("outerid", "O1").unwrap();
    let coupons = [Coupon::new("S1", "R1"), Coupon::new("S2", "R2").code("C2")];

    let set_contract = [
        "--appid",
        "wx2",
        "--set",
        "plan_id=12535",
        "--set",
        "contract_code=C1",
        "--set",
        "request_serial=7",
        "--set",
        "contract_display_account=茶馆",
        "--set",
        "notify_url=https://a.example/n?b=c",
        "--set",
        "outerid=O1",
    ];
    let h5: Vec<&str> = [&set_contract[..], &["--set", "clientip=1.2.3.4"]].concat();
    let score = ["--set", "service_id=5", "--set", "out_order_no=P1"];
    let two = [
        "--set",
        "stock_id=S1",
        "--set",
        "out_request_no=R1",
        "--set",
        "stock_id=S2",
        "--set",
        "out_request_no=R2",
        "--set",
        "coupon_code=C2",
    ];
    let link = [
        "--set",
        "stock_id=S1",
        "--set",
        "out_request_no=R1",
        "--set",
        "open_id=o1",
    ];
    let medical = ["wx1", "--appid", "wx2", "--set", "mixTradeNo=M1"];
    let cases: [(&str, &[&str], Value); 7] = [
        (
            "payscore-detail",
            &score,
            signed(of_v2::payscore_detail(&merchant, "5", "P1", &stamp).unwrap(), &v2),
        ),
        (
            "send-coupons",
            &two,
            signed(of_v2::send_coupons(&merchant, coupons.clone()).unwrap(), &v2),
        ),
        (
            "coupon-link",
            &link,
            signed(of_v2::h5_coupon(&merchant, &coupons[0], "o1").unwrap(), &v2),
        ),
        (
            "contract-page",
            &set_contract,
            signed(contract.entrust_web(now), &v2),
        ),
        (
            "contract-h5",
            &h5,
            signed(contract.h5_entrust_web("1.2.3.4", now).unwrap(), &v2),
        ),
        (
            "contract-mini-program",
            &set_contract,
            signed(contract.mini_program(now), &v2),
        ),
        (
            "medical-insurance",
            &medical,
            signed(of_v3::medical_insurance("wx2", "M1", "wx1", &stamp).unwrap(), &v3),
        ),
    ];
    for (kind, rest, wanted) in cases {
        let run = world.run(&arguments(kind, rest));
        assert_eq!(run.ends(0).json(), wanted, "{kind}");
    }
}

#[test]
fn a_transfer_is_not_signed() {
    let world = World::new("sign-front-end-transfer");
    let set = [
        "--appid",
        "wx2",
        "--set",
        "package=affff",
        "--set",
        "subMchId=1900000109",
        "--set",
        "openId=o1",
    ];
    let run = world.run(&arguments("merchant-transfer", &set)).ends(0);
    let wanted = json!({
        "mchId": MCHID, "appId": "wx2", "package": "affff", "subMchId": "1900000109", "openId": "o1",
    });
    assert_eq!(run.json(), wanted);
    assert!(
        run.said
            .contains("requestMerchantTransfer, query appId=wx2&mchId="),
        "{}",
        run.said
    );
    let run = world.run(&arguments(
        "merchant-transfer",
        &[&set[..], &["--message-only"]].concat(),
    ));
    assert!(
        run.ends(2)
            .said
            .contains("nothing of a merchant transfer is signed")
    );
}

#[test]
fn what_is_missing_or_too_much_is_named() {
    let world = World::new("sign-front-end-wrong");
    for (kind, rest, wanted) in [
        ("jsapi", &["--appid", "wx2"][..], "PREPAY_ID"),
        ("payscore-detail", &["wx1"], "is given with --set"),
        (
            "payscore-detail",
            &["--set", "service_id=5"],
            "--set out_order_no=…: it is needed",
        ),
        (
            "payscore-detail",
            &["--set", "servise_id=5"],
            "it takes `service_id`, `out_order_no`",
        ),
        (
            "payscore-detail",
            &["--set", "service_id"],
            "wanted is NAME=VALUE",
        ),
        (
            "coupon-link",
            &["--set", "stock_id=1", "--set", "stock_id=2"],
            "set twice",
        ),
        (
            "send-coupons",
            &["--set", "out_request_no=1", "--set", "stock_id=2"],
            "begins with it",
        ),
        (
            "send-coupons",
            &[
                "--appid",
                "wx2",
                "--set",
                "stock_id=1",
                "--set",
                "out_request_no=1",
            ],
            "carries none",
        ),
        ("merchant-transfer", &["--set", "package=a"], "--appid"),
    ] {
        let run = world.run(&arguments(kind, rest)).ends(2);
        assert!(run.said.contains(wanted), "{kind} {rest:?}: {}", run.said);
    }
}
