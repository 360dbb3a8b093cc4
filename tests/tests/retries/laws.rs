//! What holds for every history of failures.

use std::time::Duration;

use http::Method;
use proptest::prelude::*;
use proptest::test_runner::Config;
use wxpay_proto::retry::{Attempts, Budget, Facts, Failure, Jitter, Next, Stop};
use wxpay_proto::{ApiError, Effect, Host, Meta, Outcome};
use wxpay_tests::cases::cases;

use crate::refusal;

fn config() -> Config {
    Config {
        cases: cases(1),
        failure_persistence: None,
        ..Config::default()
    }
}

/// A failure, before it borrows anything.
#[derive(Clone, Debug)]
enum Way {
    NotMade,
    NotSent,
    NoConnection,
    Lost,
    Unproven,
    Unusable,
    Refused(ApiError),
}

impl Way {
    fn failure(&self) -> Failure<'_> {
        match self {
            Self::NotMade => Failure::NotMade,
            Self::NotSent => Failure::NotSent,
            Self::NoConnection => Failure::NoConnection,
            Self::Lost => Failure::Lost,
            Self::Unproven => Failure::Unproven,
            Self::Unusable => Failure::Unusable,
            Self::Refused(refusal) => Failure::Refused(refusal),
        }
    }
}

fn way(effect: Effect) -> impl Strategy<Value = Way> {
    let status = prop::sample::select(vec![200, 302, 400, 401, 403, 404, 429, 500, 502, 503, 504]);
    let code = prop::sample::select(vec![
        "",
        "SYSTEM_ERROR",
        "SYSTEMERROR",
        "BIZERR_NEED_RETRY",
        "BANKERROR",
        "FREQUENCY_LIMITED",
        "PARAM_ERROR",
        "USERPAYING",
        "NEW_CODE",
    ]);
    let wait = prop::option::weighted(0.2, 0..40_u64);
    let refused = (status, code, wait).prop_map(move |(status, code, wait)| {
        let mut refusal = refusal(effect, status, code);
        refusal.retry_after = wait.map(Duration::from_secs);
        Way::Refused(refusal)
    });
    prop_oneof![
        1 => Just(Way::NotMade),
        3 => Just(Way::NotSent),
        3 => Just(Way::NoConnection),
        3 => Just(Way::Lost),
        2 => Just(Way::Unproven),
        1 => Just(Way::Unusable),
        8 => refused,
    ]
}

fn budget() -> impl Strategy<Value = Budget> {
    let millis = |most: u64| (0..most).prop_map(Duration::from_millis);
    (
        0..7_u32,
        millis(60_000),
        millis(3_000),
        millis(9_000),
        millis(20_000),
    )
        .prop_map(
            |(attempts, total, first_wait, first_slow_wait, longest_wait)| Budget {
                attempts,
                total,
                first_wait,
                first_slow_wait,
                longest_wait,
            },
        )
}

#[derive(Clone, Debug)]
struct History {
    effect: Effect,
    key: bool,
    path: &'static str,
    budget: Budget,
    ways: Vec<(Way, u32, u64)>,
}

fn history() -> impl Strategy<Value = History> {
    let effect = prop::sample::select(vec![Effect::Read, Effect::Write, Effect::Money]);
    let path = prop::sample::select(vec!["/v3/x", "/hk/v3/x", "/v3/global/x", "/pay/x"]);
    (effect, any::<bool>(), path, budget()).prop_flat_map(|(effect, key, path, budget)| {
        let attempt = (way(effect), any::<u32>(), 0..9_000_u64);
        prop::collection::vec(attempt, 8).prop_map(move |ways| History {
            effect,
            key,
            path,
            budget,
            ways,
        })
    })
}

/// One attempt that was made again, and the wait before the next.
struct Step<'a> {
    way: &'a Way,
    after: Duration,
    began: Duration,
    host: Host,
}

fn run(history: &History) -> (Vec<Step<'_>>, Stop) {
    let meta = Meta::new("test.call", Method::POST, history.path)
        .effect(history.effect)
        .idempotent_by("out_no")
        .settled_by("test.query");
    let mut attempts = Attempts::new(Facts::new(&meta, history.key), history.budget);
    let (mut steps, mut spent) = (Vec::new(), Duration::ZERO);
    for (way, random, took) in &history.ways {
        spent += Duration::from_millis(*took);
        let jitter = Jitter::from_entropy(random.to_le_bytes());
        match attempts.failed(&way.failure(), spent, jitter) {
            Next::Again {
                attempts: next,
                after,
            } => {
                spent += after;
                steps.push(Step {
                    way,
                    after,
                    began: spent,
                    host: next.host(),
                });
                attempts = next;
            }
            Next::Stop(stop) => return (steps, stop),
        }
    }
    panic!("more attempts than any budget has")
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn money_is_never_asked_for_twice_on_an_unknown_outcome_but_by_the_rule(history in history()) {
        let (steps, _) = run(&history);
        for step in steps.iter().filter(|step| step.way.failure().outcome() != Outcome::NotSent) {
            match history.effect {
                Effect::Read => {}
                Effect::Write => prop_assert!(history.key),
                _ => {
                    let Way::Refused(refusal) = step.way else {
                        panic!("only an answer lets money be asked for again")
                    };
                    let code = refusal.code.as_deref().unwrap_or_default();
                    prop_assert!(history.key);
                    prop_assert!(["SYSTEM_ERROR", "SYSTEMERROR", "BIZERR_NEED_RETRY"].contains(&code), "{}", code);
                }
            }
        }
    }

    #[test]
    fn the_outcome_is_the_worst_of_all_attempts(history in history()) {
        let (steps, stop) = run(&history);
        let last = &history.ways[steps.len()].0;
        let outcomes: Vec<Outcome> =
            steps.iter().map(|step| step.way).chain([last]).map(|way| way.failure().outcome()).collect();
        let expected = [Outcome::Unknown, Outcome::Refused, Outcome::NotSent]
            .into_iter()
            .find(|outcome| outcomes.contains(outcome));
        prop_assert_eq!(Some(stop.outcome), expected);
        let asks = stop.outcome == Outcome::Unknown && history.effect != Effect::Read;
        prop_assert_eq!(stop.settled_by.is_some(), asks);
    }

    #[test]
    fn waits_grow_and_keep_to_the_budget(history in history()) {
        let (steps, stop) = run(&history);
        let budget = history.budget;
        prop_assert_eq!(stop.attempts as usize, steps.len() + 1);
        prop_assert!(stop.attempts <= budget.attempts.max(1));
        for pair in steps.windows(2) {
            prop_assert!(pair[0].after <= pair[1].after);
        }
        let mut asked = Duration::ZERO;
        for step in &steps {
            if let Way::Refused(refusal) = step.way {
                asked = asked.max(refusal.retry_after.unwrap_or_default());
                prop_assert!(step.after >= refusal.retry_after.unwrap_or_default());
            }
            prop_assert!(step.after <= budget.longest_wait.max(asked));
            prop_assert!(step.began < budget.total, "no attempt begins after the budget");
        }
    }

    #[test]
    fn another_host_is_tried_for_the_connection_only(history in history()) {
        let (steps, _) = run(&history);
        let mut host = Host::API;
        let global = history.path.contains("hk") || history.path.contains("global");
        for step in &steps {
            let connection = matches!(step.way, Way::NoConnection | Way::Lost);
            prop_assert_eq!(step.host != host, connection && !global);
            prop_assert!(Host::SAME_SERVICE.contains(&step.host));
            host = step.host;
        }
    }

    #[test]
    fn the_same_failures_end_in_the_same_decision(history in history()) {
        let ((one, first), (two, second)) = (run(&history), run(&history));
        prop_assert_eq!(first, second);
        prop_assert!(one.iter().zip(&two).all(|(one, two)| (one.after, one.host) == (two.after, two.host)));
    }

    #[test]
    fn jitter_takes_at_most_half_of_a_wait(number: u32, base in 2..10_000_u64) {
        let budget = Budget { first_wait: Duration::from_millis(base), longest_wait: Duration::MAX, ..Budget::default() };
        let facts = Facts::new(&Meta::new("test.read", Method::GET, "/v3/x"), false);
        let jitter = Jitter::from_entropy(number.to_le_bytes());
        let next = Attempts::new(facts, budget).failed(&Failure::NotSent, Duration::ZERO, jitter);
        let Next::Again { after, .. } = next else { panic!("nothing was sent") };
        prop_assert!(after >= budget.first_wait / 2 && after < budget.first_wait);
    }
}
