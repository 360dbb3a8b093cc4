use proptest::prelude::*;
use serde_json::json;

use super::super::tests::Outer;
use super::{plain_length, read};
use crate::record;

/// What serde_json says of it, in a form that can be compared.
fn slowly(text: &str) -> Option<String> {
    let read = serde_json::from_str::<Outer>(text).ok();
    read.map(|outer| format!("{outer:?}"))
}

fn quickly(text: &str) -> Option<String> {
    read::<Outer>(text.as_bytes()).map(|outer| format!("{outer:?}"))
}

/// What is read quickly is what serde_json reads; says whether it was.
fn agrees(text: &str) -> bool {
    let quick = quickly(text);
    if quick.is_some() {
        assert_eq!(quick, slowly(text), "{text:?}");
    }
    quick.is_some()
}

/// Values that fields expect, that they do not expect, and pieces that are none at all.
fn piece() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|flag| flag.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        (0_u64..1000).prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| json!(number).to_string()),
        any::<String>().prop_map(|text| json!(text).to_string()),
        "[ a-z/,:{}\\[\\]支付]{0,20}".prop_map(|text| format!("\"{text}\"")),
        prop::sample::select(vec![
            "",
            "-",
            "-0",
            "00",
            "01",
            "1.",
            "1e",
            "1e3",
            "1e999",
            "0.0",
            "1 2",
            "tru",
            "nul",
            "\"",
            "\"\\",
            "\"\\\"",
            "\"\\u00",
            "\"\\u0041\"",
            "\"\\ud83d\\ude00\"",
            "\"\\ud83d\"",
            "\"\\x\"",
            "\"\t\"",
            "\"\u{7f}\"",
            "\"a\"b",
            "\"a\"\"b\"",
            "[",
            "]",
            "{",
            "}",
            "[1",
            "[}",
            "{]",
            "[1,]",
            "{\"a\":1,}",
            "{a:1}",
            "//",
            "'a'",
            "NaN",
            "12345678901234567",
            "999999999999999999",
            "1000000000000000000",
            "\"Y\"",
            "\"N\"",
        ])
        .prop_map(str::to_owned),
    ];
    scalar.prop_recursive(4, 24, 4, |inner| {
        let name = prop::sample::select(vec!["a", "inner", "text", "other", "\\u0061"]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|pieces| format!("[{}]", pieces.join(","))),
            prop::collection::vec((name, inner), 0..4).prop_map(|members| {
                let members: Vec<String> = members
                    .iter()
                    .map(|(name, value)| format!("\"{name}\" : {value}"))
                    .collect();
                format!("{{{}}}", members.join(" ,"))
            }),
        ]
    })
}

fn names() -> impl Strategy<Value = &'static str> {
    let mut names: Vec<&'static str> = record::Record::names(&Outer::default()).to_vec();
    names.extend(["new", "", "tex", "texta", "支付", "\\u0074ext"]);
    prop::sample::select(names)
}

proptest! {
    #[test]
    fn what_is_read_quickly_is_what_serde_json_reads(
        members in prop::collection::vec((names(), piece()), 0..6),
        blank in "[ \n\r\t]{0,2}",
        cut in prop::option::of(any::<prop::sample::Index>()),
        behind in prop::sample::select(vec!["", "", "", " ", "\n", "x", "{}", ",", "\0"]),
    ) {
        let members: Vec<String> = members
            .iter()
            .map(|(name, value)| format!("{blank}\"{name}\"{blank}:{blank}{value}{blank}"))
            .collect();
        let mut text = format!("{blank}{{{}{blank}}}{blank}{behind}", members.join(","));
        agrees(&text);
        if let Some(cut) = cut {
            let places: Vec<usize> = text.char_indices().map(|(place, _)| place).collect();
            text.truncate(*cut.get(&places));
            agrees(&text);
        }
    }

    #[test]
    fn the_first_quote_backslash_or_control_character_is_found(bytes in prop::collection::vec(
        prop_oneof![8 => any::<u8>(), 1 => Just(b'"'), 1 => Just(b'\\'), 4 => 0x20_u8..0x30],
        0..40,
    )) {
        let found = bytes.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
        prop_assert_eq!(plain_length(&bytes), found.unwrap_or(bytes.len()));
    }
}

#[test]
fn what_wechat_pay_writes_is_read_quickly() {
    for text in [
        r#"{}"#,
        " {\n} ",
        r#"{"text":"支付成功","word":"Y","time":"2018-06-08T10:34:56+08:00","int":100,"inner":{"a":"1"},"list":[{"a":"b"},{}]}"#,
        r#"{"list":[],"int":0,"text":"","new":"x","new2":{"a":[1,{"b":"]\"}"}]},"newer":null,"time":""}"#,
        r#"{"float":0.5,"flag":true,"texts":["a"],"ints":[1,2],"floats":[1],"flags":[false],"any":{"b":1},"anys":[1]}"#,
        r#"{"text":"a\"b\\","json":"{\"a\":\"1\"}","int":"7","list":{"a":"1"},"inner":null,"text":8}"#,
    ] {
        assert!(agrees(text), "{text}");
    }
}

#[test]
fn what_is_broken_is_not_read() {
    for text in [
        "",
        "[]",
        "null",
        "{",
        "{}x",
        r#"{"text"}"#,
        r#"{"text":}"#,
        r#"{"text":"a",}"#,
        r#"{"text":"a" "int":1}"#,
        r#"{"new":tru}"#,
        r#"{"new":[1}"#,
        r#"{"new":"a}"#,
        r#"{"int":01}"#,
        r#"{"list":[{}"#,
        r#"{"list":[{},]}"#,
        "{\"text\":\"\u{1}\"}",
    ] {
        assert_eq!(quickly(text), None, "{text}");
        assert_eq!(slowly(text), None, "{text}");
    }
}

#[test]
fn depth_is_left_to_serde_json() {
    let nested = |depth: usize| {
        let open = r#"{"inner":["#.repeat(depth);
        format!(r#"{{"list":[{open}{}]}}"#, "]}".repeat(depth))
    };
    assert!(agrees(&nested(20)));
    for depth in [40, 60, 100, 100_000] {
        assert!(!agrees(&nested(depth)));
    }
    for depth in [20, 40, 100, 100_000] {
        let text = format!(r#"{{"new":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert_eq!(agrees(&text), depth < 32);
    }
}
