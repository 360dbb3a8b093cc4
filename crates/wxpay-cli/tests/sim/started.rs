//! Starting and stopping.

use std::fs;

use serde_json::Value;

use crate::running::{Running, ends, folder};

#[test]
fn it_tells_where_everything_is() {
    let folder = folder("told");
    let running = Running::start(&folder, &["--memory", "--clock", "+2h"]);
    let told = &running.told;
    assert!(
        told["base_url"]
            .as_str()
            .unwrap()
            .starts_with("https://127.0.0.1:")
    );
    assert!(told["proxy"].as_str().unwrap().starts_with("http://127.0.0.1:"));
    assert_eq!(told["store"], Value::Null);
    let ca = fs::read_to_string(told["ca"].as_str().unwrap()).unwrap();
    assert!(ca.starts_with("-----BEGIN CERTIFICATE-----"));
    for (role, mchid) in [
        ("merchant", "1900007291"),
        ("partner", "1900000109"),
        ("institution", "1900000100"),
    ] {
        let account = &told["accounts"][role];
        assert_eq!(account["mchid"], mchid);
        let profile = account["profile"].as_str().unwrap();
        let profile: Value = serde_json::from_str(&fs::read_to_string(profile).unwrap()).unwrap();
        assert_eq!(profile["base_url"], told["base_url"]);
    }
    assert_eq!(
        running.control("status", None).1["clocks"]["turned_seconds"],
        7200
    );
    // Its own profile reaches it, and an unknown order is a refusal that verifies.
    let done = running.call(
        "merchant",
        &[
            "v3.combine_transactions.query_by_out_trade_no",
            "--set",
            "combine_out_trade_no=NONE",
        ],
    );
    assert_eq!(
        done.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(!folder.join("store.sqlite").exists());
}

#[test]
fn a_platform_with_the_public_key_alone_has_no_certificates() {
    let running = Running::start(
        &folder("public-key"),
        &["--memory", "--platform-keys", "public-key"],
    );
    let said = |arguments: &[&str]| {
        let done = running.call("merchant", arguments);
        assert_eq!(done.status.code(), Some(1));
        String::from_utf8(done.stderr).unwrap()
    };
    // Both refusals verify, by the public key.
    let said_of_certificates = said(&["v3.certificates.list"]);
    assert!(
        said_of_certificates.contains("404, signed\ncode: RESOURCE_NOT_EXISTS"),
        "{said_of_certificates}"
    );
    let query = [
        "v3.combine_transactions.query_by_out_trade_no",
        "--set",
        "combine_out_trade_no=NONE",
    ];
    let said_of_order = said(&query);
    assert!(
        said_of_order.contains("404, signed\ncode: ORDER_NOT_EXIST"),
        "{said_of_order}"
    );
}

#[cfg(unix)]
#[test]
fn it_stops_when_it_is_told_to() {
    let folder = folder("stopped");
    let running = Running::start(&folder, &[]);
    running.order("S1");
    assert_eq!(running.terminate(), Some(0));
    // All of it is in the one file: nothing is left beside it.
    let left = |name: &str| folder.join(name).exists();
    assert!(left("store.sqlite") && !left("store.sqlite-wal"));
}

#[test]
fn what_it_cannot_use_it_names() {
    let folder = folder("named");
    let running = Running::start(&folder, &[]);
    let refused = |arguments: &[&str], says: &str| {
        let output = ends(&folder, arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(says), "{said}");
    };
    refused(&[], "database is locked");
    let port = running.told["proxy"]
        .as_str()
        .unwrap()
        .rsplit(':')
        .next()
        .unwrap()
        .to_owned();
    refused(&["--memory", "--port", &port], "does not start at 127.0.0.1:");
    refused(&["--clock", "yesterday"], "wanted is +2h");
    refused(&["--trust", "/nowhere.pem"], "--trust /nowhere.pem");
    drop(running);
    fs::write(folder.join("keys/ca_key.pem"), "nothing").unwrap();
    refused(&["--memory"], "ca_key.pem");
}
