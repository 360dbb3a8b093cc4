//! What of the platform itself is to be kept.

use serde::{Deserialize, Serialize};

use super::record::Record;

/// The platform's own row: where the sequence of ids stands, and how far the business clock is turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Turn {
    pub(crate) sequence: u64,
    /// Seconds.
    pub(crate) turned: i64,
}

impl Turn {
    /// There is one such row.
    pub(crate) const KEY: &'static str = "turn";
}

impl Record for Turn {
    const SHELF: &'static str = "platform";

    fn key(&self) -> String {
        Self::KEY.to_owned()
    }
}
