//! `wxpay doctor`: files alone, and against a simulator over TLS.

use std::fs;

use serde_json::{Value, json};
use wxpay_sim::Simulator;

use crate::vectors::key;
use crate::world::{Run, World};

const PAIR: &str = "merchant: private key and certificate";

/// The findings, by their check.
fn findings(run: &Run) -> Vec<Value> {
    let text = run.text();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[track_caller]
fn state<'a>(findings: &'a [Value], check: &str) -> &'a str {
    let found = findings
        .iter()
        .find(|finding| finding["check"].as_str().unwrap().starts_with(check));
    assert!(found.is_some(), "no check {check:?} among {findings:#?}");
    found.unwrap()["state"].as_str().unwrap()
}

#[test]
fn an_account_in_order_fails_nothing() {
    let world = World::new("doctor-ok");
    let run = world
        .run(&["doctor", "--offline", "--json", "--profile", "shop.json"])
        .ends(0);
    let found = findings(&run);
    for check in [
        "merchant number",
        "merchant: private key and certificate",
        "merchant: certificate's dates",
        "WeChat Pay public key",
        "platform certificate (平台证书) 7132D72A03E93CDDF8C03BBD1F37EEDF0A1B2C3D",
        "APIv3 key",
        "APIv2 key",
    ] {
        assert_eq!(state(&found, check), "ok", "{check}");
    }
    assert_eq!(state(&found, "network"), "skipped");
    let p12 = ["--mchid", "1900007291", "--p12", "apiclient_cert.p12"];
    let run = world.run(
        &[
            &["doctor", "--offline", "--platform-certificate", "old.pem"][..],
            &p12,
        ]
        .concat(),
    );
    run.ends(0)
        .shows("they belong together; serial number 3775B6A45ACD588826D15E583A95F5DD12345678");
}

#[test]
fn every_mistake_is_found_and_says_what_to_do() {
    let world = World::new("doctor-mistakes");
    world.write("own.pem", key("merchant_rsa", "public_spki_pem").as_bytes());
    world.write("short.txt", b"0123456789");
    let id = key("platform_rsa_pubkey", "public_key_id");
    for (entry, value, check, wanted) in [
        ("private_key", json!("other_key.pem"), PAIR, "failed"),
        ("private_key", json!("none.pem"), PAIR, "failed"),
        ("certificate", json!("old.pem"), PAIR, "failed"),
        ("certificate", Value::Null, PAIR, "failed"),
        ("certificate_serial", json!("AB"), PAIR, "failed"),
        ("merchant", json!("1230000109"), PAIR, "failed"),
        ("merchant", json!("19000"), "merchant number", "warning"),
        ("merchant", json!("shop"), "merchant number", "failed"),
        (
            "platform_public_key",
            json!({ "id": "PUB_KEY_7", "file": "pub_key.pem" }),
            "WeChat Pay public key",
            "failed",
        ),
        (
            "platform_public_key",
            json!({ "id": id, "file": "old.pem" }),
            "WeChat Pay public key",
            "failed",
        ),
        (
            "platform_public_key",
            json!({ "id": id, "file": "own.pem" }),
            "WeChat Pay public key",
            "failed",
        ),
        (
            "platform_certificates",
            json!(["apiclient_cert.pem"]),
            "platform certificate",
            "failed",
        ),
        (
            "api_v3_key",
            json!({ "file": "short.txt" }),
            "APIv3 key",
            "failed",
        ),
        ("api_v3_key", Value::Null, "APIv3 key", "warning"),
        (
            "api_v2_key",
            json!({ "file": "short.txt" }),
            "APIv2 key",
            "warning",
        ),
        (
            "api_v2_key",
            json!({ "file": "apiv3.txt" }),
            "APIv2 key",
            "warning",
        ),
        ("base_url", json!("https://127.0.0.1:1"), "base_url", "warning"),
        ("base_url", json!("http://127.0.0.1"), "base_url", "failed"),
    ] {
        let mut profile = world.profile();
        profile[entry] = value.clone();
        if value.is_null() {
            profile.as_object_mut().unwrap().remove(entry);
        }
        world.write("wrong.json", profile.to_string().as_bytes());
        let run = world.run(&["doctor", "--offline", "--json", "--profile", "wrong.json"]);
        let found = findings(&run);
        assert_eq!(state(&found, check), wanted, "{entry}: {value}: {found:#?}");
        assert_eq!(
            run.code,
            Some(i32::from(
                found.iter().any(|finding| finding["state"] == "failed")
            ))
        );
        for finding in found {
            let wants_advice = matches!(finding["state"].as_str().unwrap(), "failed" | "warning");
            assert_eq!(finding.get("do").is_some(), wants_advice, "{finding}");
        }
    }
    let run = world
        .run(&["doctor", "--offline", "--mchid", "1900007291"])
        .ends(1);
    run.shows("FAIL keys of WeChat Pay's: ").shows("1 failed, ");
}

#[test]
fn an_expired_certificate_is_found() {
    let world = World::new("doctor-expired");
    let certificates = crate::vectors::vector("certificates", "serial_text_expired");
    let pem = certificates["inputs"]["certificate_pem"].as_str().unwrap();
    world.write("expired.pem", pem.as_bytes());
    let run = world.run(&[
        "doctor",
        "--offline",
        "--mchid",
        "1900007291",
        "--platform-certificate",
        "expired.pem",
    ]);
    run.ends(1).shows("it has EXPIRED");
}

#[cfg(unix)]
#[test]
fn files_that_others_can_read_are_told() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new("doctor-permissions");
    let path = world.folder.join("apiclient_key.pem");
    for (mode, wanted) in [(0o600, "ok"), (0o640, "warning"), (0o604, "warning")] {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let run = world
            .run(&["doctor", "--offline", "--json", "--profile", "shop.json"])
            .ends(0);
        assert_eq!(state(&findings(&run), "permissions of `private_key`"), wanted);
    }
}

/// A world whose account is one of the simulator's.
fn simulated(name: &str) -> (World, Simulator, Value) {
    let (world, simulator) = (World::new(name), Simulator::start().unwrap());
    let account = simulator.profile().merchant();
    let public_key = simulator.profile().platform_public_key();
    for (path, content) in [
        ("cert.pem", account.certificate_pem()),
        ("key.pem", account.private_key_pem()),
        ("platform.pem", simulator.profile().platform_certificate().pem()),
        ("public.pem", public_key.pem()),
        ("v3.txt", account.api_v3_key()),
        ("ca.pem", simulator.ca_pem()),
    ] {
        world.write(path, content.as_bytes());
    }
    let profile = json!({
        "merchant": account.id().as_str(),
        "certificate": "cert.pem",
        "private_key": "key.pem",
        "platform_public_key": { "id": public_key.id().as_str(), "file": "public.pem" },
        "api_v3_key": { "file": "v3.txt" },
        "base_url": simulator.base_url().to_string(),
        "extra_root": "ca.pem",
    });
    (world, simulator, profile)
}

fn ask(world: &World, profile: &Value) -> (Option<i32>, Vec<Value>) {
    world.write("sim.json", profile.to_string().as_bytes());
    let run = world.run(&["doctor", "--json", "--profile", "sim.json"]);
    (run.code, findings(&run))
}

#[test]
fn the_network_is_asked_once_and_only_reads() {
    let (world, simulator, profile) = simulated("doctor-network");
    let (code, found) = ask(&world, &profile);
    assert_eq!(code, Some(0), "{found:#?}");
    for check in [
        "network",
        "clock",
        "signature accepted",
        "answer verified",
        "APIv3 key is the right one",
        "key mode",
    ] {
        assert_eq!(state(&found, check), "ok", "{check}");
    }
    let log = simulator.log();
    assert_eq!(log.len(), 1);
    assert_eq!(
        (log[0].request.method().as_str(), log[0].target()),
        ("GET", "/v3/certificates")
    );

    // Without a key of WeChat Pay's the certificates prove themselves; without the APIv3 key their signature does.
    let mut without = profile.clone();
    without.as_object_mut().unwrap().remove("platform_public_key");
    let (_, found) = ask(&world, &without);
    assert_eq!(state(&found, "APIv3 key is the right one"), "ok");
    let mut without = profile;
    without.as_object_mut().unwrap().remove("api_v3_key");
    let (_, found) = ask(&world, &without);
    assert_eq!(state(&found, "answer verified"), "ok");
}

#[test]
fn what_only_wechat_pay_can_tell_is_told() {
    let (world, simulator, profile) = simulated("doctor-tells");
    let account = simulator.profile().partner();
    world.write("other_cert.pem", account.certificate_pem().as_bytes());
    for (entry, value, check) in [
        (
            "api_v3_key",
            json!({ "file": "apiv3.txt" }),
            "APIv3 key is the right one",
        ),
        (
            "platform_public_key",
            json!({ "id": profile["platform_public_key"]["id"], "file": "pub_key.pem" }),
            "answer verified",
        ),
        ("extra_root", json!("cert.pem"), "network"),
    ] {
        let mut wrong = profile.clone();
        wrong[entry] = value;
        let (code, found) = ask(&world, &wrong);
        assert_eq!(
            (code, state(&found, check)),
            (Some(1), "failed"),
            "{entry}: {found:#?}"
        );
    }
    // Neither a key of WeChat Pay's nor the APIv3 key: the signature was taken, and nothing can be verified.
    let mut none = profile.clone();
    none.as_object_mut().unwrap().remove("platform_public_key");
    none.as_object_mut().unwrap().remove("api_v3_key");
    let (code, found) = ask(&world, &none);
    assert_eq!(
        (code, state(&found, "signature accepted")),
        (Some(1), "ok"),
        "{found:#?}"
    );
    assert_eq!(state(&found, "answer verified"), "failed");
    // A serial number that is nobody's: the files alone cannot tell, WeChat Pay can.
    let mut wrong = profile;
    wrong.as_object_mut().unwrap().remove("certificate");
    wrong["certificate_serial"] = json!("1111111111111111111111111111111111111111");
    let (code, found) = ask(&world, &wrong);
    assert_eq!(
        (code, state(&found, "signature accepted")),
        (Some(1), "failed"),
        "{found:#?}"
    );
}

#[test]
fn a_simulator_can_be_started_for_it() {
    let world = World::new("doctor-simulator");
    for role in ["merchant", "partner", "institution"] {
        let run = world.run(&["doctor", "--simulator", "--as", role]).ends(0);
        run.shows("ok   APIv3 key is the right one: it opened the platform certificates");
    }
    world.run(&["doctor", "--simulator", "--offline"]).ends(2);
    world
        .run(&["doctor", "--profile", "none.json"])
        .ends(2)
        .says("none.json");
}
