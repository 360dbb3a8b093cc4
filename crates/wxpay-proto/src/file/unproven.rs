//! Bytes that nothing proves yet.

use std::fmt;

/// A part of a file whose proof is still to come: it may be forged until `finish` says otherwise.
#[derive(Clone, Copy)]
pub struct UnprovenBytes<'a>(&'a [u8]);

impl<'a> UnprovenBytes<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The bytes, as claimed.
    #[must_use]
    pub fn claimed(self) -> &'a [u8] {
        self.0
    }
}

/// Shows the length alone: files hold names and amounts.
impl fmt::Debug for UnprovenBytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnprovenBytes({} bytes)", self.0.len())
    }
}
