use serde::Deserialize;
use serde_json::{Value, json};
use wxpay_proto::TimeText;

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct Inner {
    #[serde(deserialize_with = "super::text")]
    name: Option<String>,
}

#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
struct All {
    #[serde(deserialize_with = "super::text")]
    text: Option<String>,
    #[serde(deserialize_with = "super::word")]
    time: Option<TimeText>,
    #[serde(deserialize_with = "super::int")]
    int: Option<i64>,
    #[serde(deserialize_with = "super::float")]
    float: Option<f64>,
    #[serde(deserialize_with = "super::flag")]
    flag: Option<bool>,
    #[serde(deserialize_with = "super::object")]
    object: Option<Inner>,
    #[serde(deserialize_with = "super::list")]
    list: Vec<Inner>,
    #[serde(deserialize_with = "super::texts")]
    texts: Vec<String>,
    #[serde(deserialize_with = "super::ints")]
    ints: Vec<i64>,
}

fn read(name: &str, value: Value) -> All {
    // From the value and from its text: the two hand values over differently.
    let body = json!({ name: value });
    let read: All = serde_json::from_str(&body.to_string()).unwrap();
    assert_eq!(serde_json::from_value::<All>(body).unwrap(), read);
    read
}

#[test]
fn texts_from_anything_flat() {
    for (value, text) in [
        (json!("a"), Some("a")),
        (json!(""), Some("")),
        (json!(12), Some("12")),
        (json!(-12), Some("-12")),
        (
            json!(18_446_744_073_709_551_615_u64),
            Some("18446744073709551615"),
        ),
        (json!(1.5), Some("1.5")),
        (json!(true), Some("true")),
        (json!(null), None),
        (json!({ "a": [1] }), None),
        (json!([1, { "a": 2 }]), None),
    ] {
        assert_eq!(read("text", value).text.as_deref(), text);
    }
    assert_eq!(read("time", json!("")).time, None);
    assert_eq!(
        read("time", json!("20180608103456")).time,
        Some("20180608103456".into())
    );
}

#[test]
fn numbers_from_texts() {
    for (value, int) in [
        (json!(12), Some(12)),
        (json!("-12"), Some(-12)),
        (json!(100.0), Some(100)),
        (json!(100.5), None),
        (json!(1e300), None),
        (json!(""), None),
        (json!("12 yuan"), None),
        (json!("99999999999999999999"), None),
        (json!(true), None),
        (json!({}), None),
        (json!({ "$serde_json::private::Number": "12" }), Some(12)),
    ] {
        assert_eq!(read("int", value.clone()).int, int, "{value}");
    }
    assert_eq!(read("float", json!("1.5")).float, Some(1.5));
    assert_eq!(read("float", json!(2)).float, Some(2.0));
    assert_eq!(read("float", json!("inf")).float, None);
}

#[test]
fn flags_in_every_spelling() {
    for (value, flag) in [
        (json!(true), Some(true)),
        (json!("Y"), Some(true)),
        (json!("false"), Some(false)),
        (json!(0), Some(false)),
        (json!("perhaps"), None),
        (json!(null), None),
    ] {
        assert_eq!(read("flag", value.clone()).flag, flag, "{value}");
    }
}

#[test]
fn objects_or_nothing() {
    let inner = || Inner {
        name: Some("a".to_owned()),
    };
    assert_eq!(
        read("object", json!({ "name": "a", "new": [1] })).object,
        Some(inner())
    );
    for value in [
        json!(null),
        json!(""),
        json!([{ "name": "a" }]),
        json!(1),
        json!(false),
    ] {
        assert_eq!(read("object", value).object, None);
    }
}

#[test]
fn lists_of_what_can_be_read() {
    let inner = |name: &str| Inner {
        name: Some(name.to_owned()),
    };
    assert_eq!(
        read("list", json!([{ "name": "a" }, 1, null, { "name": 2 }])).list,
        [inner("a"), inner("2")]
    );
    assert_eq!(read("list", json!({ "name": "a" })).list, [inner("a")]);
    for value in [json!(null), json!(""), json!("text"), json!(1)] {
        assert_eq!(read("list", value).list, []);
    }
    assert_eq!(read("texts", json!(["a", 1, null])).texts, ["a", "1"]);
    assert_eq!(read("texts", json!("a")).texts, ["a"]);
    assert_eq!(read("ints", json!(["1", 2, "x"])).ints, [1, 2]);
    assert_eq!(read("ints", json!(3)).ints, [3]);
}
