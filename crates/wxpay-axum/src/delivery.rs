//! A notification out of the inbox.

use std::fmt;
use std::ops::Deref;

use wxpay_proto::UnixTime;

use crate::notification::Notification;

/// A notification that a handler is to deal with. It reads like the [`Notification`] that it holds.
///
/// It is delivered **at least once**: when a process dies after the handler has done its work and before that is
/// recorded, the handler gets it again. It is never delivered to two handlers at the same time, as long as handlers wait
/// asynchronously (one that blocks its thread for longer than the lease cannot renew its claim). Make the work idempotent
/// by the order's number and state.
pub struct Delivery {
    pub(crate) notification: Notification,
    pub(crate) attempt: u32,
    pub(crate) received_at: UnixTime,
}

impl Delivery {
    /// The how many-th attempt this is, from 1. Above 1 some of the work may have been done already.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// When the notification arrived first.
    #[must_use]
    pub fn received_at(&self) -> UnixTime {
        self.received_at
    }

    /// The notification.
    #[must_use]
    pub fn notification(&self) -> &Notification {
        &self.notification
    }
}

impl Deref for Delivery {
    type Target = Notification;

    fn deref(&self) -> &Notification {
        &self.notification
    }
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("notification", &self.notification)
            .field("attempt", &self.attempt)
            .field("received_at", &self.received_at)
            .finish()
    }
}
