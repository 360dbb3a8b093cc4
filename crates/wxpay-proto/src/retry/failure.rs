//! How an attempt failed, and what that says of a repetition.

use std::time::Duration;

use super::reason::Reason;
use crate::error::Error;
use crate::meta::Effect;
use crate::outcome::Outcome;
use crate::refusal::{ApiError, RetryAdvice};

/// How an attempt failed, as far as a repetition depends on it.
///
/// [`Error`]s convert; what the network did is for the transport to say.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Failure<'a> {
    /// The request cannot be made from these values and credentials. Nothing was sent.
    NotMade,
    /// Nothing was sent, for a reason of this machine: a signer or its random generator failed.
    NotSent,
    /// No connection was had: no address for the name, nobody listening, or TLS failed. Nothing was sent.
    NoConnection,
    /// The connection broke, or a deadline passed, when the request may have left.
    Lost,
    /// WeChat Pay, or a gateway in its place, answered with an error.
    Refused(&'a ApiError),
    /// An answer that proves nothing: its verification failed, or it is about something else.
    Unproven,
    /// An answer that cannot be used, and would be the same again: unreadable, or too long.
    Unusable,
}

impl<'a> From<&'a Error> for Failure<'a> {
    fn from(error: &'a Error) -> Self {
        match error {
            Error::Build(_) => Self::NotMade,
            Error::Sign { .. } => Self::NotSent,
            Error::Refused(refusal) => Self::Refused(refusal),
            Error::Unverified { .. } | Error::WrongAnswer { .. } => Self::Unproven,
            Error::Unreadable { .. } => Self::Unusable,
        }
    }
}

/// Whether a failed call may be repeated.
pub(super) enum Safety {
    /// It would end in the same way.
    Useless(Reason),
    /// Always.
    Safe,
    /// If the request carries what makes it the same request.
    WithKey,
    /// Not without asking what became of it.
    Unsafe,
}

impl Failure<'_> {
    /// May the attempt have been executed?
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::NotMade | Self::NotSent | Self::NoConnection => Outcome::NotSent,
            Self::Lost | Self::Unproven | Self::Unusable => Outcome::Unknown,
            Self::Refused(refusal) => refusal.outcome(),
        }
    }

    pub(super) fn safety(&self, effect: Effect) -> Safety {
        match self {
            Self::NotMade => Safety::Useless(Reason::NotMade),
            Self::NotSent | Self::NoConnection => Safety::Safe,
            Self::Unusable => Safety::Useless(Reason::SameAnswer),
            Self::Refused(refusal) if refusal.retry() == RetryAdvice::No => {
                Safety::Useless(Reason::SameAnswer)
            }
            Self::Lost | Self::Unproven | Self::Refused(_) => match effect {
                Effect::Read => Safety::Safe,
                Effect::Write => Safety::WithKey,
                Effect::Money if self.asks_for_a_repetition() => Safety::WithKey,
                Effect::Money => Safety::Unsafe,
            },
        }
    }

    /// The three codes after which the documentation has even a call that moves money repeated. Spelled out: other
    /// codes that mean something similar (`BANKERROR`) are none of them.
    fn asks_for_a_repetition(&self) -> bool {
        let Self::Refused(refusal) = self else {
            return false;
        };
        let codes = ["SYSTEM_ERROR", "SYSTEMERROR", "BIZERR_NEED_RETRY"];
        refusal.code.as_deref().is_some_and(|code| codes.contains(&code))
    }

    /// WeChat Pay asks to slow down.
    pub(super) fn is_slow(&self) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.retry() == RetryAdvice::LaterSlower)
    }

    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused(refusal) => refusal.retry_after,
            _ => None,
        }
    }

    /// Another host is tried for these, and for no answer.
    pub(super) fn is_of_the_connection(&self) -> bool {
        matches!(self, Self::NoConnection | Self::Lost)
    }
}
