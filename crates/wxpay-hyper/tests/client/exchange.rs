//! Answers that are handed over as they came.

use std::time::{SystemTime, UNIX_EPOCH};

use wxpay_hyper::Failure;
use wxpay_proto::{Outcome, UnixTime};

use crate::client;
use crate::keys::Keys;
use crate::operations::{pay, query};
use crate::server::{Behaviour, Server};

fn now() -> UnixTime {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    UnixTime::from_secs(since.as_secs().try_into().unwrap())
}

#[tokio::test]
async fn what_came_is_handed_over_and_can_be_proven_later() {
    let server = Server::start(Behaviour::signed("{\"a\":1}")).await;
    let answer = client(&server).exchange(&query()).await.unwrap();
    assert_eq!(answer.status(), 200);
    let now = now();
    let answer = answer.verify(&Keys::get().platform_keys(), now).unwrap();
    assert_eq!(&answer.body()[..], b"{\"a\":1}");
    assert!(server.only().header("authorization").is_some());
}

#[tokio::test]
async fn a_refusal_is_an_answer_with_a_date() {
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    let headers = vec![("date", date.to_owned())];
    let server = Server::start(Behaviour::plain(401, headers, "{\"code\":\"SIGN_ERROR\"}")).await;
    let answer = client(&server).exchange(&pay()).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.date()), (401, Some(date)));
    // Proven or not, it is a refusal as soon as anybody looks at it.
    let refused = answer.verify(&Keys::get().platform_keys(), now());
    assert_eq!(refused.unwrap_err().outcome(), Outcome::Refused);
}

#[tokio::test]
async fn no_answer_is_an_error_with_its_outcome() {
    let server = Server::start(Behaviour::Cut).await;
    let error = client(&server).exchange(&pay()).await.unwrap_err();
    assert!(matches!(error.failure(), Failure::Interrupted { .. }), "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown);
}
