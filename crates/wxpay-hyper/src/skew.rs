//! How far this machine's clock is off, long before signatures fail for it.

use std::sync::{Mutex, PoisonError};

use http::HeaderMap;
use wxpay_proto::{UnixTime, http_date};

/// From here on it is worth a word, in seconds. WeChat Pay refuses signatures from 300 s on.
const SUSPICIOUS: u64 = 60;
/// How long there is no further word, in seconds.
const QUIET: i64 = 600;

/// How far this machine's clock is off, by the `Date` of the last answer. No signature covers that header: it is a hint.
#[derive(Debug, Default)]
pub(crate) struct Skew(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    seconds: Option<i64>,
    told: Option<UnixTime>,
}

impl Skew {
    /// Looks at an answer that has just arrived. Gives the seconds that this clock is ahead when that is worth a word.
    pub(crate) fn saw(&self, answer: &HeaderMap, now: UnixTime) -> Option<i64> {
        let date = answer.get("date")?.to_str().ok().and_then(http_date)?;
        let seconds = now.seconds_since(date);
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.seconds = Some(seconds);
        let told = seen
            .told
            .is_some_and(|told| now.seconds_since(told).abs() < QUIET);
        if told || seconds.unsigned_abs() < SUSPICIOUS {
            return None;
        }
        seen.told = Some(now);
        Some(seconds)
    }

    /// The seconds that this clock is ahead, by the last answer that had a `Date`.
    pub(crate) fn seconds(&self) -> Option<i64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).seconds
    }

    /// The same, where it is enough to be the cause of something.
    pub(crate) fn suspicious(&self) -> Option<i64> {
        self.seconds()
            .filter(|seconds| seconds.unsigned_abs() >= SUSPICIOUS)
    }
}

/// `412 s ahead of`, `3 s behind`.
pub(crate) fn in_words(seconds: i64) -> String {
    match seconds {
        0.. => format!("{seconds} s ahead of"),
        _ => format!("{} s behind", seconds.unsigned_abs()),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use wxpay_proto::UnixTime;

    use super::{Skew, in_words};

    fn at(skew: &Skew, seconds: i64) -> Option<i64> {
        let mut headers = HeaderMap::new();
        // 784111777 s.
        headers.insert("date", "Sun, 06 Nov 1994 08:49:37 GMT".parse().unwrap());
        skew.saw(&headers, UnixTime::from_secs(784_111_777 + seconds))
    }

    #[test]
    fn a_minute_is_worth_a_word_and_then_there_is_silence() {
        let skew = Skew::default();
        assert_eq!(
            (at(&skew, 59), skew.seconds(), skew.suspicious()),
            (None, Some(59), None)
        );
        assert_eq!((at(&skew, 61), skew.suspicious()), (Some(61), Some(61)));
        assert_eq!((at(&skew, 62), skew.seconds()), (None, Some(62)));
        assert_eq!(at(&skew, 700), Some(700));
        assert_eq!((at(&skew, -70), skew.suspicious()), (Some(-70), Some(-70)));
        assert_eq!(skew.saw(&HeaderMap::new(), UnixTime::from_secs(0)), None);
        assert_eq!(skew.seconds(), Some(-70));
    }

    #[test]
    fn both_directions_have_words() {
        assert_eq!(
            (in_words(61).as_str(), in_words(-61).as_str()),
            ("61 s ahead of", "61 s behind")
        );
    }
}
