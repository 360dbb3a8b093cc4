//! How long WeChat Pay waits for an answer (protocol section 4.3), and what is left of it here.

use std::time::Duration;

/// Of the 5 s that WeChat Pay waits; the rest is for the way back.
pub(crate) const DEADLINE: Duration = Duration::from_secs(4);
/// Of the 1 s that it waits for an answer to [`RETENTION`].
pub(crate) const RETENTION_DEADLINE: Duration = Duration::from_millis(800);
/// 解约挽留: a user is about to end a contract, and WeChat Pay asks what to offer.
pub(crate) const RETENTION: &str = "ENTRUST.TERMINATE_RETENTION";
