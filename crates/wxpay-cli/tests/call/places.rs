//! Values outside the body.

use wxpay_proto::Sensitive;

use crate::server::{Answer, Server};
use crate::world::{World, partner};

fn signed(body: &str) -> Answer {
    Answer {
        body: body.into(),
        signed: Some(body.into()),
        ..Answer::default()
    }
}

#[test]
fn a_header_parameter_is_a_header() {
    let world = World::new("header", partner);
    let server = Server::start(&world, signed("{}"));
    let run = world.call(
        "v3.marketing_partnerships.build",
        &["--anyway", "--set", "Idempotency-Key=K 1"],
    );
    run.ends(0).says("verified by public key");
    let seen = server.only();
    assert_eq!(seen.header("idempotency-key"), Some("K 1"));
    assert_eq!(seen.body, b"{}");
}

#[test]
fn an_encrypted_parameter_is_encrypted_in_the_query() {
    let world = World::new("sealed-query", partner);
    let server = Server::start(&world, signed("{\"total_count\":0}"));
    let name = "v3.capital.search_banks_by_bank_account";
    let arguments = ["--verbose", "--set", "account_number=6214830012345678"];
    let run = world.call(name, &arguments).ends(0);
    assert_eq!(run.json()["total_count"], 0);
    let seen = server.only();
    let (_, sent) = seen.target().split_once("?account_number=").unwrap();
    for text in [seen.target(), &run.said] {
        assert!(!text.contains("6214830012345678"), "{text}");
    }
    assert!(
        seen.header("wechatpay-serial")
            .unwrap()
            .starts_with("PUB_KEY_ID_")
    );
    let ciphertext = sent.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=");
    let mut field = Sensitive::new(ciphertext);
    field.open(&server.platform_key()).unwrap();
    assert_eq!(field.expose(), Some("6214830012345678"));
    run.says("encrypted%20when%20it%20is%20sent");
}
