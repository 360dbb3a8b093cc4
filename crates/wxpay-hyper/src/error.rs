//! What can go wrong with a call, over all its attempts.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use wxpay_proto::retry::{Reason, Stop};
use wxpay_proto::{ApiError, Effect, Outcome, VerifyError};

use crate::failure::Failure;
use crate::skew::in_words;

/// A call that did not succeed, over all its attempts. Ask [`outcome`](Self::outcome) before anything else.
pub struct Error(Box<Ended>);

/// What is told of a call that did not succeed.
pub(crate) struct Ended {
    pub(crate) operation: &'static str,
    pub(crate) effect: Effect,
    pub(crate) failure: Failure,
    pub(crate) attempts: Vec<FailedAttempt>,
    pub(crate) stop: Stop,
    /// In seconds, where it is much.
    pub(crate) clock_skew: Option<i64>,
}

/// An attempt that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailedAttempt {
    /// The host that it was addressed to, with its port where that is not 443; none when it did not come that far.
    pub host: Option<String>,
    /// May it have been executed?
    pub outcome: Outcome,
    /// How it failed, in a word or two that hold nothing of request or answer: `connect`, `timeout`, `refused` …
    pub kind: &'static str,
    /// The HTTP status, when an answer had begun to arrive.
    pub status: Option<u16>,
    /// WeChat Pay's `Request-ID` (unproven), which is what its support asks for.
    pub request_id: Option<String>,
    /// How long it took.
    pub took: Duration,
}

impl Error {
    pub(crate) fn new(ended: Ended) -> Self {
        Self(Box::new(ended))
    }

    /// The operation.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.0.operation
    }

    /// May the call have been executed? The worst of all attempts: once one of them was unknown, no refusal of a later
    /// one makes it better.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.0.stop.outcome
    }

    /// The operation that tells what became of the call ([`Meta::settled_by`](wxpay_proto::Meta::settled_by)): where the
    /// outcome is unknown, something may have changed, and such an operation is known.
    #[must_use]
    pub fn settled_by(&self) -> Option<&'static str> {
        self.0.stop.settled_by
    }

    /// How the last attempt failed.
    #[must_use]
    pub fn failure(&self) -> &Failure {
        &self.0.failure
    }

    /// Every attempt, in the order in which they were made; at least one.
    #[must_use]
    pub fn attempts(&self) -> &[FailedAttempt] {
        &self.0.attempts
    }

    /// Why there was no further attempt.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.0.stop.reason
    }

    /// WeChat Pay's error, when the last attempt got one; proven or not is told by [`ApiError::authentic`].
    #[must_use]
    pub fn api_error(&self) -> Option<&ApiError> {
        self.0.failure.api_error()
    }

    /// Whether the order was already closed when it was asked to be closed.
    #[must_use]
    pub fn is_already_closed(&self) -> bool {
        matches!(&self.0.failure, Failure::Exchange(error) if error.is_already_closed())
    }

    /// How many seconds this machine's clock is ahead of the server's (negative: behind), where that is a minute or more and
    /// the call failed in a way that a wrong clock explains. By the answer's `Date`, which no signature covers.
    #[must_use]
    pub fn clock_skew(&self) -> Option<i64> {
        let explained = match &self.0.failure {
            Failure::Exchange(wxpay_proto::Error::Refused(refusal)) => refusal.status == 401,
            Failure::Exchange(wxpay_proto::Error::Unverified { source, .. }) => {
                matches!(source, VerifyError::Expired { .. })
            }
            _ => false,
        };
        self.0.clock_skew.filter(|_| explained)
    }

    fn write_skew(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.clock_skew() {
            Some(seconds) => write!(
                f,
                "; by the answer's Date, which nothing proves, this machine's clock is {} WeChat Pay's",
                in_words(seconds)
            ),
            None => Ok(()),
        }
    }

    fn write_advice(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.outcome(), &self.0.failure) {
            // The core says so itself, with what to correct.
            (Outcome::Refused, _) | (Outcome::NotSent, Failure::Exchange(_)) => Ok(()),
            (Outcome::NotSent, _) => f.write_str("; nothing was sent"),
            (Outcome::Unknown, _) if self.0.effect == Effect::Read => Ok(()),
            (Outcome::Unknown, _) => {
                f.write_str("; it may have been executed: query by the same number")?;
                if let Some(query) = self.settled_by() {
                    write!(f, " with {query}")?;
                }
                f.write_str(", never repeat blindly")
            }
        }
    }

    fn write_attempts(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [_, _, ..] = self.attempts() else {
            return Ok(());
        };
        write!(f, " ({} attempts:", self.attempts().len())?;
        for (index, attempt) in self.attempts().iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let host = attempt.host.as_deref().unwrap_or("no host");
            write!(f, "{comma} {host} {}", attempt.kind)?;
            if let Some(status) = attempt.status {
                write!(f, " {status}")?;
            }
        }
        write!(f, "; no more: {})", self.reason())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.failure.fmt(f)?;
        self.write_skew(f)?;
        self.write_advice(f)?;
        self.write_attempts(f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("operation", &self.0.operation)
            .field("outcome", &self.outcome())
            .field("failure", &self.0.failure)
            .field("attempts", &self.0.attempts)
            .field("settled_by", &self.settled_by())
            .field("reason", &self.reason())
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.failure.source()
    }
}

/// A client cannot be made from these parts.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// Credentials of another kind of account were given.
    #[error("ClientBuilder::{method} takes the credentials of a {wanted}, and these are of {found}")]
    WrongAccount {
        /// The builder's method.
        method: &'static str,
        /// The kind of account that it takes.
        wanted: &'static str,
        /// The account that it was given.
        found: String,
    },
    /// A key store that another merchant's client was made with: each merchant has one of its own.
    #[error(
        "the key store is merchant {other}'s, and the client is merchant {merchant}'s; give each one of its own"
    )]
    ForeignKeyStore {
        /// Whose client was to be made.
        merchant: String,
        /// Whose the store is.
        other: String,
    },
    /// The client certificate cannot be used.
    #[error("the client certificate (apiclient_cert.pem, apiclient_key.pem): {problem}")]
    ClientCertificate {
        /// What is wrong.
        problem: String,
    },
    /// A root certificate cannot be used.
    #[error("extra root certificate: {problem}")]
    Root {
        /// What is wrong.
        problem: String,
    },
    /// Only extra root certificates are to be trusted and there are none.
    #[error(
        "only extra root certificates are to be trusted, and none was given (ClientBuilder::extra_root_pem)"
    )]
    NoRoots,
    /// The proxy cannot be used.
    #[error("proxy: {problem}")]
    Proxy {
        /// What is wrong; the address is not repeated, since it may hold a password.
        problem: String,
    },
    /// A limit is zero: every call would fail.
    #[error("{limit} is zero, so that every call would fail")]
    Zero {
        /// Which limit.
        limit: &'static str,
    },
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {problem}")]
    Tls {
        /// What is wrong.
        problem: String,
    },
}
