//! The two kinds of notifications, and how each is answered.

use std::fmt;

use axum::body::Body;
use axum::response::Response;
use http::StatusCode;
use wxpay_proto::{v2, v3};

/// Which of WeChat Pay's protocols a notification speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there are two")]
pub enum Protocol {
    /// JSON, signed by headers and encrypted.
    V3,
    /// XML, signed by the field `sign`, or encrypted without a signature.
    V2,
}

impl Protocol {
    /// `v3` or `v2`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V3 => "v3",
            Self::V2 => "v2",
        }
    }

    /// The reverse of [`as_str`](Self::as_str).
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        [Self::V3, Self::V2]
            .into_iter()
            .find(|known| known.as_str() == text)
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The form of an acknowledgement (protocol sections 4.3 and 4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    V3,
    V2,
    /// Payment-score notifications of v2 (支付分) have member names of their own.
    V2Event,
}

impl Form {
    pub(crate) fn success(self) -> Response {
        match self {
            Self::V3 => v3_answer(v3::Acknowledgement::success()),
            Self::V2 => v2_answer(v2::Acknowledgement::success()),
            Self::V2Event => v2_answer(v2::Acknowledgement::event_success()),
        }
    }

    /// Not taken. The sender is not told why; a status is set where v3's 500 would be wrong, or v2's 200.
    pub(crate) fn failure(self, status: Option<StatusCode>) -> Response {
        let mut response = match self {
            Self::V3 => v3_answer(v3::Acknowledgement::failure(REASON)),
            Self::V2 => v2_answer(v2::Acknowledgement::failure(REASON)),
            Self::V2Event => v2_answer(v2::Acknowledgement::event_failure(REASON)),
        };
        if let Some(status) = status {
            *response.status_mut() = status;
        }
        response
    }
}

impl From<Protocol> for Form {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::V3 => Self::V3,
            Protocol::V2 => Self::V2,
        }
    }
}

const REASON: &str = "失败";

pub(crate) fn v3_answer(acknowledgement: v3::Acknowledgement) -> Response {
    acknowledgement.into_response().map(Body::from)
}

pub(crate) fn v2_answer(acknowledgement: v2::Acknowledgement) -> Response {
    acknowledgement.into_response().map(Body::from)
}
