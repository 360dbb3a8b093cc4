//! Whether a call that failed is made again, when and at which host: a pure function, for every transport.
//!
//! It reads no clock and draws no random number: the time that has passed and a [`Jitter`] are arguments, so that the
//! same failures always end in the same decision. What it carries from attempt to attempt is in [`Attempts`], and only a
//! decision to go on gives that back: after [`Next::Stop`] there is nothing left to repeat with.
//!
//! | what failed | read | write | money |
//! |---|---|---|---|
//! | the request cannot be made | stop | stop | stop |
//! | nothing was sent | again | again | again |
//! | handed over, and no answer; an answer that proves nothing | again | again with a key | **stop, query** |
//! | `SYSTEM_ERROR`, `SYSTEMERROR`, `BIZERR_NEED_RETRY` | again | again with a key | again with a key |
//! | any other 5xx, 429, `FREQUENCY_LIMITED` | again | again with a key | stop |
//! | any other refusal; an authentic answer that cannot be read | stop | stop | stop |
//!
//! *With a key*: [`Meta::idempotent_by`](crate::Meta::idempotent_by) names a field that makes a repeated request the same
//! request, and the request has it. Code payments, v2's transfers and red packets have no such field in the catalogue:
//! once something was sent, a person decides.
//!
//! Another host is tried after failures of the connection only, never because of an answer (protocol section 8), and
//! only where the twin is the same operation: global operations stay where they are.
//!
//! ```
//! use std::time::Duration;
//! use wxpay_proto::retry::{Attempts, Budget, Facts, Failure, Jitter, Next};
//! use wxpay_proto::{Effect, Host, Meta, Outcome};
//!
//! let refund = Meta::new("v3.refund.create", http::Method::POST, "/v3/refund/domestic/refunds")
//!     .effect(Effect::Money)
//!     .idempotent_by("out_refund_no")
//!     .settled_by("v3.refund.query_by_out_refund_no");
//! let attempts = Attempts::new(Facts::new(&refund, true), Budget::default());
//!
//! // Nobody listened: nothing was sent, so it is tried at the other host.
//! let Next::Again { attempts, after } = attempts.failed(&Failure::NoConnection, Duration::ZERO, Jitter::NONE) else {
//!     panic!("nothing was sent")
//! };
//! assert_eq!((attempts.host(), after), (Host::API2, Duration::from_millis(125)));
//!
//! // The connection broke after the request had been handed over: the refund may have been executed.
//! let Next::Stop(stop) = attempts.failed(&Failure::Lost, after, Jitter::NONE) else {
//!     panic!("that could refund twice")
//! };
//! assert_eq!((stop.outcome, stop.settled_by), (Outcome::Unknown, Some("v3.refund.query_by_out_refund_no")));
//! ```

mod budget;
mod facts;
mod failure;
mod reason;

use std::time::Duration;

pub use budget::{Budget, Jitter};
pub use facts::Facts;
pub use failure::Failure;
pub use reason::Reason;

use crate::host::Host;
use crate::meta::Effect;
use crate::outcome::Outcome;
use failure::Safety;

/// The attempts at one call: how many there were, the worst of their outcomes, and the host of the one under way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Attempts {
    facts: Facts,
    budget: Budget,
    host: Host,
    number: u32,
    worst: Outcome,
    waited: Duration,
}

impl Attempts {
    /// A first attempt, at the host that the documentation names.
    pub fn new(facts: Facts, budget: Budget) -> Self {
        Self {
            facts,
            budget,
            host: facts.host,
            number: 1,
            worst: Outcome::NotSent,
            waited: Duration::ZERO,
        }
    }

    /// Begins at another host, the last one that answered say. Nothing changes when this call may not go there.
    pub fn starting_at(mut self, host: Host) -> Self {
        if self.facts.may_go_to(host) {
            self.host = host;
        }
        self
    }

    /// The host of the attempt under way.
    #[must_use]
    pub fn host(&self) -> Host {
        self.host
    }

    /// The number of the attempt under way; the first is 1.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The outcome of the call so far: the worst of the attempts that have failed. Only a success, or the query that
    /// settles the call, makes it better.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.worst
    }

    /// What to do now that the attempt under way has failed, `spent` after the beginning of the first.
    ///
    /// Every repetition is to be signed afresh, with a stamp of its own, and has the same parameters and the same
    /// order number.
    pub fn failed(mut self, failure: &Failure<'_>, spent: Duration, jitter: Jitter) -> Next {
        self.worst = worse(self.worst, failure.outcome());
        let safety = failure.safety(self.facts.effect);
        let reason = match safety {
            Safety::Useless(reason) => Some(reason),
            Safety::Safe => None,
            Safety::WithKey => (!self.facts.keyed).then_some(Reason::Unsafe),
            Safety::Unsafe => Some(Reason::Unsafe),
        };
        if let Some(reason) = reason {
            return self.stop(reason);
        }
        if self.number >= self.budget.attempts {
            return self.stop(Reason::Attempts);
        }
        let after = self
            .budget
            .wait(self.number, failure.is_slow(), jitter)
            .max(failure.retry_after().unwrap_or_default())
            .max(self.waited);
        if spent.saturating_add(after) >= self.budget.total {
            return self.stop(Reason::Time);
        }
        if failure.is_of_the_connection() {
            self.host = self.facts.next_host(self.host);
        }
        self.number += 1;
        self.waited = after;
        Next::Again {
            attempts: self,
            after,
        }
    }

    fn stop(self, reason: Reason) -> Next {
        let asks = self.worst == Outcome::Unknown && self.facts.effect != Effect::Read;
        Next::Stop(Stop {
            outcome: self.worst,
            settled_by: self.facts.settled_by.filter(|_| asks),
            attempts: self.number,
            reason,
        })
    }
}

/// Of two attempts' outcomes the call's: once one is unknown, no refusal of a later one undoes it.
fn worse(one: Outcome, other: Outcome) -> Outcome {
    match (one, other) {
        (Outcome::Unknown, _) | (_, Outcome::Unknown) => Outcome::Unknown,
        (Outcome::Refused, _) | (_, Outcome::Refused) => Outcome::Refused,
        (Outcome::NotSent, Outcome::NotSent) => Outcome::NotSent,
    }
}

/// What to do after a failed attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a transport must handle both, and there is no third"
)]
#[must_use]
pub enum Next {
    /// Wait, and make the call again, stamped and signed afresh, at [`Attempts::host`].
    Again {
        /// The attempt to make.
        attempts: Attempts,
        /// How long to wait before it.
        after: Duration,
    },
    /// Make it no more.
    Stop(Stop),
}

/// The end of a call that did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stop {
    /// The outcome of the call over all attempts. It can be worse than that of the last one.
    pub outcome: Outcome,
    /// The operation that tells what became of it: where the outcome is unknown, something may have changed, and such an
    /// operation is known.
    pub settled_by: Option<&'static str>,
    /// How many attempts were made.
    pub attempts: u32,
    /// Why it ends here.
    pub reason: Reason,
}
