//! What the fuzzers begin with: the inputs of the test vectors.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::keys::key_text;
use crate::vectors::{Vector, file, vectors};

/// The inputs of the vectors that a fuzzer's target reads, by the target's name.
///
/// # Panics
/// When a vector has not the form that it should have.
#[must_use]
#[expect(clippy::expect_used, reason = "the vectors are part of this crate")]
pub fn seeds(target: &str) -> Vec<Vec<u8>> {
    if target == "key_files" {
        let keys = file()["keys"].as_object().expect("the keys").values();
        let texts = keys.flat_map(|key| {
            key.as_object()
                .expect("a key")
                .values()
                .filter_map(|text| text.as_str())
        });
        return texts
            .filter(|text| text.starts_with("-----BEGIN"))
            .map(|text| text.as_bytes().to_vec())
            .collect();
    }
    let inputs = |group: &str, names: &[&str]| {
        let mut found = Vec::new();
        for vector in vectors().iter().filter(|vector| vector.group == group) {
            for name in names.iter().filter(|name| vector.get(name).is_some()) {
                found.push(match name.ends_with("_base64") {
                    true => vector.bytes(name),
                    false => vector.text(name).as_bytes().to_vec(),
                });
            }
        }
        found
    };
    match target {
        "v2_xml" => [
            inputs("v2_xml", &["xml_base64"]),
            inputs("v2_response", &["body"]),
        ]
        .concat(),
        "bill_file" => inputs("bill", &["content_base64", "body_base64"]),
        "notification" => [
            inputs("v3_notification", &["body_base64"]),
            inputs("v2_response", &["body"]),
        ]
        .concat(),
        "certificates" => inputs("certificates", &["body_base64"]),
        "multipart" => {
            let parts = |vector: &Vector| {
                let texts = [
                    vector.text("filename"),
                    "image/png",
                    vector.text("meta"),
                    "file",
                    "",
                ];
                [texts.join("\0").into_bytes(), vector.bytes("content_base64")].concat()
            };
            let uploads = vectors().into_iter().filter(|vector| vector.group == "upload");
            uploads.map(|vector| parts(&vector)).collect()
        }
        "p12" => {
            let decode = |name| STANDARD.decode(key_text("merchant_rsa", name)).expect("base64");
            let whole = ["pkcs12_modern_base64", "pkcs12_legacy_base64"].map(decode);
            // A file without its second half has the same structures, and costs no password.
            whole
                .iter()
                .flat_map(|file| [file.clone(), file[..file.len() / 2].to_vec()])
                .collect()
        }
        "v3_answer" => [
            inputs("v3_response_verify", &["body_base64"]),
            inputs("certificates", &["body_base64"]),
        ]
        .concat(),
        "authorization" => inputs("v3_authorization_parse", &["header"]),
        "v3_refusal" => {
            let bodies = inputs("errors", &["body_base64", "request_id"]);
            bodies
                .into_iter()
                .map(|body| [&[1, 0x90], &body[..]].concat())
                .collect()
        }
        _ => inputs("formats", &["text", "yuan"]),
    }
}
