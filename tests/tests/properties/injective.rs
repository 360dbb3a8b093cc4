//! No two different v3 requests have the same message, so a signature fits one request only.
//!
//! v2 cannot say this of itself: `a=1&b=2` is the message of two fields and of one with an `&` in it.

use http::Method;
use proptest::prelude::*;
use wxpay_proto::v3::{Call, canonical};
use wxpay_proto::{Nonce, Stamp, UnixTime, Unsigned};
use wxpay_tests::journey::v3_credentials;

use crate::{bytes, config};

#[derive(Clone, Debug, PartialEq)]
struct Request {
    method: &'static str,
    target: String,
    timestamp: i64,
    nonce: String,
    body: Vec<u8>,
}

impl Request {
    fn message(&self) -> Vec<u8> {
        let method: Method = self.method.parse().expect("a method");
        let call = Call::new(method, self.target.clone()).body(self.body.clone());
        let nonce = Nonce::new(self.nonce.clone()).expect("a nonce");
        let stamp = Stamp::new(UnixTime::from_secs(self.timestamp), nonce);
        Unsigned::new(&call, &v3_credentials(), &stamp)
            .expect("a request")
            .message()
            .to_vec()
    }
}

fn method() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["GET", "POST", "PUT", "PATCH", "DELETE"])
}

fn request() -> impl Strategy<Value = Request> {
    let target = "/[a-z0-9/%=&]{0,12}(\\?[a-z0-9/%=&]{0,12})?";
    (method(), target, any::<i64>(), "[0-9A-Za-z]{1,32}", bytes(40)).prop_map(
        |(method, target, timestamp, nonce, body)| Request {
            method,
            target,
            timestamp,
            nonce,
            body,
        },
    )
}

/// Requests of so few letters that two of them are often alike but for where a part ends.
fn small_request() -> impl Strategy<Value = Request> {
    let body = prop::collection::vec(prop::sample::select(b"\n1/aG".to_vec()), 0..4);
    let method = prop::sample::select(vec!["G", "G1"]);
    (method, "/[a1]{0,2}", 0_i64..12, "[a1]{1,2}", body).prop_map(
        |(method, target, timestamp, nonce, body)| Request {
            method,
            target,
            timestamp,
            nonce,
            body,
        },
    )
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn a_request_that_differs_in_one_part_has_another_message(one in request(), other in request()) {
        for part in 0..5 {
            let mut changed = one.clone();
            match part {
                0 => changed.method = other.method,
                1 => changed.target.clone_from(&other.target),
                2 => changed.timestamp = other.timestamp,
                3 => changed.nonce.clone_from(&other.nonce),
                _ => changed.body.clone_from(&other.body),
            }
            prop_assert_eq!(one.message() == changed.message(), one == changed, "{:?}", changed);
        }
    }

    #[test]
    fn a_body_may_imitate_the_lines_above_it(one in request(), inner in request()) {
        // The body of one is the whole message of another: only the first four lines tell them apart.
        let outer = Request { body: inner.message(), ..one };
        prop_assert_ne!(outer.message(), inner.message());
    }
}

proptest! {
    // Each case compares many pairs.
    #![proptest_config(config(4))]

    #[test]
    fn where_a_part_ends_matters(requests in prop::collection::vec(small_request(), 30)) {
        let messages: Vec<_> = requests.iter().map(Request::message).collect();
        for (one, first) in requests.iter().zip(&messages) {
            for (other, second) in requests.iter().zip(&messages) {
                prop_assert_eq!(first == second, one == other, "{:?} {:?}", one, other);
            }
        }
    }

    #[test]
    fn an_answers_message_tells_its_parts_apart(
        answers in prop::collection::vec(("[0-9]{1,2}", "[a1]{0,2}", prop::collection::vec(prop::sample::select(b"\n1a".to_vec()), 0..4)), 30),
    ) {
        let message = |(timestamp, nonce, body): &(String, String, Vec<u8>)| canonical::answer_message(timestamp, nonce, body);
        for one in &answers {
            for other in &answers {
                prop_assert_eq!(message(one) == message(other), one == other, "{:?} {:?}", one, other);
            }
        }
    }
}
