//! How large files may be, and how slowly they may come.

use std::time::Duration;

/// How large files may be, and how slowly they may come.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FileLimits {
    /// Of the text, unpacked, in bytes.
    pub(crate) text: u64,
    /// How long nothing may come.
    pub(crate) idle: Duration,
}

impl Default for FileLimits {
    fn default() -> Self {
        Self {
            text: 20_000_000_000,
            idle: Duration::from_secs(30),
        }
    }
}
