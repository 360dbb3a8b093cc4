//! What no client should send, signed all the same: a clear refusal, and the next client is served.

use std::sync::Arc;
use std::time::Duration;

use http::Method;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use wxpay_proto::{Outcome, v3};
use wxpay_sim::Simulator;

use crate::support::client;

const NATIVE: &str = "/v3/pay/transactions/native";

/// A body that is signed for, and wrong.
fn wrong_json() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = [
        "{",
        "}",
        "null",
        "[]",
        "\"text\"",
        "1e400",
        "{\"amount\":1e400}",
        "{\"description\":\"\\ud800\"}",
        "{\"description\":\"\\q\"}",
        "{\"description\":\"a\u{0}b\"}",
        "{\"description\":'a'}",
        "{\"description\":\"a\",}",
        "{\"description\":\"a\"}{}",
        "<xml></xml>",
        "description=a",
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    bodies.push(b"{\"description\":\"\xff\xfe\"}".to_vec());
    // Deeper than any stack, in one member and in all of it.
    bodies.push([vec![b'['; 500_000], vec![b']'; 500_000]].concat());
    bodies.push(
        [
            "{\"a\":".repeat(200_000).as_bytes(),
            b"1",
            "}".repeat(200_000).as_bytes(),
        ]
        .concat(),
    );
    // A number with a million digits, and a text of five megabytes.
    bodies.push([&b"{\"amount\":{\"total\":"[..], &[b'9'; 1_000_000], b"}}"].concat());
    bodies.push([&b"{\"description\":\""[..], &[b'x'; 5 << 20], b"\"}"].concat());
    bodies
}

#[tokio::test]
async fn malformed_json_is_a_parameter_error() {
    let simulator = Simulator::start().unwrap();
    let client = client(&simulator, simulator.profile().merchant());
    for body in wrong_json() {
        let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        let call = v3::Call::new(Method::POST, NATIVE).body(body);
        let error = client.send(&call).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Refused, "{shown}: {error}");
        let told = error.api_error().unwrap();
        assert_eq!(
            (told.status, told.code.as_deref()),
            (400, Some("PARAM_ERROR")),
            "{shown}: {error}"
        );
    }
}

/// Posts to a path, whatever the bytes are; gives status and body.
#[expect(
    clippy::unwrap_used,
    reason = "a journey that cannot be set up is a failed test"
)]
fn post(simulator: &Simulator) -> impl Fn(&str, &[u8]) -> (u16, String) {
    let root = Certificate::from_pem(simulator.ca_pem().as_bytes()).unwrap();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::from(vec![root]))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()));
    let config = Agent::config_builder()
        .tls_config(tls.build())
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)));
    let agent: Agent = config.build().into();
    let base = simulator.base_url().to_string();
    let base = base.trim_end_matches('/').to_owned();
    move |path, body| {
        let sent = agent
            .post(format!("{base}{path}"))
            .content_type("text/xml")
            .send(body);
        let mut answer = sent.unwrap();
        let status = answer.status().as_u16();
        (status, answer.body_mut().read_to_string().unwrap())
    }
}

/// A message that cannot be read, with one that can.
fn wrong_xml() -> Vec<Vec<u8>> {
    let bomb = "<!DOCTYPE xml [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><xml><body>&b;</body></xml>";
    let file = "<!DOCTYPE xml [<!ENTITY f SYSTEM \"file:///etc/hostname\">]><xml><body>&f;</body></xml>";
    let mut bodies: Vec<Vec<u8>> = [
        "",
        "<",
        "<xml>",
        "<xml></lmx>",
        "<xml><a></xml></a>",
        "<xml><a>1</a>",
        "<xml><a>&nothing;</a></xml>",
        "<xml><a><![CDATA[1]</a></xml>",
        "<xml><a b=></a></xml>",
        "{\"a\":1}",
        "<?xml version=\"1.0\" encoding=\"UTF-16\"?><xml><a>1</a></xml>",
        bomb,
        file,
    ]
    .map(|text| text.as_bytes().to_vec())
    .into();
    bodies.push(b"<xml><a>\xff\xfe</a></xml>".to_vec());
    bodies.push(
        ["<a>".repeat(300_000), "</a>".repeat(300_000)]
            .concat()
            .into_bytes(),
    );
    bodies.push([&b"<xml><a "[..], &[b'x'; 1 << 20], b"=\"1\"></a></xml>"].concat());
    bodies.push(
        ["<xml>", &"<a>1</a>".repeat(300_000), "</xml>"]
            .concat()
            .into_bytes(),
    );
    bodies
}

#[test]
fn malformed_xml_is_a_communication_failure() {
    let simulator = Simulator::start().unwrap();
    let post = post(&simulator);
    for path in [
        "/pay/unifiedorder",
        "/pay/combinedorder",
        "/secapi/pay/refund",
        "/mmpaymkttransfers/sendredpack",
    ] {
        for body in wrong_xml() {
            let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            let (status, answer) = post(path, &body);
            assert_eq!(status, 200, "{path} {shown}: {answer}");
            assert!(
                answer.starts_with("<xml><return_code>FAIL</return_code>"),
                "{path} {shown}: {answer}"
            );
            assert!(
                answer.len() < 4096,
                "{path} {shown}: {} bytes of answer",
                answer.len()
            );
            assert!(!answer.contains("aaaaaaaaaa"), "an entity was read: {answer}");
        }
    }
}
