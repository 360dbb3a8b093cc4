//! What is made again, what is not, and what the error tells of it.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use wxpay_hyper::{Client, Event, Failure};
use wxpay_proto::Outcome;
use wxpay_proto::retry::{Budget, Reason};
use wxpay_proto::v3::Authorization;

use crate::builder;
use crate::operations::{Note, Refund, pay, query};
use crate::server::{Behaviour, Server};

const REFUND: Refund = Refund { out_refund_no: "R1" };

/// Waits of next to nothing.
fn client(server: &Server) -> Client {
    let budget = Budget {
        first_wait: Duration::from_millis(1),
        first_slow_wait: Duration::from_millis(1),
        ..Budget::default()
    };
    builder(server).budget(budget).build().unwrap()
}

fn script(behaviours: impl Into<Vec<Behaviour>>) -> Behaviour {
    Behaviour::Script(behaviours.into())
}

fn refusal(status: u16, code: &str) -> Behaviour {
    Behaviour::plain(status, vec![], format!(r#"{{"code":"{code}","message":"no"}}"#))
}

fn page(status: u16) -> Behaviour {
    Behaviour::plain(status, vec![], "<html>")
}

#[tokio::test]
async fn a_read_is_made_again_until_it_succeeds_each_time_with_a_stamp_of_its_own() {
    for failures in [
        vec![Behaviour::Cut, page(502), refusal(500, "SYSTEM_ERROR")],
        vec![refusal(429, "FREQUENCY_LIMITED"), page(200), Behaviour::Cut],
    ] {
        let mut behaviours = failures;
        behaviours.push(Behaviour::signed("{}"));
        let server = Server::start(script(behaviours)).await;
        client(&server).send(&query()).await.unwrap();
        let seen = server.seen();
        assert_eq!(seen.len(), 4);
        let stamps: HashSet<String> = seen
            .iter()
            .map(|seen| {
                assert_eq!(
                    seen.target(),
                    seen.request.uri().path_and_query().unwrap().as_str()
                );
                let header = seen.header("authorization").unwrap();
                Authorization::parse(header).unwrap().nonce_str
            })
            .collect();
        assert_eq!(stamps.len(), 4, "a stamp was used twice");
    }
}

#[tokio::test]
async fn money_is_sent_once_unless_nothing_was_sent_or_the_answer_asks_for_more() {
    for (behaviour, outcome, reason) in [
        (Behaviour::Cut, Outcome::Unknown, Reason::Unsafe),
        (page(502), Outcome::Unknown, Reason::Unsafe),
        (page(200), Outcome::Unknown, Reason::Unsafe),
        (
            refusal(429, "FREQUENCY_LIMITED"),
            Outcome::Refused,
            Reason::Unsafe,
        ),
        (refusal(400, "PARAM_ERROR"), Outcome::Refused, Reason::SameAnswer),
    ] {
        let server = Server::start(script([behaviour, Behaviour::signed("{}")])).await;
        let error = client(&server).send(&REFUND).await.unwrap_err();
        assert_eq!((error.outcome(), error.reason()), (outcome, reason), "{error}");
        let asks = (outcome == Outcome::Unknown).then_some("test.query");
        assert_eq!(error.settled_by(), asks);
        assert_eq!(
            asks.is_some(),
            error.to_string().contains("test.query"),
            "{error}"
        );
        server.only();
    }
    let server = Server::start(script([refusal(500, "SYSTEM_ERROR"), Behaviour::signed("{}")])).await;
    client(&server).send(&REFUND).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].request.body(), seen[1].request.body());

    // Without a key it is another matter.
    let server = Server::start(script([refusal(500, "SYSTEM_ERROR"), Behaviour::signed("{}")])).await;
    let error = client(&server).send(&pay()).await.unwrap_err();
    assert_eq!(
        (error.outcome(), error.reason()),
        (Outcome::Unknown, Reason::Unsafe)
    );
    server.only();
}

#[tokio::test]
async fn the_outcome_is_the_worst_of_all_attempts_and_each_of_them_is_told() {
    let server = Server::start(script([Behaviour::Cut, refusal(400, "ALREADY_EXISTS")])).await;
    let error = client(&server).send(&Note(REFUND)).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unknown);
    assert_eq!(error.reason(), Reason::SameAnswer);
    assert_eq!(error.api_error().unwrap().code.as_deref(), Some("ALREADY_EXISTS"));
    let told: Vec<_> = error
        .attempts()
        .iter()
        .map(|attempt| (attempt.kind, attempt.outcome, attempt.status))
        .collect();
    assert_eq!(
        told,
        [
            ("interrupted", Outcome::Unknown, None),
            ("refused", Outcome::Refused, Some(400))
        ]
    );
    let text = error.to_string();
    for said in [
        "2 attempts",
        "interrupted",
        "refused 400",
        "test.query",
        "localhost:",
    ] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
}

#[tokio::test]
async fn a_budget_of_one_attempt_repeats_nothing() {
    let server = Server::start(script([page(502), Behaviour::signed("{}")])).await;
    let client = client(&server);
    let once = client.with(|calls| calls.budget(Budget::once()));
    let error = once.send(&query()).await.unwrap_err();
    assert_eq!((error.attempts().len(), error.reason()), (1, Reason::Attempts));
    server.only();
    // The client that it was made from is as it was.
    let server = Server::start(script([page(502), Behaviour::signed("{}")])).await;
    self::client(&server).send(&query()).await.unwrap();
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn attempts_are_counted() {
    let server = Server::start(page(502)).await;
    let error = client(&server).send(&query()).await.unwrap_err();
    assert_eq!((error.attempts().len(), error.reason()), (4, Reason::Attempts));
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn a_wait_that_was_asked_for_is_kept() {
    let later = Behaviour::plain(503, vec![("retry-after", "1".to_owned())], "");
    let server = Server::start(script([later, Behaviour::signed("{}")])).await;
    let waits = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&waits);
    let budget = Budget {
        first_wait: Duration::from_millis(1),
        ..Budget::default()
    };
    let client = builder(&server)
        .budget(budget)
        .observer(move |event: &Event<'_>| {
            if let Event::Repeated { after, .. } = event {
                seen.lock().unwrap().push(*after);
            }
        })
        .build()
        .unwrap();
    let begun = Instant::now();
    client.send(&query()).await.unwrap();
    assert_eq!(*waits.lock().unwrap(), [Duration::from_secs(1)]);
    assert!(begun.elapsed() >= Duration::from_secs(1), "nobody has waited");
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_wait_that_does_not_fit_into_the_call_ends_it() {
    let late = Behaviour::plain(503, vec![("retry-after", "31".to_owned())], "");
    let server = Server::start(script([late, Behaviour::signed("{}")])).await;
    let error = client(&server).send(&query()).await.unwrap_err();
    assert_eq!((error.attempts().len(), error.reason()), (1, Reason::Time));
    server.only();
}

#[tokio::test]
async fn an_answer_that_is_waited_for_in_vain_leaves_time_for_another_attempt() {
    let server = Server::start(script([Behaviour::Hang, Behaviour::signed("{}")])).await;
    let client = client(&server);
    let client = client.with(|calls| calls.answer_timeout(Duration::from_millis(200)));
    client.send(&query()).await.unwrap();
    assert_eq!(server.seen().len(), 2);
    // Money is not for guessing.
    let server = Server::start(Behaviour::Hang).await;
    let client = builder(&server)
        .answer_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    let error = client.send(&REFUND).await.unwrap_err();
    assert!(
        matches!(error.failure(), Failure::Timeout { limit, .. } if *limit == Duration::from_millis(200)),
        "{error:?}"
    );
    assert_eq!(error.outcome(), Outcome::Unknown);
    server.only();
}

#[tokio::test]
async fn an_answer_is_handed_over_whatever_it_is() {
    let server = Server::start(script([Behaviour::Cut, page(502), Behaviour::signed("{}")])).await;
    let answer = client(&server).exchange(&query()).await.unwrap();
    assert_eq!(answer.status(), 502);
    assert_eq!(server.seen().len(), 2);
}
