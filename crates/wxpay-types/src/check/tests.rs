mod written;

use serde::Serialize;
use serde_json::json;
use wxpay_proto as proto;
use wxpay_proto::{JsonText, KeyId, Sensitive};

use super::{Mode, check_against, check_value, refuse, strict};
use crate::schema::OperationInfo;
use crate::secrets::Secrets;
use crate::table::Table;

#[derive(Clone, Default, Serialize)]
struct Pay {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Sensitive>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    day: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_mchid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sp_mchid: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<JsonText<serde_json::Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    openid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub_openid: Option<String>,
}

impl proto::Operation for Pay {
    type Protocol = proto::v3::V3;
    type Response = proto::NoContent;
    const META: proto::Meta = proto::Meta::new("v3.a.pay", http::Method::POST, "/v3/a/{id}");

    fn write(&self, _: &mut proto::Draft) -> Result<(), proto::BuildError> {
        Ok(())
    }

    fn sensitive(&mut self, visit: &mut dyn FnMut(&str, &mut Sensitive)) {
        self.name.secrets("/name", visit);
    }
}

/// What is documented of it.
const FACTS: &str = r#"[{
    "family": "v3/a",
    "ops": [{
        "id": "pay", "method": "POST", "path": "/v3/a/{id}", "roles": ["merchant", "partner"],
        "fields": [
            { "n": "id", "l": "单号", "t": "string", "p": "path", "required": true, "min_len": 2, "max_len": 4 },
            { "n": "name", "l": "姓名", "t": "string", "sensitive": true, "max_len": 6 },
            { "n": "amount", "l": "金额", "t": "int", "min": 1, "max": 100, "sure": "everything" },
            { "n": "state", "t": "State", "max_len": 3 },
            { "n": "colour", "t": "string", "max_len": 3, "values": ["red", "green"] },
            { "n": "day", "t": "string", "pattern": "\\d{8}|NEVER" },
            { "n": "sub_mchid", "t": "string", "required_for": ["partner"] },
            { "n": "sp_mchid", "t": "string" },
            { "n": "tags", "t": "[string]", "max_items": 2, "max_len": 3 },
            { "n": "detail", "t": "json:Detail" },
            { "n": "openid", "t": "string", "one_of": "payer" },
            { "n": "sub_openid", "t": "string", "one_of": "payer" }
        ]
    }],
    "types": { "Detail": [{ "n": "price", "l": "单价", "t": "int", "required": true }] },
    "enums": { "State": ["OPEN", "SHUT"] }
}]"#;

fn info() -> OperationInfo {
    let table = Table::read(FACTS).unwrap();
    table.named("v3.a.pay").unwrap().clone()
}

fn good() -> Pay {
    Pay {
        id: Some("P1".into()),
        openid: Some("o".into()),
        ..Pay::default()
    }
}

fn found(pay: &Pay) -> Vec<String> {
    check_against(&info(), pay)
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[test]
fn a_good_request_has_no_findings() {
    assert_eq!(found(&good()), [""; 0]);
    assert_eq!(refuse("v3.a.pay", check_against(&info(), &good())), Ok(()));
    // What is not in the table is not objected to.
    assert_eq!(strict(&Pay::default()), Ok(()));
}

#[test]
fn path_parameters_count() {
    assert_eq!(found(&Pay { id: None, ..good() }), ["/id (单号): missing"]);
    assert_eq!(
        found(&Pay {
            id: Some(String::new()),
            ..good()
        }),
        ["/id (单号): missing"]
    );
    assert_eq!(
        found(&Pay {
            id: Some("订单号五字".into()),
            ..good()
        }),
        ["/id (单号): 5 characters, at most 4 are allowed"]
    );
    assert_eq!(
        found(&Pay {
            id: Some("P".into()),
            ..good()
        }),
        ["/id (单号): 1 characters, at least 2 are needed"]
    );
}

#[test]
fn plaintext_is_measured_in_bytes_and_sealed_values_are_not() {
    assert_eq!(
        found(&Pay {
            name: Some("张三".into()),
            ..good()
        }),
        [""; 0]
    );
    assert_eq!(
        found(&Pay {
            name: Some("张三丰".into()),
            ..good()
        }),
        ["/name (姓名): 9 bytes, at most 6 are allowed"]
    );
    let key = KeyId::new("PUB_KEY_ID_0114232134912410000000000000").unwrap();
    assert_eq!(
        found(&Pay {
            name: Some(Sensitive::sealed("x".repeat(344), key)),
            ..good()
        }),
        [""; 0]
    );
}

#[test]
fn limits_of_numbers_words_and_lists() {
    assert_eq!(
        found(&Pay {
            amount: Some(0),
            ..good()
        }),
        ["/amount (金额): 0, at least 1 is needed"]
    );
    assert_eq!(
        found(&Pay {
            amount: Some(101),
            ..good()
        }),
        ["/amount (金额): 101, at most 100 is allowed"]
    );
    assert!(
        check_against(
            &info(),
            &Pay {
                amount: Some(0),
                ..good()
            }
        )[0]
        .sure
    );
    assert_eq!(
        found(&Pay {
            state: Some("AJAR".into()),
            ..good()
        }),
        ["/state: \"AJAR\" is not documented; known are OPEN, SHUT"]
    );
    let tags = vec!["a".into(), "long".into(), "c".into()];
    assert_eq!(
        found(&Pay { tags, ..good() }),
        [
            "/tags: 3 elements, at most 2 are allowed",
            "/tags/1: 4 characters, at most 3 are allowed"
        ]
    );
}

#[test]
fn a_pattern_is_for_the_whole_text() {
    let day = |text: &str| Pay {
        day: Some(text.into()),
        ..good()
    };
    for text in ["20260101", "NEVER"] {
        assert_eq!(found(&day(text)), [""; 0]);
    }
    for text in [
        "2026-01-01",
        "202601011",
        "x20260101",
        "NEVERMORE",
        "２０２６０１０１",
    ] {
        assert_eq!(
            found(&day(text)),
            ["/day: it does not fit the pattern \\d{8}|NEVER"]
        );
    }
}

#[test]
fn every_pattern_can_be_read() {
    fn patterns(schema: &crate::schema::Schema, found: &mut Vec<String>) {
        for field in &schema.fields {
            found.push(field.pattern.clone());
            match &field.kind {
                crate::schema::Kind::Object(inner) => patterns(inner, found),
                crate::schema::Kind::List(inner) => {
                    if let crate::schema::Kind::Object(inner) = &**inner {
                        patterns(inner, found);
                    }
                }
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    for info in crate::table::operations() {
        patterns(&info.request, &mut found);
    }
    found.retain(|pattern| !pattern.is_empty());
    assert!(!found.is_empty());
    for pattern in found {
        assert!(regex_lite::Regex::new(&pattern).is_ok(), "{pattern}");
    }
}

#[test]
fn characters_outside_the_basic_plane() {
    assert_eq!(
        found(&Pay {
            id: Some("P😀".into()),
            ..good()
        }),
        ["/id (单号): the character '😀' takes four bytes in UTF-8; at most three are allowed"]
    );
    let named = Pay {
        name: Some("😀".into()),
        ..good()
    };
    assert_eq!(check_against(&info(), &named).len(), 1);
    // Of v2 nothing is said.
    let v2 = Table::read(&FACTS.replace("v3/a", "v2/a")).unwrap();
    assert_eq!(check_against(v2.named("v2.a.pay").unwrap(), &named), []);
}

#[test]
fn what_is_required_follows_from_the_mode() {
    let pay = Pay {
        sp_mchid: Some("1900000100".into()),
        ..good()
    };
    assert_eq!(found(&pay), ["/sub_mchid: missing"]);
    assert_eq!(
        Mode::of(&info(), &json!({ "sub_orders": [{ "sub_mchid": "1" }] })),
        Mode::Partner
    );
    assert_eq!(
        Mode::of(&info(), &json!({ "sub_orders": [{ "sub_mchid": null }] })),
        Mode::Merchant
    );
}

#[test]
fn exactly_one_of_a_group() {
    let both = Pay {
        sub_openid: Some("s".into()),
        ..good()
    };
    assert_eq!(
        found(&both),
        [": exactly one is to be given of openid, sub_openid"]
    );
    for openid in [None, Some(String::new())] {
        assert_eq!(found(&Pay { openid, ..good() }).len(), 1);
    }
    // An empty one is as good as none.
    let one = Pay {
        sub_openid: Some(String::new()),
        ..good()
    };
    assert_eq!(found(&one), [""; 0]);
}

#[test]
fn texts_that_hold_json_are_looked_into() {
    let pay = |text: &str| Pay {
        detail: Some(JsonText::raw(text)),
        ..good()
    };
    assert_eq!(found(&pay(r#"{"price":1}"#)), [""; 0]);
    assert_eq!(found(&pay("{}")), ["/detail/price (单价): missing"]);
    assert_eq!(
        found(&pay(r#"{"price":"x"}"#)),
        ["/detail/price (单价): not a whole number"]
    );
    assert!(found(&pay("{"))[0].starts_with("/detail: not JSON: "));
}

#[test]
fn a_documented_value_is_never_too_long() {
    let request = json!({ "id": "P1", "openid": "o", "state": "OPEN", "colour": "green" });
    assert_eq!(check_value(&info(), &request), []);
    let request = json!({ "id": "P1", "openid": "o", "state": "AJAR", "colour": "beige" });
    let found: Vec<String> = check_value(&info(), &request)
        .iter()
        .map(|finding| finding.pointer.clone())
        .collect();
    assert_eq!(found, ["/state", "/colour", "/colour"]);
}

#[test]
fn untyped_requests_can_be_checked() {
    let request = json!({ "id": "P1", "openid": "o", "name": "张三丰", "hue": "red" });
    let found: Vec<String> = check_value(&info(), &request)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "/name (姓名): 9 bytes, at most 6 are allowed",
            "/hue: there is no such field"
        ]
    );
}

#[test]
fn strict_names_the_operation_and_everything_found() {
    let pay = Pay {
        id: None,
        amount: Some(0),
        ..good()
    };
    let error = refuse("v3.a.pay", check_against(&info(), &pay)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "v3.a.pay: /id (单号): missing; /amount (金额): 0, at least 1 is needed"
    );
    assert_eq!(error.as_slice().len(), 2);
}
