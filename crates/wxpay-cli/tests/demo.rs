//! The main job, run as a user runs it.

#![expect(clippy::unwrap_used, reason = "a demo that cannot be run is a failed test")]

use std::process::Command;

use serde_json::Value;

fn demo(arguments: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_wxpay"))
        .arg("demo")
        .args(arguments)
        .output()
        .unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    (output.status.success(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn every_step_goes_as_it_should_and_machines_can_read_it() {
    let (success, text) = demo(&["--json"]);
    assert!(success, "{text}");
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let (score, steps) = lines.split_last().unwrap();
    assert_eq!(score["ok"], true);
    assert_eq!(score["steps"], steps.len());
    assert!(steps.iter().all(|step| step["ok"] == true));
    // Every step was sent: each tells its request and a status.
    assert!(
        steps
            .iter()
            .all(|step| step["status"].is_u64() && step["request"].is_string()),
        "{text}"
    );

    let requests: Vec<_> = steps
        .iter()
        .map(|step| step["request"].as_str().unwrap())
        .collect();
    for part in [
        "POST /v3/combine-transactions/out-trade-no/",
        "GET /v3/combine-transactions/out-trade-no/",
        "POST /pay/closecombinedorder",
        "POST /v3/global/transactions/id/",
        "POST /v3/global/transactions/out-trade-no/",
        "POST /hk/v3/transactions/id/",
        "POST /hk/v3/transactions/out-trade-no/",
    ] {
        assert!(
            requests.iter().any(|request| request.starts_with(part)),
            "{part} is not shown"
        );
    }
    for name in ["SIGNATURE_MISMATCH", "STALE", "UNKNOWN_SERIAL", "WRONG_ANSWER"] {
        let step = steps.iter().find(|step| step["code"] == name).expect(name);
        assert_eq!(step["outcome"], "unknown");
        assert_eq!(step["verified_by"], Value::Null);
    }
}

#[test]
fn people_see_a_code_to_scan_and_what_was_signed() {
    let (success, text) = demo(&["--verbose"]);
    assert!(success, "{text}");
    assert!(text.contains("█▀▀▀▀▀█"), "the QR code");
    assert!(
        text.contains("GET⏎/v3/combine-transactions/out-trade-no/DEMO20260001⏎"),
        "the message"
    );
    assert!(
        text.contains("&sign_type=HMAC-SHA256&sub_order_list="),
        "v2's message"
    );
    assert!(text.contains("All ") && text.contains("What to do next"));
    // Signatures are shown shortened, and keys not at all.
    assert!(!text.contains("PRIVATE KEY"));
    for line in text
        .lines()
        .filter(|line| line.contains("authorization: WECHATPAY2"))
    {
        let signature = line.split("signature=\"").nth(1).unwrap();
        assert!(signature.contains('…') && signature.len() < 40, "{line}");
    }
}
