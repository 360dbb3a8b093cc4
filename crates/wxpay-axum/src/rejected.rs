//! What is not taken, what the sender is answered, and what the operator is told.

use axum::response::{IntoResponse, Response};
use http::StatusCode;
use tracing::{debug, error, warn};
use wxpay_proto::{v2, v3};

use crate::BoxError;
use crate::protocol::{Form, Protocol, v3_answer};

/// How much of a message is logged, in characters.
const LOGGED: usize = 1000;

/// A notification that is not taken. As a response it is the answer that makes WeChat Pay send it again; the sender is
/// never told why.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Rejected {
    /// The body is longer than the limit: 413.
    #[error("the body of a notification of {protocol} is longer than {limit} bytes")]
    TooLong {
        /// Which protocol was spoken.
        protocol: Protocol,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The body did not arrive whole: 400.
    #[error("the body of a notification of {protocol} did not arrive whole: {source}")]
    Broken {
        /// Which protocol was spoken.
        protocol: Protocol,
        /// What went wrong.
        source: BoxError,
    },
    /// It is not proven to be WeChat Pay's (401), or cannot be opened (500).
    #[error(transparent)]
    V3(#[from] v3::NotificationError),
    /// It is not proven to be WeChat Pay's, or cannot be opened: `FAIL` with status 200, as v2 has it.
    #[error(transparent)]
    V2(#[from] v2::NotificationError),
    /// The receiver lacks a key: 500.
    #[error(
        "a notification of {protocol} needs the {key}, and the receiver has none; give it one with `Receiver`"
    )]
    MissingKey {
        /// Which protocol was spoken.
        protocol: Protocol,
        /// What is missing, by name.
        key: &'static str,
    },
    /// It was not received, or not handled, in time: 503.
    #[error("the notification{} was not {work} within {milliseconds} ms", spaced(id))]
    TooSlow {
        /// Which protocol was spoken.
        protocol: Protocol,
        /// Its id, empty when it is not known yet.
        id: String,
        /// What took too long.
        work: &'static str,
        /// The deadline.
        milliseconds: u128,
    },
    /// It could not be stored: 500.
    #[error("the notification {id} ({event_type}) could not be stored: {source}")]
    NotStored {
        /// Which protocol was spoken.
        protocol: Protocol,
        /// Its id.
        id: String,
        /// Its type.
        event_type: String,
        /// What went wrong.
        source: BoxError,
    },
    /// The handler of a synchronous route failed: 500.
    #[error("the handler failed on the notification {id} ({event_type}): {source}")]
    Handler {
        /// Which protocol was spoken.
        protocol: Protocol,
        /// Its id.
        id: String,
        /// Its type.
        event_type: String,
        /// What the handler said.
        source: BoxError,
    },
}

fn spaced(id: &str) -> String {
    if id.is_empty() {
        String::new()
    } else {
        format!(" {id}")
    }
}

impl Rejected {
    /// Whether it was WeChat Pay's probe (探测流量): answered like every failure, and no reason for an alarm.
    #[must_use]
    pub fn is_probe(&self) -> bool {
        match self {
            Self::V3(error) => error.is_probe(),
            _ => false,
        }
    }

    /// Which protocol was spoken.
    #[must_use]
    pub fn protocol(&self) -> Protocol {
        match self {
            Self::V3(_) => Protocol::V3,
            Self::V2(_) => Protocol::V2,
            Self::TooLong { protocol, .. }
            | Self::Broken { protocol, .. }
            | Self::MissingKey { protocol, .. }
            | Self::TooSlow { protocol, .. }
            | Self::NotStored { protocol, .. }
            | Self::Handler { protocol, .. } => *protocol,
        }
    }

    /// The message as it is logged. It can quote what anybody has sent, so that its length is bounded, and no line of it
    /// looks like one of its own.
    fn told(&self) -> String {
        let message = self.to_string();
        let one_line = message.chars().map(|c| if c.is_control() { ' ' } else { c });
        one_line.take(LOGGED).collect()
    }

    /// Tells the operator, once. None of the messages holds a key, a body, or what was decrypted; what a handler says is
    /// the handler's.
    pub(crate) fn log(&self, request_id: Option<&str>) {
        let protocol = self.protocol().as_str();
        let (request_id, error) = (request_id.unwrap_or_default(), self.told());
        match self {
            probe if probe.is_probe() => {
                debug!(
                    protocol,
                    request_id, "a probe of WeChat Pay was refused, as it should be"
                );
            }
            Self::MissingKey { .. } | Self::NotStored { .. } => {
                error!(protocol, request_id, error, "a notification was not taken");
            }
            // It is authentic: what is wrong is at this end, most likely the APIv3 key.
            Self::V3(v3::NotificationError::Cipher { .. }) => {
                error!(protocol, request_id, error, "a notification was not taken");
            }
            _ => warn!(protocol, request_id, error, "a notification was not taken"),
        }
    }
}

impl IntoResponse for Rejected {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::V3(error) => return v3_answer(error.acknowledgement()),
            Self::TooLong { .. } => Some(StatusCode::PAYLOAD_TOO_LARGE),
            Self::Broken { .. } => Some(StatusCode::BAD_REQUEST),
            Self::TooSlow { .. } => Some(StatusCode::SERVICE_UNAVAILABLE),
            Self::MissingKey { .. } | Self::NotStored { .. } => Some(StatusCode::INTERNAL_SERVER_ERROR),
            Self::V2(_) | Self::Handler { .. } => None,
        };
        Form::from(self.protocol()).failure(status)
    }
}
