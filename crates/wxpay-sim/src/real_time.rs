//! This machine's clock.

use std::time::{SystemTime, UNIX_EPOCH};

use wxpay_proto::UnixTime;

pub(crate) fn now() -> UnixTime {
    // A clock before 1970 or after the year 292 billion is not worth a failure.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_secs(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
