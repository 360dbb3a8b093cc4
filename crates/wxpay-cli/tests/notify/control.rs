use http::Method;
use serde_json::{Value, json};
use wxpay_proto::crypto::{Backend, MerchantKey};
use wxpay_proto::{Nonce, Stamp, Unsigned, v3};
use wxpay_sim::Simulator;

use crate::{text, wxpay};

/// Asks for a transfer as its merchant, whose answer is looked at elsewhere.
fn transfer(simulator: &Simulator, number: &str) {
    let body = json!({
        "appid": "wxd678efh567hg6787",
        "out_bill_no": number,
        "transfer_scene_id": "1000",
        "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
        "transfer_amount": 300,
        "transfer_remark": "报销",
        "transfer_scene_report_infos": [{ "info_type": "活动名称", "info_content": "注册会员有礼" }],
    });
    let merchant = simulator.profile().merchant();
    let answer_key = simulator.profile().platform_public_key().id().clone();
    let credentials = v3::Credentials::merchant(merchant.id().clone(), merchant.serial().clone());
    let credentials = credentials.answer_key(answer_key);
    let call = v3::Call::new(Method::POST, "/v3/fund-app/mch-transfer/transfer-bills").body(body.to_string());
    let nonce = Nonce::new("593BEC0C930BF1AFEB40B4A08C8FB242").unwrap();
    let stamp = Stamp::new(simulator.clocks().wire, nonce);
    let key = MerchantKey::from_pem(merchant.private_key_pem(), Backend::AwsLc).unwrap();
    let signed = Unsigned::new(&call, &credentials, &stamp)
        .unwrap()
        .sign(&key)
        .unwrap();
    let (request, _) = signed.into_parts();
    let answer = simulator.control(|platform, clocks| platform.handle(&request, clocks));
    assert_eq!(answer.status(), 200, "{:?}", answer.body());
}

#[test]
fn a_transfer_is_confirmed_and_another_lapses() {
    let simulator = Simulator::start().unwrap();
    let address = format!("http://{}", simulator.address());
    let control = |arguments: &[&str]| {
        let ended = wxpay(&[&["control", "--simulator", &address], arguments].concat());
        (ended.status.code(), text(&ended.stdout), text(&ended.stderr))
    };
    let done = |arguments: &[&str]| -> Value {
        let (code, out, problem) = control(arguments);
        assert_eq!(code, Some(0), "{problem}");
        serde_json::from_str(&out).unwrap()
    };
    done(&["balance", "mchid=1900007291", "balance:=1000"]);
    for number in ["T1", "T2", "T3"] {
        transfer(&simulator, number);
    }
    done(&["transfers/settle", "number=T1", "outcome=confirmed"]);
    done(&[
        "transfers/settle",
        "number=T2",
        "outcome=expired",
        "mchid=1900007291",
    ]);
    done(&[
        "transfers/settle",
        "number=T3",
        "outcome=failed",
        "reason=REALNAME_ACCOUNT_NOT_EXIST",
    ]);
    let listed = done(&["transfers"]);
    let seen: Vec<(&str, Option<&str>)> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|known| (known["state"].as_str().unwrap(), known["fail_reason"].as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            ("TRANSFERING", None),
            ("FAIL", Some("OVERDUE_CLOSE")),
            ("FAIL", Some("REALNAME_ACCOUNT_NOT_EXIST"))
        ]
    );
    for (arguments, said) in [
        (
            &["transfers/settle", "number=T1", "outcome=confirmed"][..],
            "does not wait for that any more",
        ),
        (
            &["transfers/settle", "number=T9", "outcome=confirmed"],
            "no transfer T9",
        ),
        (
            &["transfers/settle", "number=T1", "outcome=expired", "reason=X"],
            "`reason`",
        ),
        (&["transfers/settle", "number=T1"], "outcome"),
        (&["nothing"], "there is no GET"),
        (&["nothing", "--post"], "there is no POST"),
    ] {
        let (code, _, problem) = control(arguments);
        assert!(code == Some(1) && problem.contains(said), "{problem}");
    }
    let turned = done(&["clock", "seconds:=7200"]);
    assert_eq!(turned["turned_seconds"], 7200);
    done(&["--post", "reset"]);
    assert_eq!(done(&["transfers"]), json!([]));
}
