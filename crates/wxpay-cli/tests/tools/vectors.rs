//! The published vectors, as the command's users have them: files.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/vectors.json");

fn file() -> &'static Value {
    static FILE: OnceLock<Value> = OnceLock::new();
    FILE.get_or_init(|| serde_json::from_slice(&std::fs::read(PATH).unwrap()).unwrap())
}

/// A member of a key's entry.
pub(crate) fn key(name: &str, member: &str) -> &'static str {
    file()["keys"][name][member].as_str().unwrap()
}

/// The vectors of a group.
pub(crate) fn group(id: &str) -> &'static [Value] {
    let groups = file()["groups"].as_array().unwrap();
    let group = groups.iter().find(|group| group["id"] == id).unwrap();
    group["vectors"].as_array().unwrap()
}

/// One vector.
pub(crate) fn vector(id: &str, name: &str) -> &'static Value {
    group(id).iter().find(|vector| vector["name"] == name).unwrap()
}

pub(crate) fn bytes(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().unwrap()).unwrap()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// A message of HTTP as it is saved: start line, headers, body.
pub(crate) fn saved(start: &str, headers: &Value, body: &[u8]) -> Vec<u8> {
    let mut text = format!("{start}\r\n");
    for (name, value) in headers.as_object().unwrap() {
        text.push_str(&format!("{name}: {}\r\n", value.as_str().unwrap()));
    }
    [text.as_bytes(), b"\r\n", body].concat()
}
