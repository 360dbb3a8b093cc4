//! How long an answer asks to wait before the next request.

use std::time::Duration;

use http::HeaderMap;

use crate::header_text;
use crate::http_date::http_date;

/// `Retry-After`, in either of its forms; a date counts from the answer's own `Date`, so that no clock is needed.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = header_text(headers, "retry-after")?.trim();
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs);
    }
    let (then, now) = (http_date(text)?, http_date(header_text(headers, "date")?)?);
    let seconds = u64::try_from(then.seconds_since(now)).unwrap_or(0);
    Some(Duration::from_secs(seconds))
}
