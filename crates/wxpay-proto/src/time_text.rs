//! The forms in which WeChat Pay writes times.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

use crate::stamp::UnixTime;

/// A time as WeChat Pay wrote it, or as it is to be written; read on demand.
///
/// The text is kept, because the forms differ between operations and official examples contain times that a strict
/// reader refuses (`15:59:60`). Understood are RFC 3339 with any number of decimals, the same without seconds
/// (`2025-07-24T00:00+08:00`), and the Beijing-time forms `yyyy-MM-dd HH:mm:ss` and `yyyyMMddHHmmss`
/// (protocol section 14).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct TimeText(String);

impl TimeText {
    /// Takes a text as it is.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Writes a time as RFC 3339 in Beijing time, `2015-05-20T13:29:35+08:00`.
    #[must_use]
    pub fn beijing(time: UnixTime) -> Self {
        let c = Civil::beijing(time);
        Self(format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+08:00",
            c.year, c.month, c.day, c.hour, c.minute, c.second
        ))
    }

    /// Writes a time as v2 does, `yyyyMMddHHmmss` in Beijing time.
    #[must_use]
    pub fn compact_beijing(time: UnixTime) -> Self {
        let c = Civil::beijing(time);
        Self(format!(
            "{:04}{:02}{:02}{:02}{:02}{:02}",
            c.year, c.month, c.day, c.hour, c.minute, c.second
        ))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The point in time, in whole seconds (decimals are cut off; a second `:60` counts as the next minute's first).
    ///
    /// # Errors
    /// [`InvalidTime`] when the text has none of the known forms.
    pub fn parse(&self) -> Result<UnixTime, InvalidTime> {
        parse(&self.0)
            .map(UnixTime::from_secs)
            .ok_or_else(|| InvalidTime {
                found: self.0.clone(),
            })
    }
}

impl From<&str> for TimeText {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for TimeText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for TimeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for TimeText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::open_enum::__text(deserializer).map(Self)
    }
}

/// A text that is no time in any known form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{found:?} is no time in any form that WeChat Pay uses (2018-06-08T10:34:56+08:00, 20180608103456 …)"
)]
pub struct InvalidTime {
    found: String,
}

const BEIJING: i64 = 8 * 3600;

fn parse(text: &str) -> Option<i64> {
    if text.len() == 14 && text.bytes().all(|b| b.is_ascii_digit()) {
        let part = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
        let date = days(part(0, 4)?, part(4, 6)?, part(6, 8)?)?;
        return Some(date * 86_400 + clock(part(8, 10)?, part(10, 12)?, part(12, 14)?)? - BEIJING);
    }
    let mut rest = text;
    let date = days(
        take(&mut rest, 4)?,
        after(&mut rest, "-")?,
        after(&mut rest, "-")?,
    )?;
    let separator = rest.chars().next()?;
    if !matches!(separator, 'T' | 't' | ' ') {
        return None;
    }
    rest = &rest[1..];
    let (hour, minute) = (take(&mut rest, 2)?, after(&mut rest, ":")?);
    let second = if rest.starts_with(':') {
        after(&mut rest, ":")?
    } else {
        0
    };
    if let Some(decimals) = rest.strip_prefix('.') {
        let digits = decimals.bytes().take_while(u8::is_ascii_digit).count();
        rest = decimals.get(digits..).filter(|_| digits > 0)?;
    }
    let offset = match rest {
        // Without an offset only the form with a space is known, and it is Beijing time.
        "" if separator == ' ' => BEIJING,
        "Z" | "z" => 0,
        _ => offset(rest)?,
    };
    Some(date * 86_400 + clock(hour, minute, second)? - offset)
}

/// `+08:00` in seconds.
fn offset(text: &str) -> Option<i64> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let mut rest = &text[1..];
    let (hours, minutes) = (take(&mut rest, 2)?, after(&mut rest, ":")?);
    (rest.is_empty() && hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

fn take(rest: &mut &str, digits: usize) -> Option<i64> {
    let head = rest
        .get(..digits)
        .filter(|head| head.bytes().all(|b| b.is_ascii_digit()))?;
    *rest = &rest[digits..];
    head.parse().ok()
}

fn after(rest: &mut &str, separator: &str) -> Option<i64> {
    *rest = rest.strip_prefix(separator)?;
    take(rest, 2)
}

pub(crate) fn clock(hour: i64, minute: i64, second: i64) -> Option<i64> {
    (hour < 24 && minute < 60 && second <= 60).then_some(hour * 3600 + minute * 60 + second)
}

/// Days since 1970-01-01 in the Gregorian calendar, counting from March so that leap days come last.
pub(crate) fn days(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * m + 2) / 5 + day - 1;
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

struct Civil {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
}

impl Civil {
    fn beijing(time: UnixTime) -> Self {
        let local = time.as_secs().saturating_add(BEIJING);
        let (date, clock) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let shifted = date.saturating_add(719_468);
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let m = (5 * of_year + 2) / 153;
        let month = if m < 10 { m + 3 } else { m - 9 };
        Self {
            year: era * 400 + year_of_era + i64::from(month <= 2),
            month,
            day: of_year - (153 * m + 2) / 5 + 1,
            hour: clock / 3600,
            minute: clock % 3600 / 60,
            second: clock % 60,
        }
    }
}
