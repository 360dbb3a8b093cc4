//! The course of a call: attempt after attempt, until one succeeds or there must not be another.
//!
//! Whoever makes a call runs this loop:
//!
//! ```text
//! let mut course = Course::begin(…);
//! loop {
//!     match one_attempt(&mut course).await {
//!         Ok(value) => { course.succeeded(); return Ok(value) }
//!         Err(failure) => course = course.failed(failure, facts).await?,
//!     }
//! }
//! ```

use tokio::time::{Instant, sleep};
use tracing::field::Empty;
use tracing::{Span, debug, info, warn};
use wxpay_proto::retry::{Attempts, Facts, Next, Stop};
use wxpay_proto::{Meta, Outcome};

use crate::attempt::{Attempt, millis};
use crate::error::{Ended, Error, FailedAttempt};
use crate::failure::Failure;
use crate::inner::Inner;
use crate::observer::Event;
use crate::options::CallOptions;
use crate::parts::Turn;

/// The course of one call.
pub(crate) struct Course<'a> {
    inner: &'a Inner,
    meta: &'static Meta,
    options: CallOptions,
    turn: Turn,
    started: Instant,
    span: Span,
    /// None until something has to be decided: a call that succeeds at once asks for no facts.
    attempts: Option<Attempts>,
    now: Attempt,
    failed: Vec<FailedAttempt>,
}

impl<'a> Course<'a> {
    /// Begins a call, with a span of its own.
    pub(crate) fn begin(inner: &'a Inner, meta: &'static Meta, options: CallOptions, turn: Turn) -> Self {
        let started = Instant::now();
        let deadline = started + options.call;
        // No header and no body goes into it.
        let span = tracing::info_span!(
            "wxpay.call",
            operation = meta.name,
            attempts = Empty,
            outcome = Empty,
            duration_ms = Empty,
        );
        let now = Attempt::new(meta, 1, None, options, deadline, &span);
        let (operation, attempt) = (meta.name, 1);
        inner.observed.tell(&Event::AttemptStarted { operation, attempt });
        Self {
            inner,
            meta,
            options,
            turn,
            started,
            span,
            attempts: None,
            now,
            failed: Vec::new(),
        }
    }

    /// Lets the first attempt begin where another one has succeeded lately; `facts` is asked only then.
    pub(crate) fn start_where_others_succeed(&mut self, facts: impl FnOnce() -> Option<Facts>) {
        if self.attempts.is_none()
            && let Some(host) = self.inner.hosts.lately(self.started)
            && let Some(facts) = facts()
        {
            let attempts = Attempts::new(facts, self.options.budget_within_the_call()).starting_at(host);
            self.now.host = Some(attempts.host());
            self.attempts = Some(attempts);
        }
    }

    /// What all attempts have in common where keys are chosen.
    pub(crate) fn turn(&self) -> Turn {
        self.turn
    }

    /// The attempt under way.
    pub(crate) fn attempt(&mut self) -> &mut Attempt {
        &mut self.now
    }

    /// The attempt under way has succeeded.
    pub(crate) fn succeeded(mut self) {
        self.remember();
        self.tell_attempt(None);
        self.now.ended();
        self.record(None);
        self.span.in_scope(|| debug!("answered"));
    }

    /// The attempt under way has failed: waits and gives the course back for the next one, or says that there is none.
    pub(crate) async fn failed(
        mut self,
        failure: Failure,
        facts: impl FnOnce() -> Option<Facts>,
    ) -> Result<Self, Error> {
        self.remember();
        self.tell_attempt(Some(failure.kind()));
        self.failed.push(self.now.failed(&failure));
        let attempts = self.attempts.take().unwrap_or_else(|| {
            // Without a request there is nothing to know of it, and nothing to repeat.
            let facts = facts().unwrap_or_else(|| Facts::new(self.meta, false));
            Attempts::new(facts, self.options.budget_within_the_call())
        });
        let spent = self.started.elapsed();
        let (attempts, after) =
            match attempts.failed(&failure.for_the_decision(), spent, self.inner.random.jitter()) {
                Next::Again { attempts, after } => (attempts, after),
                Next::Stop(stop) => return Err(self.stopped(failure, stop)),
            };
        self.span.in_scope(|| {
            info!(
                kind = failure.kind(),
                code = failure.code(),
                after_ms = millis(after),
                "the attempt has failed, and another is made"
            );
        });
        let (number, host) = (attempts.number(), Some(attempts.host()));
        self.now = Attempt::new(
            self.meta,
            number,
            host,
            self.options,
            self.now.deadline,
            &self.span,
        )
        .after_doubt(attempts.outcome() == Outcome::Unknown);
        self.attempts = Some(attempts);
        let (observed, operation) = (&self.inner.observed, self.meta.name);
        observed.tell(&Event::Repeated {
            operation,
            attempt: number,
            after,
        });
        sleep(after).await;
        self.now.begin();
        observed.tell(&Event::AttemptStarted {
            operation,
            attempt: number,
        });
        Ok(self)
    }

    fn stopped(self, failure: Failure, stop: Stop) -> Error {
        self.record(Some(stop.outcome));
        let error = Error::new(Ended {
            operation: self.meta.name,
            effect: self.now.effect,
            failure,
            attempts: self.failed,
            stop,
            clock_skew: self.inner.skew.suspicious(),
        });
        self.span.in_scope(|| tell(&error));
        error
    }

    /// A host that answers, after another one has not, is where the next calls begin.
    fn remember(&self) {
        let first = self.failed.iter().find_map(|attempt| attempt.host.as_deref());
        if let Some(host) = self.now.host
            && self.now.is_answered()
            && first.is_some_and(|first| first != self.now.authority())
        {
            self.inner.hosts.remember(host, Instant::now());
        }
    }

    fn tell_attempt(&self, failure: Option<&'static str>) {
        let (observed, operation) = (&self.inner.observed, self.meta.name);
        let (from, to) = (
            self.failed.last().and_then(|last| last.host.as_deref()),
            self.now.authority(),
        );
        if let Some(from) = from.filter(|from| *from != to && !to.is_empty()) {
            observed.tell(&Event::FailedOver { operation, from, to });
        }
        observed.tell(&self.now.event(failure));
    }

    fn record(&self, outcome: Option<Outcome>) {
        let took = self.started.elapsed();
        self.span.record("attempts", self.now.number);
        self.span.record("outcome", in_a_word(outcome));
        self.span.record("duration_ms", millis(took));
        self.inner.observed.tell(&Event::CallEnded {
            operation: self.meta.name,
            attempts: self.now.number,
            outcome,
            took,
        });
    }
}

fn in_a_word(outcome: Option<Outcome>) -> &'static str {
    match outcome {
        None => "done",
        Some(Outcome::NotSent) => "not sent",
        Some(Outcome::Refused) => "refused",
        Some(Outcome::Unknown) => "unknown",
    }
}

/// Says in the log how a call ended, without a word of what was asked or answered.
fn tell(error: &Error) {
    let failure = error.failure();
    let (kind, code, attempts) = (failure.kind(), failure.code(), error.attempts().len());
    match error.outcome() {
        Outcome::Unknown => warn!(
            kind,
            code,
            attempts,
            settled_by = error.settled_by(),
            "the outcome is unknown: query, never repeat blindly"
        ),
        Outcome::Refused => debug!(kind, code, attempts, "refused"),
        Outcome::NotSent => debug!(kind, attempts, "not sent"),
    }
}
