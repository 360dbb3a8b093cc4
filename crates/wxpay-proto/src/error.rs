//! What can go wrong, step by step.

use crate::crypto::{CryptoError, WrongDigest};
use crate::file::FileError;
use crate::outcome::Outcome;
use crate::refusal::ApiError;

/// The values of an operation cannot make a request. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A path parameter cannot be filled in.
    #[error("{operation}: path parameter `{parameter}`: {problem}")]
    Path {
        /// The operation.
        operation: &'static str,
        /// The parameter.
        parameter: &'static str,
        /// What is wrong.
        problem: &'static str,
    },
    /// A header cannot be set.
    #[error("{operation}: header `{header}`: {problem}")]
    Header {
        /// The operation.
        operation: &'static str,
        /// The header.
        header: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// The address is not one that can be requested.
    #[error("{operation}: request target {target:?}: {problem}")]
    Target {
        /// The operation.
        operation: &'static str,
        /// The target.
        target: String,
        /// What is wrong.
        problem: &'static str,
    },
    /// The body cannot be made.
    #[error("{operation}: body: {problem}")]
    Body {
        /// The operation.
        operation: &'static str,
        /// What is wrong.
        problem: String,
    },
    /// An official page or SDK states that such a request cannot be accepted.
    #[error(
        "{operation}: {problem}; nothing was sent, since an official source says that it cannot be accepted"
    )]
    Documented {
        /// The operation.
        operation: &'static str,
        /// Where and what: JSON pointers with what is wrong there. It never holds a sensitive value.
        problem: String,
    },
    /// Sensitive fields were sealed for two different keys, but `Wechatpay-Serial` can name one only.
    #[error(
        "{operation}: sensitive fields are sealed for two keys, {first} and {second}; seal all of them for one key"
    )]
    TwoSeals {
        /// The operation.
        operation: &'static str,
        /// One of the keys.
        first: String,
        /// The other.
        second: String,
    },
    /// The merchant number in the request is not the one that signs.
    #[error(
        "{operation}: `{field}` is {found}, but the credentials are those of merchant {signer}; send it with the \
         credentials of {found}, or correct the field"
    )]
    WrongMerchant {
        /// The operation.
        operation: &'static str,
        /// The field.
        field: &'static str,
        /// The number in the request.
        found: String,
        /// The number of the credentials.
        signer: String,
    },
    /// The credentials lack what this operation needs.
    #[error("{operation}: {missing} is needed for this operation and the credentials have none")]
    MissingCredential {
        /// The operation.
        operation: &'static str,
        /// What is missing, by name.
        missing: &'static str,
    },
    /// The operation wants another signature algorithm than the one chosen.
    #[error("{operation}: {problem}")]
    SignType {
        /// The operation.
        operation: &'static str,
        /// What is wrong.
        problem: String,
    },
}

/// An answer (or a notification) whose signature does not prove that it is WeChat Pay's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum VerifyError {
    /// A signature header is missing or empty: a success without them must be taken for forged.
    #[error("the answer lacks the header {name}: it must be taken for forged (does a proxy filter headers?)")]
    MissingHeader {
        /// The header.
        name: &'static str,
    },
    /// v2: the field `sign` is missing.
    #[error("the answer lacks the field `sign`, and this operation's answers are always signed")]
    MissingSign,
    /// The timestamp is no number.
    #[error("Wechatpay-Timestamp {found:?} is not a decimal number of seconds")]
    InvalidTimestamp {
        /// What was found.
        found: String,
    },
    /// The timestamp is more than 300 s away from this machine's clock.
    #[error(
        "the answer was signed at {signed_at} and this machine's clock says {now}: {} s apart, more than 300 (a replay, \
         or a wrong clock)",
        now.abs_diff(*signed_at)
    )]
    Expired {
        /// The timestamp of the answer, Unix seconds.
        signed_at: i64,
        /// The clock of the verifier, Unix seconds.
        now: i64,
    },
    /// No key with this serial number or id is known.
    #[error("no key {serial} is known to verify with (known: {known})")]
    UnknownSerial {
        /// The serial number or id in the answer.
        serial: String,
        /// The keys at hand.
        known: String,
    },
    /// The platform certificate has expired.
    #[error(
        "the platform certificate {serial} expired at {expired_at} (Unix seconds); fetch the current ones"
    )]
    CertificateExpired {
        /// Its serial number.
        serial: String,
        /// Its last second, Unix seconds.
        expired_at: i64,
    },
    /// The signature type is none that can be verified here.
    #[error("the signature type {found:?} is not supported")]
    UnsupportedType {
        /// What was found.
        found: String,
    },
    /// The signature is not base64 (v3) or not hexadecimal (v2).
    #[error("the signature cannot be decoded: {problem}")]
    NotDecodable {
        /// What is wrong.
        problem: String,
    },
    /// WeChat Pay's probe: a deliberately wrong signature that checks whether you verify. Fail the call as for any
    /// bad signature (the genuine answer comes when you query).
    #[error(
        "a probe of WeChat Pay (WECHATPAY/SIGNTEST/…): the signature is wrong on purpose, to see that you verify"
    )]
    Probe,
    /// The signature does not fit the message.
    #[error(
        "the signature made with {key} does not fit the body: it was changed on its way, or another key signed"
    )]
    Mismatch {
        /// What was verified with.
        key: String,
    },
    /// v2: the operation accepts HMAC-SHA256 only, and the answer has something else.
    #[error("the answer is signed with {found}, and this operation accepts HMAC-SHA256 only")]
    WeakAlgorithm {
        /// The algorithm of the answer.
        found: &'static str,
    },
    /// A file whose digest is not the one that was told.
    #[error(transparent)]
    WrongDigest(#[from] WrongDigest),
    /// A file that cannot be unpacked, or whose encryption does not prove it.
    #[error(transparent)]
    File(FileError),
}

/// An authentic answer that has not the documented form at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer is authentic but cannot be read: {problem}")]
pub struct ParseError {
    problem: String,
}

impl ParseError {
    /// Says what is wrong.
    #[must_use]
    pub fn new(problem: String) -> Self {
        Self { problem }
    }
}

/// Anything that can go wrong between an operation and its answer, the network aside.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The request could not be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The request could not be signed.
    #[error("{operation}: signing: {source}")]
    Sign {
        /// The operation.
        operation: &'static str,
        /// What the signer said.
        source: CryptoError,
    },
    /// WeChat Pay answered with an error.
    #[error(transparent)]
    Refused(Box<ApiError>),
    /// The answer could not be proven to be WeChat Pay's.
    #[error("{operation}: {source}{}", claims(.claimed.as_deref()))]
    Unverified {
        /// The operation.
        operation: &'static str,
        /// Why not.
        source: VerifyError,
        /// What the unproven answer claims, when it claims to be a refusal.
        claimed: Option<Box<ApiError>>,
        /// The HTTP status.
        status: u16,
        /// WeChat Pay's `Request-ID`, if the answer has one.
        request_id: Option<String>,
    },
    /// The answer is authentic but unreadable.
    #[error("{operation}: {source}")]
    Unreadable {
        /// The operation.
        operation: &'static str,
        /// Why.
        source: ParseError,
        /// The authentic body.
        body: bytes::Bytes,
    },
    /// The answer is authentic but answers another question.
    #[error(
        "{operation}: asked about {member} {asked:?} and got an authentic answer about {answered:?}: a mix-up or a \
         replay; take nothing from it"
    )]
    WrongAnswer {
        /// The operation.
        operation: &'static str,
        /// The member that differs.
        member: String,
        /// The value in the question.
        asked: String,
        /// The value in the answer.
        answered: String,
    },
}

fn claims(claimed: Option<&ApiError>) -> String {
    claimed
        .map(|error| format!(" (unproven, it claims: {error})"))
        .unwrap_or_default()
}

impl Error {
    /// May the call have been executed?
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        match self {
            Self::Build(_) | Self::Sign { .. } => Outcome::NotSent,
            Self::Refused(error) => error.outcome(),
            Self::Unverified { .. } | Self::Unreadable { .. } | Self::WrongAnswer { .. } => Outcome::Unknown,
        }
    }

    /// WeChat Pay's error, when it is one; proven or not is told by [`ApiError::authentic`].
    #[must_use]
    pub fn api_error(&self) -> Option<&ApiError> {
        match self {
            Self::Refused(error) => Some(error),
            Self::Unverified { claimed, .. } => claimed.as_deref(),
            _ => None,
        }
    }

    /// Whether the order was already closed when it was asked to be closed: of the two behaviours seen, 204 again and
    /// an error, this is the error.
    #[must_use]
    pub fn is_already_closed(&self) -> bool {
        matches!(self, Self::Refused(error) if error.is_already_closed())
    }
}
