//! `wxpay explain`: the cause is found by name, and what differs is shown.

use serde_json::{Value, json};

use crate::vectors::{bytes, saved, vector};
use crate::world::World;

const PROFILE: [&str; 2] = ["--profile", "shop.json"];

fn explain(world: &World, arguments: &[&str], message: &[u8], code: i32) -> Value {
    let mut all = vec!["explain", "--json", PROFILE[0], PROFILE[1]];
    all.extend(arguments);
    world.pipe(&all, message).ends(code).json()
}

fn first(report: &Value) -> (&str, bool) {
    let cause = &report["causes"][0];
    (
        cause["kind"].as_str().unwrap(),
        cause["proven"].as_bool().unwrap(),
    )
}

#[test]
fn a_notification_that_a_framework_touched_is_explained() {
    let world = World::new("explain-notification");
    let vector = vector("v3_notification", "transaction_success");
    let headers = &vector["inputs"]["headers"];
    let body = bytes(&vector["inputs"]["body_base64"]);
    let at = ["--at", "1700000000"];
    let start = "POST /notify HTTP/1.1";
    let report = explain(&world, &at, &saved(start, headers, &body), 0);
    assert_eq!((&report["fits"], &report["causes"]), (&json!(true), &json!([])));

    let with_line_end = [&body[..], b"\n"].concat();
    let report = explain(&world, &at, &saved(start, headers, &with_line_end), 1);
    assert_eq!(first(&report), ("LineEndLost", true));

    let text = String::from_utf8(body.clone()).unwrap();
    let spaced = text.replace("\":\"", "\": \"").replace(",\"", ", \"");
    let report = explain(&world, &at, &saved(start, headers, spaced.as_bytes()), 1);
    assert_eq!(first(&report), ("BodyReserialised", true), "{report}");

    let report = explain(&world, &[], &saved(start, headers, &body), 1);
    assert_eq!(first(&report), ("Clock", true));

    world.write("other.txt", b"00000000000000000000000000000000");
    let wrong_key = [&at[..], &["--api-v3-key", "other.txt"]].concat();
    let report = explain(&world, &wrong_key, &saved(start, headers, &body), 1);
    assert_eq!(first(&report), ("WrongApiKey", true));

    let mut fewer = headers.clone();
    fewer.as_object_mut().unwrap().remove("Wechatpay-Nonce");
    let report = explain(&world, &at, &saved(start, &fewer, &body), 1);
    assert_eq!(first(&report), ("HeaderMissing", true));

    let mut other = headers.clone();
    other["Wechatpay-Serial"] = json!("0123456789ABCDEF0123456789ABCDEF01234567");
    let report = explain(&world, &at, &saved(start, &other, &body), 1);
    assert_eq!(
        report["causes"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|cause| cause["kind"] == "UnknownSerial")
            .count(),
        1
    );
}

#[test]
fn people_read_proven_causes_first() {
    let world = World::new("explain-people");
    let vector = vector("v3_response_verify", "tampered_body_whitespace_added");
    let message = saved(
        "HTTP/1.1 200 OK",
        &vector["inputs"]["headers"],
        &bytes(&vector["inputs"]["body_base64"]),
    );
    let run = world.pipe(
        &["explain", "--at", "1700000000", PROFILE[0], PROFILE[1]],
        &message,
    );
    run.ends(1).shows("1. PROVEN: ");
}

#[test]
fn a_message_of_v2_is_explained() {
    let world = World::new("explain-v2");
    let right = vector("v2_response", "ok_md5")["inputs"]["body"]
        .as_str()
        .unwrap();
    explain(&world, &[], right.as_bytes(), 0);
    let sign = right
        .split("<sign><![CDATA[")
        .nth(1)
        .unwrap()
        .split(']')
        .next()
        .unwrap();
    let small = right.replace(sign, &sign.to_ascii_lowercase());
    let report = explain(&world, &[], small.as_bytes(), 1);
    assert_eq!(first(&report), ("SignatureForm", true));
    let tampered = vector("v2_response", "tampered")["inputs"]["body"]
        .as_str()
        .unwrap();
    let report = explain(&world, &[], tampered.as_bytes(), 1);
    assert_eq!(first(&report), ("WrongApiKey", false));
}

/// A request as some program sent it, which signed `message`.
fn sent(world: &World, target: &str, body: &str, message: &str) -> Vec<u8> {
    let signing = ["sign", "message", "--private-key", "apiclient_key.pem"];
    let signature = world.pipe(&signing, message.as_bytes()).ends(0).text();
    let authorization = format!(
        "WECHATPAY2-SHA256-RSA2048 mchid=\"1900007291\",nonce_str=\"N1\",timestamp=\"1700000000\",\
         serial_no=\"3775B6A45ACD588826D15E583A95F5DD12345678\",signature=\"{}\"",
        signature.trim()
    );
    let headers = json!({ "Authorization": authorization });
    saved(&format!("POST {target} HTTP/1.1"), &headers, body.as_bytes())
}

#[test]
fn a_request_of_another_program_tells_what_was_signed_instead() {
    let world = World::new("explain-ours");
    let (target, body) = ("/v3/x?a=%E8%8C%B6", r#"{"a":1,"b":"茶"}"#);
    let at = ["--at", "1700000000"];
    for (message, kind) in [
        (format!("POST\n{target}\n1700000000\nN1\n{body}"), "MessageForm"),
        (format!("POST\n/v3/x\n1700000000\nN1\n{body}\n"), "MessageDiffers"),
        (
            format!("POST\n/v3/x?a=茶\n1700000000\nN1\n{body}\n"),
            "TargetReencoded",
        ),
        (
            format!("POST\n{target}\n1700000000\nN1\n{{\"a\": 1, \"b\": \"茶\"}}\n"),
            "BodyReserialised",
        ),
    ] {
        let request = sent(&world, target, body, &message);
        let report = explain(&world, &at, &request, 1);
        assert_eq!(first(&report), (kind, true), "{report}");
        let shown = report["facts"]["what has to be signed (⏎ is a line feed)"]
            .as_str()
            .unwrap();
        assert!(
            shown.starts_with(&format!("POST⏎\n{target}⏎\n1700000000⏎\nN1⏎\n")),
            "{shown}"
        );
    }
    let right = sent(
        &world,
        target,
        body,
        &format!("POST\n{target}\n1700000000\nN1\n{body}\n"),
    );
    explain(&world, &at, &right, 0);
}

#[test]
fn a_sign_error_shows_the_first_byte_that_differs() {
    let world = World::new("explain-sign-error");
    let refusal = bytes(&vector("errors", "sign_error_with_sign_information")["inputs"]["body_base64"]);
    let seen = "GET\n/v3/certificates\n1644548918\nn5QzvWmW369D7cHo36epwZ5UGhJ5DD3t\n\n";
    // The message as the other program logged it, with another nonce.
    world.write("message.txt", seen.replace("n5Qz", "n5QZ").as_bytes());
    let report = explain(&world, &["--signed", "message.txt"], &refusal, 1);
    assert_eq!(first(&report), ("MessageDiffers", true));
    let index = seen.find("zvWm").unwrap();
    let advice = report["causes"][0]["advice"].as_str().unwrap();
    assert!(advice.contains(&format!("number {index} ")), "{advice}");

    // The request as it was sent, whose target a proxy changed.
    let message = "POST\n/v3/certificates?x=%2F\n1700000000\nN1\n\n";
    world.write(
        "request.http",
        &sent(&world, "/v3/certificates?x=%2F", "", message),
    );
    let refusal = json!({ "code": "SIGN_ERROR", "detail": { "sign_information": {
        "method": "POST", "url": "/v3/certificates?x=/", "sign_message_length": 46,
        "truncated_sign_message": "POST\n/v3/certificates?x=/\n1700000000\nN1\n\n",
    } } });
    let answer = format!("HTTP/1.1 401 Unauthorized\r\nRequest-ID: R1\r\n\r\n{refusal}");
    let report = explain(&world, &["--signed", "request.http"], answer.as_bytes(), 1);
    assert_eq!(first(&report), ("TargetReencoded", true), "{report}");
    assert!(report["what"].as_str().unwrap().contains("Request-ID R1"));

    // Alone it proves nothing, but what WeChat Pay saw is shown.
    let run = world.pipe(&["explain", PROFILE[0], PROFILE[1]], answer.as_bytes());
    run.ends(2).says("--signed FILE").says("/v3/certificates?x=/⏎");
}

#[test]
fn what_cannot_be_looked_at_ends_with_2() {
    let world = World::new("explain-cannot");
    let headers = &vector("v3_response_verify", "ok_platform_certificate")["inputs"]["headers"];
    let message = saved("HTTP/1.1 200 OK", headers, b"{}");
    for (arguments, input, said) in [
        (
            &["explain"][..],
            &message[..],
            "no key of WeChat Pay's is at hand",
        ),
        (&["explain", "--signed", "-"], &message, "can be read once"),
        (&["explain"], b"<xml></xml>", "no APIv2 key is at hand"),
        (
            &["explain"],
            b"POST /v3/x HTTP/1.1\r\nAuthorization: WECHATPAY2 x\r\n\r\n",
            "Authorization: ",
        ),
    ] {
        world.pipe(arguments, input).ends(2).says(said);
    }
}
