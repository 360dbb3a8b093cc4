//! A signature does not cover the question: an authentic answer about something else is an error of its own.

use wxpay_proto::crypto::Algorithm;
use wxpay_proto::v2::{Fields, sign, xml};
use wxpay_proto::{Error, Outcome};
use wxpay_tests::journey::{now, signed_answer, trusted, unsigned_answer};
use wxpay_tests::keys::api_v2_key;

use crate::operations::{AlwaysSigned, NeverSigned, Order, QueryOrder};
use crate::{ask_v2, ask_v3};

fn query(body: &'static str) -> Result<Order, Error> {
    let operation = QueryOrder {
        out_trade_no: Some("1217752501201407033233368018".to_owned()),
        mchid: None,
    };
    let (_, pending) = ask_v3(&operation).expect("a request");
    pending
        .receive(signed_answer(200, body))
        .verify(&trusted(), now())
        .map(|answer| answer.into_inner())
}

#[test]
fn an_answer_about_another_order_is_refused_whatever_it_says() {
    let error = query(r#"{"out_trade_no":"other","trade_state":"SUCCESS"}"#).expect_err("another order");
    match &error {
        Error::WrongAnswer {
            member,
            asked,
            answered,
            ..
        } => {
            let found = (member.as_str(), asked.as_str(), answered.as_str());
            assert_eq!(found, ("out_trade_no", "1217752501201407033233368018", "other"));
        }
        other => assert!(matches!(other, Error::WrongAnswer { .. }), "{other}"),
    }
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert!(error.api_error().is_none());
}

#[test]
fn nothing_beside_it_hides_another_orders_number() {
    let before = br#"{"out_trade_no":"other","#;
    for member in [
        br#""new":"\x80"}"#.as_slice(),
        b"\"new\":\"\x80\"}",
        b"\"\x80\":1}",
        br#""\ud800":1}"#,
        br#""new":"\ud800"}"#,
        br#""new":1e999}"#,
        br#""out_trade_no":"another"}"#,
    ] {
        let body = [before, member].concat();
        let shown = String::from_utf8_lossy(&body).into_owned();
        let operation = QueryOrder {
            out_trade_no: Some("1217752501201407033233368018".to_owned()),
            mchid: None,
        };
        let (_, pending) = ask_v3(&operation).expect("a request");
        let answer = pending.receive(signed_answer(200, body));
        assert!(answer.verify(&trusted(), now()).is_err(), "{shown}");
    }
}

#[test]
fn the_asked_order_is_let_through() {
    let order = query(r#"{"out_trade_no":"1217752501201407033233368018","trade_state":"SUCCESS","new":{}}"#);
    assert_eq!(order.expect("the order").trade_state.as_deref(), Some("SUCCESS"));
}

#[test]
fn an_answer_that_names_no_order_is_let_through() {
    for body in [
        "{}",
        r#"{"trade_state":"SUCCESS"}"#,
        r#"{"out_trade_no":null}"#,
        "",
    ] {
        assert!(query(body).is_ok(), "{body}");
    }
}

/// A number where a text is documented is the same number, however long it is.
#[test]
fn a_number_written_without_quotes_is_compared_by_its_digits() {
    let operation = QueryOrder {
        out_trade_no: None,
        mchid: None,
    };
    assert!(ask_v3(&operation).is_err(), "the path parameter is missing");
    let ask = |number: &str, body: String| {
        let call = NumberEcho(number.to_owned());
        let (_, pending) = ask_v3(&call).expect("a request");
        pending
            .receive(signed_answer(200, body))
            .verify(&trusted(), now())
            .map(|_| ())
    };
    for number in ["1900007291", "1217752501201407033233368018", "0"] {
        assert!(ask(number, format!(r#"{{"id":{number}}}"#)).is_ok(), "{number}");
        assert!(ask(number, format!(r#"{{"id":"{number}"}}"#)).is_ok(), "{number}");
        let error = ask(number, r#"{"id":1217752501201407033233368019}"#.to_owned());
        assert!(matches!(error, Err(Error::WrongAnswer { .. })), "{number}");
    }
}

#[derive(Clone)]
struct NumberEcho(String);

impl wxpay_proto::Operation for NumberEcho {
    type Protocol = wxpay_proto::v3::V3;
    type Response = wxpay_proto::v3::Raw;
    const META: wxpay_proto::Meta = wxpay_proto::Meta::new("test.number", http::Method::GET, "/v3/x");

    fn write(&self, draft: &mut wxpay_proto::Draft) -> Result<(), wxpay_proto::BuildError> {
        draft.echo("id", Some(&self.0));
        Ok(())
    }
}

#[test]
fn v2_compares_its_fields() {
    let body = |number: &str| {
        let pairs = [("return_code", "SUCCESS"), ("partner_trade_no", number)];
        let mut fields: Fields = pairs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let signature = sign(&fields, Algorithm::HmacSha256, &api_v2_key()).expect("a signature");
        fields.insert("sign".to_owned(), signature);
        xml::write(&fields).expect("XML")
    };
    let number = || Some("T1".to_owned());
    for (answered, right) in [("T1", true), ("T2", false), ("", true), ("t1", false)] {
        let (_, pending) = ask_v2(&AlwaysSigned {
            partner_trade_no: number(),
        })
        .expect("a request");
        let signed = pending
            .receive(unsigned_answer(200, body(answered)))
            .verify(&api_v2_key(), now());
        let (_, pending) = ask_v2(&NeverSigned {
            partner_trade_no: number(),
        })
        .expect("a request");
        let never = pending
            .receive(unsigned_answer(200, body(answered)))
            .verify(&api_v2_key(), now());
        for error in [signed.err(), never.err()] {
            assert_eq!(error.is_none(), right, "{answered}");
            assert!(error.is_none_or(|error| matches!(error, Error::WrongAnswer { .. })));
        }
    }
}
