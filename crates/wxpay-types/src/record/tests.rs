use serde_json::{Value, json};
use wxpay_proto::{FilePart, JsonText, TimeText};

use crate::{YesNo, record};

#[derive(Clone, Debug, Default, PartialEq)]
struct Inner {
    a: Option<String>,
    inner: Vec<Self>,
}

/// A field of every kind.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Outer {
    text: Option<String>,
    word: Option<YesNo>,
    time: Option<TimeText>,
    int: Option<i64>,
    float: Option<f64>,
    flag: Option<bool>,
    texts: Vec<String>,
    ints: Vec<i64>,
    floats: Vec<f64>,
    flags: Vec<bool>,
    inner: Option<Inner>,
    list: Vec<Inner>,
    any: Option<Value>,
    anys: Vec<Value>,
    json: Option<JsonText<Inner>>,
    file: Option<FilePart>,
}

record::fields!(Inner {
    a: "a",
    inner: "inner",
});
record::fields!(Outer {
    text: "text",
    word: "word",
    time: "time",
    int: "int",
    float: "float",
    flag: "flag",
    texts: "texts",
    ints: "ints",
    floats: "floats",
    flags: "flags",
    inner: "inner",
    list: "list",
    any: "any",
    anys: "anys",
    json: "json",
    file: "file",
});

fn read(value: &Value) -> Outer {
    let read: Outer = serde_json::from_str(&value.to_string()).unwrap();
    assert_eq!(
        serde_json::from_value::<Outer>(value.clone()).unwrap(),
        read,
        "{value}"
    );
    read
}

fn again(value: &Value) -> Value {
    serde_json::to_value(read(value)).unwrap()
}

fn whole() -> Value {
    json!({
        "text": "", "word": "Y", "time": "2018-06-08T10:34:56+08:00", "int": 1, "float": 0.5, "flag": false,
        "texts": ["a", ""], "ints": [1, 2], "flags": [true], "inner": { "a": "1" }, "list": [{ "a": "1" }, {}],
        "any": [1, null], "anys": [1, "a", null], "json": "{\"a\":\"1\"}",
        "file": { "name": "a", "media_type": "b", "content": "AQ==" },
    })
}

#[test]
fn everything_comes_back_in_its_order() {
    assert_eq!(again(&whole()), whole());
    let text = serde_json::to_string(&read(&whole())).unwrap();
    assert!(text.starts_with(r#"{"text":"","word":"Y","time""#), "{text}");
    assert_eq!(again(&json!({})), json!({}));
    assert_eq!(serde_json::to_string(&Outer::default()).unwrap(), "{}");
}

#[test]
fn a_fraction_keeps_its_last_digit() {
    let text = r#"{"float":968996497.8609995}"#;
    let read: Outer = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
}

#[test]
fn null_is_missing_and_unknown_members_are_passed_over() {
    let mut nulls = whole();
    nulls
        .as_object_mut()
        .unwrap()
        .values_mut()
        .for_each(|value| *value = Value::Null);
    assert_eq!(again(&nulls), json!({}));
    assert_eq!(
        again(&json!({ "new": { "text": [1] }, "int": 1 })),
        json!({ "int": 1 })
    );
}

#[test]
fn values_of_another_kind_are_taken_for_what_they_say_or_left_out() {
    let given = json!({
        "text": 1, "word": "", "time": "", "int": "7", "float": "0.5", "flag": "Y", "texts": 1, "ints": "2",
        "flags": [1, "x", "N"], "inner": [{ "a": "1" }], "list": { "a": 1 }, "anys": 1, "json": { "a": 1 },
    });
    let wanted = json!({
        "text": "1", "int": 7, "float": 0.5, "flag": true, "texts": ["1"], "ints": [2], "flags": [true, false],
        "list": [{ "a": "1" }], "anys": [1], "json": "{\"a\":1}",
    });
    assert_eq!(again(&given), wanted);
    for nothing in [json!([[1]]), json!({ "b": 1 }), json!([{ "a": 1 }]), json!("")] {
        let given = json!({ "int": nothing, "text": [nothing], "texts": [[nothing]], "inner": [nothing] });
        assert_eq!(again(&given), json!({}), "{nothing}");
    }
    assert_eq!(
        again(&json!({ "list": ["a", { "a": "1" }, [{}], null, 3] })),
        json!({ "list": [{ "a": "1" }] })
    );
}

#[test]
fn of_a_member_that_is_given_twice_the_last_counts() {
    let read: Outer = serde_json::from_str(
        r#"{"list":[{"a":"1"}],"inner":{"a":"1"},"text":"a","list":[{}],"inner":{},"text":null}"#,
    )
    .unwrap();
    assert_eq!(
        serde_json::to_value(&read).unwrap(),
        json!({ "inner": {}, "list": [{}] })
    );
}

#[test]
fn names_with_escapes_are_names() {
    let read: Outer = serde_json::from_str(r#"{"\u0074ext":"a"}"#).unwrap();
    assert_eq!(read.text.as_deref(), Some("a"));
}

#[test]
fn what_is_no_object_or_broken_is_an_error() {
    for text in [
        "[]",
        "null",
        "1",
        "\"a\"",
        "",
        "{",
        r#"{"text":"a"#,
        r#"{"list":[{"a":1]}"#,
        "{} x",
    ] {
        assert!(serde_json::from_str::<Outer>(text).is_err(), "{text}");
    }
    let file = json!({ "file": { "content": "?" } });
    assert!(serde_json::from_value::<Outer>(file).is_err());
}

#[test]
fn only_a_text_that_is_there_exactly_is_repeated() {
    let outer = read(&json!({ "text": "A1", "int": 7, "texts": ["A1"], "inner": { "a": "A1" } }));
    assert!(record::repeats(&outer, "text", "A1"));
    for (member, text) in [
        ("text", "A2"),
        ("text", "a1"),
        ("text", ""),
        ("int", "7"),
        ("texts", "A1"),
        ("inner", "A1"),
        ("a", "A1"),
        ("word", ""),
        ("gone", "A1"),
    ] {
        assert!(!record::repeats(&outer, member, text), "{member} {text}");
    }
    // A number without quotes is kept as its text; the last of two is what was read, and a value of another kind is none.
    let of = |body: &str| serde_json::from_str::<Outer>(body).unwrap();
    assert!(record::repeats(&of(r#"{"text":7}"#), "text", "7"));
    assert!(!record::repeats(
        &of(r#"{"text":"A1","text":"A2"}"#),
        "text",
        "A1"
    ));
    assert!(!record::repeats(&of(r#"{"text":"A1","text":{}}"#), "text", "A1"));
    let long = r#"{"text":1217752501201407033233368018}"#;
    assert!(!record::repeats(
        &of(long),
        "text",
        "1217752501201407033233368018"
    ));
}
