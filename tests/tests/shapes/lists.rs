//! v2's lists as numbered fields, in both directions.

use http::Method;
use serde::{Deserialize, Serialize};
use wxpay_proto::proof::Unsigned as NeverSigned;
use wxpay_proto::v2::{Fields, V2, xml};
use wxpay_proto::{AnswerBody, BuildError, Draft, ListSpec, Meta, Operation, ParseError, Response, Unsigned};
use wxpay_tests::journey::{now, stamp, unsigned_answer, v2_credentials};
use wxpay_tests::keys::api_v2_key;

use crate::ask_v2;

#[derive(Clone, Debug, Default, Serialize)]
struct Query {
    out_trade_no: Option<String>,
    total_fee: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    coupons: Vec<SentCoupon>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct SentCoupon {
    #[serde(rename = "coupon_id_$n")]
    id: Option<String>,
    #[serde(rename = "coupon_fee_$n")]
    fee: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refunds: Vec<SentRefund>,
}

#[derive(Clone, Debug, Default, Serialize)]
struct SentRefund {
    #[serde(rename = "coupon_refund_id_$n_$m")]
    id: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
struct Answer {
    coupon_count: Option<String>,
    coupon_type_00: Option<String>,
    #[serde(default)]
    coupons: Vec<Coupon>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
struct Coupon {
    #[serde(rename = "coupon_id_$n")]
    id: Option<String>,
    #[serde(rename = "coupon_fee_$n")]
    fee: Option<String>,
    #[serde(default)]
    refunds: Vec<Refund>,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
struct Refund {
    #[serde(rename = "coupon_refund_id_$n_$m")]
    id: Option<String>,
}

const LISTS: &[ListSpec] = &[ListSpec {
    name: "coupons",
    columns: &["coupon_id_$n", "coupon_fee_$n", "coupon_type_$n"],
    lists: &[ListSpec {
        name: "refunds",
        columns: &["coupon_refund_id_$n_$m"],
        lists: &[],
    }],
}];

impl Response for Answer {
    type Proof = NeverSigned;

    fn parse(body: &AnswerBody<'_>) -> Result<Self, ParseError> {
        body.fields(LISTS)
    }
}

impl Operation for Query {
    type Protocol = V2;
    type Response = Answer;
    const META: Meta = Meta::new("test.lists", Method::POST, "/pay/orderquery");

    fn write(&self, draft: &mut Draft) -> Result<(), BuildError> {
        draft.fields(self)
    }
}

fn answer(pairs: &[(&str, &str)]) -> Answer {
    let (_, pending) = ask_v2(&Query::default()).expect("a request");
    let fields: Fields = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    let body = xml::write(&fields).expect("XML");
    let answer = pending
        .receive(unsigned_answer(200, body))
        .verify(&api_v2_key(), now());
    answer.expect("an answer").into_claimed()
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn numbered_fields_become_a_list_with_lists_inside() {
    let read = answer(&[
        ("return_code", "SUCCESS"),
        ("coupon_count", "2"),
        ("coupon_id_0", "A"),
        ("coupon_fee_0", "10"),
        ("coupon_id_1", "B"),
        ("coupon_refund_id_0_0", "A0"),
        ("coupon_refund_id_0_1", "A1"),
        ("coupon_refund_id_1_0", "B0"),
    ]);
    let refund = |id| Refund { id: text(id) };
    let coupons = vec![
        Coupon {
            id: text("A"),
            fee: text("10"),
            refunds: vec![refund("A0"), refund("A1")],
        },
        Coupon {
            id: text("B"),
            fee: None,
            refunds: vec![refund("B0")],
        },
    ];
    assert_eq!(
        read,
        Answer {
            coupon_count: text("2"),
            coupon_type_00: None,
            coupons
        }
    );
}

#[test]
fn gaps_and_wrong_counts_lose_nothing() {
    let read = answer(&[
        ("return_code", "SUCCESS"),
        ("coupon_count", "1"),
        ("coupon_id_10", "third"),
        ("coupon_id_2", "first"),
        ("coupon_fee_7", "5"),
        ("coupon_refund_id_9_4", "inner"),
        ("coupon_type_00", "no number"),
    ]);
    let ids: Vec<_> = read.coupons.iter().map(|coupon| coupon.id.as_deref()).collect();
    assert_eq!(
        ids,
        [Some("first"), None, None, Some("third")],
        "in the order of the numbers"
    );
    assert_eq!(read.coupons[1].fee, text("5"));
    assert_eq!(read.coupons[2].refunds, [Refund { id: text("inner") }]);
    assert_eq!(read.coupon_type_00, text("no number"));
}

#[test]
fn a_list_is_sent_as_numbered_fields() {
    let refund = |id: &str| SentRefund { id: text(id) };
    let query = Query {
        out_trade_no: text("1"),
        total_fee: Some(100),
        coupons: vec![
            SentCoupon {
                id: text("A"),
                fee: Some(10),
                refunds: vec![refund("A0"), refund("A1")],
            },
            SentCoupon {
                id: text("B"),
                fee: None,
                refunds: Vec::new(),
            },
        ],
    };
    let unsigned = Unsigned::new(&query, &v2_credentials(), &stamp()).expect("a request");
    let wanted = "coupon_fee_0=10&coupon_id_0=A&coupon_id_1=B&coupon_refund_id_0_0=A0&coupon_refund_id_0_1=A1\
                  &nonce_str=5K8264ILTKCH16CQ2502SI8ZNMTM67VS&out_trade_no=1&sign_type=HMAC-SHA256&total_fee=100";
    assert_eq!(String::from_utf8_lossy(unsigned.message()), wanted);
}
