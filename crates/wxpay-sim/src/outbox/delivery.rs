//! What goes out, and what comes back.

use bytes::Bytes;
use http::Request;
use wxpay_proto::v2::xml;

use crate::store::Form;

/// Names one attempt at a delivery.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct DeliveryId {
    /// The notification's `id`.
    pub notification: String,
    /// Which attempt at it, counted from 1.
    pub attempt: u32,
}

/// A notification that is to be sent now ([`Platform::poll`](crate::Platform::poll)).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Delivery {
    /// What the reply is to be told with.
    pub id: DeliveryId,
    /// The request: a `POST` to the merchant's address, signed and encrypted.
    pub request: Request<Bytes>,
}

/// What came back ([`Platform::delivered`](crate::Platform::delivered)).
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "either a reply came within 5 s, or none did"
)]
pub enum Reply {
    /// A reply within 5 s.
    Answered {
        /// Its status.
        status: u16,
        /// Its body.
        body: Bytes,
    },
    /// None: the connection failed, or 5 s went by.
    Failed {
        /// Why, in a few words.
        problem: String,
    },
}

impl Reply {
    /// Whether it acknowledges: 200 or 204; in v2 200 with `return_code` `SUCCESS`.
    pub(crate) fn acknowledges(&self, form: Form) -> bool {
        match self {
            Self::Failed { .. } => false,
            Self::Answered { status, .. } if form == Form::V3 => matches!(status, 200 | 204),
            Self::Answered { status, body } => {
                let fields = xml::read(body).unwrap_or_default();
                let says = |name: &str| fields.get(name).is_some_and(|code| code == "SUCCESS");
                // What carries an event is answered by `code` (protocol section 4.5).
                *status == 200 && (says("return_code") || form == Form::V2Event && says("code"))
            }
        }
    }

    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Answered { status, .. } => Some(*status),
            Self::Failed { .. } => None,
        }
    }

    pub(crate) fn text(&self) -> String {
        match self {
            Self::Answered { body, .. } => String::from_utf8_lossy(body).into_owned(),
            Self::Failed { problem } => problem.clone(),
        }
    }
}
