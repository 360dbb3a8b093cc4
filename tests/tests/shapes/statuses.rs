//! Several codes of success, with a body or without one, and the headers that come along.

use wxpay_proto::{NoContent, Verified};
use wxpay_tests::journey::{now, signed_answer, trusted};
use wxpay_types::v3::combine_transactions::{Close, CloseSubOrder, QueryByOutTradeNo};

use crate::ask_v3;

fn close() -> Close {
    Close::default()
        .combine_out_trade_no("P1")
        .combine_appid("wxd678efh567hg6787")
        .sub_orders([CloseSubOrder::default().mchid("1900000109").out_trade_no("1")])
}

#[test]
fn any_verified_success_is_a_success_whatever_it_carries() {
    for status in [200, 201, 202, 204] {
        for body in ["", " \n", "{}", r#"{"new":1}"#] {
            let (_, pending) = ask_v3(&close()).expect("a request");
            let answer: Verified<NoContent> = pending
                .receive(signed_answer(status, body))
                .verify(&trusted(), now())
                .expect("a success");
            assert_eq!(answer.status().as_u16(), status);
            assert_eq!(answer.body(), body);

            // Where a body is documented and none comes, every member is missing, and nothing is wrong.
            let query = QueryByOutTradeNo::default().combine_out_trade_no("P1");
            let (_, pending) = ask_v3(&query).expect("a request");
            let answer = pending
                .receive(signed_answer(status, body))
                .verify(&trusted(), now());
            let answer = answer.expect("a success");
            assert_eq!(answer.combine_out_trade_no, None);
            assert!(answer.sub_orders.is_empty());
        }
    }
}

#[test]
fn headers_that_carry_data_can_be_read() {
    let (_, pending) = ask_v3(&close()).expect("a request");
    let mut response = signed_answer(204, "");
    let value = "b1a5e4f0".parse().expect("a value");
    response.headers_mut().insert("Wechatpay-Statement-Sha1", value);
    let answer = pending
        .receive(response)
        .verify(&trusted(), now())
        .expect("a success");
    assert_eq!(answer.headers()["wechatpay-statement-sha1"], "b1a5e4f0");
    assert!(answer.headers().get("wechatpay-new").is_none());
}
