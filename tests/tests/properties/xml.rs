//! v2's XML: what is written is read, and nothing that is read panics.

use proptest::prelude::*;
use wxpay_proto::v2::{Fields, XmlError, xml};
use wxpay_tests::fuzz;

use crate::{bytes, config, text};

/// Whether XML 1.0 can hold the text.
pub(crate) fn representable(text: &str) -> bool {
    let bad = |c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    !text.chars().any(bad)
}

/// Texts with what ends a CDATA section, line ends and entities in them.
fn value() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => text(4),
        1 => prop::sample::select(vec!["]]>", "]]", "]", ">", "<![CDATA[", "\r\n", "\r", "\n", "&amp;", "&#13;", "&x;", "<a>", "<!--", " "])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| parts.concat())
}

fn fields() -> impl Strategy<Value = Fields> {
    prop::collection::btree_map("[A-Za-z_][A-Za-z0-9_.-]{0,8}", value(), 0..6)
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn what_is_written_is_read(fields in fields()) {
        match xml::write(&fields) {
            Ok(text) => {
                prop_assert_eq!(xml::read(text.as_bytes()), Ok(fields.clone()), "{:?}", text);
                prop_assert!(fields.values().all(|value| representable(value)));
            }
            Err(_) => prop_assert!(fields.values().any(|value| !representable(value))),
        }
    }

    #[test]
    fn a_name_is_a_name_or_refused(name in text(6)) {
        let fields = Fields::from([(name.clone(), "1".to_owned())]);
        if let Ok(text) = xml::write(&fields) {
            prop_assert_eq!(xml::read(text.as_bytes()), Ok(fields));
        } else {
            let plain = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
            prop_assert!(!plain, "{}", name);
        }
    }

    /// What others write: entities, CDATA, white space between elements, another root.
    #[test]
    fn other_spellings_are_read_alike(value in "[^\\x00-\\x08\\x0b-\\x1f\\]\u{fffe}\u{ffff}]{0,12}", root in "[a-z]{1,6}") {
        let escaped: String = value.chars().map(|c| format!("&#x{:X};", u32::from(c))).collect();
        let wanted = Fields::from([("a".to_owned(), value.clone())]);
        for text in [
            format!("<{root}><a><![CDATA[{value}]]></a></{root}>"),
            format!("<{root}>\n <a>{escaped}</a>\r\n</{root}>\n"),
            format!("\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?><{root}><!-- x --><a >{escaped}</a></{root}>"),
        ] {
            prop_assert_eq!(xml::read(text.as_bytes()), Ok(wanted.clone()), "{:?}", text);
        }
    }

    #[test]
    fn no_bytes_panic(bytes in bytes(120)) {
        fuzz::v2_xml(&bytes);
    }

    #[test]
    fn no_damaged_document_panics(fields in fields(), damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..5)) {
        let Ok(text) = xml::write(&fields) else { return Ok(()) };
        let mut bytes = text.into_bytes();
        for (index, byte, how) in damage {
            let at = index.index(bytes.len() + 1);
            match how {
                0 => bytes.insert(at, byte),
                1 if at < bytes.len() => drop(bytes.remove(at)),
                _ if at < bytes.len() => bytes[at] = byte,
                _ => {}
            }
        }
        fuzz::v2_xml(&bytes);
    }

    #[test]
    fn no_document_type_is_read(inner in "[ -~]{0,20}", body in "<xml><a>[a-z&;]{0,6}</a></xml>") {
        let text = format!("<!DOCTYPE xml [{}]>{body}", inner.replace(['[', ']', '<', '>', '"', '\''], ""));
        prop_assert_eq!(xml::read(text.as_bytes()), Err(XmlError::Doctype));
    }

    #[test]
    fn a_name_that_occurs_twice_is_refused(mut fields in fields(), name in "[a-z]{1,4}", value in "[a-z]{0,3}") {
        fields.insert(name.clone(), value.clone());
        let Ok(text) = xml::write(&fields) else { return Ok(()) };
        let twice = text.replace("</xml>", &format!("<{name}>{value}</{name}></xml>"));
        // A value may hold `</xml>` inside CDATA; then the text above is no document of two fields.
        prop_assume!(text.matches("</xml>").count() == 1);
        prop_assert_eq!(xml::read(twice.as_bytes()), Err(XmlError::Duplicate { name }));
    }
}
