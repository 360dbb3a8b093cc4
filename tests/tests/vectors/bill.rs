//! `bill`: digests, packed or not, and the rows of a bill.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use wxpay_proto::bill::BillReader;
use wxpay_proto::crypto::{Backend, FileDigest};
use wxpay_proto::file::FileCheck;
use wxpay_proto::v3::{SignatureHeaders, canonical, statement_digest};
use wxpay_proto::{KeyId, UnixTime};
use wxpay_tests::keys::platform_keys;
use wxpay_tests::vectors::{Expected, Vector};

pub(crate) fn run(vector: &Vector) {
    let mut expected = vector.expected();
    let digest = FileDigest::new(vector.text("hash_type"), vector.text("hash_value")).expect("a digest");
    let content = vector.bytes("content_base64");
    let text = checked(&content, &digest, content.len());
    assert_eq!(checked(&content, &digest, 1), text, "byte by byte");
    rows(&text, &mut expected);
    assert_eq!(expected.take("hash_ok"), true);
    expected.finish();
}

fn checked(content: &[u8], digest: &FileDigest, size: usize) -> Vec<u8> {
    let mut check = FileCheck::new(digest, 1 << 20);
    let mut text = Vec::new();
    for chunk in content.chunks(size) {
        check.push(chunk);
        while let Some(piece) = check.next_piece().expect("a piece") {
            text.extend_from_slice(piece.claimed());
        }
    }
    let proof = check.finish().expect("the right digest");
    assert_eq!(usize::try_from(proof.length()), Ok(text.len()));
    text
}

fn rows(text: &[u8], expected: &mut Expected) {
    let mut reader = BillReader::new();
    let mut rows = Vec::new();
    reader.push(text);
    reader.end();
    while let Some(row) = reader.next_row() {
        let row = row.expect("a row");
        rows.push(row.iter().map(|(_, cell)| json!(cell)).collect::<Value>());
    }
    let end = reader.finish().expect("a whole bill");
    assert!(end.is_complete());
    let summary = end.summary().expect("a summary").row();
    let mut compare = |name: &str, found: Value| {
        if let Some(wanted) = expected.take_if_any(name) {
            assert_eq!(found, wanted, "{name}");
        }
    };
    compare("row_count", json!(rows.len()));
    compare("rows", json!(rows));
    compare("columns", end.columns().collect());
    compare("summary_columns", summary.iter().map(|(name, _)| name).collect());
    compare("summary", summary.iter().map(|(_, cell)| cell).collect());
}

pub(crate) fn statement(vector: &Vector, backend: Backend) {
    let mut expected = vector.expected();
    let mut headers = http::HeaderMap::new();
    for (name, value) in vector.object("headers") {
        let name = http::HeaderName::try_from(name).expect("a name");
        headers.insert(name, value.as_str().expect("a text").parse().expect("a value"));
    }
    let trust = vector.object("trust").iter();
    let keys = platform_keys(
        trust.map(|(id, key)| (id.as_str(), key.as_str().expect("a key's name"))),
        backend,
    );
    let now = UnixTime::from_secs(vector.number("now"));
    let (digest, key) = statement_digest(&headers, &keys, now).expect("a signed digest");
    assert_eq!(
        key,
        KeyId::new("7132D72A03E93CDDF8C03BBD1F37EEDF0A1B2C3D").expect("an id")
    );
    let body = vector.bytes("body_base64");
    assert_eq!(expected.take("valid"), digest.check(&body).is_ok());

    let told = headers["wechatpay-statement-sha1"].to_str().expect("a text");
    let read = SignatureHeaders::read(&headers).expect("signature headers");
    let signed = format!("{{\"sha1\":\"{told}\"}}");
    let message = canonical::answer_message(read.timestamp, read.nonce, signed.as_bytes());
    assert_eq!(STANDARD.encode(message), expected.text("message_base64"));
    expected.finish();
}
