//! `--clock`: how far the business clock is turned.

use std::str::FromStr;

use wxpay_proto::{TimeText, UnixTime};

/// By how much, or to when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    /// By so many seconds.
    By(i64),
    /// To this moment.
    To(UnixTime),
}

impl Clock {
    /// The seconds by which a clock is to be turned that shows `now`.
    pub(crate) fn seconds_from(self, now: UnixTime) -> Result<i64, String> {
        match self {
            Self::By(seconds) => Ok(seconds),
            Self::To(time) => Ok(time.seconds_since(now)),
        }
    }
}

impl FromStr for Clock {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?}: wanted is +2h, -90s, +7d, or 2026-05-20T13:29:35+08:00");
        let sign = match text.as_bytes().first() {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => {
                let time = TimeText::new(text).parse().map_err(|_| wrong())?;
                return Ok(Self::To(time));
            }
        };
        let mut number = text[1..].chars();
        let unit = match number.next_back() {
            Some('s') => 1,
            Some('m') => 60,
            Some('h') => 3600,
            Some('d') => 86_400,
            _ => return Err(wrong()),
        };
        let number = number.as_str();
        let number: i64 = number.parse::<u32>().map_err(|_| wrong())?.into();
        Ok(Self::By(sign * number * unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_are_turned_by_or_to() {
        for (text, seconds) in [("+2h", 7200), ("-90s", -90), ("+7d", 604_800), ("+0m", 0)] {
            assert_eq!(text.parse(), Ok(Clock::By(seconds)));
        }
        let clock: Clock = "2015-05-20T13:29:35+08:00".parse().unwrap();
        assert_eq!(clock, Clock::To(UnixTime::from_secs(1_432_099_775)));
        assert_eq!(clock.seconds_from(UnixTime::from_secs(1_432_099_770)), Ok(5));
        for text in [
            "",
            "+",
            "2h",
            "+h",
            "+2",
            "+2y",
            "+-2h",
            "+é",
            "yesterday",
            "+99999999999d",
        ] {
            assert!(text.parse::<Clock>().is_err(), "{text}");
        }
    }
}
