//! Every way to fail, with every effect, with and without a key.

use std::time::Duration;

use http::Method;
use wxpay_proto::retry::{Attempts, Budget, Facts, Failure, Jitter, Next, Reason};
use wxpay_proto::{Effect, Host, Meta, Outcome};

use crate::refusal;

/// What is done after the first attempt: again at the same host, again at the other, or a reason to stop.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Do {
    Again,
    Elsewhere,
    Stop(Reason),
}

use Do::{Again, Elsewhere};
const NOT_MADE: Do = Do::Stop(Reason::NotMade);
const SAME: Do = Do::Stop(Reason::SameAnswer);
const UNSAFE: Do = Do::Stop(Reason::Unsafe);

fn meta(effect: Effect) -> Meta {
    Meta::new("test.call", Method::POST, "/v3/x")
        .effect(effect)
        .idempotent_by("out_no")
        .settled_by("test.query")
}

fn decide(effect: Effect, key: bool, failure: &Failure<'_>) -> Next {
    let facts = Facts::new(&meta(effect), key);
    Attempts::new(facts, Budget::default()).failed(failure, Duration::ZERO, Jitter::NONE)
}

/// Holds one row: reads with and without a key, then writes and money, first without and then with one.
fn row(name: &str, make: impl Fn(Effect) -> Failure<'static>, read: Do, write: [Do; 2], money: [Do; 2]) {
    let cells = [
        (Effect::Read, [read, read]),
        (Effect::Write, write),
        (Effect::Money, money),
    ];
    for (effect, expected) in cells {
        for (key, expected) in [false, true].into_iter().zip(expected) {
            let failure = make(effect);
            let (found, outcome) = match decide(effect, key, &failure) {
                Next::Again { attempts, .. } => {
                    assert_eq!(attempts.number(), 2);
                    let same = attempts.host() == Host::API;
                    (if same { Again } else { Elsewhere }, attempts.outcome())
                }
                Next::Stop(stop) => {
                    let asks = stop.outcome == Outcome::Unknown && effect != Effect::Read;
                    assert_eq!(stop.settled_by, asks.then_some("test.query"), "{name} {effect:?}");
                    assert_eq!(stop.attempts, 1);
                    (Do::Stop(stop.reason), stop.outcome)
                }
            };
            assert_eq!(found, expected, "{name}, {effect:?}, key {key}");
            assert_eq!(outcome, failure.outcome(), "{name}, {effect:?}, key {key}");
        }
    }
}

fn refused(status: u16, code: &'static str) -> impl Fn(Effect) -> Failure<'static> {
    move |effect| Failure::Refused(Box::leak(Box::new(refusal(effect, status, code))))
}

#[test]
fn what_was_not_sent_is_sent_again() {
    row(
        "not made",
        |_| Failure::NotMade,
        NOT_MADE,
        [NOT_MADE; 2],
        [NOT_MADE; 2],
    );
    row("not sent", |_| Failure::NotSent, Again, [Again; 2], [Again; 2]);
    row(
        "no connection",
        |_| Failure::NoConnection,
        Elsewhere,
        [Elsewhere; 2],
        [Elsewhere; 2],
    );
}

#[test]
fn what_may_have_been_executed_is_sent_again_only_where_that_is_harmless() {
    row(
        "lost",
        |_| Failure::Lost,
        Elsewhere,
        [UNSAFE, Elsewhere],
        [UNSAFE; 2],
    );
    row(
        "unproven",
        |_| Failure::Unproven,
        Again,
        [UNSAFE, Again],
        [UNSAFE; 2],
    );
    row("unusable", |_| Failure::Unusable, SAME, [SAME; 2], [SAME; 2]);
    for (status, code) in [
        (500, ""),
        (502, ""),
        (503, "SERVICE_UNAVAILABLE"),
        (504, ""),
        (500, "BANKERROR"),
        (500, "NEW_CODE"),
        (429, ""),
        (429, "RATELIMIT_EXCEEDED"),
        (403, "FREQUENCY_LIMITED"),
    ] {
        row(code, refused(status, code), Again, [UNSAFE, Again], [UNSAFE; 2]);
    }
}

#[test]
fn three_codes_let_even_money_be_asked_for_again_when_there_is_a_key() {
    for (status, code) in [
        (500, "SYSTEM_ERROR"),
        (500, "SYSTEMERROR"),
        (200, "SYSTEMERROR"),
        (200, "BIZERR_NEED_RETRY"),
        (400, "SYSTEM_ERROR"),
    ] {
        row(
            code,
            refused(status, code),
            Again,
            [UNSAFE, Again],
            [UNSAFE, Again],
        );
    }
}

#[test]
fn what_was_refused_is_not_asked_again() {
    for (status, code) in [
        (400, "PARAM_ERROR"),
        (401, "SIGN_ERROR"),
        (403, "NO_AUTH"),
        (404, "ORDER_NOT_EXIST"),
        (404, ""),
        (302, ""),
        (200, "NOTENOUGH"),
        (200, "USERPAYING"),
    ] {
        row(code, refused(status, code), SAME, [SAME; 2], [SAME; 2]);
    }
}

#[test]
fn errors_of_the_journey_say_what_they_are() {
    use wxpay_proto::{BuildError, Error, ParseError, VerifyError};
    let operation = "test.call";
    let build = BuildError::MissingCredential {
        operation,
        missing: "a key",
    };
    let answered = Error::Refused(Box::new(refusal(Effect::Money, 500, "SYSTEM_ERROR")));
    let unverified = Error::Unverified {
        operation,
        source: VerifyError::MissingSign,
        claimed: Some(Box::new(refusal(Effect::Money, 500, "SYSTEM_ERROR"))),
        status: 500,
        request_id: None,
    };
    let unreadable = Error::Unreadable {
        operation,
        source: ParseError::new(String::new()),
        body: bytes::Bytes::new(),
    };
    let wrong = Error::WrongAnswer {
        operation,
        member: "out_no".to_owned(),
        asked: "1".to_owned(),
        answered: "2".to_owned(),
    };
    for (error, expected) in [
        (Error::Build(build), NOT_MADE),
        (answered, Again),
        // What an answer only claims is no answer.
        (unverified, UNSAFE),
        (unreadable, SAME),
        (wrong, UNSAFE),
    ] {
        let failure = Failure::from(&error);
        assert_eq!(failure.outcome(), error.outcome());
        let found = match decide(Effect::Money, true, &failure) {
            Next::Again { .. } => Again,
            Next::Stop(stop) => Do::Stop(stop.reason),
        };
        assert_eq!(found, expected, "{error}");
    }
}

#[test]
fn a_later_refusal_does_not_undo_an_unknown_attempt() {
    let attempts = Attempts::new(Facts::new(&meta(Effect::Money), true), Budget::default());
    let system_error = refusal(Effect::Money, 500, "SYSTEM_ERROR");
    let first = attempts.failed(&Failure::Refused(&system_error), Duration::ZERO, Jitter::NONE);
    let Next::Again { attempts, .. } = first else {
        panic!("it has a key")
    };
    let param_error = refusal(Effect::Money, 400, "PARAM_ERROR");
    let second = attempts.failed(&Failure::Refused(&param_error), Duration::ZERO, Jitter::NONE);
    let Next::Stop(stop) = second else {
        panic!("that would be refused again")
    };
    assert_eq!(
        (stop.outcome, stop.settled_by),
        (Outcome::Unknown, Some("test.query"))
    );
    assert_eq!((stop.attempts, stop.reason), (2, Reason::SameAnswer));
}

#[test]
fn the_budget_ends_it() {
    let facts = Facts::new(&meta(Effect::Read), false);
    let mut attempts = Attempts::new(
        facts,
        Budget {
            attempts: 3,
            ..Budget::default()
        },
    );
    let mut hosts = vec![attempts.host()];
    let stop = loop {
        match attempts.failed(&Failure::Lost, Duration::ZERO, Jitter::NONE) {
            Next::Again { attempts: next, .. } => {
                hosts.push(next.host());
                attempts = next;
            }
            Next::Stop(stop) => break stop,
        }
    };
    assert_eq!(hosts, [Host::API, Host::API2, Host::API2_WECHATPAY]);
    assert_eq!((stop.attempts, stop.reason), (3, Reason::Attempts));
    for attempts in [0, 1] {
        let budget = Budget {
            attempts,
            ..Budget::default()
        };
        let next = Attempts::new(facts, budget).failed(&Failure::NoConnection, Duration::ZERO, Jitter::NONE);
        assert!(matches!(next, Next::Stop(stop) if stop.reason == Reason::Attempts));
    }
    let late = Duration::from_secs(30) - Duration::from_millis(125);
    let next = Attempts::new(facts, Budget::default()).failed(&Failure::Lost, late, Jitter::NONE);
    assert!(
        matches!(next, Next::Stop(stop) if stop.reason == Reason::Time),
        "it would begin too late"
    );
    let once = Attempts::new(facts, Budget::once()).failed(&Failure::Lost, Duration::ZERO, Jitter::NONE);
    assert!(matches!(once, Next::Stop(_)));
}

#[test]
fn a_call_begins_at_the_last_good_host_if_it_may_go_there() {
    let facts = |host, path| Facts::new(&Meta::new("test.read", Method::GET, path).host(host), false);
    let at = |facts, host| Attempts::new(facts, Budget::default()).starting_at(host).host();
    let mainland = facts(Host::API, "/v3/x");
    for host in Host::SAME_SERVICE {
        assert_eq!(at(mainland, host), host);
    }
    assert_eq!(at(mainland, Host::API_HK), Host::API, "that is another service");
    for stays in [
        facts(Host::API_HK, "/v3/global/transactions/app"),
        facts(Host::API, "/hk/v3/transactions/app"),
        facts(Host::FRAUD, "/risk/getpublickey"),
        facts(Host::PAYAPP, "/face/get_wxpayface_authinfo"),
    ] {
        let named = Attempts::new(stays, Budget::default()).host();
        assert_eq!(at(stays, Host::API2), named);
        let next =
            Attempts::new(stays, Budget::default()).failed(&Failure::Lost, Duration::ZERO, Jitter::NONE);
        let Next::Again { attempts, .. } = next else {
            panic!("it is a read")
        };
        assert_eq!(attempts.host(), named, "it is tried again, but nowhere else");
    }
}
