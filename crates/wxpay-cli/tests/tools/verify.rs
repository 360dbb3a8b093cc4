//! `wxpay verify`: what is genuine, what is not, and what cannot be looked at.

use serde_json::{Value, json};

use crate::vectors::{bytes, group, key, saved, vector};
use crate::world::World;

const PROFILE: [&str; 2] = ["--profile", "shop.json"];

/// A vector's message as it is saved.
fn message(vector: &Value, start: &str) -> Vec<u8> {
    let inputs = &vector["inputs"];
    let body = inputs.get("body_base64").map(bytes).unwrap_or_default();
    saved(start, &inputs["headers"], &body)
}

#[test]
fn every_published_answer_is_told_right() {
    let world = World::new("verify-answers");
    for vector in group("v3_response_verify") {
        let inputs = &vector["inputs"];
        let now = inputs["now"].to_string();
        let message = message(vector, &format!("HTTP/1.1 {} OK", inputs["status"]));
        let run = world.pipe(
            &["verify", "--json", "--at", &now, PROFILE[0], PROFILE[1]],
            &message,
        );
        let verdict = run.json();
        let name = vector["name"].as_str().unwrap();
        let wanted = match vector.get("expected_error") {
            None => 0,
            Some(_) => 1,
        };
        assert_eq!(run.code, Some(wanted), "{name}: {verdict}");
        assert_eq!(verdict["verified"], wanted == 0, "{name}: {verdict}");
        let checks = verdict["checks"].as_array().unwrap();
        let failed = checks.iter().find(|check| check["state"] == "failed");
        let kind = vector["expected_error"]["kind"].as_str();
        let stage = failed.map(|check| check["check"].as_str().unwrap());
        let wanted = kind.map(|kind| match kind {
            "missing_header" => "headers",
            "timestamp_expired" | "invalid_timestamp" => "clock",
            "unknown_serial" => "key",
            _ => "signature",
        });
        assert_eq!(stage, wanted, "{name}: {verdict}");
    }
}

#[test]
fn a_notification_is_read_from_a_file_from_standard_input_and_from_flags() {
    let world = World::new("verify-ways");
    let vector = vector("v3_notification", "transaction_success");
    let message = message(vector, "POST /notify HTTP/1.1");
    world.write("notification.http", &message);
    let body = bytes(&vector["inputs"]["body_base64"]);
    world.write("body.json", &body);
    let headers = vector["inputs"]["headers"].as_object().unwrap();
    world.write("headers.json", json!(headers).to_string().as_bytes());
    let at = ["--at", "1700000000", "--platform-certificate", "old.pem"];
    let mut ways: Vec<(Vec<String>, &[u8])> = vec![
        (vec!["notification.http".into()], b""),
        (vec!["-".into()], &message),
        (vec![], &message),
        (
            vec![
                "--headers".into(),
                "headers.json".into(),
                "--body".into(),
                "body.json".into(),
            ],
            b"",
        ),
        (
            vec![
                "--headers".into(),
                "headers.json".into(),
                "--body".into(),
                "-".into(),
            ],
            &body,
        ),
    ];
    let mut flags = vec!["--body".to_owned(), "body.json".to_owned()];
    for (name, value) in headers {
        flags.push("--header".to_owned());
        flags.push(format!("{name}: {}", value.as_str().unwrap()));
    }
    ways.push((flags, b""));
    for (arguments, input) in ways {
        let mut all = vec!["verify"];
        all.extend(arguments.iter().map(String::as_str));
        all.extend(at);
        let run = world.pipe(&all, input).ends(0);
        run.shows("genuine: verified by platform certificate 7132D72A03E93CDDF8C03BBD1F37EEDF0A1B2C3D")
            .shows("TRANSACTION.SUCCESS, id 7b2b145f-9cda-5573-8be2-d2d9eaaffa25");
    }
}

#[test]
fn an_old_capture_says_which_clock_it_needs() {
    let world = World::new("verify-old");
    let message = message(
        vector("v3_response_verify", "ok_platform_certificate"),
        "HTTP/2 200",
    );
    let run = world.pipe(&["verify", PROFILE[0], PROFILE[1]], &message).ends(1);
    run.shows("FAIL clock: ")
        .shows("-    signature: not looked at")
        .shows("apart from the clock all is well")
        .shows("--at 1700000000");
    let at = [
        "verify",
        "--at",
        "2023-11-15T06:13:20+08:00",
        PROFILE[0],
        PROFILE[1],
    ];
    world.pipe(&at, &message).ends(0);
}

#[test]
fn an_answer_that_is_never_signed_says_so() {
    let world = World::new("verify-401");
    let refusal = b"HTTP/1.1 401 Unauthorized\r\n\r\n{\"code\":\"SIGN_ERROR\"}";
    let run = world.pipe(&["verify", PROFILE[0], PROFILE[1]], refusal).ends(1);
    run.shows("FAIL headers: ").shows("status 401 is never signed");
}

#[test]
fn messages_of_v2_are_told_right() {
    let world = World::new("verify-v2");
    for vector in group("v2_response") {
        let body = vector["inputs"]["body"].as_str().unwrap();
        let name = vector["name"].as_str().unwrap();
        let run = world.pipe(&["verify", "--api-v2-key", "apiv2.txt"], body.as_bytes());
        let wanted = match name {
            "ok_md5" | "ok_hmac" | "ok_with_empty_value" => 0,
            // What is never signed is not genuine by its signature.
            _ => 1,
        };
        assert_eq!(run.code, Some(wanted), "{name}: {}", run.text());
        if wanted == 0 {
            run.shows("genuine: verified by the APIv2 key, ");
        } else {
            run.shows("NOT verified");
        }
    }
}

#[test]
fn a_request_of_ones_own_is_verified_as_wechat_pay_does() {
    let world = World::new("verify-ours");
    for vector in group("v3_request_sign") {
        let inputs = &vector["inputs"];
        if inputs.get("mchid").is_none() {
            continue;
        }
        let url = inputs["url"].as_str().unwrap();
        // As a proxy writes it: the whole address.
        for target in [url, vector["expected"]["request_target"].as_str().unwrap()] {
            let start = format!("{} {target} HTTP/1.1", inputs["method"].as_str().unwrap());
            let headers = json!({ "Authorization": vector["expected"]["authorization"] });
            let message = saved(&start, &headers, &bytes(&inputs["body_base64"]));
            let arguments = [
                "verify",
                "--certificate",
                "apiclient_cert.pem",
                "--at",
                "1700000000",
            ];
            let run = world.pipe(&arguments, &message);
            assert_eq!(run.code, Some(0), "{}: {}", vector["name"], run.text());
            let run = world.pipe(&arguments[..3], &message).ends(1);
            run.shows("FAIL clock: ").shows("ok   signature: ");
        }
    }
    let vector = vector("upload", "image");
    let expected = &vector["expected"];
    let headers = json!({
        "Content-Type": expected["content_type"],
        "Authorization": format!(
            "WECHATPAY2-SHA256-RSA2048 mchid=\"1900007291\",nonce_str=\"{}\",timestamp=\"1700000000\",\
             serial_no=\"3775B6A45ACD588826D15E583A95F5DD12345678\",signature=\"{}\"",
            vector["inputs"]["nonce_str"].as_str().unwrap(),
            expected["signature"].as_str().unwrap(),
        ),
    });
    let body = bytes(&expected["one_valid_body_base64"]);
    let message = saved("POST /v3/merchant/media/upload HTTP/1.1", &headers, &body);
    let arguments = ["verify", "--at", "1700000000", PROFILE[0], PROFILE[1]];
    world
        .pipe(&arguments, &message)
        .ends(0)
        .shows("verified by the API certificate");
}

#[test]
fn national_algorithms_are_signed_verified_and_explained() {
    let world = World::new("verify-sm");
    world.write("sm2_key.pem", key("merchant_sm2", "private_pkcs8_pem").as_bytes());
    world.write("sm2_cert.pem", key("merchant_sm2", "certificate_pem").as_bytes());
    let serial = key("merchant_sm2", "serial_no");
    let mut arguments = vec![
        "sign",
        "request",
        "GET",
        "/v3/certificates",
        "--timestamp",
        "1700000000",
    ];
    arguments.extend([
        "--mchid",
        "1900007291",
        "--private-key",
        "sm2_key.pem",
        "--serial",
        serial,
    ]);
    let headers = world.run(&arguments).ends(0).text();
    assert!(
        headers.starts_with("Authorization: WECHATPAY2-SM2-WITH-SM3 mchid="),
        "{headers}"
    );
    let request = format!("GET /v3/certificates HTTP/1.1\r\n{headers}\r\n");
    let keys = ["--certificate", "sm2_cert.pem", "--at", "1700000000"];
    let verify = [&["verify"][..], &keys].concat();
    world.pipe(&verify, request.as_bytes()).ends(0).shows("genuine: ");
    let changed = request.replace("/v3/certificates", "/v3/certificates?a=b");
    world
        .pipe(&verify, changed.as_bytes())
        .ends(1)
        .shows("FAIL signature: ");
    let explain = [&["explain"][..], &keys].concat();
    world
        .pipe(&explain, changed.as_bytes())
        .ends(1)
        .shows("1. PROVEN: ")
        .shows("lacks the query");
}

#[test]
fn what_cannot_be_looked_at_ends_with_2() {
    let world = World::new("verify-cannot");
    let message = message(
        vector("v3_response_verify", "ok_platform_certificate"),
        "HTTP/1.1 200 OK",
    );
    for (arguments, input, said) in [
        (&["verify"][..], &message[..], "no key of WeChat Pay's is at hand"),
        (
            &["verify", "none.http", "--profile", "shop.json"],
            b"",
            "none.http: ",
        ),
        (&["verify", "--profile", "none.json"], &message, "none.json"),
        (
            &["verify", "--profile", "shop.json"],
            b"words",
            "no saved HTTP message",
        ),
        (
            &["verify"],
            b"<xml><sign>x</sign></xml>",
            "no APIv2 key is at hand",
        ),
        (&["verify", "--api-v2-key", "apiv2.txt"], b"<xml><a>", "XML"),
        (
            &["verify", "--public-key", "pub_key.pem", "--public-key-id", "7"],
            &message,
            "`platform_public_key.id`: ",
        ),
        (
            &["verify", "--platform-certificate", "apiclient_cert.pem"],
            &message,
            "the API certificate of merchant 1900007291",
        ),
        (&["verify", "--at", "yesterday"], &message, "--at"),
    ] {
        world.pipe(arguments, input).ends(2).says(said);
    }
}
