//! How a command ended, as its exit code tells.

use std::io;
use std::process::ExitCode;

use wxpay_proto::Outcome;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// 0: it was done.
    Done,
    /// 1: WeChat Pay refused.
    Refused,
    /// 1: it was looked at, and the answer is no: a signature does not fit, a check failed, a row cannot be read.
    Failed,
    /// 2: nothing was sent, or nothing could be looked at.
    NotSent,
    /// 3: it may have been executed.
    Unknown,
}

impl From<Outcome> for Ended {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::NotSent => Self::NotSent,
            Outcome::Refused => Self::Refused,
            Outcome::Unknown => Self::Unknown,
        }
    }
}

impl From<Ended> for ExitCode {
    fn from(ended: Ended) -> Self {
        Self::from(match ended {
            Ended::Done => 0,
            Ended::Refused | Ended::Failed => 1,
            Ended::NotSent => 2,
            Ended::Unknown => 3,
        })
    }
}

/// Why nothing was sent, or could be looked at, in words for the user.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NotSent(String);

impl NotSent {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }
}

impl From<io::Error> for NotSent {
    fn from(error: io::Error) -> Self {
        Self(format!("the output cannot be written: {error}"))
    }
}
