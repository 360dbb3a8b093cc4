//! How a message begins.

/// How a message begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// A request line.
    Request {
        /// The method.
        method: String,
        /// Path and query, as they were sent.
        target: String,
    },
    /// A status line.
    Answer {
        /// The status.
        status: u16,
    },
    /// Headers alone, or nothing at all.
    Unknown,
}
