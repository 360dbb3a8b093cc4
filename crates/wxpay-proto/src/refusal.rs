//! WeChat Pay's refusals, in one form for v3 and v2.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use crate::error_code::ErrorCode;
use crate::meta::Effect;
use crate::outcome::Outcome;

/// An error that WeChat Pay answered with, or a body in its place (a gateway's page, nothing).
///
/// Every text is kept as it arrived. `Display` shows operation, status, code, message and `Request-ID`, which is what
/// a support case needs; it never shows the request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ApiError {
    /// The operation.
    pub operation: &'static str,
    /// The HTTP status; v2 answers 200 even when it refuses.
    pub status: u16,
    /// `code` (v3), `err_code` or `error_code` (v2) as it arrived.
    pub code: Option<String>,
    /// `message` (v3), `err_code_des` or `return_msg` (v2) as it arrived.
    pub message: Option<String>,
    /// v3: `detail`, of any JSON type.
    pub detail: Option<Value>,
    /// WeChat Pay's `Request-ID`.
    pub request_id: Option<String>,
    /// How long to wait before a repetition, when a `Retry-After` says so. Headers are not signed.
    pub retry_after: Option<Duration>,
    /// Whether a signature proves that WeChat Pay said this; 401 and gateway errors are never signed.
    pub authentic: bool,
    /// The body as it arrived.
    pub body: Bytes,
    pub(crate) effect: Effect,
}

impl ApiError {
    /// The code, both spellings as one.
    #[must_use]
    pub fn kind(&self) -> Option<ErrorCode> {
        self.code.as_deref().map(ErrorCode::classify)
    }

    /// What to do about it, when the code is known.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        self.kind().and_then(|kind| kind.advice())
    }

    /// Whether the call may have been executed all the same.
    ///
    /// A 4xx with a code is refused, and so is a v2 failure with one. A 5xx, a `SYSTEM_ERROR` in any form, and for
    /// anything but a read a 4xx without a code (a proxy's page, nothing), are unknown.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let unclear = matches!(
            self.kind(),
            Some(
                ErrorCode::SystemError
                    | ErrorCode::ServiceUnavailable
                    | ErrorCode::BizerrNeedRetry
                    | ErrorCode::UserPaying
            )
        );
        let spoken = self.code.is_some() || self.authentic || self.effect == Effect::Read;
        match self.status {
            _ if unclear => Outcome::Unknown,
            200..=299 => Outcome::Refused,
            400..=499 if spoken => Outcome::Refused,
            _ => Outcome::Unknown,
        }
    }

    /// Whether it says that the order is already closed.
    #[must_use]
    pub fn is_already_closed(&self) -> bool {
        self.kind() == Some(ErrorCode::OrderClosed)
    }

    /// Whether the same parameters may be sent again, and how soon.
    ///
    /// This is WeChat Pay's side of the question only: for a call that moves money, an unknown outcome is to be
    /// settled by a query first.
    #[must_use]
    pub fn retry(&self) -> RetryAdvice {
        match (self.status, self.kind()) {
            (429, _) | (_, Some(ErrorCode::FrequencyLimited)) => RetryAdvice::LaterSlower,
            (500..=599, _)
            | (
                _,
                Some(ErrorCode::SystemError | ErrorCode::ServiceUnavailable | ErrorCode::BizerrNeedRetry),
            ) => RetryAdvice::SameParameters,
            _ => RetryAdvice::No,
        }
    }

    /// The digits after the last `-` of a `Request-ID` of the form `<hex>-<digits>`: WeChat Pay's inner code, 0 on
    /// success. A plain UUID carries none.
    #[must_use]
    pub fn inner_code(&self) -> Option<u64> {
        self.request_id.as_deref().and_then(inner_code)
    }

    /// The parameter that the refusal complains about: `detail.field`, as it arrived.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        self.detail.as_ref()?.get("field")?.as_str()
    }

    /// What is wrong with it: `detail.issue`, or `detail.detail.issue` as in real `SIGN_ERROR` answers.
    #[must_use]
    pub fn issue(&self) -> Option<&str> {
        let detail = self.detail.as_ref()?;
        detail
            .get("issue")
            .or_else(|| detail.get("detail")?.get("issue"))?
            .as_str()
    }

    /// Where it stands: `detail.location`, one of `body`, `url`, `query`, `authorization`.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.detail.as_ref()?.get("location")?.as_str()
    }

    /// What WeChat Pay says it verified a refused signature against.
    #[must_use]
    pub fn sign_information(&self) -> Option<SignInformation> {
        let information = self.detail.as_ref()?.get("sign_information")?;
        let text = |name: &str| information.get(name).and_then(Value::as_str).map(str::to_owned);
        Some(SignInformation {
            method: text("method"),
            url: text("url"),
            truncated_sign_message: text("truncated_sign_message"),
            sign_message_length: information.get("sign_message_length").and_then(Value::as_u64),
        })
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: WeChat Pay answered {}", self.operation, self.status)?;
        match (&self.code, &self.message) {
            (Some(code), Some(message)) => write!(f, " {code}: {message}")?,
            (Some(code), None) => write!(f, " {code}")?,
            (None, Some(message)) => write!(f, ": {message}")?,
            (None, None) => write!(f, " without a code ({} bytes)", self.body.len())?,
        }
        if let Some(field) = self.field() {
            write!(f, " [{field}: {}]", self.issue().unwrap_or("no issue named"))?;
        }
        if let Some(request_id) = &self.request_id {
            write!(f, " (Request-ID {request_id})")?;
        }
        if !self.authentic {
            f.write_str(" (not signed)")?;
        }
        Ok(())
    }
}

impl std::error::Error for ApiError {}

/// Whether and how soon the same parameters may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RetryAdvice {
    /// It would be refused again.
    No,
    /// The same parameters and the same order number, after a moment.
    SameParameters,
    /// The same parameters, later and slower.
    LaterSlower,
}

/// What WeChat Pay verified a refused signature against (`sign_information` of a `SIGN_ERROR`).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignInformation {
    /// The method.
    pub method: Option<String>,
    /// The request target.
    pub url: Option<String>,
    /// The message, with a truncated body.
    pub truncated_sign_message: Option<String>,
    /// The length of the whole message in bytes.
    pub sign_message_length: Option<u64>,
}

/// The inner code in a `Request-ID`; see [`ApiError::inner_code`].
#[must_use]
pub fn inner_code(request_id: &str) -> Option<u64> {
    let (head, digits) = request_id.rsplit_once('-')?;
    let plain = !head.is_empty() && head.bytes().all(|b| b.is_ascii_hexdigit());
    if plain && digits.bytes().all(|b| b.is_ascii_digit()) {
        digits.parse().ok()
    } else {
        None
    }
}
