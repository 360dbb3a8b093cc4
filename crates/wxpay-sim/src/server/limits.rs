//! How much the server takes in, and for how long it waits.

use std::time::Duration;

use super::sender::Sender;

/// The limits of a server. What goes past one is refused or cut off; nothing else suffers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Connections at a time; one more is closed at once.
    pub(crate) connections: usize,
    /// For the first byte, for the TLS handshake, and for the headers of a request; also how long a connection may idle.
    pub(crate) headers: Duration,
    /// For the body of a request.
    pub(crate) body: Duration,
    /// The longest body that is read, in bytes.
    pub(crate) body_bytes: usize,
    /// What all bodies that are being read may take together, in KiB; who comes later waits.
    pub(crate) bodies_kib: usize,
    /// How many bytes of a body that is too long are read and thrown away, so that its sender hears the refusal.
    pub(crate) thrown_away: u64,
    /// For a receiver of a notification to reply (protocol section 4.3).
    pub(crate) reply: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 12_000,
            headers: Duration::from_secs(60),
            body: Duration::from_secs(60),
            body_bytes: 10 << 20,
            bodies_kib: 256 << 10,
            thrown_away: 1 << 30,
            reply: Sender::WITHIN,
        }
    }
}
