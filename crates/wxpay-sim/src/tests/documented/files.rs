//! Files: their digests, links that lead to them, and times.

use serde_json::Value;
use wxpay_proto::crypto::FileDigest;
use wxpay_proto::file::{FileKey, SealedFile};
use wxpay_proto::{TimeText, v3};
use wxpay_types::schema::{OperationInfo, Protocol, Returns, Signed};
use wxpay_types::table;

use super::super::client::Table;
use super::caller::{Any, key, send};
use super::compose::{self, Extent};

fn ask(table: &mut Table, info: &'static OperationInfo, request: &Value) -> Option<Value> {
    let keys = table.platform.profile().platform_keys();
    let call = Any::<v3::Raw>::new(table, info, request);
    let answer = send(table, &key(table), &call)?.verify(&keys, table.clocks.wire);
    Some(answer.unwrap().json().unwrap())
}

/// All objects that have a link in them.
fn links(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Object(members) => {
            if members.contains_key("download_url") {
                found.push(value.clone());
            }
            members.values().for_each(|value| links(value, found));
        }
        Value::Array(elements) => elements.iter().for_each(|value| links(value, found)),
        _ => {}
    }
}

fn opened(mut file: SealedFile, sealed: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    file.push(sealed);
    while let Some(piece) = file.next_piece().unwrap() {
        text.extend_from_slice(piece.claimed());
    }
    let proof = file.finish().unwrap();
    assert_eq!(proof.length(), u64::try_from(text.len()).unwrap());
    text
}

#[test]
fn links_lead_to_files_with_their_digest() {
    let mut table = Table::merchant();
    let key = key(&table);
    let (mut checked, mut sealed) = (0, 0);
    let with_links = table::operations().filter(|info| {
        let response = format!("{:?}", info.response);
        info.protocol == Protocol::V3 && response.contains("\"download_url\"")
    });
    for info in with_links {
        let request = compose::request(info, Extent::Required);
        let Some(answer) = ask(&mut table, info, &request) else {
            continue;
        };
        let mut found = Vec::new();
        links(&answer, &mut found);
        for link in found {
            let url = link["download_url"].as_str().unwrap();
            let Ok((_, target)) = wxpay_proto::Host::split(url) else {
                continue;
            };
            let request = table.request(http::Method::GET, target, &Value::Null);
            let response = table.handle(&request);
            assert_eq!(response.status(), 200, "{}: {url}", info.name);
            assert!(
                !response.headers().contains_key("wechatpay-signature"),
                "{}",
                info.name
            );
            let mut content = response.into_body().to_vec();
            if let Some(wrapped) = link.get("encrypt_key") {
                let file_key = FileKey::open(wrapped.as_str().unwrap(), &key).unwrap();
                let file = SealedFile::new(&file_key, link["nonce"].as_str().unwrap()).unwrap();
                content = opened(file, &content);
                sealed += 1;
            }
            if let (Some(kind), Some(value)) = (link["hash_type"].as_str(), link["hash_value"].as_str()) {
                FileDigest::new(kind, value).unwrap().check(&content).unwrap();
                checked += 1;
            }
        }
    }
    assert!(checked >= 10 && sealed >= 1, "{checked} {sealed}");
}

#[test]
fn files_are_proven_as_documented() {
    let mut table = Table::merchant();
    let (keys, key) = (table.platform.profile().platform_keys(), key(&table));
    let (mut signed, mut unsigned) = (0, 0);
    let files =
        table::operations().filter(|info| info.protocol == Protocol::V3 && info.returns == Returns::File);
    for info in files {
        let request = compose::request(info, Extent::Required);
        if info.signed == Signed::Digest {
            let call = Any::<v3::Statement>::new(&table, info, &request);
            let Some(answer) = send(&mut table, &key, &call) else {
                continue;
            };
            assert!(
                !answer
                    .verify(&keys, table.clocks.wire)
                    .unwrap()
                    .content()
                    .is_empty()
            );
            signed += 1;
        } else {
            let call = Any::<v3::UnprovenFile>::new(&table, info, &request);
            let Some(answer) = send(&mut table, &key, &call) else {
                continue;
            };
            let answer = answer.verify(&keys, table.clocks.wire).unwrap();
            assert!(!answer.claimed().content().is_empty());
            unsigned += 1;
        }
    }
    assert!(signed >= 1 && unsigned >= 3, "{signed} {unsigned}");
}

#[test]
fn the_same_number_gives_the_same_answer_and_another_another() {
    let create = table::named("v3.payscore.create_service_order").unwrap();
    let query = table::named("v3.payscore.query_service_order").unwrap();
    let run = |seed, number: &str| {
        let settings = crate::Settings {
            seed,
            ..crate::Settings::default()
        };
        let mut table = Table::of(settings, |profile| profile.merchant());
        let mut request = compose::request(create, Extent::Required);
        request["out_order_no"] = number.into();
        let created = ask(&mut table, create, &request).unwrap();
        let mut request = compose::request(query, Extent::Required);
        request["out_order_no"] = number.into();
        request.as_object_mut().unwrap().remove("query_id");
        (created, ask(&mut table, query, &request).unwrap())
    };
    let (created, queried) = run(1, "1234323JKHDFE1243252");
    assert_eq!(created["out_order_no"], "1234323JKHDFE1243252");
    assert_eq!(created["order_id"], queried["order_id"]);
    assert_eq!(run(1, "1234323JKHDFE1243252"), (created.clone(), queried));
    assert_ne!(run(1, "1234323JKHDFE1243253").0["order_id"], created["order_id"]);
    assert_ne!(run(2, "1234323JKHDFE1243252").0["order_id"], created["order_id"]);
}

#[test]
fn times_are_the_business_clocks() {
    let mut table = Table::merchant();
    table.wait(3 * 86_400);
    let info = table::named("v3.marketing-busifavor.pay_subsidy").unwrap();
    let request = compose::request(info, Extent::Required);
    let answer = ask(&mut table, info, &request).unwrap();
    let time = TimeText::from(answer["success_time"].as_str().unwrap())
        .parse()
        .unwrap();
    assert_eq!(time, table.clocks.business, "{}", info.name);
}
