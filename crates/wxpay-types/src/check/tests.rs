use serde::Serialize;
use serde_json::json;
use wxpay_proto as proto;
use wxpay_proto::{JsonText, KeyId, Sensitive};

use super::{Mode, check, check_value, strict};
use crate::schema::{Described, Documented, Field, Kind, OperationInfo, Place, Schema};
use crate::secrets::Secrets;

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

impl Described for Pay {
    const SCHEMA: &'static Schema = &Schema {
        name: "Pay",
        fields: &[
            Field::new("id", "单号", Kind::Text)
                .place(Place::Path)
                .required()
                .min_len(2)
                .max_len(4),
            Field::new("name", "姓名", Kind::Text).sensitive().max_len(6),
            Field::new("amount", "金额", Kind::Int).min(1).max(100).sure(),
            Field::new("state", "", Kind::Enum(&["OPEN", "SHUT"])),
            Field::new("sub_mchid", "", Kind::Text).required_for(&["partner"]),
            Field::new("sp_mchid", "", Kind::Text),
            Field::new("tags", "", Kind::List(&Kind::Text))
                .max_items(2)
                .max_len(3),
            Field::new("detail", "", Kind::Json(&Kind::Object(DETAIL))),
            Field::new("openid", "", Kind::Text).one_of("payer"),
            Field::new("sub_openid", "", Kind::Text).one_of("payer"),
        ],
    };
}

const DETAIL: &Schema = &Schema {
    name: "Detail",
    fields: &[Field::new("price", "单价", Kind::Int).required()],
};

impl Documented for Pay {
    const INFO: &'static OperationInfo =
        &OperationInfo::new(const { &<Self as proto::Operation>::META }, "v3/a", Self::SCHEMA)
            .roles(&["merchant", "partner"]);
}

fn good() -> Pay {
    Pay {
        id: Some("P1".into()),
        openid: Some("o".into()),
        ..Pay::default()
    }
}

fn found(pay: &Pay) -> Vec<String> {
    check(pay).iter().map(ToString::to_string).collect()
}

#[test]
fn a_good_request_has_no_findings() {
    assert_eq!(found(&good()), [""; 0]);
    assert_eq!(strict(&good()), Ok(()));
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
        check(&Pay {
            amount: Some(0),
            ..good()
        })[0]
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
fn characters_outside_the_basic_plane() {
    assert_eq!(
        found(&Pay {
            id: Some("P😀".into()),
            ..good()
        }),
        ["/id (单号): the character '😀' takes four bytes in UTF-8; at most three are allowed"]
    );
    assert_eq!(
        check(&Pay {
            name: Some("😀".into()),
            ..good()
        })
        .len(),
        1
    );
}

#[test]
fn what_is_required_follows_from_the_mode() {
    let pay = Pay {
        sp_mchid: Some("1900000100".into()),
        ..good()
    };
    assert_eq!(found(&pay), ["/sub_mchid: missing"]);
    assert_eq!(
        Mode::of(Pay::INFO, &json!({ "sub_orders": [{ "sub_mchid": "1" }] })),
        Mode::Partner
    );
    assert_eq!(
        Mode::of(Pay::INFO, &json!({ "sub_orders": [{ "sub_mchid": null }] })),
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
    assert_eq!(
        found(&Pay {
            openid: None,
            ..good()
        })
        .len(),
        1
    );
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
fn untyped_requests_can_be_checked() {
    let request = json!({ "id": "P1", "openid": "o", "name": "张三丰", "colour": "red" });
    let found: Vec<String> = check_value(Pay::INFO, &request)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "/name (姓名): 9 bytes, at most 6 are allowed",
            "/colour: there is no such field"
        ]
    );
}

#[test]
fn strict_names_the_operation_and_everything_found() {
    let error = strict(&Pay {
        id: None,
        amount: Some(0),
        ..good()
    })
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "v3.a.pay: /id (单号): missing; /amount (金额): 0, at least 1 is needed"
    );
    assert_eq!(error.as_slice().len(), 2);
}
