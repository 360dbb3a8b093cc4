//! `v2_xml`: reading and writing v2's bodies.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use wxpay_proto::v2::{Fields, xml};
use wxpay_tests::vectors::Vector;

use crate::kinds::{Ours, assert_kind};

pub(crate) fn run(vector: &Vector) {
    let mut expected = vector.expected();
    if vector.get("params").is_some() {
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let params = vector.object("params").iter();
        let fields: Fields = params.map(|(name, value)| (name.clone(), text(value))).collect();
        let written = xml::write(&fields).expect("it can be written");
        assert_eq!(
            as_json(&xml::read(written.as_bytes()).expect("XML")),
            expected.take("parses_back_to")
        );
        let theirs = expected.text("one_valid_form");
        assert_eq!(xml::read(theirs.as_bytes()).expect("XML"), fields);
    } else {
        let bytes = vector.bytes("xml_base64");
        assert_eq!(
            STANDARD.encode(vector.text("xml")),
            vector.text("xml_base64"),
            "the vector itself"
        );
        match xml::read(&bytes) {
            Ok(fields) => assert_eq!(as_json(&fields), expected.take("map")),
            Err(error) => assert_kind(&Ours::Xml(&error), &expected.text("kind")),
        }
    }
    expected.finish();
}

fn as_json(fields: &Fields) -> Value {
    fields
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(value.clone())))
        .collect::<serde_json::Map<_, _>>()
        .into()
}
