//! One attempt at a call: its limits, and what has been seen of it so far.

use std::time::Duration;

use tokio::time::Instant;
use tracing::field::{Empty, display};
use tracing::{Span, warn};
use wxpay_proto::{Effect, Host, Meta};

use crate::error::FailedAttempt;
use crate::failure::Failure;
use crate::observer::Event;
use crate::options::CallOptions;

/// One attempt at a call: its limits, and what has been seen of it so far.
pub(crate) struct Attempt {
    pub(crate) meta: &'static Meta,
    /// The first is 1.
    pub(crate) number: u32,
    /// What the call does: taken for what the operation does until the request is written.
    pub(crate) effect: Effect,
    /// Where to send it, when that is not for the documentation to say.
    pub(crate) host: Option<Host>,
    pub(crate) options: CallOptions,
    /// When the whole call has to be done.
    pub(crate) deadline: Instant,
    pub(crate) span: Span,
    started: Instant,
    /// It, or one before it, may have reached WeChat Pay, and nobody knows yet what became of it.
    in_doubt: bool,
    /// The host and port that it was addressed to.
    authority: Option<String>,
    status: Option<u16>,
    request_id: Option<String>,
}

impl Attempt {
    pub(crate) fn new(
        meta: &'static Meta,
        number: u32,
        host: Option<Host>,
        options: CallOptions,
        deadline: Instant,
        call: &Span,
    ) -> Self {
        // No header and no body goes into it.
        let span = tracing::info_span!(
            parent: call,
            "wxpay.attempt",
            operation = meta.name,
            attempt = number,
            method = Empty,
            host = Empty,
            key = Empty,
            status = Empty,
            request_id = Empty,
            duration_ms = Empty,
        );
        Self {
            meta,
            number,
            effect: meta.effect,
            host,
            options,
            deadline,
            span,
            started: Instant::now(),
            in_doubt: false,
            authority: None,
            status: None,
            request_id: None,
        }
    }

    /// An attempt after others, one of which may have been executed.
    pub(crate) fn after_doubt(mut self, in_doubt: bool) -> Self {
        self.in_doubt = in_doubt;
        self
    }

    /// The wait before it is over.
    pub(crate) fn begin(&mut self) {
        self.started = Instant::now();
    }

    /// The request is complete, and goes to this address.
    pub(crate) fn addressed(&mut self, request: &http::request::Parts) {
        let authority = request.uri.authority().map(ToString::to_string);
        self.span.record("method", display(&request.method));
        self.span.record("host", authority.as_deref());
        let key = request.headers.get("wechatpay-serial");
        self.span.record("key", key.and_then(|key| key.to_str().ok()));
        self.authority = authority;
    }

    /// From here on it may leave.
    pub(crate) fn leaving(&mut self) {
        self.in_doubt = true;
    }

    /// The head of the answer is here.
    pub(crate) fn answered(&mut self, answer: &http::response::Parts) {
        let status = answer.status.as_u16();
        self.span.record("status", status);
        self.status = Some(status);
        let request_id = answer.headers.get("request-id").and_then(|id| id.to_str().ok());
        self.span.record("request_id", request_id);
        self.request_id = request_id.map(str::to_owned);
    }

    /// The host that it was addressed to, with the port where one was named; empty before that.
    pub(crate) fn authority(&self) -> &str {
        self.authority.as_deref().unwrap_or_default()
    }

    /// Whether an answer has begun to arrive.
    pub(crate) fn is_answered(&self) -> bool {
        self.status.is_some()
    }

    /// What an observer is told at its end.
    pub(crate) fn event(&self, failure: Option<&'static str>) -> Event<'_> {
        Event::AttemptEnded {
            operation: self.meta.name,
            attempt: self.number,
            host: self.authority.as_deref(),
            status: self.status,
            failure,
            took: self.started.elapsed(),
        }
    }

    /// It is over, in whichever way. Gives how long it took.
    pub(crate) fn ended(&mut self) -> Duration {
        self.in_doubt = false;
        let took = self.started.elapsed();
        self.span.record("duration_ms", millis(took));
        took
    }

    /// It has failed. Gives what is told of it.
    pub(crate) fn failed(&mut self, failure: &Failure) -> FailedAttempt {
        FailedAttempt {
            took: self.ended(),
            host: self.authority.take(),
            outcome: failure.outcome(),
            kind: failure.kind(),
            status: self.status,
            request_id: self.request_id.take(),
        }
    }
}

/// Whoever drops the future of a call hears nothing of it any more: the log is the last place to say so.
impl Drop for Attempt {
    fn drop(&mut self) {
        if self.in_doubt && self.effect != Effect::Read {
            self.span.in_scope(|| {
                warn!(
                    settled_by = self.meta.settled_by,
                    "the call was dropped before its answer: the outcome is unknown, query, never repeat blindly"
                );
            });
        }
    }
}

/// For fields of spans.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
