//! The time in the HTTP headers `Date` and `Retry-After`.

use crate::stamp::UnixTime;
use crate::time_text::{clock, days};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Reads the time of an HTTP header, `Sun, 06 Nov 1994 08:49:37 GMT`; nothing in the obsolete forms of it.
///
/// `Date` tells how far this machine's clock is off, before 300 s make every signature fail.
#[must_use]
pub fn http_date(text: &str) -> Option<UnixTime> {
    let (_, text) = text.split_once(", ")?;
    let parts: Vec<&str> = text.split(' ').collect();
    let [day, month, year, time, "GMT"] = parts[..] else {
        return None;
    };
    let parts: Vec<&str> = time.split(':').collect();
    let [hour, minute, second] = parts[..] else {
        return None;
    };
    let number = |text: &str, digits: usize| {
        let plain = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<i64>().ok().filter(|_| plain)
    };
    let month = i64::try_from(MONTHS.iter().position(|name| *name == month)?).ok()? + 1;
    let date = days(number(year, 4)?, month, number(day, 2)?)?;
    let seconds = clock(number(hour, 2)?, number(minute, 2)?, number(second, 2)?)?;
    Some(UnixTime::from_secs(date * 86_400 + seconds))
}
