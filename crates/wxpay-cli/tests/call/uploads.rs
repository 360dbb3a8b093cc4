//! Files on their way to WeChat Pay.

use std::collections::BTreeMap;
use std::fs;

use serde_json::{Map, Value, json};
use wxpay_proto::crypto::{Algorithm, Signer as _};
use wxpay_proto::{ApiV2Key, FilePart, v2};
use wxpay_types::schema::{Field, Fill, Kind, OperationInfo, Place, Schema};
use wxpay_types::table;

use crate::server::{Answer, Server};
use crate::world::{World, merchant, partner};

const CONTENT: &[u8] = b"\x89PNG\r\n\x1a\n\0\xff bytes that are no text";

fn picture(world: &World) -> String {
    let path = world.folder.join("pic ture.png");
    fs::write(&path, CONTENT).unwrap();
    path.to_str().unwrap().to_owned()
}

/// The parts of a multipart body: their head, and their content.
fn parts(content_type: &str, body: &[u8]) -> Vec<(String, Vec<u8>)> {
    let boundary = content_type.split_once("boundary=").unwrap().1;
    let delimiter = format!("--{boundary}");
    let at: Vec<usize> = (0..body.len())
        .filter(|&at| body[at..].starts_with(delimiter.as_bytes()))
        .collect();
    at.windows(2)
        .map(|pair| {
            let part = &body[pair[0] + delimiter.len() + 2..pair[1] - 2];
            let end = part.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
            (
                String::from_utf8(part[..end].to_vec()).unwrap(),
                part[end + 4..].to_vec(),
            )
        })
        .collect()
}

#[test]
fn an_upload_says_what_it_uploads_and_is_signed_by_that() {
    let world = World::new("upload", partner);
    let path = picture(&world);
    let run = world.call("v3.merchant_media.upload_file", &["--file", &path, "--verbose"]);
    let run = run.ends(0);
    assert!(run.json()["media_id"].is_string(), "{}", run.out);
    run.says("verified by public key")
        .says(&format!("({} bytes)", CONTENT.len()))
        .says("Content-Type: image/png");
    let log = world.simulator.log();
    let request = &log[0].request;
    let content_type = request.headers()["content-type"].to_str().unwrap();
    let parts = parts(content_type, request.body());
    let [(meta_head, meta), (file_head, file)] = parts.as_slice() else {
        panic!("two parts");
    };
    assert!(meta_head.contains("name=\"meta\"") && meta_head.contains("application/json"));
    let digest = FilePart::new("", "", CONTENT).sha256();
    assert_eq!(
        serde_json::from_slice::<Value>(meta).unwrap(),
        json!({ "filename": "pic ture.png", "sha256": digest })
    );
    assert!(file_head.contains("name=\"file\"; filename=\"pic ture.png\""));
    assert_eq!(file, CONTENT);
}

#[test]
fn a_stored_upload_goes_as_it_is() {
    let world = World::new("upload-stored", partner);
    let stored_digest = FilePart::new("", "", vec![0, 255, 1]).sha256().to_uppercase();
    let stored = json!({
        "file": { "name": "a.png", "media_type": "image/png", "content": "AP8B" },
        "meta": { "filename": "a.png", "sha256": stored_digest },
    });
    let stored = world.write("upload.json", &stored);
    world
        .call("v3.merchant_media.upload_file", &["--json", &stored])
        .ends(0);
    let log = world.simulator.log();
    let body = log[0].request.body();
    // What is given stays.
    assert!(String::from_utf8_lossy(body).contains(&stored_digest));
    assert!(body.windows(3).any(|window| window == [0, 255, 1]));
}

/// A value for everything that the file does not tell.
fn values(schema: &Schema) -> Map<String, Value> {
    let value = |field: &Field| match &field.kind {
        Kind::Object(schema) => Value::Object(values(schema)),
        Kind::Int => json!(7),
        Kind::Enum(known) => known[0].clone().into(),
        _ => field.example.clone().unwrap_or_else(|| "text".to_owned()).into(),
    };
    schema
        .fields
        .iter()
        .filter(|field| field.fill.is_none() && !matches!(field.kind, Kind::File))
        .map(|field| (field.name.clone(), value(field)))
        .collect()
}

fn part(info: &OperationInfo, wanted: fn(&Kind) -> bool) -> &Field {
    let mut fields = info.request.fields.iter();
    fields
        .find(|field| field.place == Place::Form && wanted(&field.kind))
        .unwrap()
}

#[test]
fn every_documented_upload_can_be_made() {
    let world = World::new("upload-all", partner);
    let mut profile = world.profile();
    profile["brand"] = json!({
        "id": "6000000001",
        "certificate": "keys/apiclient_cert.pem",
        "private_key": "keys/apiclient_key.pem",
    });
    world.write("profile.json", &profile);
    let path = picture(&world);
    let digest = FilePart::new("", "", CONTENT).sha256();
    let mut count = 0;
    for info in table::operations().filter(|info| info.multipart && info.family != "v2/merchant") {
        let json = world.write("values.json", &Value::Object(values(&info.request)));
        let arguments = ["--json", &json, "--file", &path, "--dry-run", "--anyway"];
        let run = world.call(&info.name, &arguments).ends(0);
        let (message, request) = run.out.split_once("\nrequest, signed with").unwrap();
        let meta = message.lines().rev().find(|line| line.starts_with('{')).unwrap();
        let meta: Value = serde_json::from_str(meta.trim_end_matches('⏎')).unwrap();
        let Kind::Object(schema) = &part(info, |kind| matches!(kind, Kind::Object(_))).kind else {
            panic!("{}: an object describes the file", info.name);
        };
        assert_eq!(
            meta.as_object().unwrap().len(),
            schema.fields.len(),
            "{}",
            info.name
        );
        for field in &schema.fields {
            let wanted = match field.fill {
                Some(Fill::Name) => "pic ture.png",
                Some(_) => digest.as_str(),
                None => continue,
            };
            assert_eq!(meta[&field.name], wanted, "{}", info.name);
        }
        let file = part(info, |kind| matches!(kind, Kind::File));
        let file = format!("name=\"{}\"; filename=\"pic ture.png\"", file.name);
        assert!(request.contains(&file), "{}: {request}", info.name);
        count += 1;
    }
    assert!(count >= 15, "{count}");
    assert!(world.simulator.log().is_empty(), "something was sent");
}

#[test]
fn the_texts_of_v2_are_signed() {
    let world = World::new("upload-v2", merchant);
    let path = picture(&world);
    let server = Server::start(
        &world,
        Answer {
            body: b"<xml><return_code>SUCCESS</return_code></xml>".to_vec(),
            ..Answer::default()
        },
    );
    let number = "mch_id=1900007291";
    let run = world.call("v2.merchant.upload_media", &["--file", &path, "--set", number]);
    let seen = server.only();
    let parts = parts(seen.header("content-type").unwrap(), &seen.body);
    let mut texts = BTreeMap::new();
    for (head, content) in &parts {
        let name = head.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
        if head.contains("filename=") {
            assert_eq!((name, content.as_slice()), ("media", CONTENT));
        } else {
            texts.insert(name.to_owned(), String::from_utf8(content.clone()).unwrap());
        }
    }
    assert_eq!(texts["media_hash"], FilePart::new("", "", CONTENT).md5());
    let sign = texts.remove("sign").unwrap();
    let message = v2::canonical::message(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let key = ApiV2Key::new(world.simulator.profile().merchant().api_v2_key()).unwrap();
    let algorithm = if sign.len() == 64 {
        Algorithm::HmacSha256
    } else {
        Algorithm::Md5
    };
    assert_eq!(key.sign(algorithm, message.as_bytes()).unwrap().to_hex(), sign);
    // This operation's answers are always signed, and this one is not.
    run.ends(3).says("`sign`");
}

#[test]
fn what_is_wrong_with_a_file_is_named() {
    let world = World::new("upload-wrong", partner);
    let path = picture(&world);
    let upload = "v3.merchant_media.upload_file";
    let stored = world.write("stored.json", &json!({ "file": { "content": "?" } }));
    for (name, arguments, said) in [
        (upload, vec![], "--file PATH"),
        (
            upload,
            vec!["--file", "no-such-file.png"],
            "--file no-such-file.png",
        ),
        (upload, vec!["--json", &stored], "`file`: "),
        (
            upload,
            vec!["--file", &path, "--set", "metta=1"],
            "no part `metta`",
        ),
        (
            "v3.bill.query_trade_bill",
            vec!["--file", &path],
            "it uploads nothing",
        ),
    ] {
        world.call(name, &arguments).ends(2).says(said);
    }
    assert!(world.simulator.log().is_empty(), "something was sent");
}
