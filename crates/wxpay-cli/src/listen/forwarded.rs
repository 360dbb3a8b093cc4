//! What came of forwarding a notification.

/// What came of it.
#[derive(Debug)]
pub(super) struct Forwarded {
    pub(super) status: Option<u16>,
    /// The beginning of the reply's body, or why none came.
    pub(super) reply: String,
    pub(super) counts: bool,
    /// Why it counts or does not.
    pub(super) verdict: String,
}
