//! Whatever the order and repetition of deliveries, failures and crashes: each notification that was acknowledged is
//! recorded as handled exactly once, and none is lost.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use wxpay_axum::{BoxError, Counts, Delivery, Ended, Ending, Held, Inbox, Policy, Protocol, Store};
use wxpay_proto::v3::notification::SealedNotification;
use wxpay_tests::cases::cases;

use crate::stores::Bed;
use crate::world::{payment, shared};
use crate::{OnStore, block_on};

const IDS: usize = 4;

pub(crate) fn tests<B: Bed>() -> Vec<OnStore<B>> {
    vec![(
        "each_is_handled_once_and_none_is_lost",
        each_is_handled_once_and_none_is_lost,
    )]
}

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    /// WeChat Pay sends one, again or for the first time.
    Deliver(usize),
    /// A worker takes what is due, and its handler ends so.
    Work(End),
    /// A process dies with what it has taken; if `done`, after its handler had succeeded.
    Die { done: bool },
    /// What a process that was believed dead has to say comes late.
    ComeLate,
    /// The operator opens a parked one again.
    Retry(usize),
}

#[derive(Clone, Copy, Debug)]
enum End {
    Success,
    Failure,
    Panic,
}

fn step() -> impl Strategy<Value = Step> {
    let end = prop_oneof![Just(End::Success), Just(End::Failure), Just(End::Panic)];
    prop_oneof![
        4 => (0..IDS).prop_map(Step::Deliver),
        4 => end.prop_map(Step::Work),
        2 => any::<bool>().prop_map(|done| Step::Die { done }),
        1 => Just(Step::ComeLate),
        1 => (0..IDS).prop_map(Step::Retry),
    ]
}

/// What has been seen.
#[derive(Default)]
struct Seen {
    acknowledged: BTreeSet<String>,
    /// How often it was recorded that a notification is handled.
    handled: BTreeMap<String, u32>,
    /// Whose process is dead, or believed so.
    dead: Vec<Held>,
}

impl Seen {
    fn handled(&mut self, id: String) {
        *self.handled.entry(id).or_default() += 1;
    }
}

fn each_is_handled_once_and_none_is_lost<B: Bed>(bed: &B) {
    // A case is a few dozen statements.
    let config = Config {
        cases: cases(if B::DURABLE { 4 } else { 1 }),
        failure_persistence: None,
        ..Config::default()
    };
    let sent: Vec<_> = (0..IDS).map(|number| payment(&format!("EV-{number}"))).collect();
    let steps = prop::collection::vec(step(), 1..40);
    let ran = TestRunner::new(config).run(&steps, |steps| {
        block_on(one(bed, &sent, &steps));
        Ok(())
    });
    ran.unwrap_or_else(|error| panic!("{error}"));
}

async fn one<B: Bed>(bed: &B, sent: &[SealedNotification], steps: &[Step]) {
    let policy = Policy::default()
        .attempts(3)
        .pauses(Duration::ZERO, Duration::ZERO);
    let inbox = Inbox::new(shared(), bed.fresh().await).policy(policy);
    let mut seen = Seen::default();
    for step in steps {
        take(&inbox, sent, step, &mut seen).await;
    }
    // In the end the handler works, and the operator has seen to what was parked.
    loop {
        for parked in inbox.store().parked(100).await.unwrap() {
            assert!(inbox.retry(&parked.id).await.unwrap());
        }
        if !work(&inbox, End::Success, &mut seen).await {
            break;
        }
    }
    // Too late by now, all of them.
    while !seen.dead.is_empty() {
        take(&inbox, sent, &Step::ComeLate, &mut seen).await;
    }
    let all = Counts {
        handled: seen.acknowledged.len() as u64,
        ..Counts::default()
    };
    assert_eq!(inbox.store().counts().await.unwrap(), all);
    let once = seen.acknowledged.into_iter().map(|id| (id, 1)).collect();
    assert_eq!(seen.handled, once);
}

async fn take<S: Store>(inbox: &Inbox<S>, sent: &[SealedNotification], step: &Step, seen: &mut Seen) {
    match step {
        Step::Deliver(number) => {
            let mut request = Request::new(Body::from(sent[*number].body.clone()));
            *request.headers_mut() = sent[*number].headers.clone();
            assert_eq!(inbox.receive(Protocol::V3, request).await.status(), 200);
            seen.acknowledged.insert(format!("EV-{number}"));
        }
        Step::Work(end) => {
            work(inbox, *end, seen).await;
        }
        Step::Die { done } => {
            let Some(claim) = inbox.store().claim(Duration::ZERO).await.unwrap() else {
                return;
            };
            if *done && inbox.store().finish(&claim.held, &Ending::Handled).await.unwrap() {
                seen.handled(claim.held.id);
            } else {
                seen.dead.push(claim.held);
            }
        }
        Step::ComeLate => {
            let Some(held) = seen.dead.pop() else {
                return;
            };
            // In time after all, if nobody else has taken it since.
            if inbox.store().finish(&held, &Ending::Handled).await.unwrap() {
                seen.handled(held.id);
            }
        }
        Step::Retry(number) => {
            inbox.retry(&format!("EV-{number}")).await.unwrap();
        }
    }
}

/// Whether there was something to do.
async fn work<S: Store>(inbox: &Inbox<S>, end: End, seen: &mut Seen) -> bool {
    let delivered = RefCell::new(None);
    let handler = |delivery: Delivery| {
        *delivered.borrow_mut() = Some(delivery.id().to_owned());
        async move {
            match end {
                End::Success => Ok(()),
                End::Failure => Err(BoxError::from("no stock")),
                // A panic, without a trace in the output.
                End::Panic => resume_unwind(Box::new("no database")),
            }
        }
    };
    let Some(ended) = inbox.handle_next(&handler).await.unwrap() else {
        return false;
    };
    match (end, ended) {
        (End::Success, Ended::Handled { id }) => {
            assert_eq!(delivered.take().as_ref(), Some(&id));
            seen.handled(id);
        }
        // Its last process died, so that it is parked without a further attempt.
        (_, Ended::Parked { .. }) => {}
        (End::Failure | End::Panic, Ended::Again { .. }) => {}
        (_, other) => panic!("{other:?} after {end:?}"),
    }
    true
}
