//! What proves an answer, operation by operation.

use std::fs;

use crate::server::{Answer, Server};
use crate::world::{World, merchant};

const FILE: &[u8] = b"\xff\xd8\xff a picture";
/// Of `hello`.
const SHA1: &str = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";

fn plain(body: &[u8]) -> Answer {
    Answer {
        body: body.to_vec(),
        ..Answer::default()
    }
}

#[test]
fn a_file_that_nothing_proves_is_marked() {
    let world = World::new("unproven", merchant);
    let server = Server::start(&world, plain(FILE));
    let path = world.folder.join("picture.jpg");
    let arguments = ["--set", "media_id=ChsyMDAw", "--output", path.to_str().unwrap()];
    let run = world
        .call("v3.merchant_service.download_image", &arguments)
        .ends(0);
    run.says("NOT signed");
    assert_eq!(fs::read(path).unwrap(), FILE);
    assert_eq!(server.only().header("accept"), Some("*/*"));
}

#[test]
fn a_file_is_proven_by_the_digest_that_was_told() {
    let world = World::new("digest", merchant);
    let server = Server::start(&world, plain(b"hello"));
    let told = format!("SHA1:{SHA1}");
    let arguments = ["--set", "token=a", "--digest", &told];
    let run = world.call("v3.bill.download", &arguments).ends(0);
    assert_eq!(run.out, "hello");
    run.says("verified by its digest");
    assert_eq!(server.only().target(), "/v3/billdownload/file?token=a");

    let wrong = format!("SHA1:{}", SHA1.replace('a', "b"));
    let run = world
        .call("v3.bill.download", &["--set", "token=a", "--digest", &wrong])
        .ends(3);
    assert_eq!(run.out, "");
}

#[test]
fn a_statement_is_proven_by_its_signed_digest() {
    let world = World::new("statement", merchant);
    let name = "global.settlement.download_statement";
    let statement = Answer {
        headers: vec![("Wechatpay-Statement-Sha1", SHA1.to_owned())],
        signed: Some(format!("{{\"sha1\":\"{SHA1}\"}}").into_bytes()),
        ..plain(b"hello")
    };
    let server = Server::start(&world, statement.clone());
    let arguments = ["--set", "date=20260101", "--anyway", "--verbose"];
    let run = world.call(name, &arguments).ends(0);
    assert_eq!(run.out, "hello");
    // What the headers say can be had.
    run.says("verified by public key")
        .says(&format!("answer header wechatpay-statement-sha1: {SHA1}"));
    drop(server);

    let _other = Server::start(
        &world,
        Answer {
            body: b"jello".to_vec(),
            ..statement
        },
    );
    let run = world.call(name, &arguments).ends(3);
    assert_eq!(run.out, "");
}

#[test]
fn v2_answers_without_a_signature_pass_only_where_that_is_documented() {
    let xml = b"<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code></xml>";
    let world = World::new("v2-proofs", merchant);
    let _server = Server::start(&world, plain(xml));
    let red_packet = ["--anyway", "--set", "mch_billno=1", "--set", "mch_id=1900007291"];
    let run = world.call("v2.redpack.get_hb_info", &red_packet).ends(0);
    assert_eq!(run.json()["return_code"], "SUCCESS");
    run.says("NOT signed");
    let order = [
        "--anyway",
        "--set",
        "out_trade_no=1",
        "--set",
        "mch_id=1900007291",
    ];
    let run = world.call("v2.pay.order_query", &order).ends(3);
    assert_eq!(run.out, "");
    run.says("`sign`");

    // v2 neither signs a bill nor tells its digest.
    let _bill = Server::start(&world, plain("交易时间,金额".as_bytes()));
    let bill = [
        "--anyway",
        "--set",
        "bill_date=20260101",
        "--set",
        "mch_id=1900007291",
    ];
    let run = world.call("v2.pay.download_bill", &bill).ends(0);
    assert_eq!(run.out, "交易时间,金额");
    run.says("NOT signed");
}

#[test]
fn json_of_v2_is_told_as_it_is() {
    let world = World::new("v2-json", merchant);
    let _server = Server::start(&world, plain(b"{\"retcode\":0}"));
    let run = world
        .call("v2.realname.get_access_token", &["--anyway", "--set", "code=1"])
        .ends(0);
    assert_eq!(run.json()["retcode"], 0);
    run.says("NOT signed");
}
