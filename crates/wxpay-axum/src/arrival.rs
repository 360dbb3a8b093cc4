//! A notification as it is kept between its arrival and its handling.

use std::fmt;

use bytes::Bytes;

use crate::protocol::Protocol;

/// What a store keeps of a notification that was verified: its body **as it arrived**, and for v3 a line above it by which
/// it is known to have been verified ([`VerifiedNotification::to_stored`](wxpay_proto::v3::VerifiedNotification::to_stored)).
///
/// What v3's notifications are about therefore stays encrypted with the APIv3 key, and so do v2's refunds; v2's payment
/// notifications are plain text on the wire, and in the store too.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Arrival {
    /// Its id: the same each time it is sent.
    pub id: String,
    /// Which protocol it came by.
    pub protocol: Protocol,
    /// Its type, for the operator; may be empty.
    pub event_type: String,
    /// The body as it is kept.
    pub body: Bytes,
}

impl Arrival {
    /// Puts the four together.
    #[must_use]
    pub fn new(
        id: impl Into<String>,
        protocol: Protocol,
        event_type: impl Into<String>,
        body: impl Into<Bytes>,
    ) -> Self {
        Self {
            id: id.into(),
            protocol,
            event_type: event_type.into(),
            body: body.into(),
        }
    }
}

/// The body is left out: v2's holds personal data.
impl fmt::Debug for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arrival")
            .field("id", &self.id)
            .field("protocol", &self.protocol)
            .field("event_type", &self.event_type)
            .finish_non_exhaustive()
    }
}
