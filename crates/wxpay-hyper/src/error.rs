//! What can go wrong with a call, the network included.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use wxpay_proto::{ApiError, Outcome};

use crate::keys::KeysError;

/// What went wrong with a call. Ask [`outcome`](Self::outcome) before anything else.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The request could not be built or signed, WeChat Pay refused it, or the answer proves nothing. What the client
    /// was not given (a key, a certificate) is told here too, by name.
    #[error(transparent)]
    Exchange(#[from] wxpay_proto::Error),
    /// A sensitive field could not be sealed. Nothing was sent.
    #[error("{operation}: sensitive field {pointer} cannot be sealed: {problem}; nothing was sent")]
    Seal {
        /// The operation.
        operation: &'static str,
        /// Where the field stands in the request, as a JSON pointer.
        pointer: String,
        /// Why not.
        problem: String,
    },
    /// There is no key of WeChat Pay's to ask for, and none could be fetched. Nothing was sent.
    #[error("{operation}: {source}; nothing was sent")]
    Keys {
        /// The operation.
        operation: &'static str,
        /// Why not.
        source: KeysError,
    },
    /// This machine gave no random bytes. Nothing was sent.
    #[error("{operation}: this machine's random generator failed; nothing was sent")]
    Random {
        /// The operation.
        operation: &'static str,
    },
    /// No connection was had: no address for the name, nobody listening, or TLS failed. Nothing was sent.
    #[error("{operation}: no connection to {host}: {source}; nothing was sent")]
    Connect {
        /// The operation.
        operation: &'static str,
        /// The host.
        host: String,
        /// What the network said.
        source: TransportError,
    },
    /// The connection failed when the request may have left: WeChat Pay may have acted upon it.
    #[error("{operation}: the connection to {host} failed before the answer was complete: {source}; {QUERY}")]
    Interrupted {
        /// The operation.
        operation: &'static str,
        /// The host.
        host: String,
        /// What the network said.
        source: TransportError,
    },
    /// A deadline passed.
    #[error("{operation}: {phase} took longer than {limit:?}; {}", advice(.phase.outcome()))]
    Timeout {
        /// The operation.
        operation: &'static str,
        /// What was being done.
        phase: Phase,
        /// The deadline that passed.
        limit: Duration,
    },
    /// The answer was longer than the client takes, and was dropped.
    #[error(
        "{operation}: the answer (status {status}) is longer than the limit of {limit} bytes (ClientBuilder::answer_limit); \
         {QUERY}"
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

const QUERY: &str = "it may have been executed: query by the same number, never repeat blindly";

fn advice(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::NotSent => "nothing was sent",
        _ => QUERY,
    }
}

impl Error {
    /// May the call have been executed?
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Exchange(error) => error.outcome(),
            Self::Seal { .. } | Self::Keys { .. } | Self::Random { .. } | Self::Connect { .. } => {
                Outcome::NotSent
            }
            Self::Interrupted { .. } | Self::TooLarge { .. } => Outcome::Unknown,
            Self::Timeout { phase, .. } => phase.outcome(),
        }
    }

    /// WeChat Pay's error, when it is one; proven or not is told by [`ApiError::authentic`].
    #[must_use]
    pub fn api_error(&self) -> Option<&ApiError> {
        match self {
            Self::Exchange(error) => error.api_error(),
            _ => None,
        }
    }

    /// Whether the order was already closed when it was asked to be closed.
    #[must_use]
    pub fn is_already_closed(&self) -> bool {
        matches!(self, Self::Exchange(error) if error.is_already_closed())
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
            Self::Connect { .. } => "connect",
            Self::Interrupted { .. } => "interrupted",
            Self::Timeout { .. } => "timeout",
            Self::TooLarge { .. } => "too large",
        }
    }
}

impl From<wxpay_proto::BuildError> for Error {
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
    /// A connection was being made: name, TCP and TLS.
    Connecting,
    /// The request was on its way, or its answer.
    Answering,
}

impl Phase {
    fn outcome(self) -> Outcome {
        match self {
            Self::FetchingKeys | Self::Signing | Self::Connecting => Outcome::NotSent,
            Self::Answering => Outcome::Unknown,
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::FetchingKeys => "fetching WeChat Pay's certificates",
            Self::Signing => "signing",
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
