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
pub(crate) enum NotSent {
    #[error("{0}")]
    Because(String),
    /// Whoever read the output has read enough, as `| head` does.
    #[error("nobody reads the output any more")]
    Unread,
}

impl NotSent {
    pub(crate) fn new(problem: impl Into<String>) -> Self {
        Self::Because(problem.into())
    }

    /// Says why, and gives the exit code.
    pub(crate) fn tell(&self) -> ExitCode {
        match self {
            Self::Because(problem) => {
                eprintln!("wxpay: {problem}");
                Ended::NotSent.into()
            }
            Self::Unread => ExitCode::from(UNREAD),
        }
    }
}

/// What a shell says of a program that SIGPIPE ended. It is silent then; and it is not 0, because what the output would have
/// said (that a signature does not fit) may not have been said.
const UNREAD: u8 = 141;

impl From<io::Error> for NotSent {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unread,
            _ => Self::Because(format!("the output cannot be written: {error}")),
        }
    }
}
