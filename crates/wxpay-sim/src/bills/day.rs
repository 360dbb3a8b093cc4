//! The day of a bill, in Beijing.

use wxpay_proto::{TimeText, UnixTime};

const DAY: i64 = 86_400;

/// Bills are made by nine o'clock on the next morning.
const MADE: i64 = DAY + 9 * 3600;

/// Bills are kept for three months, here 92 days.
const KEPT: i64 = 92 * DAY;

/// Why there is no bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NoBill {
    /// The day is too recent, too long ago, or nothing happened on it.
    None,
    /// Something about the bill cannot be written.
    Unwritable,
}

/// A day that bills are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day {
    begins: UnixTime,
}

impl Day {
    /// Reads `yyyyMMdd`; nothing when that is no day.
    pub(crate) fn read(text: &str) -> Option<Self> {
        if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let begins = TimeText::from(format!("{text}000000")).parse().ok()?;
        Some(Self { begins })
    }

    /// The day that a time is in.
    pub(crate) fn of(time: UnixTime) -> Self {
        /// Beijing is eight hours ahead.
        const AHEAD: i64 = 8 * 3600;
        let seconds = time.as_secs();
        let into = seconds.saturating_add(AHEAD).rem_euclid(DAY);
        Self {
            begins: UnixTime::from_secs(seconds.saturating_sub(into)),
        }
    }

    /// `yyyy-MM-dd`.
    pub(crate) fn text(self) -> String {
        spaced(self.begins).chars().take(10).collect()
    }

    /// When its bills are there.
    pub(crate) fn made(self) -> UnixTime {
        UnixTime::from_secs(self.begins.as_secs().saturating_add(MADE))
    }

    /// Whether the day's bills are there now.
    pub(crate) fn check(self, now: UnixTime) -> Result<(), NoBill> {
        if (MADE..=KEPT).contains(&now.seconds_since(self.begins)) {
            Ok(())
        } else {
            Err(NoBill::None)
        }
    }

    pub(super) fn has(self, time: UnixTime) -> bool {
        (0..DAY).contains(&time.seconds_since(self.begins))
    }

    /// Whether the time lies before the day.
    pub(super) fn follows(self, time: UnixTime) -> bool {
        time < self.begins
    }
}

/// `yyyy-MM-dd HH:mm:ss`, as bills have it.
pub(super) fn spaced(time: UnixTime) -> String {
    let text = TimeText::beijing(time).to_string();
    text.replace('T', " ").replace("+08:00", "")
}

/// A text as a cell can hold it: no line ends, and no comma with a backtick behind it.
pub(super) fn cell(text: &str) -> String {
    text.replace(['\r', '\n'], " ").replace(",`", ", `")
}

/// An amount in yuan.
pub(super) fn yuan(fen: i64) -> String {
    wxpay_proto::yuan_from_fen(fen)
}

/// The whole bill as text.
pub(super) fn text(bytes: Vec<u8>) -> Result<String, NoBill> {
    String::from_utf8(bytes).map_err(|_| NoBill::Unwritable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_its_times() {
        let day = Day::read("20260520").unwrap();
        assert_eq!(day.text(), "2026-05-20");
        let begins = day.begins.as_secs();
        for at in [begins, begins + 1, begins + DAY - 1] {
            let time = UnixTime::from_secs(at);
            assert!(day.has(time) && Day::of(time) == day, "{at}");
        }
        assert_ne!(Day::of(UnixTime::from_secs(begins - 1)), day);
        assert_ne!(Day::of(UnixTime::from_secs(begins + DAY)), day);
        assert_eq!(day.check(day.made()), Ok(()));
    }
}
