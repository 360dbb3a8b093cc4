//! How one attempt at a call can fail, the network included.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use wxpay_proto::{ApiError, Outcome, retry};

use crate::keys::KeysError;

/// How an attempt failed. What became of the whole call is told by the [`Error`](crate::Error) that holds it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The request could not be built or signed, WeChat Pay refused it, or the answer proves nothing. What the client
    /// was not given (a key, a certificate) is told here too, by name.
    #[error(transparent)]
    Exchange(#[from] wxpay_proto::Error),
    /// A sensitive field could not be sealed. Nothing was sent.
    #[error("{operation}: sensitive field {pointer} cannot be sealed: {problem}")]
    Seal {
        /// The operation.
        operation: &'static str,
        /// Where the field stands in the request, as a JSON pointer.
        pointer: String,
        /// Why not.
        problem: String,
    },
    /// There is no key of WeChat Pay's to ask for, and none could be fetched. Nothing was sent.
    #[error("{operation}: {source}")]
    Keys {
        /// The operation.
        operation: &'static str,
        /// Why not.
        source: KeysError,
    },
    /// This machine gave no random bytes. Nothing was sent.
    #[error("{operation}: this machine's random generator failed")]
    Random {
        /// The operation.
        operation: &'static str,
    },
    /// No connection was had: no address for the name, nobody listening, or TLS failed. Nothing was sent.
    #[error("{operation}: no connection to {host}: {source}")]
    Connect {
        /// The operation.
        operation: &'static str,
        /// The host.
        host: String,
        /// What the network said.
        source: TransportError,
    },
    /// The connection failed when the request may have left: WeChat Pay may have acted upon it.
    #[error("{operation}: the connection to {host} failed before the answer was complete: {source}")]
    Interrupted {
        /// The operation.
        operation: &'static str,
        /// The host.
        host: String,
        /// What the network said.
        source: TransportError,
    },
    /// A deadline passed.
    #[error("{operation}: {phase} took longer than {limit:?}")]
    Timeout {
        /// The operation.
        operation: &'static str,
        /// What was being done.
        phase: Phase,
        /// The deadline that passed.
        limit: Duration,
    },
    /// So many calls wait for their turn at this host that no other may. Nothing was sent.
    #[error(
        "{operation}: {waiting} calls wait for {host} already, and no more may (ClientBuilder::calls_waiting)"
    )]
    Busy {
        /// The operation.
        operation: &'static str,
        /// The host.
        host: String,
        /// How many calls wait.
        waiting: usize,
    },
    /// The client is being shut down. Nothing was sent.
    #[error("{operation}: the client is shut down")]
    ShutDown {
        /// The operation.
        operation: &'static str,
    },
    /// The content of an upload could not be read. Nothing was sent.
    #[error("{operation}: the file to upload cannot be read: {problem}")]
    Content {
        /// The operation.
        operation: &'static str,
        /// Why not.
        problem: String,
    },
    /// The answer was longer than the client takes, and was dropped.
    #[error(
        "{operation}: the answer (status {status}) is longer than the limit of {limit} bytes (CallOptions::answer_limit)"
    )]
    TooLarge {
        /// The operation.
        operation: &'static str,
        /// The HTTP status of the answer.
        status: u16,
        /// The limit in bytes.
        limit: usize,
    },
}

impl Failure {
    /// May the attempt have been executed?
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        self.for_the_decision().outcome()
    }

    /// WeChat Pay's error, when it is one; proven or not is told by [`ApiError::authentic`].
    #[must_use]
    pub fn api_error(&self) -> Option<&ApiError> {
        match self {
            Self::Exchange(error) => error.api_error(),
            _ => None,
        }
    }

    /// What [`retry`] needs to know of it.
    pub(crate) fn for_the_decision(&self) -> retry::Failure<'_> {
        match self {
            Self::Exchange(error) => retry::Failure::from(error),
            Self::Seal { .. } | Self::Busy { .. } | Self::ShutDown { .. } | Self::Content { .. } => {
                retry::Failure::NotMade
            }
            Self::Keys {
                source: KeysError::Download { .. },
                ..
            } => retry::Failure::NotSent,
            Self::Keys { .. } => retry::Failure::NotMade,
            Self::Random { .. }
            | Self::Timeout {
                phase: Phase::FetchingKeys | Phase::Signing | Phase::Waiting,
                ..
            } => retry::Failure::NotSent,
            Self::Connect { .. }
            | Self::Timeout {
                phase: Phase::Connecting,
                ..
            } => retry::Failure::NoConnection,
            Self::Interrupted { .. }
            | Self::Timeout {
                phase: Phase::Answering,
                ..
            } => retry::Failure::Lost,
            Self::TooLarge { .. } => retry::Failure::Unusable,
        }
    }

    /// WeChat Pay's error code, for logs.
    pub(crate) fn code(&self) -> Option<&str> {
        self.api_error()?.code.as_deref()
    }

    /// The variant's name, for logs: unlike the full text it never holds anything of request or answer.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Exchange(wxpay_proto::Error::Build(_)) => "build",
            Self::Exchange(wxpay_proto::Error::Sign { .. }) => "sign",
            Self::Exchange(wxpay_proto::Error::Refused(_)) => "refused",
            Self::Exchange(wxpay_proto::Error::Unverified { .. }) => "unverified",
            Self::Exchange(wxpay_proto::Error::Unreadable { .. }) => "unreadable",
            Self::Exchange(wxpay_proto::Error::WrongAnswer { .. }) => "wrong answer",
            Self::Exchange(_) => "exchange",
            Self::Seal { .. } => "seal",
            Self::Keys { .. } => "keys",
            Self::Random { .. } => "random",
            Self::Busy { .. } => "busy",
            Self::ShutDown { .. } => "shut down",
            Self::Content { .. } => "content",
            Self::Connect { .. } => "connect",
            Self::Interrupted { .. } => "interrupted",
            Self::Timeout { .. } => "timeout",
            Self::TooLarge { .. } => "too large",
        }
    }
}

impl From<wxpay_proto::BuildError> for Failure {
    fn from(error: wxpay_proto::BuildError) -> Self {
        Self::Exchange(error.into())
    }
}

/// What was being done when a deadline passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// WeChat Pay's certificates were being fetched, without any of which nothing can be asked.
    FetchingKeys,
    /// An asynchronous signer was asked for the signature.
    Signing,
    /// The call waited for its turn at the host ([`ClientBuilder::calls_in_flight`](crate::ClientBuilder::calls_in_flight)).
    Waiting,
    /// A connection was being made: name, TCP and TLS.
    Connecting,
    /// The request was on its way, or its answer.
    Answering,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FetchingKeys => "fetching WeChat Pay's certificates",
            Self::Signing => "signing",
            Self::Waiting => "waiting for its turn",
            Self::Connecting => "connecting",
            Self::Answering => "the answer",
        })
    }
}

/// What the network said, in words: the whole chain of causes in one line.
#[derive(Debug)]
pub struct TransportError(Box<dyn StdError + Send + Sync>);

impl TransportError {
    pub(crate) fn new(error: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = self.0.to_string();
        f.write_str(&last)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            let text = error.to_string();
            // Some layers say what the layer below says.
            if !last.contains(&text) {
                write!(f, ": {text}")?;
            }
            last = text;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for TransportError {}
